//! The three impostors of old: one refuses everything, one accepts everything, one gives back what it is
//! sent. No rule passes on them that asks for the opposite, and none is left without a verdict.

use std::collections::BTreeSet;

use glueproof::SuiteError;
use glueproof::model::Family;
use glueproof::report::Verdict;
use glueproof::report::exit_code;
use glueproof::run::{Outcome, PreflightError};

use super::credit::{HARMLESS, catalog, is_negative, is_positive};
use crate::server::{Answers, Socket, constant, echo};
use crate::trial::{Judge, Judged, Setting};

const REFUSAL: &str = r#"{"__type":"InvalidInputException","Message":"no"}"#;

/// The verdict every impostor gets.
#[track_caller]
fn exposed(server: Answers) -> Judged {
    let judged = Judge::default().unshrunk().impatiently().run(server);
    assert_eq!(judged.report.verdict, Verdict::Deviates);
    assert_eq!(exit_code(judged.report.verdict), 1);
    assert_eq!(judged.ids(Outcome::Errored), Vec::<&str>::new());
    // Without a single refusal there is no error whose form could be looked at.
    let left = judged.with(Outcome::Skipped);
    assert!(left.into_iter().all(|r| r.id.contains("/wire/error-")), "{:?}", judged.ids(Outcome::Skipped));
    judged
}

/// The families of the rules that passed.
fn credited(judged: &Judged) -> BTreeSet<&str> {
    judged.with(Outcome::Passed).map(|rule| rule.family.name()).collect()
}

#[track_caller]
fn none_passes(judged: &Judged, are: fn(&glueproof::rule::Rule) -> bool) {
    let (catalog, passed) = (catalog(), judged.ids(Outcome::Passed));
    let fooled: Vec<&str> = catalog
        .rules
        .iter()
        .filter(|r| are(r))
        .map(|r| r.id.as_str())
        .filter(|id| passed.contains(id))
        .collect();
    assert_eq!(fooled, Vec::<&str>::new());
    assert!(catalog.rules.iter().filter(|r| are(r)).count() > 100, "the rules looked for are there");
}

#[track_caller]
fn only_harmless_pass(judged: &Judged) {
    let harmless = |id: &str| HARMLESS.iter().any(|(part, _)| holds(id, part));
    let others: Vec<&str> = judged.ids(Outcome::Passed).into_iter().filter(|id| !harmless(id)).collect();
    assert_eq!(others, Vec::<&str>::new());
}

/// Returns whether an id contains the parts around `*`, in order.
fn holds(id: &str, pattern: &str) -> bool {
    let after = |rest: Option<&'_ str>, part: &str| Some(rest?.split_once(part)?.1.to_owned());
    pattern.split('*').try_fold(id.to_owned(), |rest, part| after(Some(&rest), part)).is_some()
}

#[test]
fn a_server_that_refuses_everything_gets_no_credit_for_accepting() {
    let judged = exposed(constant(400, REFUSAL));
    none_passes(&judged, is_positive);
    // The form of its errors is right; whatever else takes a refusal for an answer is asked of others.
    assert_eq!(credited(&judged), BTreeSet::from(["wire"]));
    let wire = judged.with(Outcome::Passed).filter(|r| r.family == Family::Wire);
    assert!(wire.into_iter().all(|r| r.id.contains("/wire/error-")), "{:?}", judged.ids(Outcome::Passed));
}

#[test]
fn a_server_that_accepts_everything_gets_no_credit_for_refusing() {
    let judged = exposed(constant(200, "{}"));
    none_passes(&judged, is_negative);
    only_harmless_pass(&judged);
    assert_eq!(credited(&judged), BTreeSet::from(["valid", "wire"]));
}

#[test]
fn a_server_that_echoes_gets_no_credit_for_refusals_or_state() {
    let judged = exposed(echo());
    none_passes(&judged, is_negative);
    only_harmless_pass(&judged);
    assert_eq!(credited(&judged), BTreeSet::from(["valid", "wire"]));
}

#[test]
fn a_server_that_fails_on_everything_cannot_be_judged() {
    let failing = constant(500, r#"{"__type":"InternalServiceException","Message":"no"}"#);
    let refused = Judge::default().unshrunk().try_run(failing);
    assert!(matches!(refused, Err(SuiteError::PreflightError(PreflightError::Failing { .. }))));
}

#[test]
fn an_impostor_behind_a_socket_fares_no_better() {
    let (setting, server) = (Setting::new(), Socket::serve(constant(400, REFUSAL)));
    let ended = setting.run(&["run", &server.url(), "--cases", "1", "--json", "report.json"]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(ended.stdout.contains("DEVIATES"), "{ended:#?}");
    let report = setting.report("report.json");
    assert_eq!((report.verdict, report.summary.errored), (Verdict::Deviates, 0));
    assert!(report.summary.conformance.held * 4 < report.summary.conformance.of, "{:?}", report.summary);
}
