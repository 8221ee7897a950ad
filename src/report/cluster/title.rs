//! Writes the titles of causes: the statement that all rules of a cluster share.
//! Must not build clusters, and never takes the sentence of one rule for all of them.
//! Entry points: [`of_cluster`] and [`of_rule`].

use std::collections::BTreeSet;

use crate::check::ViolationKind;
use crate::model::Family;
use crate::run::{Outcome, RuleResult};

use super::features::{
    FailureMode, Feature, ResponseError, RuleIdParts, required_codes, sentence, violating_operation,
};

/// The subject of statements about several operations.
const AN_OPERATION: &str = "an operation";

/// Returns the title of a cluster of rules that share a feature.
pub(super) fn of_cluster(feature: &Feature<'_>, rules: &[&RuleResult], results: &[RuleResult]) -> String {
    let subjects: BTreeSet<&str> = rules.iter().map(|rule| RuleIdParts::of(rule).subject).collect();
    let operations = list_operations(&subjects);
    match feature {
        Feature::Member { subject, member, strict } => {
            let kinds = sorted_list(rules.iter().filter_map(|rule| Some(RuleIdParts::of(rule).member()?.1)));
            let verb = if *strict { "refuses valid" } else { "does not check" };
            format!("{} {verb} {member} ({kinds})", operation_of(subject))
        }
        Feature::Constraint { kind, strict: true } => {
            format!("values just inside `{kind}` are refused ({operations})")
        }
        Feature::Constraint { kind, .. } => unchecked_constraint(kind, &subjects, results),
        Feature::InvalidInput { error } => format!("invalid input is answered with {error} ({operations})"),
        Feature::ValidControl { error } => {
            format!("valid calls beside invalid ones are answered with {error} ({operations})")
        }
        Feature::WrongError { error } => {
            let verb = conjugated(&subjects, "answer");
            format!("{operations} {verb} {error} where {} is due", common_codes(rules))
        }
        Feature::Unrefused { codes, .. } => unrefused_calls(codes, rules),
        Feature::MissingMember(member) => {
            format!("{member} is missing from answers of {}", list_operations(&violating_operations(rules)))
        }
        Feature::Pagination { .. } => {
            let which = sorted_list(rules.iter().map(|rule| RuleIdParts::of(rule).rest));
            format!("pagination of {operations} does not work ({which})")
        }
        Feature::Requirement { tail: (_, last), .. } => of_requirement(last, &subjects, rules),
        Feature::Sentence { text, .. } if subjects.len() > 1 => {
            format!("in {operations}: {}", text.trim_end_matches('.'))
        }
        Feature::Sentence { .. } => rules.first().map_or_else(String::new, |rule| with_codes(rule)),
    }
}

fn unrefused_calls(codes: &[String], rules: &[&RuleResult]) -> String {
    let operations = violating_operations(rules);
    let verb = conjugated(&operations, "accept");
    format!("{} {verb} calls that must be refused with {}", list_operations(&operations), codes.join(" or "))
}

fn violating_operations<'r>(rules: &[&'r RuleResult]) -> BTreeSet<&'r str> {
    rules.iter().map(|rule| violating_operation(rule)).collect()
}

/// Returns the title of requirements that fail in the same operations in the same way.
pub(super) fn of_requirements(rules: &[&RuleResult]) -> String {
    let names = sorted_list(rules.iter().map(|rule| RuleIdParts::of(rule).tail().1));
    let subjects: BTreeSet<&str> = rules.iter().map(|rule| RuleIdParts::of(rule).subject).collect();
    format!(
        "{} fail in {}",
        names.split(", ").map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        list_operations(&subjects)
    )
}

/// Returns the title of a rule that fails for a reason of its own.
pub(super) fn of_rule(rule: &RuleResult) -> String {
    match FailureMode::of(rule) {
        FailureMode::AcceptedInvalid if !rule.is_not_judged() => {
            format!("not enforced: {}", rule.requirement.trim_end_matches('.'))
        }
        _ => with_codes(rule),
    }
}

/// Returns the title of operations that answer every valid call with one error.
pub(super) fn of_unimplemented(error: &ResponseError<'_>, subjects: &BTreeSet<&str>) -> String {
    let they = if subjects.len() == 1 { "it is" } else { "they are" };
    let guess = if error.suggests_unimplemented() {
        format!("; {they} probably not implemented")
    } else {
        String::new()
    };
    let verb = conjugated(subjects, "answer");
    format!("{} {verb} valid calls with {error}{guess}", list_operations(subjects))
}

/// Returns the title of one kind of constraint: never checked, not checked by one operation, or by some.
fn unchecked_constraint(kind: &str, subjects: &BTreeSet<&str>, results: &[RuleResult]) -> String {
    match list_operations(subjects) {
        only if subjects.len() == 1 => format!("{only} does not check `{kind}`"),
        _ if never_holds(results, kind) => format!("`{kind}` is never checked"),
        some => format!("`{kind}` is not always checked ({some})"),
    }
}

fn never_holds(results: &[RuleResult], kind: &str) -> bool {
    let of_kind = |rule: &&RuleResult| {
        let place = RuleIdParts::of(rule);
        place.family == Family::Invalid && place.member().is_some_and(|(_, k)| k == kind)
    };
    !results.iter().filter(of_kind).any(|rule| rule.outcome == Outcome::Passed)
}

/// Returns the sentence of a rule, with the error codes that were required.
fn with_codes(rule: &RuleResult) -> String {
    let text = sentence(rule).trim_end_matches('.');
    match (FailureMode::of(rule), required_codes(rule)) {
        (FailureMode::AcceptedInvalid, codes @ [_, ..]) => format!("{text} with {}", codes.join(" or ")),
        _ => text.to_owned(),
    }
}

/// Returns the title of rules with one name in several operations: their common requirement, else their common
/// violation, else their name.
fn of_requirement(last: &str, subjects: &BTreeSet<&str>, rules: &[&RuleResult]) -> String {
    let operations = list_operations(subjects);
    let requirement = common(rules.iter().map(|rule| Some(anonymous_requirement(rule))));
    let violation = common(rules.iter().map(|rule| kind(rule).and_then(ViolationKind::predicate)));
    let unjudged = rules.iter().filter(|rule| rule.is_not_judged()).count();
    let title = match (requirement, violation) {
        (requirement, _) if unjudged == rules.len() => {
            let requirement = requirement.unwrap_or_else(|| format!("`{last}`"));
            return format!("not judged in {operations}: {requirement}");
        }
        (Some(requirement), _) if rules.iter().all(|rule| FailureMode::of(rule).lacks_refusal()) => {
            format!("not enforced in {operations}: {requirement}")
        }
        (Some(requirement), _) => {
            format!("{operations} {} the rule: {requirement}", conjugated(subjects, "fail"))
        }
        (None, Some(violation)) if subjects.len() > 1 => {
            format!("`{last}` fails in {operations}: {violation}")
        }
        (None, Some(_)) => rules.first().map_or_else(String::new, |rule| with_codes(rule)),
        (None, None) => format!("`{last}` fails in {operations}"),
    };
    match unjudged {
        0 => title,
        some => format!("{title} ({some} could not be judged)"),
    }
}

fn kind(rule: &RuleResult) -> Option<&ViolationKind> {
    rule.finding.as_ref()?.kind.as_ref()
}

/// Returns the value that all rules have in common, if there is one.
fn common(mut values: impl Iterator<Item = Option<String>>) -> Option<String> {
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

/// Returns the requirement with the names of the called operations replaced, so that rules of several operations can be
/// equal.
fn anonymous_requirement(rule: &RuleResult) -> String {
    let steps = rule.finding.iter().flat_map(|finding| &finding.steps);
    let operations: BTreeSet<&str> =
        steps.map(|step| step.operation.as_str()).chain([rule.operation.as_str()]).collect();
    let replaced = rule.requirement.trim_end_matches('.').split(' ').map(|word| {
        let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
        let (name, rest) = word.split_at(end);
        if operations.contains(name) { format!("{AN_OPERATION}{rest}") } else { word.to_owned() }
    });
    replaced.collect::<Vec<_>>().join(" ")
}

/// Returns the error codes that would have been right for all rules.
fn common_codes(rules: &[&RuleResult]) -> String {
    let mut all = rules.iter().map(|rule| required_codes(rule).iter().collect::<BTreeSet<_>>());
    let first = all.next().unwrap_or_default();
    let common = all.fold(first, |common, codes| common.intersection(&codes).copied().collect());
    if common.is_empty() {
        return "another error".to_owned();
    }
    common.into_iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
}

/// Returns each name once, in order.
fn sorted_list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

fn conjugated(subjects: &BTreeSet<&str>, verb: &str) -> String {
    if subjects.len() == 1 { format!("{verb}s") } else { verb.to_owned() }
}

/// Returns the operation of a subject.
pub(super) fn operation_of(subject: &str) -> &str {
    subject.rsplit_once('/').map_or(subject, |(_, operation)| operation)
}

/// Lists the operations of subjects: `A`, `A and B`, `A, B and C`, `4 operations`.
#[must_use]
pub fn list_operations(subjects: &BTreeSet<&str>) -> String {
    let all: Vec<&str> = subjects.iter().map(|subject| operation_of(subject)).collect();
    match all.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] if all.len() <= 3 => format!("{} and {last}", first.join(", ")),
        many => format!("{} operations", many.len()),
    }
}
