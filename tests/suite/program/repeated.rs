//! The same seed gives the same run: the same requests, the same findings, the same report.

use std::sync::{Arc, Mutex};

use glueproof::fake::FakeCloud;
use glueproof::model::Family;
use glueproof::report::Report;
use regex::Regex;
use serde_json::Value;

use crate::altered::servers;
use crate::server::{Answers, Socket, fake, operation};
use crate::trial::{Judge, Judged, Setting, cloud};

/// Everything but how long it took.
fn timeless(mut judged: Judged) -> Judged {
    for result in &mut judged.report.results {
        result.duration_ms = 0;
    }
    judged
}

/// A run on a fresh server, with every request it was sent. Names of the run are taken out, and tokens, for they hold such.
fn recorded(server: fn(&FakeCloud) -> Answers, judge: &Judge) -> (Judged, Vec<String>) {
    let (requests, answers) = (Arc::new(Mutex::new(Vec::new())), server(&cloud()));
    let seen = Arc::clone(&requests);
    let judged = judge.run(Arc::new(move |request| {
        let text = format!("{} {:?}", operation(&request), request.body());
        seen.lock().unwrap().push(text);
        answers(request)
    }));
    let tags = Regex::new(r#"gp-[0-9a-z]{11}|"NextToken\\":\\"[^"]+"#).unwrap();
    let requests = std::mem::take(&mut *requests.lock().unwrap());
    (timeless(judged), requests.iter().map(|text| tags.replace_all(text, "RUN").into_owned()).collect())
}

#[track_caller]
fn repeats(server: fn(&FakeCloud) -> Answers, judge: &Judge) -> Judged {
    let ((first, sent), (second, again)) = (recorded(server, judge), recorded(server, judge));
    assert!(sent.len() > 50);
    for (sent, again) in sent.iter().zip(&again) {
        assert_eq!(sent, again);
    }
    assert_eq!(sent.len(), again.len());
    assert_eq!(first.report, second.report);
    assert_eq!(first.cases, second.cases);
    first
}

#[test]
fn a_run_without_findings() {
    // Without what KMS has a hand in, whose answers are never the same.
    let core = ["Configuration/", "Configurations/", "ResourcePolicy/", "ResourcePolicies/", "Settings/"];
    repeats(fake, &Judge { cases: 3, in_turn: true, ..Judge::only(&core) });
}

#[test]
fn runs_with_findings() {
    let judge =
        Judge { parity: true, in_turn: true, ..Judge::only(&["SecurityConfiguration/", "ResourcePolicy/"]) };
    for server in
        [servers::without_time, servers::forgiving, servers::server_errors, servers::refused_and_done]
    {
        assert!(!repeats(server, &judge).cases.is_empty());
    }
}

#[test]
fn another_seed_gives_other_cases() {
    let with = |seed| recorded(fake, &Judge { seed, ..Judge::only(&["CreateSecurityConfiguration/"]) }).1;
    let (one, two) = (with(1), with(2));
    let differ = one.iter().zip(&two).filter(|(one, two)| one != two).count();
    assert!(differ * 2 > one.len(), "{differ} of {}", one.len());
}

#[test]
fn the_program_run_twice_writes_the_same_report() {
    let reports = [0, 1].map(|_| {
        let (setting, cloud) = (Setting::new(), cloud());
        let server = Socket::serve(servers::without_time(&cloud));
        let ended = setting.run(&[
            "run",
            &server.url(),
            "--only",
            "SecurityConfiguration/",
            "--cases",
            "4",
            "--json",
            "report.json",
        ]);
        assert_eq!(ended.code(), 1, "{ended:#?}");
        normalised(setting.report("report.json"), &server.url())
    });
    assert_eq!(reports[0], reports[1]);
}

/// Without time, wall or otherwise, and with one address for both. What calls made at once leave to be removed depends
/// on which came first, so theirs are not counted.
fn normalised(mut report: Report, url: &str) -> Value {
    report.started.clear();
    report.duration_ms = 0;
    for result in &mut report.results {
        result.duration_ms = 0;
        if result.family == Family::Concurrency {
            report.summary.exchanges -= std::mem::take(&mut result.exchanges);
        }
    }
    let text = serde_json::to_string(&report).unwrap().replace(url, "URL");
    serde_json::from_str(&text).unwrap()
}
