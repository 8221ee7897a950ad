//! Builds the causes: whole operations first, then the largest clusters of rules that share a feature, then single rules.
//! Must not render anything.
//! Entry point: [`causes`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Family, Level};
use crate::run::{FindingStep, Outcome, RuleResult};

use super::explained::explanations;
use super::features::{
    FailureMode, Feature, ResponseError, RuleIdParts, distance, is_server_error, response_error,
};
use super::title;

/// Failed rules with one reason.
#[derive(Debug, Clone)]
pub struct Cause<'r> {
    /// The reason, in one line. May contain text of the target.
    pub title: String,
    /// Details of the title, one line each; usually empty.
    pub parts: Vec<String>,
    /// The rules, in the order of their ids; never empty.
    pub rules: Vec<&'r RuleResult>,
    /// The rule with the shortest finding, among those that show the reason most directly.
    pub representative: &'r RuleResult,
}

impl<'r> Cause<'r> {
    fn new(title: String, mut rules: Vec<&'r RuleResult>) -> Option<Self> {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let representative = *rules.iter().min_by_key(|rule| effort(rule))?;
        Some(Self { title, parts: Vec::new(), rules, representative })
    }

    /// Adds a rule that the others explain. It never represents the cause.
    fn add(&mut self, rule: &'r RuleResult) {
        self.rules.push(rule);
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Takes the representative from the rules that match, if any does.
    fn represented_by(self, matches: impl Fn(&RuleResult) -> bool) -> Self {
        let best = self.rules.iter().copied().filter(|rule| matches(rule)).min_by_key(|rule| effort(rule));
        Self { representative: best.unwrap_or(self.representative), ..self }
    }

    /// Returns the strongest evidence among the rules.
    #[must_use]
    pub fn level(&self) -> Level {
        self.rules.iter().map(|rule| rule.evidence.level).max().unwrap_or(Level::Assumed)
    }

    /// Returns the rules other than the representative.
    pub(in crate::report) fn other_rules(&self) -> Vec<&'r RuleResult> {
        let others = self.rules.iter().copied();
        others.filter(|rule| !std::ptr::eq(*rule, self.representative)).collect()
    }
}

/// Returns the causes of all failed rules: stronger evidence first, then larger causes first.
#[must_use]
pub fn causes(results: &[RuleResult]) -> Vec<Cause<'_>> {
    let failed = results.iter().filter(|rule| rule.outcome == Outcome::Failed).collect();
    let (mut open, explained) = explanations(failed);
    let mut found = unimplemented(results, &mut open);
    found.extend(without_validation(results, &mut open));
    let mut protocol: BTreeMap<WireFailure<'_>, Vec<Cause<'_>>> = BTreeMap::new();
    while let Some((feature, rules)) = largest(&open) {
        open.retain(|rule| !rules.iter().any(|taken| std::ptr::eq(*taken, *rule)));
        let failure = WireFailure::of(&feature, &rules);
        let Some(cause) = Cause::new(title::of_cluster(&feature, &rules, results), rules) else { continue };
        match failure {
            Some(failure) => protocol.entry(failure).or_default().push(cause),
            None => found.push(cause),
        }
    }
    found.extend(protocol.into_values().filter_map(joined));
    found.extend(open.into_iter().filter_map(|rule| Cause::new(title::of_rule(rule), vec![rule])));
    for (rule, other) in explained {
        let cause = found.iter_mut().find(|cause| cause.rules.iter().any(|of| std::ptr::eq(*of, other)));
        if let Some(cause) = cause {
            cause.add(rule);
        }
    }
    found.sort_by(|a, b| {
        b.level()
            .cmp(&a.level())
            .then(b.rules.len().cmp(&a.rules.len()))
            .then_with(|| a.rules[0].id.cmp(&b.rules[0].id))
    });
    found
}

/// The way in which a requirement of the protocol fails: in which operations, with which errors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct WireFailure<'r> {
    level: Level,
    subjects: BTreeSet<&'r str>,
    errors: BTreeSet<Option<ResponseError<'r>>>,
}

impl<'r> WireFailure<'r> {
    fn of(feature: &Feature<'r>, rules: &[&'r RuleResult]) -> Option<Self> {
        let Feature::Requirement { family: Family::Wire, .. } = feature else { return None };
        let level = rules.iter().map(|rule| rule.evidence.level).max()?;
        rules.iter().all(|rule| FailureMode::of(rule).lacks_refusal()).then(|| Self {
            level,
            subjects: rules.iter().map(|rule| RuleIdParts::of(rule).subject).collect(),
            errors: rules.iter().map(|rule| response_error(rule)).collect(),
        })
    }
}

/// Joins causes that fail in the same way. A target that reads all bodies in one place has one reason for them.
fn joined(causes: Vec<Cause<'_>>) -> Option<Cause<'_>> {
    if let [_] = causes.as_slice() {
        return causes.into_iter().next();
    }
    let rules: Vec<&RuleResult> = causes.into_iter().flat_map(|cause| cause.rules).collect();
    Cause::new(title::of_requirements(&rules), rules)
}

/// Ranks rules as representatives: direct findings first, then strong evidence, few steps and small bodies.
fn effort(rule: &RuleResult) -> (u8, Reverse<Level>, usize, usize, &str) {
    let (distance, level) = (distance(rule), Reverse(rule.evidence.level));
    match &rule.finding {
        None => (distance, level, usize::MAX, 0, &rule.id),
        Some(finding) => {
            let bodies = finding.steps.iter().map(|step| step.request.body.to_string().len()).sum();
            (distance, level, finding.steps.len(), bodies, &rule.id)
        }
    }
}

/// Returns the largest cluster of two or more rules that share a feature.
fn largest<'r>(open: &[&'r RuleResult]) -> Option<(Feature<'r>, Vec<&'r RuleResult>)> {
    let mut clusters: BTreeMap<Feature<'r>, Vec<&'r RuleResult>> = BTreeMap::new();
    for rule in open {
        for feature in Feature::all_of(rule) {
            clusters.entry(feature).or_default().push(rule);
        }
    }
    let clusters = clusters.into_iter().rev().filter(|(_, rules)| rules.len() > 1);
    clusters.max_by_key(|(feature, rules)| (Reverse(feature.round()), rules.len()))
}

/// Takes the operations that answer every call with one error. The target most likely lacks them.
fn unimplemented<'r>(results: &'r [RuleResult], open: &mut Vec<&'r RuleResult>) -> Vec<Cause<'r>> {
    let mut by_error: BTreeMap<ResponseError<'r>, BTreeSet<&str>> = BTreeMap::new();
    let is_telling = |family| !matches!(family, Family::Invalid | Family::Wire | Family::Errors);
    for (subject, rules) in by_subject(results, is_telling) {
        if let Some(error) = only_error(&rules).or_else(|| only_error_of_any_call(&rules)) {
            by_error.entry(error).or_default().insert(subject);
        }
    }
    let cause = |(error, subjects): (ResponseError<'r>, BTreeSet<&str>)| {
        let rules = take(open, |rule| {
            subjects.contains(RuleIdParts::of(rule).subject) && response_error(rule).as_ref() == Some(&error)
        });
        let cause = Cause::new(title::of_unimplemented(&error, &subjects), rules)?;
        Some(cause.represented_by(|rule| sends_valid_input(rule.family)))
    };
    by_error.into_iter().filter_map(cause).collect()
}

/// Returns the error with which an operation answers at least two rules about valid input, if none of them holds.
fn only_error<'r>(rules: &[&'r RuleResult]) -> Option<ResponseError<'r>> {
    let valid: Vec<&RuleResult> =
        rules.iter().copied().filter(|rule| sends_valid_input(rule.family)).collect();
    let failed: Vec<&RuleResult> =
        valid.iter().copied().filter(|rule| rule.outcome == Outcome::Failed).collect();
    let is_sure = failed.len() > 1 && valid.iter().all(|rule| rule.outcome != Outcome::Passed);
    if is_sure { single_error(&failed) } else { None }
}

/// Returns the error with which an operation answers every call, whatever the rules are about, if the error suggests
/// that the operation does not exist.
fn only_error_of_any_call<'r>(rules: &[&'r RuleResult]) -> Option<ResponseError<'r>> {
    let calling: Vec<&RuleResult> =
        rules.iter().copied().filter(|rule| own_calls(rule).next().is_some()).collect();
    let is_refused =
        |step: &FindingStep| step.response.as_ref().is_some_and(|response| response.status >= 400);
    let is_sure = rules.iter().all(|rule| rule.outcome != Outcome::Passed)
        && calling.iter().all(|rule| own_calls(rule).all(is_refused));
    let error = if is_sure { single_error(&calling) } else { None };
    error.filter(ResponseError::suggests_unimplemented)
}

/// Returns the calls of a failed rule to its own operation.
fn own_calls(rule: &RuleResult) -> impl Iterator<Item = &FindingStep> {
    let finding = rule.finding.iter().filter(|_| rule.outcome == Outcome::Failed);
    finding.flat_map(|finding| &finding.steps).filter(|step| step.operation == rule.operation)
}

/// Returns the error that all rules were answered with, if it is one.
fn single_error<'r>(rules: &[&'r RuleResult]) -> Option<ResponseError<'r>> {
    let errors: BTreeSet<_> = rules.iter().map(|rule| response_error(rule)).collect();
    if errors.len() == 1 { errors.into_iter().next().flatten() } else { None }
}

fn sends_valid_input(family: Family) -> bool {
    matches!(family, Family::Valid | Family::Boundary)
}

/// Takes the operations that enforce none of their constraints, mostly by accepting invalid input. If most operations
/// are like this, they are one cause.
fn without_validation<'r>(results: &'r [RuleResult], open: &mut Vec<&'r RuleResult>) -> Vec<Cause<'r>> {
    let judged = by_subject(results, |family| family == Family::Invalid);
    let lax: Vec<&str> =
        judged.iter().filter(|(_, rules)| validates_nothing(rules)).map(|(s, _)| *s).collect();
    let causes = lax.iter().filter_map(|subject| {
        let rules =
            take(open, |rule| rule.family == Family::Invalid && RuleIdParts::of(rule).subject == *subject);
        let (operation, ways) = (title::operation_of(subject), count_ways(&rules));
        let cause = Cause::new(format!("{operation} validates nothing"), rules)?;
        Some((operation, Cause { parts: vec![ways], ..cause }))
    });
    let causes: Vec<(&str, Cause<'r>)> = causes.collect();
    if lax.len() < 2 || lax.len() * 2 <= judged.len() {
        return causes.into_iter().map(|(_, cause)| cause).collect();
    }
    let title = match (lax.len(), judged.len()) {
        (some, all) if some == all => format!("all {all} operations validate nothing"),
        (some, all) => format!("{some} of {all} operations validate nothing"),
    };
    let part = |(operation, cause): &(&str, Cause<'r>)| {
        format!("{operation}: {} rules ({})", cause.rules.len(), cause.parts.join(", "))
    };
    let parts = causes.iter().map(part).collect();
    let rules = causes.into_iter().flat_map(|(_, cause)| cause.rules).collect();
    Cause::new(title, rules).map(|cause| Cause { parts, ..cause }).into_iter().collect()
}

/// `19 accepted, 4 answered with a server error, 2 refused with a wrong code`.
fn count_ways(rules: &[&RuleResult]) -> String {
    let mut counts = [
        (0, "accepted"),
        (0, "answered with a server error"),
        (0, "refused with a wrong code"),
        (0, "wrong in another way"),
    ];
    for rule in rules {
        let way = match FailureMode::of(rule) {
            FailureMode::AcceptedInvalid => 0,
            _ if is_server_error(rule) => 1,
            FailureMode::WrongError(_) => 2,
            _ => 3,
        };
        counts[way].0 += 1;
    }
    let ways = counts.iter().filter(|(count, _)| *count > 0);
    ways.map(|(count, way)| format!("{count} {way}")).collect::<Vec<_>>().join(", ")
}

fn validates_nothing(rules: &[&RuleResult]) -> bool {
    let failed: Vec<_> = rules.iter().filter(|r| r.outcome == Outcome::Failed).collect();
    let accepted = failed.iter().filter(|rule| FailureMode::of(rule) == FailureMode::AcceptedInvalid).count();
    rules.iter().all(|r| r.outcome != Outcome::Passed) && accepted >= 2 && accepted * 2 >= failed.len()
}

/// Returns the judged rules of some families, by operation.
fn by_subject(results: &[RuleResult], counts: impl Fn(Family) -> bool) -> BTreeMap<&str, Vec<&RuleResult>> {
    let mut found: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for rule in results.iter().filter(|rule| counts(rule.family)) {
        if !matches!(rule.outcome, Outcome::Skipped | Outcome::Errored) {
            found.entry(RuleIdParts::of(rule).subject).or_default().push(rule);
        }
    }
    found
}

/// Removes the rules that belong to a cause from the open ones.
fn take<'r>(open: &mut Vec<&'r RuleResult>, belongs: impl Fn(&RuleResult) -> bool) -> Vec<&'r RuleResult> {
    let (taken, rest) = std::mem::take(open).into_iter().partition(|rule| belongs(rule));
    *open = rest;
    taken
}
