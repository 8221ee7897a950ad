//! A target that dies in the middle of a run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use glueproof::report::Verdict;
use glueproof::run::Outcome;

use crate::server::{Answers, Socket, fake, operation};
use crate::trial::{Setting, cloud};

/// Right answers to so many calls, then a closed connection each time.
fn mortal(calls: u64) -> Answers {
    let (right, asked) = (fake(&cloud()), AtomicU64::new(0));
    Arc::new(move |request| {
        let alive = asked.fetch_add(1, Ordering::Relaxed) < calls;
        alive.then(|| right(request)).flatten()
    })
}

#[test]
fn the_report_is_written_and_no_rule_fails() {
    let (setting, server) = (Setting::new(), Socket::serve(mortal(300)));
    let arguments =
        ["run", &server.url(), "--timeout", "1s", "--json", "report.json", "--junit", "junit.xml"];
    let ended = setting.run(&arguments);
    assert_eq!(ended.code(), 3, "{}", ended.stderr);
    assert!(ended.stdout.contains("INCOMPLETE"), "{}", ended.stdout);
    let report = setting.report("report.json");
    assert_eq!(report.verdict, Verdict::Incomplete);
    assert!(setting.path("junit.xml").exists());
    let with = |outcome| report.results.iter().filter(move |r| r.outcome == outcome);
    assert!(with(Outcome::Passed).count() > 0);
    assert_eq!(with(Outcome::Failed).count(), 0);
    assert!(with(Outcome::Errored).count() >= 5);
    assert!(with(Outcome::Errored).all(|r| r.reason.as_deref().is_some_and(|why| !why.is_empty())));
    assert!(with(Outcome::Skipped).count() > 100);
    assert!(with(Outcome::Skipped).all(|r| r.reason.as_deref() == Some("the target stopped answering")));
    assert!(ended.stderr.contains("left behind: "), "what could not be cleaned up is told");
}

#[test]
fn earlier_findings_still_count() {
    let (setting, right, asked) = (Setting::new(), fake(&cloud()), AtomicU64::new(0));
    // A documented rule fails among the first calls: what was created cannot be read.
    let server = Socket::serve(Arc::new(move |request| {
        let alive = asked.fetch_add(1, Ordering::Relaxed) < 300;
        let spoilt = operation(&request) == "GetSecurityConfiguration";
        let answer = alive.then(|| right(request)).flatten()?;
        Some(if spoilt { answer.map(|_| Bytes::from_static(b"{}")) } else { answer })
    }));
    let ended = setting.run(&["run", &server.url(), "--timeout", "1s", "--json", "report.json"]);
    assert_eq!(ended.code(), 1, "{}", ended.stderr);
    let report = setting.report("report.json");
    assert_eq!(report.verdict, Verdict::Deviates);
    assert!(report.summary.failed > 0 && report.summary.skipped > 0, "{:?}", report.summary);
}
