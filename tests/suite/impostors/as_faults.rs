//! The impostors that the fake itself can play: each deviates, and what passes on it is what truly holds of it.

use std::collections::BTreeSet;

use glueproof::fake::Injection;
use glueproof::run::{Outcome, RuleResult, Verdict};

use super::credit::{catalog, is_negative, is_positive};
use crate::server::fake;
use crate::trial::{Judge, Judged, cloud};

#[track_caller]
fn exposed(name: &str) -> Judged {
    let cloud = cloud();
    cloud.inject(Injection::new(name.parse().unwrap()));
    let judge = Judge { only: vec!["glue/*".to_owned()], ..Judge::default() };
    let judged = judge.impatiently().run(fake(&cloud));
    assert_eq!(judged.report.verdict, Verdict::Deviates, "{name}");
    assert_eq!(judged.ids(Outcome::Errored), Vec::<&str>::new(), "{name}");
    judged
}

/// What passed of what the impostor answers: the ten operations. The others, and such as there are none, never get to
/// it.
fn credited(judged: &Judged) -> Vec<&RuleResult> {
    let by_impostor =
        |rule: &&RuleResult| rule.capability == "core" && !rule.id.ends_with("unknown-operation");
    judged.with(Outcome::Passed).filter(by_impostor).collect()
}

fn ids(judged: &Judged) -> Vec<&str> {
    credited(judged).into_iter().map(|rule| rule.id.as_str()).collect()
}

fn families(judged: &Judged) -> BTreeSet<&str> {
    credited(judged).into_iter().map(|rule| rule.family.as_str()).collect()
}

/// The rules of a kind that passed.
fn passed(judged: &Judged, are: fn(&glueproof::rule::Rule) -> bool) -> Vec<String> {
    let (catalog, passed) = (catalog(), ids(judged));
    let wanted = catalog.rules.iter().filter(|rule| are(rule)).map(|rule| rule.id.clone());
    wanted.filter(|id| passed.contains(&id.as_str())).collect()
}

#[test]
fn who_always_refuses_has_nothing_but_the_form_of_errors() {
    let judged = exposed("impostor-constant-error");
    assert_eq!(passed(&judged, is_positive), Vec::<String>::new());
    assert_eq!(families(&judged), BTreeSet::from(["wire"]));
    assert!(ids(&judged).iter().all(|id| id.contains("/wire/error-")));
}

#[test]
fn who_refuses_as_declared_is_credited_with_what_is_never_there() {
    let judged = exposed("impostor-first-declared-error");
    assert_eq!(passed(&judged, is_positive), Vec::<String>::new());
    // Nothing is there, so that not to find it is right.
    let absent = |id: &&str| id.contains("/errors/EntityNotFound") || id.contains("/condition/absent/");
    let form = |id: &&str| id.contains("/wire/error-") || id.ends_with("/refused-MUST_EXIST-sets-nothing");
    let others: Vec<&str> = ids(&judged).into_iter().filter(|id| !absent(id) && !form(id)).collect();
    assert_eq!(others, Vec::<&str>::new());
}

#[test]
fn who_always_accepts_has_refused_nothing() {
    for name in ["impostor-constant-success", "impostor-echo", "impostor-canned"] {
        assert_eq!(passed(&exposed(name), is_negative), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn who_keeps_nothing_is_not_credited_with_keeping() {
    let judged = exposed("impostor-stores-nothing");
    let kept = |id: &str| {
        id.starts_with("glue/CreateSecurityConfiguration/valid/input")
            || id.contains("/sequence/any-order")
            || id.contains("/valid/policy-is-")
            || id.contains("/condition/present/")
            || id.contains("/concurrency/one-")
    };
    let wrongly: Vec<&str> = ids(&judged).into_iter().filter(|id| kept(id)).collect();
    assert_eq!(wrongly, Vec::<&str>::new());
}

#[test]
fn who_looks_at_nothing_is_not_credited_with_refusals() {
    let judged = exposed("impostor-validates-nothing");
    let refusals: Vec<&str> = ids(&judged).into_iter().filter(|id| id.contains("/invalid/")).collect();
    assert_eq!(refusals, Vec::<&str>::new());
    // What it does keep, it is credited with.
    assert!(ids(&judged).contains(&"glue/GetResourcePolicy/valid/policy-is-the-last-one-set"));
}
