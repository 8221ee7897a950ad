//! Titles of causes: what all members of a group have in common, in words. Never one member's sentence,
//! unless it is everybody's. Groups nothing.

use std::collections::BTreeSet;

use crate::run::{Outcome, RuleResult};

use super::cause::sentence;
use super::shared::Shared;
use super::symptom::{Place, Symptom, errors_due, missing, not_judged};

/// What stands for the name of an operation in words that hold for several.
const ANY: &str = "an operation";

impl Shared<'_> {
    /// The title of a group that shares this.
    pub(super) fn title(&self, results: &[RuleResult], rules: &[&RuleResult]) -> String {
        let subjects: BTreeSet<&str> = rules.iter().map(|rule| Place::of(rule).subject).collect();
        let names = names(&subjects);
        match self {
            Self::Member { subject, member, strict } => {
                let kinds = listed(rules.iter().filter_map(|rule| Some(Place::of(rule).member()?.1)));
                let what = if *strict { "refuses valid" } else { "does not check" };
                format!("{} {what} {member} ({kinds})", name(subject))
            }
            Self::Kind { kind, strict: true } => {
                format!("values just inside `{kind}` are refused ({names})")
            }
            Self::Kind { kind, .. } => unchecked(kind, &subjects, results),
            Self::InvalidInput { error } => format!("invalid input is answered with {error} ({names})"),
            Self::WrongError { error } => {
                format!("{names} {} {error} where {} is due", verb(&subjects, "answer"), due(rules))
            }
            Self::Missing(member) => {
                let operations = rules.iter().filter_map(|rule| Some(missing(rule)?.0)).collect();
                format!("{member} is missing from answers of {}", self::names(&operations))
            }
            Self::Pages { family, .. } => {
                let which = listed(rules.iter().map(|rule| Place::of(rule).rest));
                format!("{family} of {names} does not work ({which})")
            }
            Self::Tail { tail: (_, last), .. } => common(last, &subjects, rules),
            Self::Sentence { text, .. } if subjects.len() > 1 => {
                format!("in {names}: {}", text.trim_end_matches('.'))
            }
            Self::Sentence { .. } => rules.first().map_or_else(String::new, |rule| wrong(rule)),
        }
    }
}

/// One kind of constraint that is not checked: never, in one operation, or in some.
fn unchecked(kind: &str, subjects: &BTreeSet<&str>, results: &[RuleResult]) -> String {
    match names(subjects) {
        only if subjects.len() == 1 => format!("{only} does not check `{kind}`"),
        _ if never_holds(results, kind) => format!("`{kind}` is never checked"),
        some => format!("`{kind}` is not always checked ({some})"),
    }
}

/// The title of a rule that fails for a reason of its own.
pub(super) fn alone(rule: &RuleResult) -> String {
    let refused = rule.requirement.strip_prefix(&format!("{} refuses ", rule.operation));
    match (refused, Symptom::of(rule)) {
        (Some(what), Symptom::Lax) => {
            let what = what.trim_end_matches('.');
            let what = what.strip_suffix(", and changes nothing").unwrap_or(what);
            format!("{} does not refuse {what}", rule.operation)
        }
        _ => wrong(rule),
    }
}

/// What is wrong, with the errors that were due.
fn wrong(rule: &RuleResult) -> String {
    let text = sentence(rule).trim_end_matches('.');
    match (Symptom::of(rule), errors_due(rule)) {
        (Symptom::Lax, due) if !due.is_empty() && text.ends_with("must be refused") => {
            format!("{text} with {}", due.join(" or "))
        }
        _ => text.to_owned(),
    }
}

/// Rules of several operations with one name: what they require if they require the same, what is wrong
/// with all of them if that is the same, and their name if all else differs.
fn common(last: &str, subjects: &BTreeSet<&str>, rules: &[&RuleResult]) -> String {
    let requirement = same(rules.iter().map(|rule| anonymous(&rule.requirement, rule)));
    let violated = same(rules.iter().map(|rule| anonymous(sentence(rule), rule)));
    let unjudged = rules.iter().filter(|rule| not_judged(rule).is_some()).count();
    if unjudged == rules.len() {
        let what = requirement.unwrap_or_else(|| format!("`{last}`"));
        return format!("not judged in {}: {what}", names(subjects));
    }
    let title = match (requirement, violated) {
        (Some(requirement), _) => match requirement.strip_prefix(&format!("{ANY} refuses ")) {
            Some(what) => {
                let what = what.strip_suffix(" with a client error").unwrap_or(what);
                format!("{what} is not refused, in {}", names(subjects))
            }
            None => format!("{} {} the rule: {requirement}", names(subjects), verb(subjects, "fail")),
        },
        (None, Some(violated)) if subjects.len() > 1 => {
            let violated = violated.strip_prefix(&format!("{ANY} ")).unwrap_or(&violated);
            format!("`{last}` fails in {}: {violated}", names(subjects))
        }
        (None, Some(_)) => rules.first().map_or_else(String::new, |rule| wrong(rule)),
        (None, None) => format!("`{last}` fails in {}", names(subjects)),
    };
    match unjudged {
        0 => title,
        some => format!("{title} ({some} could not be judged)"),
    }
}

/// The text, where all texts are the same.
fn same(mut texts: impl Iterator<Item = String>) -> Option<String> {
    let first = texts.next()?;
    texts.all(|text| text == first).then_some(first)
}

/// The sentence with the names of the rule's operations replaced, so that it can hold for others.
fn anonymous(sentence: &str, rule: &RuleResult) -> String {
    let steps = rule.finding.iter().flat_map(|finding| &finding.steps);
    let operations: BTreeSet<&str> =
        steps.map(|step| step.operation.as_str()).chain([rule.operation.as_str()]).collect();
    let replaced = sentence.trim_end_matches('.').split(' ').map(|word| {
        let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
        let (start, rest) = word.split_at(end);
        if operations.contains(start) { format!("{ANY}{rest}") } else { word.to_owned() }
    });
    replaced.collect::<Vec<_>>().join(" ")
}

/// The errors that would have been right for all.
fn due(rules: &[&RuleResult]) -> String {
    let mut all = rules.iter().map(|rule| errors_due(rule).into_iter().collect::<BTreeSet<_>>());
    let first = all.next().unwrap_or_default();
    let common = all.fold(first, |common, codes| common.intersection(&codes).copied().collect());
    if common.is_empty() {
        return "another error".to_owned();
    }
    common.into_iter().collect::<Vec<_>>().join(" or ")
}

fn never_holds(results: &[RuleResult], kind: &str) -> bool {
    let of_kind = |r: &&RuleResult| {
        let place = Place::of(r);
        place.family == "invalid" && place.member().is_some_and(|(_, k)| k == kind)
    };
    !results.iter().filter(of_kind).any(|r| r.outcome == Outcome::Passed)
}

/// Each once, in order.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

fn verb(subjects: &BTreeSet<&str>, verb: &str) -> String {
    if subjects.len() == 1 { format!("{verb}s") } else { verb.to_owned() }
}

/// The operation of a subject.
pub(super) fn name(subject: &str) -> &str {
    subject.rsplit_once('/').map_or(subject, |(_, operation)| operation)
}

/// `A`, `A and B`, `A, B and C`, `4 operations`.
#[must_use]
pub fn names(subjects: &BTreeSet<&str>) -> String {
    let all: Vec<&str> = subjects.iter().map(|subject| name(subject)).collect();
    match all.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] if all.len() <= 3 => format!("{} and {last}", first.join(", ")),
        many => format!("{} operations", many.len()),
    }
}
