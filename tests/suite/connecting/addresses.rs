//! Addresses of endpoints: paths, the names of this machine, and mistakes in URLs.

use std::sync::{Arc, Mutex};

use crate::server::{Answers, Socket, fake};
use crate::trial::{Setting, cloud};

const QUICK: &str = "GetSecurityConfiguration/errors";

#[test]
fn a_url_can_have_a_path() {
    let (paths, right) = (Arc::new(Mutex::new(Vec::new())), fake(&cloud()));
    let seen = Arc::clone(&paths);
    let answers: Answers = Arc::new(move |mut request| {
        seen.lock().unwrap().push(request.uri().path().to_owned());
        *request.uri_mut() = "/".parse().unwrap();
        right(request)
    });
    let (setting, server) = (Setting::new(), Socket::serve(answers));
    let url = format!("{}/emulator/aws", server.url());
    let only = format!("{QUICK},kms/Decrypt/encryption/altered");
    let ended = setting.run(&["run", &url, "--only", &only, "--capability", "crypto"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let paths = paths.lock().unwrap().clone();
    assert!(!paths.is_empty() && paths.iter().all(|path| path.starts_with("/emulator/aws")), "{paths:?}");
}

/// Placeholder credentials are used for this machine alone, so a run without credentials shows which host counts as such.
#[test]
fn every_name_of_this_machine_needs_no_credentials() {
    let server = Socket::serve(fake(&cloud()));
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{host}:{port}");
        let setting = Setting::new();
        let ended = setting.run(&["run", &url, "--only", QUICK]);
        assert_eq!(ended.code(), 0, "{host}: {ended:#?}");
    }
}

#[test]
fn a_url_without_a_scheme_is_suggested_with_one() {
    let setting = Setting::new();
    let ended = setting.run(&["run", "127.0.0.1:4760"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("http://127.0.0.1:4760"), "{}", ended.stderr);
}

#[test]
fn errors_of_credentials_show_the_cause_and_no_debug_output() {
    let setting = Setting::new();
    std::fs::create_dir(setting.path(".aws")).unwrap();
    std::fs::write(
        setting.path(".aws/config"),
        "[profile broken]\nrole_arn = arn:aws:iam::123456789012:role/r\n",
    )
    .unwrap();
    let url = Socket::closed_url();
    for profile in ["none-such", "broken"] {
        let ended = setting.run(&["run", &url, "--profile", profile]);
        assert_eq!(ended.code(), 2, "{ended:#?}");
        assert!(ended.stderr.contains(profile) || ended.stderr.contains("source"), "{}", ended.stderr);
        assert!(!ended.stderr.contains(['{', '}']) && !ended.stderr.contains("Some("), "{}", ended.stderr);
    }
}
