//! Targets that are right but for one operation, whose answers cannot be read. The others keep their
//! verdicts, and what cannot be read is never taken for right.

use std::sync::Arc;

use bytes::Bytes;
use glueproof::report::Verdict;
use glueproof::run::Outcome;

use crate::server::{Answers, Socket, fake, operation};
use crate::trial::{Judge, Judged, Setting, cloud};

const SPOILT: &str = "GetSecurityConfiguration";

/// The fake, with one operation's answers of that body.
fn spoilt(status: u16, body: impl Into<Bytes>) -> Answers {
    let (right, body) = (fake(&cloud()), body.into());
    Arc::new(move |request| {
        if operation(&request) != SPOILT {
            return right(request);
        }
        Some(http::Response::builder().status(status).body(body.clone()).unwrap())
    })
}

fn judged(server: Answers) -> Judged {
    Judge::only(&["glue/GetSecurityConfiguration/", "glue/GetResourcePolicy/"]).run(server)
}

#[track_caller]
fn others_are_unharmed(judged: &Judged) {
    let harmed: Vec<&str> = judged
        .report
        .results
        .iter()
        .filter(|r| r.operation != SPOILT && r.outcome != Outcome::Passed)
        .map(|r| r.id.as_str())
        .collect();
    assert_eq!(harmed, Vec::<&str>::new());
}

#[test]
fn bodies_that_are_no_json_object_pass_for_nothing() {
    let deep = ["{\"SecurityConfiguration\":", &"[".repeat(100_000), &"]".repeat(100_000), "}"].concat();
    for body in ["", "null", "[]", "\"a\"", "{", "<html>", &deep] {
        let judged = judged(spoilt(200, Bytes::copy_from_slice(body.as_bytes())));
        others_are_unharmed(&judged);
        assert_eq!(judged.report.verdict, Verdict::Deviates);
        assert_eq!(judged.ids(Outcome::Errored), Vec::<&str>::new());
        let passed = judged.with(Outcome::Passed).filter(|r| r.operation == SPOILT);
        assert_eq!(passed.map(|r| r.id.as_str()).collect::<Vec<_>>(), Vec::<&str>::new(), "{body:.20}");
    }
}

#[test]
fn bytes_that_are_no_text_pass_for_nothing() {
    let judged = judged(spoilt(200, &b"{\"SecurityConfiguration\":{\"Name\":\"\xff\"}}"[..]));
    others_are_unharmed(&judged);
    assert_eq!(judged.report.verdict, Verdict::Deviates);
    assert!(judged.with(Outcome::Passed).all(|r| r.operation != SPOILT), "{:?}", judged.ids(Outcome::Passed));
}

#[test]
fn errors_without_a_code_pass_for_no_error() {
    let judged = judged(spoilt(400, "{}"));
    others_are_unharmed(&judged);
    assert_eq!(judged.report.verdict, Verdict::Deviates);
    let passed = judged.with(Outcome::Passed).filter(|r| r.operation == SPOILT).map(|r| r.id.as_str());
    assert_eq!(passed.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_body_without_end_is_no_verdict() {
    let (setting, server) = (Setting::new(), Socket::serve(spoilt(200, vec![b' '; 17 * 1024 * 1024])));
    let only = ["run", &server.url(), "--only", "GetSecurityConfiguration/wire/no-nulls"];
    let ended = setting.run(&[&only[..], &["--json", "report.json"]].concat());
    assert_eq!(ended.code(), 3, "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!(report.results[0].outcome, Outcome::Errored);
    assert_eq!(report.results[0].reason.as_deref(), Some("the response is larger than 16777216 bytes"));
}
