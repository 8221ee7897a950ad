//! A run on an endpoint calls only that endpoint, and sends credentials nowhere else.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::Response;

use crate::server::{Answers, Socket, fake};
use crate::trial::{Setting, cloud};

const QUICK: &str = "GetSecurityConfiguration/errors";
const REAL: &str = "AKIAQYLPMN5HHHFPZAM2";

/// A server that must not be called.
fn bystander() -> (Socket, Arc<AtomicU64>) {
    let calls = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&calls);
    let socket = Socket::misbehave(move |mut stream| {
        let mut bytes = [0; 4096];
        if stream.read(&mut bytes).is_ok_and(|read| read > 0) {
            count.fetch_add(1, Ordering::Relaxed);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        }
    });
    (socket, calls)
}

fn called(calls: &AtomicU64) -> u64 {
    calls.load(Ordering::Relaxed)
}

#[test]
fn proxies_of_the_environment_are_elsewhere() {
    let (setting, cloud) = (Setting::new(), cloud());
    let (server, (other, calls)) = (Socket::serve(fake(&cloud)), bystander());
    let url = server.url();
    let mut run = setting.program(&["run", &url, "--only", QUICK]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        run = run.env(name, &other.url());
    }
    let ended = run.start().end();
    assert_eq!((ended.code(), called(&calls)), (0, 0), "{ended:#?}");
}

#[test]
fn redirects_are_answers_and_not_followed() {
    let (setting, (other, calls)) = (Setting::new(), bystander());
    let there = other.url();
    let answers: Answers = Arc::new(move |_| {
        let response = Response::builder().status(307).header("location", format!("{there}/"));
        Some(response.body(Bytes::new()).unwrap())
    });
    let server = Socket::serve(answers);
    let ended = setting.run(&["run", &server.url(), "--only", QUICK]);
    assert_eq!((ended.code(), called(&calls)), (3, 0), "{ended:#?}");
}

#[test]
fn endpoints_of_the_aws_configuration_are_elsewhere() {
    let (setting, cloud) = (Setting::new(), cloud());
    let (server, (other, calls)) = (Socket::serve(fake(&cloud)), bystander());
    let url = server.url();
    let run = setting.program(&["run", &url, "--only", QUICK]).env("AWS_ENDPOINT_URL", &other.url());
    let run = run.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let ended = run.env("AWS_ENDPOINT_URL_STS", &other.url()).start().end();
    assert_eq!((ended.code(), called(&calls)), (0, 0), "{ended:#?}");
}

/// Neither for credentials nor for a region, whatever files lie about.
#[test]
fn this_machine_is_called_without_asking_the_metadata_service() {
    let (server, (other, calls)) = (Socket::serve(fake(&cloud())), bystander());
    for file in [None, Some("[default]\noutput = json\n")] {
        let setting = Setting::new();
        if let Some(text) = file {
            std::fs::create_dir(setting.path(".aws")).unwrap();
            std::fs::write(setting.path(".aws/config"), text).unwrap();
        }
        let url = server.url();
        let run = setting.program(&["run", &url, "--only", QUICK]);
        let ended = run.env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &other.url()).start().end();
        assert_eq!((ended.code(), called(&calls)), (0, 0), "{ended:#?}");
    }
}

#[test]
fn profiles_and_regions_are_those_asked_for() {
    let setting = Setting::new();
    std::fs::create_dir(setting.path(".aws")).unwrap();
    let text = "[mine]\naws_access_key_id = AKIAMINE\naws_secret_access_key = s\nregion = eu-north-1\n";
    std::fs::write(setting.path(".aws/credentials"), text).unwrap();
    let scopes = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (seen, answers) = (Arc::clone(&scopes), fake(&cloud()));
    let watching: Answers = Arc::new(move |request| {
        let signed = request.headers().get("authorization").map(|v| v.to_str().unwrap().to_owned());
        seen.lock().unwrap().extend(signed);
        answers(request)
    });
    let server = Socket::serve(watching);
    let url = server.url();
    let mut arguments = vec!["run", &url, "--only", QUICK, "--profile", "mine", "--region", "ap-south-1"];
    let ended = setting.program(&arguments).env("AWS_ACCESS_KEY_ID", "AKIAOTHER").start().end();
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let scopes = scopes.lock().unwrap().clone();
    assert!(
        !scopes.is_empty() && scopes.iter().all(|s| s.contains("AKIAMINE/") && s.contains("/ap-south-1/")),
        "{scopes:?}"
    );
    arguments[5] = "none-such";
    let ended = setting.run(&arguments);
    assert!(ended.code() == 2 && ended.stderr.contains("no AWS credentials"), "{ended:#?}");
}

/// A run on a name of no machine: nothing can be sent, but what would be is decided before.
#[track_caller]
fn exposed(arguments: &[&str], key: &str) -> crate::trial::Ended {
    let setting = Setting::new();
    let mut all = vec!["run", "http://glueproof-test.invalid:5000", "--only", QUICK, "--timeout", "2s"];
    all.extend(arguments);
    let run = setting.program(&all).env("AWS_ACCESS_KEY_ID", key).env("AWS_SECRET_ACCESS_KEY", "s3cret");
    let ended = run.env("AWS_REGION", "us-east-1").start().end();
    assert!(!ended.stderr.contains("s3cret"), "{ended:#?}");
    ended
}

#[test]
fn real_credentials_go_nowhere_without_tls_unless_that_host_is_named() {
    let ended = exposed(&[], REAL);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    for word in [
        "glueproof-test.invalid would be called without TLS",
        REAL,
        "--allow-insecure glueproof-test.invalid",
    ] {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
    assert_eq!(exposed(&["--allow-insecure", "another.invalid"], REAL).code(), 2);
    // From here on the name does not lead anywhere, and only that is wrong.
    for ended in [exposed(&["--allow-insecure", "GLUEPROOF-TEST.invalid"], REAL), exposed(&[], "test")] {
        assert!(ended.code() == 3 && ended.stderr.contains("does not answer"), "{ended:#?}");
    }
}
