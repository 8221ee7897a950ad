//! A known gap excuses what fails, fails the run when it holds, and excuses nothing once it expired.

use glueproof::report::{Report, Verdict};
use glueproof::run::{Outcome, RuleResult};

use super::{GAP, HELD, Judging, entry, gappy};

use crate::server::{constant, fake};

fn result<'r>(report: &'r Report, rule: &str) -> &'r RuleResult {
    report.results.iter().find(|result| result.id == rule).unwrap()
}

#[test]
fn listed_failures_are_known() {
    let judging = Judging::of(gappy);
    assert_eq!(judging.run(&[]).code(), 1, "without the list it is a finding");
    judging.write(&entry(GAP, "issue = \"https://example.com/7\""));
    let ended = judging.run(&["--known", "known.toml", "--junit", "report.xml"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let report = judging.setting.report("report.json");
    assert_eq!((report.verdict, report.summary.known), (Verdict::Conforms, 1));
    let known = result(&report, GAP);
    assert_eq!(known.outcome, Outcome::Known);
    assert_eq!(known.reason.as_deref(), Some("times are not kept (https://example.com/7)"));
    assert!(known.finding.is_some(), "what is wrong stays in the report");
    assert!(report.summary.conformance.held < report.summary.conformance.of, "an excuse is no merit");
    assert!(ended.stdout.contains("times are not kept (https://example.com/7)"), "{}", ended.stdout);
    assert!(ended.stdout.contains("known gaps (1) aside"), "{}", ended.stdout);
    let junit = std::fs::read_to_string(judging.setting.path("report.xml")).unwrap();
    assert!(junit.contains("<skipped message=\"known gap: times are not kept"), "{junit}");
}

#[test]
fn a_gap_that_holds_fails_the_run() {
    let judging = Judging::of(fake);
    judging.write(&format!("# the times\n{}", entry(GAP, "")));
    let ended = judging.run(&["--known", "known.toml", "--junit", "report.xml"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let report = judging.setting.report("report.json");
    assert_eq!((report.verdict, report.summary.known, report.summary.failed), (Verdict::Deviates, 0, 0));
    assert_eq!(result(&report, GAP).outcome, Outcome::Passed, "what holds is never said not to");
    let why = "line 3 of the known gaps says that it does not: times are not kept";
    assert_eq!(result(&report, GAP).closed_gap(), Some(format!("it holds, and {why}").as_str()));
    for line in [&format!("\n  {GAP}\n"), why, "1 known gap closed, and the list still has it"] {
        assert!(ended.stdout.contains(line), "`{line}` in {}", ended.stdout);
    }
    assert!(ended.stderr.contains(&format!("closed {GAP}: it holds")), "{}", ended.stderr);
    let junit = std::fs::read_to_string(judging.setting.path("report.xml")).unwrap();
    assert!(junit.contains("failures=\"1\""), "{junit}");
}

#[test]
fn a_pattern_speaks_of_all_its_rules() {
    let judging = Judging::of(gappy);
    judging.write(&entry("glue::GetSecurityConfiguration::valid::*/present", ""));
    let ended = judging.run(&["--known", "known.toml"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let report = judging.setting.report("report.json");
    assert_eq!(result(&report, GAP).outcome, Outcome::Known);
    assert!(result(&report, HELD).closed_gap().is_some(), "else a later failure would stay hidden");
}

#[test]
fn the_last_day_excuses_and_no_day_after_it() {
    let judging = Judging::of(gappy);
    judging.write(&entry(GAP, "expires = 2999-12-31"));
    assert_eq!(judging.run(&["--known", "known.toml"]).code(), 0);
    judging.write(&entry(GAP, "expires = 2020-02-29"));
    let ended = judging.run(&["--known", "known.toml"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let report = judging.setting.report("report.json");
    assert_eq!(result(&report, GAP).outcome, Outcome::Failed);
    let why = "it was a known gap until 2020-02-29: times are not kept";
    assert_eq!(result(&report, GAP).reason.as_deref(), Some(why));
    assert!(ended.stdout.contains(why), "{}", ended.stdout);
}

#[test]
fn an_expired_entry_asks_nothing_of_what_holds() {
    let judging = Judging::of(fake);
    judging.write(&entry(GAP, "expires = 2020-02-29"));
    assert_eq!(judging.run(&["--known", "known.toml"]).code(), 0);
}

#[test]
fn the_environment_names_the_file_too() {
    let judging = Judging::of(gappy);
    judging.write(&entry(GAP, ""));
    let target = judging.server.url();
    let program = judging.setting.program(&[]).env("GLUEPROOF_TARGET", &target).env("GLUEPROOF_ONLY", GAP);
    assert_eq!(program.start().end().code(), 1);
    assert_eq!(program.env("GLUEPROOF_KNOWN", "known.toml").start().end().code(), 0);
}

#[test]
fn entries_about_rules_left_out_are_no_mistake() {
    let judging = Judging::of(gappy);
    judging.write(&(entry(GAP, "") + &entry("glue/*/invalid/*", "")));
    let ended = judging.run(&["--known", "known.toml"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
}

/// The form of errors cannot be judged there; without the list, the run is incomplete.
#[test]
fn a_target_that_refuses_nothing_can_be_listed_too() {
    let rule = "glue/PutDataCatalogEncryptionSettings/wire/error-shape";
    let judging = Judging::of(|_| constant(200, "{}"));
    let url = judging.server.url();
    let run = |more: &[&str]| judging.setting.run(&[&["run", &url, "--only", rule], more].concat()).code();
    assert_eq!(run(&["--write-known", "known.toml"]), 3);
    assert!(!judging.read().contains(rule), "a skipped rule has not failed: {}", judging.read());
    judging.write(&entry(rule, ""));
    assert_eq!(run(&["--known", "known.toml", "--json", "listed.json"]), 0);
    let listed = judging.setting.report("listed.json");
    assert_eq!((listed.summary.known, listed.summary.conformance.of), (1, 0), "a skipped rule is not judged");
}
