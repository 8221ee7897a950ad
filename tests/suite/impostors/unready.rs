//! Servers that say "not now": waited for, never blamed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use glueproof::report::Verdict;
use glueproof::run::Outcome;

use crate::server::{Socket, constant, fake, throttling};
use crate::trial::{Judge, Setting, cloud};

const NOT_NOW: &str = r#"{"__type":"ThrottlingException","Message":"Rate exceeded"}"#;

#[test]
fn throttling_that_ends_is_waited_out() {
    let judged = Judge::only(&["glue/GetSecurityConfiguration/"]).run(throttling(3, fake(&cloud())));
    assert_eq!(judged.report.verdict, Verdict::Conforms, "{:?}", judged.ids(Outcome::Failed));
}

#[test]
fn throttling_in_the_middle_is_no_finding() {
    let cloud = cloud();
    let right = fake(&cloud);
    let asked = AtomicU64::new(0);
    let judged = Judge::only(&["CreateSecurityConfiguration/valid/"]).run(Arc::new(move |request| {
        let turn = asked.fetch_add(1, Ordering::Relaxed);
        if turn % 10 == 9 { constant(400, NOT_NOW)(request) } else { right(request) }
    }));
    assert_eq!(judged.report.verdict, Verdict::Conforms, "{:?}", judged.ids(Outcome::Failed));
}

#[test]
fn the_program_names_the_throttling_target() {
    let (setting, server) = (Setting::new(), Socket::serve(constant(400, NOT_NOW)));
    let ended = setting.run(&["run", &server.url()]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    let expected = format!("error: {} does not answer: still throttled after 6 attempts\n", server.url());
    assert_eq!(ended.stderr, expected);
}

#[test]
fn throttling_that_begins_and_never_ends_leaves_rules_without_a_verdict() {
    let cloud = cloud();
    let right = fake(&cloud);
    let asked = AtomicU64::new(0);
    let server = Socket::serve(Arc::new(move |request| {
        let late = asked.fetch_add(1, Ordering::Relaxed) > 10;
        if late { constant(429, NOT_NOW)(request) } else { right(request) }
    }));
    let setting = Setting::new();
    let only = ["run", &server.url(), "--only", "glue/GetSecurityConfiguration*/wire/error-*", "--jobs", "4"];
    let ended = setting.run(&[&only[..], &["--json", "report.json"]].concat());
    assert_eq!(ended.code(), 3, "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!((report.verdict, report.summary.failed), (Verdict::Incomplete, 0));
    let errored = report.results.iter().filter(|r| r.outcome == Outcome::Errored);
    assert!(errored.clone().count() > 0);
    assert!(errored.into_iter().all(|r| r.reason.as_deref() == Some("still throttled after 6 attempts")));
}
