//! Both transports of the fake, and both editions, conform; and the run is as wide as it says.

use glueproof::report::{Report, Verdict};
use glueproof::run::Outcome;

use crate::trial::Setting;

#[track_caller]
fn conforms(arguments: &[&str]) -> Report {
    let setting = Setting::new();
    let ended = setting.run(&[&["run"], arguments, &["--json", "report.json"]].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!(report.verdict, Verdict::Conforms);
    assert!(report.summary.conformance.held == report.summary.conformance.of);
    for result in &report.results {
        assert!(result.cases > 0 && result.exchanges > 0, "nothing was tried for {}", result.id);
        assert!(matches!(result.outcome, Outcome::Passed | Outcome::Noted), "{}", result.id);
    }
    report
}

#[test]
fn the_fake_in_process() {
    let report = conforms(&["--parity"]);
    assert!(report.results.len() >= 200, "{}", report.results.len());
    assert!(report.summary.exchanges >= 5000, "{}", report.summary.exchanges);
    assert_eq!(report.summary.parity.held, report.summary.parity.of);
}

#[test]
fn the_fake_through_wiremock() {
    let report = conforms(&["fake:wiremock", "--cases", "1"]);
    assert!(report.results.len() >= 200, "{}", report.results.len());
    assert!(report.target.url.is_some());
}

#[test]
fn the_edition_of_2018() {
    let report = conforms(&["--edition", "2018", "--cases", "1"]);
    assert!(report.results.len() >= 200, "{}", report.results.len());
    assert!(!report.results.iter().any(|r| r.operation == "GetResourcePolicies"), "it came later");
}

#[test]
fn a_filter_does_not_make_capabilities_absent() {
    let setting = Setting::new();
    let ended = setting.run(&["run", "--only", "GetResourcePolicy/errors", "--json", "report.json"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(
        ended.stdout.contains("core tested; access, connections, crypto, logs, workloads not asked for"),
        "{ended:#?}"
    );
    let presence = setting.report("report.json").target.capabilities;
    assert_eq!(presence[&glueproof::model::Capability::Crypto], glueproof::run::Presence::Unselected);
}
