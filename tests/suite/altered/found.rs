//! Runs rules on a server with one fault, and checks the finding: its outcome, its calls, and its replay.

use glueproof::fake::FakeCloud;
use glueproof::run::{Finding, Outcome, RuleResult};

use crate::server::{Answers, Socket, fake};
use crate::trial::{Judge, Setting, cloud};

/// A server with one fault, the rule that finds it, and the number of calls in the finding.
pub struct Fault {
    pub server: fn(&FakeCloud) -> Answers,
    pub rule: &'static str,
    pub calls: usize,
}

/// Runs the program on the faulty server, then replays the saved case on the faulty server, on the right one, and on an
/// address without a server.
#[track_caller]
pub fn fails(fault: &Fault) {
    let (setting, cloud) = (Setting::new(), cloud());
    let server = Socket::serve((fault.server)(&cloud));
    let only = ["run", &server.url(), "--only", fault.rule, "--capability", "core", "--json", "report.json"];
    let ended = setting.run(&[&only[..], &["--parity", "--findings", "found"]].concat());
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let report = setting.report("report.json");
    let result = report.results.iter().find(|r| r.id == fault.rule).unwrap();
    assert_eq!(result.outcome, Outcome::Failed);
    let finding = result.finding.as_ref().unwrap();
    assert_calls(finding, fault.calls, "");
    let right = Socket::serve(fake(&cloud));
    let file = assert_replays(&setting, finding, fault.rule, &server, &right);
    let ended = setting.run(&["replay", &file, &Socket::closed_url()]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stderr.contains("does not answer"), "{ended:#?}");
}

/// Runs an assumed rule, which fails no target. Its findings are as short as others.
#[track_caller]
pub fn is_noted(fault: &Fault) {
    let judged = Judge::only(&[fault.rule]).run((fault.server)(&cloud()));
    assert_eq!(judged.ids(Outcome::Noted), [fault.rule]);
    let result = judged.with(Outcome::Noted).next().unwrap();
    assert_eq!(result.reason, None, "it was judged");
    assert_calls(result.finding.as_ref().unwrap(), fault.calls, "");
}

/// Runs a walk with five seeds. Each walk shrinks to the fewest calls.
#[track_caller]
pub fn fails_with_every_seed(fault: &Fault) {
    for seed in 1..=5 {
        let result = walk(fault.server, fault.rule, seed);
        assert_eq!(result.outcome, Outcome::Failed, "seed {seed}");
        assert_calls(&result.finding.unwrap(), fault.calls, &format!("seed {seed}"));
    }
}

/// Runs the rule of a walk on a server.
pub fn walk(server: fn(&FakeCloud) -> Answers, rule: &str, seed: u64) -> RuleResult {
    let judge = Judge { cases: 20, seed, ..Judge::only(&[rule]) };
    judge.run(server(&cloud())).report.results.into_iter().find(|result| result.id == rule).unwrap()
}

/// A rule on concurrent calls after a run of the program on a faulty server.
pub struct ConcurrentRun {
    pub finding: Finding,
    pub setting: Setting,
    pub server: Socket,
}

/// Runs the program with a rule on concurrent calls.
#[track_caller]
pub fn run_concurrent(server: fn(&FakeCloud) -> Answers, rule: &str, outcome: Outcome) -> ConcurrentRun {
    let setting = Setting::new();
    let server = Socket::serve(server(&cloud()));
    let only = ["run", &server.url(), "--only", rule, "--cases", "20", "--json", "report.json"];
    let ended = setting.run(&[&only[..], &["--findings", "found"]].concat());
    assert_eq!(ended.code(), i32::from(outcome == Outcome::Failed), "{ended:#?}");
    let report = setting.report("report.json");
    let result = report.results.into_iter().find(|result| result.id == rule).unwrap();
    assert_eq!(result.outcome, outcome, "{ended:#?}");
    ConcurrentRun { finding: result.finding.unwrap(), setting, server }
}

/// Runs a rule on concurrent calls. The finding is a timeline of at most so many calls, and replays.
#[track_caller]
pub fn fails_as_timeline(fault: &Fault) {
    let run = run_concurrent(fault.server, fault.rule, Outcome::Failed);
    assert_timeline(&run, fault);
}

/// Checks the timeline of calls that no order explains, and its replay.
#[track_caller]
pub fn assert_timeline(run: &ConcurrentRun, fault: &Fault) {
    let ConcurrentRun { finding, setting, server } = run;
    assert_eq!(finding.violated, "No order of the concurrent calls explains all their responses.");
    assert!(finding.steps.len() <= fault.calls, "{finding:#?}");
    for sign in ["┌", "└", "ms"] {
        assert!(finding.actual.contains(sign), "{}", finding.actual);
    }
    let right = Socket::serve(fake(&cloud()));
    assert_replays(setting, finding, fault.rule, server, &right);
}

/// Runs a rule on concurrent calls, whose finding has no fixed number of calls.
#[track_caller]
pub fn fails_concurrently(fault: &Fault) {
    run_concurrent(fault.server, fault.rule, Outcome::Failed);
}

#[track_caller]
fn assert_calls(finding: &Finding, calls: usize, about: &str) {
    let found: Vec<&str> = finding.steps.iter().map(|step| step.operation.as_str()).collect();
    assert_eq!(found.len(), calls, "{about} {found:?}: {finding:#?}");
}

/// Replays the saved case on both servers. Returns the name of its file.
#[track_caller]
fn assert_replays(
    setting: &Setting,
    finding: &Finding,
    rule: &str,
    faulty: &Socket,
    right: &Socket,
) -> String {
    let replay = finding.reproduce.replay.as_deref().unwrap();
    let file = replay.split(' ').nth(2).unwrap();
    for (url, code, word) in [(faulty.url(), 1, "still fails"), (right.url(), 0, "fixed")] {
        let ended = setting.run(&["replay", file, &url]);
        assert_eq!(ended.code(), code, "{ended:#?}");
        assert!(ended.stdout.starts_with(&format!("{word}: {rule}\n")), "{ended:#?}");
    }
    file.to_owned()
}
