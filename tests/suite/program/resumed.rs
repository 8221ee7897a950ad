//! A run that was interrupted goes on where it ended, and says what one run would have said.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use glueproof::fake::FakeCloud;
use glueproof::report::Report;
use glueproof::run::Outcome;

use crate::altered::servers;
use crate::server::{Answers, Socket, slow};
use crate::trial::{Setting, cloud};

const RUN: [&str; 6] =
    ["--only", "ResourcePolicy/condition,ResourcePolicy/errors", "--cases", "2", "--poll-timeout", "200ms"];
const ERRORS: [&str; 4] = ["--only", "glue/*/errors/*", "--poll-timeout", "200ms"];

fn judge<'a>(url: &'a str, rules: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [&["run", url][..], rules, more].concat()
}

/// A server with faults, slow enough to be interrupted, and how often it was asked.
fn server(faulty: fn(&FakeCloud) -> Answers) -> (Socket, Arc<AtomicU64>) {
    let (answers, asked) = slow(Duration::from_millis(2), faulty(&cloud()));
    (Socket::serve(answers), asked)
}

fn outcomes(report: &Report) -> Vec<(&str, Outcome)> {
    report.results.iter().map(|rule| (rule.id.as_str(), rule.outcome)).collect()
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_end() {
    let (setting, (server, asked)) = (Setting::new(), server(servers::refused_and_done));
    let url = server.url();
    assert_eq!(setting.run(&judge(&url, &RUN, &["--json", "whole.json"])).code(), 1);
    let whole = setting.report("whole.json");
    for calls in [40, 300] {
        let before = asked.load(Ordering::Relaxed);
        let running = setting.program(&judge(&url, &RUN, &["--json", "part.json"])).start();
        let since = Instant::now();
        while asked.load(Ordering::Relaxed) < before + calls {
            assert!(since.elapsed() < Duration::from_mins(2), "the run never began");
            thread::sleep(Duration::from_millis(1));
        }
        running.interrupt();
        running.end();
        let part = setting.report("part.json");
        let judged = part.results.iter().filter(|rule| rule.outcome != Outcome::Skipped).count();
        assert!(judged < whole.results.len(), "nothing was left to do");
        let ended = setting.run(&judge(&url, &RUN, &["--resume", "part.json", "--json", "resumed.json"]));
        assert_eq!(ended.code(), 1, "{ended:#?}");
        let resumed = setting.report("resumed.json");
        assert_eq!(outcomes(&resumed), outcomes(&whole));
        assert_eq!(
            (resumed.verdict, &resumed.summary.conformance),
            (whole.verdict, &whole.summary.conformance)
        );
    }
}

#[test]
fn judged_rules_are_not_judged_again() {
    let (setting, (server, asked)) = (Setting::new(), server(servers::server_errors));
    let url = server.url();
    assert_eq!(setting.run(&judge(&url, &ERRORS, &["--json", "whole.json"])).code(), 1);
    let before = asked.load(Ordering::Relaxed);
    let ended = setting.run(&judge(&url, &ERRORS, &["--resume", "whole.json", "--json", "again.json"]));
    assert_eq!(ended.code(), 1, "the verdict stays: {ended:#?}");
    assert!(asked.load(Ordering::Relaxed) - before < 10, "only a look whether anybody answers");
    assert_eq!(setting.report("again.json").results, setting.report("whole.json").results);
}

#[test]
fn only_the_same_run_goes_on() {
    let (setting, (server, _)) = (Setting::new(), server(servers::server_errors));
    let url = server.url();
    assert_eq!(setting.run(&judge(&url, &ERRORS, &["--json", "r.json"])).code(), 1);
    let refused = |arguments: &[&str], why: &str| {
        let ended = setting.run(arguments);
        assert_eq!((ended.code(), ended.stderr.as_str()), (2, why), "{ended:#?}");
    };
    let other = |what: &str| format!("error: this run is no part of the run of r.json: {what} differs\n");
    refused(&judge(&url, &ERRORS, &["--resume", "r.json", "--seed", "2"]), &other("the seed"));
    refused(
        &judge(&url, &ERRORS, &["--resume", "r.json", "--edition", "2018"]),
        &other("the suite (its version, specs or edition)"),
    );
    refused(&["run", "fake", "--only", "errors", "--resume", "r.json"], &other("the target"));
    refused(
        &judge(&url, &ERRORS, &["--resume", "r.json", "--shard", "1/2"]),
        "error: r.json is about another shard\n",
    );
}
