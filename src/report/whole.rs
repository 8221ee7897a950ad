//! Causes that are whole operations: not there at all, or without any validation. Looks at all results of an
//! operation, takes the failed ones; what single rules have in common is not its business.

use std::collections::{BTreeMap, BTreeSet};

use crate::run::{Outcome, RuleResult};

use super::cause::Cause;
use super::symptom::{Place, Symptom, answered_error, is_server_error};
use super::title::{name, names};

/// Operations that answer whatever valid input with one error: most likely they are not there at all.
pub(super) fn unanswered<'r>(results: &'r [RuleResult], open: &mut Vec<&'r RuleResult>) -> Vec<Cause<'r>> {
    let mut by_error: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (subject, rules) in by_subject(results, takes_valid_input) {
        let held = rules.iter().any(|r| r.outcome == Outcome::Passed);
        let failed: Vec<_> = rules.into_iter().filter(|r| r.outcome == Outcome::Failed).collect();
        let errors: BTreeSet<_> = failed.iter().map(|r| answered_error(r)).collect();
        if let (false, 2.., 1, Some(Some(error))) = (held, failed.len(), errors.len(), errors.first()) {
            by_error.entry(error.clone()).or_default().insert(subject);
        }
    }
    by_error
        .into_iter()
        .filter_map(|(error, subjects)| {
            let rules = take(open, |rule| {
                subjects.contains(Place::of(rule).subject) && answered_error(rule).as_ref() == Some(&error)
            });
            let cause = Cause::new(unanswered_title(&error, &subjects), rules)?;
            Some(cause.shown_by(|rule| takes_valid_input(&rule.family)))
        })
        .collect()
}

fn takes_valid_input(family: &str) -> bool {
    family == "valid" || family == "boundary"
}

fn unanswered_title(error: &str, subjects: &BTreeSet<&str>) -> String {
    let absent = ["status ", "Unknown", "NotImplemented", "Unsupported"];
    let (answer, they) = if subjects.len() == 1 { ("answers", "it is") } else { ("answer", "they are") };
    let guess = if absent.iter().any(|word| error.contains(word)) {
        format!("; {they} probably not implemented")
    } else {
        String::new()
    };
    format!("{} {answer} valid calls with {error}{guess}", names(subjects))
}

/// Operations none of whose constraints holds, most of them because invalid input is accepted. Where most
/// operations are such, they are one cause.
pub(super) fn unchecked<'r>(results: &'r [RuleResult], open: &mut Vec<&'r RuleResult>) -> Vec<Cause<'r>> {
    let judged = by_subject(results, |family| family == "invalid");
    let bare: BTreeSet<&str> = judged.iter().filter(|(_, rules)| is_bare(rules)).map(|(s, _)| *s).collect();
    let alone = bare.iter().filter_map(|subject| {
        let rules = take(open, |rule| rule.family == "invalid" && Place::of(rule).subject == *subject);
        let counts = format!("{} rules ({})", rules.len(), ways(&rules));
        Some((
            name(subject),
            Cause::new(format!("{} validates nothing: {counts}", name(subject)), rules)?,
            counts,
        ))
    });
    let alone: Vec<_> = alone.collect();
    if bare.len() < 2 || bare.len() * 2 <= judged.len() {
        return alone.into_iter().map(|(_, cause, _)| cause).collect();
    }
    let title = match (bare.len(), judged.len()) {
        (some, all) if some == all => format!("all {all} operations validate nothing"),
        (some, all) => format!("{some} of {all} operations validate nothing"),
    };
    let parts = alone.iter().map(|(name, _, counts)| format!("{name}: {counts}")).collect();
    let rules = alone.into_iter().flat_map(|(_, cause, _)| cause.rules).collect();
    Cause::new(title, rules).map(|cause| Cause { parts, ..cause }).into_iter().collect()
}

/// `19 accepted, 4 answered with a server error, 2 refused with a wrong code`.
fn ways(rules: &[&RuleResult]) -> String {
    let mut counts = [(0, "accepted"), (0, "answered with a server error"), (0, "refused with a wrong code")];
    let mut other = (0, "wrong in another way");
    for rule in rules {
        let way = match Symptom::of(rule) {
            Symptom::Lax => &mut counts[0],
            _ if is_server_error(rule) => &mut counts[1],
            Symptom::WrongError(_) => &mut counts[2],
            _ => &mut other,
        };
        way.0 += 1;
    }
    let ways = counts.iter().chain([&other]).filter(|(count, _)| *count > 0);
    ways.map(|(count, way)| format!("{count} {way}")).collect::<Vec<_>>().join(", ")
}

fn is_bare(rules: &[&RuleResult]) -> bool {
    let failed: Vec<_> = rules.iter().filter(|r| r.outcome == Outcome::Failed).collect();
    let lax = failed.iter().filter(|r| Symptom::of(r) == Symptom::Lax).count();
    rules.iter().all(|r| r.outcome != Outcome::Passed) && lax >= 2 && lax * 2 >= failed.len()
}

/// Judged rules of the families, by operation.
fn by_subject(results: &[RuleResult], counts: impl Fn(&str) -> bool) -> BTreeMap<&str, Vec<&RuleResult>> {
    let mut found: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for rule in results.iter().filter(|r| counts(&r.family)) {
        if !matches!(rule.outcome, Outcome::Skipped | Outcome::Errored) {
            found.entry(Place::of(rule).subject).or_default().push(rule);
        }
    }
    found
}

fn take<'r>(open: &mut Vec<&'r RuleResult>, belongs: impl Fn(&RuleResult) -> bool) -> Vec<&'r RuleResult> {
    let (taken, rest) = std::mem::take(open).into_iter().partition(|rule| belongs(rule));
    *open = rest;
    taken
}
