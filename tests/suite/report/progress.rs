//! Progress in plain lines.

use glueproof::report::{Progress, Report};
use glueproof::run::{Event, Outcome};

use super::fixture::{HOSTILE, lax, passed, report, with};

fn lines(events: &[Event], end: Option<&Report>) -> Vec<String> {
    let mut written = Vec::new();
    let mut progress = Progress::lines(&mut written);
    for event in events {
        progress.on(event).unwrap();
    }
    if let Some(report) = end {
        progress.finish(report).unwrap();
    }
    String::from_utf8(written).unwrap().lines().map(ToOwned::to_owned).collect()
}

#[test]
fn trouble_and_tenths_are_told_and_nothing_else() {
    let report = report(vec![lax("glue/Op/invalid/A/enum")]);
    let mut events = vec![Event::Started { target: report.target.clone(), rules: 20, seed: 7 }];
    let results = [
        lax("glue/Op/invalid/A/enum"),
        with("glue/Op/valid/e", Outcome::Errored, "connection refused"),
        with("glue/Op/valid/n", Outcome::Noted, "otherwise"),
    ];
    for result in results.into_iter().chain((0..17).map(|n| passed(&format!("glue/Op/valid/{n}")))) {
        events.push(Event::RuleStarted { id: result.id.clone() });
        events.push(Event::RuleFinished(Box::new(result)));
    }
    events.push(Event::CleaningUp);
    let lines = lines(&events, Some(&report));
    assert_eq!(
        lines[..6],
        [
            "20 rules on moto at http://127.0.0.1:5000, seed 7",
            "failed glue/Op/invalid/A/enum: Op was wrong about enum",
            "errored glue/Op/valid/e: connection refused",
            "progress 2/20, 1 failed, 1 errored",
            "noted glue/Op/valid/n: otherwise",
            "progress 4/20, 1 failed, 1 errored",
        ]
    );
    assert_eq!(lines.iter().filter(|line| line.starts_with("progress")).count(), 10);
    assert_eq!(lines[lines.len() - 2..], ["cleaning up", "deviates after 12.3 s, 1 failed, 1 errored"]);
}

#[test]
fn interruption_and_leftovers_are_told_one_line_each() {
    let told =
        lines(&[Event::Interrupted, Event::CleaningUp, Event::Leftover { what: HOSTILE.to_owned() }], None);
    assert_eq!(told.len(), 3);
    assert!(told[2].starts_with("left behind: ") && !told[2].contains('\u{1b}'), "{told:?}");
}
