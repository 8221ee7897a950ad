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

/// The number of calls before the interruption.
const CALLS: u64 = 200;

/// Interrupts the program once it is well under way. A wait for what takes effect later would last longer than a test may:
/// it ends with the run.
#[track_caller]
fn interrupted(setting: &Setting, answers: Answers) -> Ended {
    let (answers, asked) = slow(PAUSE, answers);
    let server = Socket::serve(answers);
    let arguments = ["run", &server.url(), "--poll-timeout", "30m", "--json", "report.json"];
    let running = setting.program(&arguments).start();
    let since = Instant::now();
    while asked.load(Ordering::Relaxed) < CALLS {
        assert!(since.elapsed() < Duration::from_mins(2), "the run never began");
        thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    running.end()
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
