//! Ctrl-C in the middle of a run: the run ends in order, reports, and cleans up.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use glueproof::fake::FakeCloud;
use glueproof::report::Verdict;
use glueproof::run::Outcome;

use super::left_behind::State;
use crate::server::{Answers, Socket, constant, fake, slow};
use crate::trial::{Ended, Setting, cloud};

/// The pause before each answer of a service far away.
const PAUSE: Duration = Duration::from_millis(20);

/// Interrupts the program once it is well under way.
#[track_caller]
fn interrupted(setting: &Setting, answers: Answers) -> Ended {
    let (answers, asked) = slow(PAUSE, answers);
    let server = Socket::serve(answers);
    let running = setting.program(&["run", &server.url(), "--json", "report.json"]).start();
    let since = Instant::now();
    while asked.load(Ordering::Relaxed) < 100 {
        assert!(since.elapsed() < Duration::from_secs(30), "the run never began");
        thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    let interrupted = Instant::now();
    let ended = running.end();
    assert!(interrupted.elapsed() < Duration::from_secs(20), "{ended:#?}");
    ended
}

#[track_caller]
fn cleaned_up(cloud: &FakeCloud, before: &State) {
    assert_eq!(&State::of(cloud), before);
}

#[test]
fn the_run_ends_in_order_and_leaves_nothing() {
    let (setting, cloud) = (Setting::new(), cloud());
    let before = State::of(&cloud);
    let ended = interrupted(&setting, fake(&cloud));
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stderr.contains("interrupted"), "{ended:#?}");
    assert!(!ended.stderr.contains("left behind"), "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!((report.verdict, report.summary.failed), (Verdict::Incomplete, 0));
    let skipped: Vec<_> = report.results.iter().filter(|r| r.outcome == Outcome::Skipped).collect();
    assert!(skipped.len() > 100, "{}", skipped.len());
    assert!(skipped.iter().all(|r| r.reason.as_deref() == Some("interrupted")));
    cleaned_up(&cloud, &before);
}

#[test]
fn earlier_state_is_restored() {
    let (setting, cloud) = (Setting::new(), cloud());
    let before = State::made_on(&cloud);
    let ended = interrupted(&setting, fake(&cloud));
    assert_eq!(ended.code(), 3, "{ended:#?}");
    cleaned_up(&cloud, &before);
}

#[test]
fn earlier_findings_count() {
    let setting = Setting::new();
    let ended = interrupted(&setting, constant(200, "{}"));
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!(report.verdict, Verdict::Deviates);
    assert!(report.summary.failed > 0 && report.summary.skipped > 0, "{:?}", report.summary);
}
