//! Targets that others use as well: resources of other users, other runs, and a bounded time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use glueproof::fake::{Clock, FakeCloud};
use glueproof::report::Verdict;
use glueproof::run::{Outcome, ReasonKind};
use http::Request;
use serde_json::{Value, json};

use super::left_behind::done;
use crate::server::{Socket, fake, operation, slow};
use crate::trial::{Judge, Judged, Setting, cloud};

/// The pause before each answer of a service far away.
const PAUSE: Duration = Duration::from_millis(20);

/// A cloud with security configurations of other users.
fn crowded(configurations: usize) -> FakeCloud {
    let clock = Clock::fixed(SystemTime::UNIX_EPOCH + Duration::from_secs(1_590_621_822));
    let builder = FakeCloud::builder().account("123456789012").clock(clock).prompt(true);
    let cloud = builder.security_configuration_quota(100_000).build().unwrap();
    for number in 0..configurations {
        let input = json!({ "Name": format!("team-{number:05}"), "EncryptionConfiguration": {} });
        done(&cloud, "CreateSecurityConfiguration", &input);
    }
    cloud
}

fn judged(configurations: usize) -> Judged {
    Judge::only(&["GetSecurityConfigurations/"]).run(fake(&crowded(configurations)))
}

#[test]
fn resources_of_others_change_no_verdict_and_cost_one_listing_a_rule() {
    let alone = judged(0);
    let usual = alone.report.summary.exchanges;
    for configurations in [300, 5_000] {
        let judged = judged(configurations);
        assert_eq!(judged.ids(Outcome::Failed), Vec::<&str>::new(), "{configurations}");
        assert_eq!(judged.ids(Outcome::Blocked), Vec::<&str>::new(), "{configurations}");
        assert_eq!(judged.report.verdict, Verdict::Conforms, "{configurations}");
        let more = judged.report.summary.exchanges - usual;
        // The largest page has 1,000 items at most, and a case may read the list four times.
        let cases = judged.report.summary.cases;
        assert!(more < cases * 400, "{more} more exchanges in {cases} cases");
    }
}

#[test]
fn names_of_others_are_in_no_output() {
    let cloud = crowded(7);
    let right = fake(&cloud);
    let loses_own = Arc::new(move |request: Request<Bytes>| {
        let listed = operation(&request) == "GetSecurityConfigurations";
        let response = right(request)?;
        Some(if listed { response.map(|body| without_own_items(&body)) } else { response })
    });
    let (setting, server) = (Setting::new(), Socket::serve(loses_own));
    let url = server.url();
    let files = [
        "--json",
        "report.json",
        "--html",
        "report.html",
        "--junit",
        "junit.xml",
        "--markdown",
        "summary.md",
    ];
    let only =
        ["run", &url, "--only", "glue/GetSecurityConfigurations/valid", "--all", "--findings", "findings"];
    let ended = setting.run(&[&only[..], &files].concat());
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let outputs = ["report.json", "report.html", "junit.xml", "summary.md"]
        .map(|name| std::fs::read_to_string(setting.path(name)).unwrap());
    for text in outputs.iter().chain([&ended.stdout, &ended.stderr]) {
        assert!(!text.contains("team-0"), "{text}");
    }
    assert!(outputs[0].contains("[7 items of other cases or users]"), "{}", outputs[0]);
}

/// A list without the items of the run.
fn without_own_items(body: &Bytes) -> Bytes {
    let mut answer: Value = serde_json::from_slice(body).unwrap();
    if let Some(items) = answer["SecurityConfigurations"].as_array_mut() {
        items.retain(|item| item["Name"].as_str().is_some_and(|name| name.starts_with("team-")));
    }
    Bytes::from(answer.to_string())
}

#[test]
fn a_run_ends_in_order_when_its_time_is_over() {
    let (setting, cloud) = (Setting::new(), cloud());
    let (answers, _) = slow(PAUSE, fake(&cloud));
    let server = Socket::serve(answers);
    let only = ["run", &server.url(), "--capability", "core", "--max-time", "2s", "--json", "report.json"];
    let ended = setting.run(&only);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!((report.verdict, report.summary.failed), (Verdict::Incomplete, 0));
    assert!(report.summary.passed > 0, "{:?}", report.summary);
    let over = |kind| kind == Some(ReasonKind::TimeOver);
    assert!(report.results.iter().any(|rule| rule.outcome == Outcome::Skipped && over(rule.reason_kind)));
}

#[test]
fn a_second_run_on_a_target_is_refused_or_waits() {
    let (setting, cloud) = (Setting::new(), cloud());
    let (answers, asked) = slow(PAUSE, fake(&cloud));
    let server = Socket::serve(answers);
    let first = setting.program(&["run", &server.url(), "--capability", "core"]).start();
    let since = Instant::now();
    while asked.load(Ordering::Relaxed) < 50 {
        assert!(since.elapsed() < Duration::from_mins(2), "the run never began");
        thread::yield_now();
    }
    let only = "glue/GetResourcePolicy/errors";
    let refused = setting.run(&["run", &server.url(), "--only", only]);
    assert_eq!(refused.code(), 3, "{refused:#?}");
    assert!(refused.stderr.contains("another run on"), "{refused:#?}");
    let waiting = setting.program(&["run", &server.url(), "--only", only, "--wait"]).start();
    first.interrupt();
    assert_eq!(first.end().code(), 3);
    let waited = waiting.end();
    assert_eq!(waited.code(), 0, "{waited:#?}");
}
