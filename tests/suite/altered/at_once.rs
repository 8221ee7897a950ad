//! Servers that are right as long as no other client calls, caught by calls made at once through connections of
//! their own, and shown as a timeline.

use glueproof::fake::FakeCloud;
use glueproof::run::{Finding, Outcome};

use super::state_servers as servers;
use crate::server::{Answers, Socket, fake};
use crate::trial::{Setting, cloud};

struct Caught {
    finding: Finding,
    setting: Setting,
    server: Socket,
}

/// Runs the program on the wrong server.
#[track_caller]
fn caught(server: fn(&FakeCloud) -> Answers, rule: &str, outcome: Outcome) -> Caught {
    let setting = Setting::new();
    let server = Socket::serve(server(&cloud()));
    let run = [
        "run",
        &server.url(),
        "--only",
        rule,
        "--cases",
        "20",
        "--json",
        "report.json",
        "--findings",
        "found",
    ];
    let ended = setting.run(&run);
    assert_eq!(ended.code(), i32::from(outcome == Outcome::Failed), "{ended:#?}");
    let report = setting.report("report.json");
    let result = report.results.into_iter().find(|result| result.id == rule).unwrap();
    assert_eq!(result.outcome, outcome, "{ended:#?}");
    Caught { finding: result.finding.unwrap(), setting, server }
}

/// The finding is a timeline of those calls, and replays.
#[track_caller]
fn shown(caught: &Caught, calls: usize, rule: &str) {
    let Caught { finding, setting, server } = caught;
    assert_eq!(finding.violated, "No order of the concurrent calls explains all their responses.");
    assert!(finding.steps.len() <= calls, "{finding:#?}");
    for sign in ["┌", "└", "ms"] {
        assert!(finding.actual.contains(sign), "{}", finding.actual);
    }
    let file = finding.reproduce.replay.as_deref().unwrap().split(' ').nth(2).unwrap().to_owned();
    let right = Socket::serve(fake(&cloud()));
    for (url, code, word) in [(server.url(), 1, "still fails"), (right.url(), 0, "fixed")] {
        let ended = setting.run(&["replay", &file, &url]);
        assert_eq!(ended.code(), code, "{ended:#?}");
        assert!(ended.stdout.starts_with(&format!("{word}: {rule}\n")), "{ended:#?}");
    }
}

#[test]
fn a_condition_checked_and_then_not_held() {
    let rule = "glue/PutResourcePolicy/concurrency/one-conditional-put-wins";
    // The put whose hash they name, and two that both had it.
    shown(&caught(servers::checks_then_acts, rule, Outcome::Failed), 3, rule);
    let rule = "glue/PutResourcePolicy/concurrency/conditional-writes";
    caught(servers::checks_then_acts, rule, Outcome::Failed);
}

#[test]
fn two_first_puts() {
    let rule = "glue/PutResourcePolicy/concurrency/one-first-put-wins";
    shown(&caught(servers::checks_then_acts, rule, Outcome::Failed), 2, rule);
}

#[test]
fn two_creates_of_a_name() {
    let rule = "glue/CreateSecurityConfiguration/concurrency/one-create-wins";
    shown(&caught(servers::creates_twice, rule, Outcome::Failed), 2, rule);
}

#[test]
fn a_read_that_is_one_write_behind_while_others_call() {
    let rule = "glue/PutResourcePolicy/concurrency/linearizable";
    // No document promises when a read shows a write, so that is noted, not failed.
    let caught = caught(servers::reads_one_write_behind, rule, Outcome::Noted);
    // Of fourteen calls those that no order explains; how many they are depends on which met.
    shown(&caught, 7, rule);
    // One after the other, it reads what was written.
    let alone = ["run", &caught.server.url(), "--only", "glue/PutResourcePolicy/sequence/any-order"];
    assert_eq!(caught.setting.run(&alone).code(), 0);
}
