//! Headers of a target: on every call to it, signed or not, and in no report.

use std::sync::{Arc, Mutex};

use crate::server::{Answers, Socket, fake};
use crate::trial::{Setting, cloud};

const SECRET: &str = "s3cret-of-the-gateway";

#[test]
fn every_call_has_them_and_nothing_shows_them() {
    let setting = Setting::new();
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (seen, answers) = (Arc::clone(&calls), fake(&cloud()));
    let watching: Answers = Arc::new(move |request| {
        let header = |name: &str| request.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        let signed = header("authorization");
        seen.lock().unwrap().push((header("x-gateway"), header("x-team"), signed));
        answers(request)
    });
    let server = Socket::serve(watching);
    let headers = "headers = { x-gateway = { env = \"GATE\" }, X-Team = \"glue\" }";
    let text = format!("[targets.mine]\nurl = \"{}\"\n{headers}\n", server.url());
    std::fs::write(setting.path("glueproof.toml"), text).unwrap();
    let arguments = [
        "run",
        "mine",
        "--only",
        "access/unsigned",
        "--only",
        "GetSecurityConfiguration/errors",
        "--capability",
        "access",
        "--capability",
        "core",
        "--json",
        "r.json",
        "--html",
        "r.html",
    ];
    let ended = setting.program(&arguments).env("GATE", SECRET).start().end();
    // The fake checks no caller, so that there are findings, and calls in the report.
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let calls = calls.lock().unwrap();
    assert!(calls.len() > 10);
    for (gateway, team, signed) in calls.iter() {
        assert_eq!((gateway.as_deref(), team.as_deref()), (Some(SECRET), Some("glue")), "{signed:?}");
        assert!(signed.as_ref().is_none_or(|signed| !signed.contains("x-gateway")), "{signed:?}");
    }
    assert!(calls.iter().any(|(.., signed)| signed.is_none()), "no call was unsigned");
    let mut written = vec![ended.stdout, ended.stderr];
    written.extend(["r.json", "r.html"].map(|name| std::fs::read_to_string(setting.path(name)).unwrap()));
    for case in std::fs::read_dir(setting.path("glueproof-findings")).unwrap() {
        written.push(std::fs::read_to_string(case.unwrap().path()).unwrap());
    }
    assert!(!written.iter().any(|text| text.contains(SECRET)));
}
