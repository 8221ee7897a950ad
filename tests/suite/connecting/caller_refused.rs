//! A run whose own caller is refused ends with code 3 and names the credentials, or names the missing permissions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use glueproof::fake::{FakeCloud, Mode, SeedFile};
use glueproof::report::{Report, Verdict};
use glueproof::run::Outcome;
use serde_json::json;

use crate::server::{Answers, Socket, constant, fake, operation};
use crate::trial::{Ended, Setting, cloud};

const KEY: &str = "AKIAGLUEPROOFTEST123";

fn start(setting: &Setting, server: &Socket, more: &[&str]) -> Ended {
    let url = server.url();
    let arguments =
        [&["run", &url, "--cases", "1", "--poll-timeout", "1s", "--json", "report.json"], more].concat();
    let run = setting
        .program(&arguments)
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", "s3cret-of-test");
    run.env("AWS_REGION", "us-east-1").start().end()
}

#[track_caller]
fn assert_refused(answers: Answers, response: &str) {
    let (setting, server) = (Setting::new(), Socket::serve(answers));
    let ended = start(&setting, &server, &[]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    let parts = [
        "refuses the run's own caller: glue:Get",
        response,
        "the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (access key id ending in T123)",
    ];
    for part in parts {
        assert!(ended.stderr.contains(part), "`{part}` in {}", ended.stderr);
    }
}

#[test]
fn errors_of_authentication_end_the_run_before_it_begins() {
    let refusals = [
        (400, r#"{"__type":"UnrecognizedClientException","message":"The security token is invalid."}"#),
        (403, r#"{"__type":"InvalidClientTokenId","message":"no"}"#),
        (400, r#"{"__type":"com.amazon.coral.service#InvalidSignatureException","message":"no"}"#),
        (403, r#"{"__type":"SignatureDoesNotMatch","message":"no"}"#),
        (400, r#"{"__type":"ExpiredTokenException","message":"no"}"#),
        (403, r#"{"__type":"ExpiredToken","message":"no"}"#),
        (403, r#"{"__type":"MissingAuthenticationTokenException","message":"no"}"#),
        (400, r#"{"__type":"IncompleteSignatureException","message":"no"}"#),
        (400, r#"{"__type":"AccessDeniedException","Message":"no"}"#),
    ];
    for (status, body) in refusals {
        let code = body.split('"').nth(3).unwrap();
        let code = code.rsplit('#').next().unwrap();
        assert_refused(constant(status, body), &format!("was answered {status} {code}"));
    }
}

#[test]
fn bare_refusals_of_gateways_end_the_run_before_it_begins() {
    assert_refused(
        constant(401, "Unauthorized"),
        "was answered 401 (application/x-amz-json-1.1) `Unauthorized`",
    );
    assert_refused(constant(403, r#"{"detail":"Forbidden"}"#), "`{\"detail\":\"Forbidden\"}`");
}

#[test]
fn a_server_error_to_every_call_is_no_violation() {
    let (setting, server) =
        (Setting::new(), Socket::serve(constant(500, r#"{"__type":"InternalServiceException"}"#)));
    let ended = start(&setting, &server, &[]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stderr.contains("answers every call with a server error: glue:"), "{}", ended.stderr);
}

/// A token that expires in the middle of a run, and is renewed before the run is resumed.
#[test]
fn credentials_that_expire_during_a_run_end_it_and_it_can_be_resumed() {
    const EXPIRED: &str = r#"{"__type":"ExpiredTokenException","message":"The security token is expired"}"#;
    let (right, calls) = (fake(&cloud()), Arc::new(AtomicU64::new(0)));
    let count = Arc::clone(&calls);
    let server = Socket::serve(Arc::new(move |request| match count.fetch_add(1, Ordering::Relaxed) {
        300..1_000_000 => constant(400, EXPIRED)(request),
        _ => right(request),
    }));
    let setting = Setting::new();
    let only = ["--only", "glue/GetSecurityConfiguration/,glue/PutResourcePolicy/"];
    let ended = start(&setting, &server, &only);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    for part in ["the run ended early", "ExpiredTokenException", "T123", "`--resume report.json`"] {
        assert!(ended.stderr.contains(part), "`{part}` in {}", ended.stderr);
    }
    let report = setting.report("report.json");
    assert_eq!((report.verdict, report.summary.failed), (Verdict::Incomplete, 0));
    assert!(report.summary.passed > 0 && report.summary.errored > 0, "{:?}", report.summary);
    calls.store(1_000_000, Ordering::Relaxed);
    let ended = start(&setting, &server, &[&only[..], &["--resume", "report.json"]].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_eq!(setting.report("report.json").summary.errored, 0);
}

/// The fake, which lets a user do what these statements allow.
fn enforcing(statements: &str) -> Socket {
    let seed = format!(
        "[[users]]\nname = \"runner\"\naccess_keys = [{{ id = \"{KEY}\", secret = \"s3cret-of-test\" }}]\n\
         [users.policies.own]\nVersion = \"2012-10-17\"\nStatement = [{statements}]\n"
    );
    let builder = FakeCloud::builder().account("123456789012").prompt(true).mode(Mode::Enforce);
    let cloud = builder.identities(SeedFile::parse(&seed).unwrap()).build().unwrap();
    Socket::serve(fake(&cloud))
}

#[track_caller]
fn assert_missing(report: &Report, ended: &Ended, expected: &[&str]) {
    assert_eq!((ended.code(), report.summary.failed), (3, 0), "{ended:#?}");
    let policy = report.missing_permissions.as_ref().expect("the report names the missing permissions");
    assert_eq!(policy["Statement"][0]["Action"], json!(expected));
    for action in expected {
        assert!(ended.stdout.contains(&format!("\"{action}\"")), "{action} in {}", ended.stdout);
    }
}

#[test]
fn a_missing_permission_is_named_and_no_rule_is_violated() {
    let statements = r#"{ Effect = "Allow", Action = "*", Resource = "*" },
        { Effect = "Deny", Action = "glue:PutResourcePolicy", Resource = "*" }"#;
    let (setting, server) = (Setting::new(), enforcing(statements));
    let ended =
        start(&setting, &server, &["--only", "glue/PutResourcePolicy/,glue/GetSecurityConfiguration/"]);
    let report = setting.report("report.json");
    assert_missing(&report, &ended, &["glue:PutResourcePolicy"]);
    let reasons =
        report.results.iter().filter(|r| r.outcome == Outcome::Errored).filter_map(|r| r.reason.as_deref());
    let reasons: std::collections::BTreeSet<&str> = reasons.collect();
    assert!(
        reasons.contains("the run's own caller is not allowed to call glue:PutResourcePolicy"),
        "{reasons:?}"
    );
    assert!(
        report
            .results
            .iter()
            .any(|r| r.outcome == Outcome::Passed && r.operation == "GetSecurityConfiguration")
    );
}

#[test]
fn a_caller_who_may_only_read_leaves_every_rule_that_writes_without_a_verdict() {
    let statements =
        r#"{ Effect = "Allow", Action = ["glue:Get*", "sts:GetCallerIdentity"], Resource = "*" }"#;
    let (setting, server) = (Setting::new(), enforcing(statements));
    let ended = start(&setting, &server, &[]);
    let report = setting.report("report.json");
    let expected = [
        "glue:CreateSecurityConfiguration",
        "glue:DeleteResourcePolicy",
        "glue:DeleteSecurityConfiguration",
        "glue:PutDataCatalogEncryptionSettings",
        "glue:PutResourcePolicy",
        "iam:CreateRole",
    ];
    assert_missing(&report, &ended, &expected);
    // The target refuses unsigned calls, which needs no permission to see. Keys and log groups cannot be looked for.
    let tested = report
        .target
        .capabilities
        .iter()
        .filter(|(_, presence)| **presence == glueproof::run::Presence::Tested);
    assert_eq!(tested.map(|(name, _)| name.name()).collect::<Vec<_>>(), ["access", "connections", "core"]);
}

/// A target that refuses some calls of an operation and accepts others decides by something else than a permission.
#[test]
fn access_denied_for_some_calls_of_an_operation_is_judged() {
    const DENIED: &str = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    let right = fake(&cloud());
    let server = Socket::serve(Arc::new(move |request| {
        let encrypted = String::from_utf8_lossy(request.body()).contains("SSE-KMS");
        let denied = operation(&request) == "CreateSecurityConfiguration" && encrypted;
        if denied { constant(400, DENIED)(request) } else { right(request) }
    }));
    let setting = Setting::new();
    let ended = start(&setting, &server, &["--only", "glue/CreateSecurityConfiguration/", "--jobs", "1"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
}
