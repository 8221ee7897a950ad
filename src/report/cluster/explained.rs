//! Finds findings that another finding explains: a sequence that breaks the rule of one call, and a history of concurrent
//! calls that is wrong because of one wrong error code.
//! Must not build clusters.
//! Entry point: [`explanations`].

use crate::check::ViolationKind;
use crate::run::{FindingStep, RuleResult};

use super::features::violating_operation;

/// Splits the failed rules: those that stand for themselves, and those that another one explains, with the other one.
pub(super) fn explanations(failed: Vec<&RuleResult>) -> (Vec<&RuleResult>, Vec<(&RuleResult, &RuleResult)>) {
    let direct: Vec<&RuleResult> = failed.iter().copied().filter(|rule| !is_about_order(rule)).collect();
    let (mut own, mut explained) = (Vec::new(), Vec::new());
    for rule in failed {
        match direct.iter().find(|other| explains(other, rule)) {
            Some(other) => explained.push((rule, *other)),
            None => own.push(rule),
        }
    }
    (own, explained)
}

fn kind(rule: &RuleResult) -> Option<&ViolationKind> {
    rule.finding.as_ref()?.kind.as_ref()
}

fn is_about_order(rule: &RuleResult) -> bool {
    matches!(kind(rule), Some(ViolationKind::ReferenceMismatch(_) | ViolationKind::NotLinearizable(_)))
}

/// Returns whether the target would satisfy the rule if it satisfied the other one.
fn explains(other: &RuleResult, rule: &RuleResult) -> bool {
    match kind(rule) {
        Some(ViolationKind::ReferenceMismatch(law)) => {
            other.id.strip_suffix(law.as_str()).is_some_and(|start| start.ends_with('/'))
        }
        Some(ViolationKind::NotLinearizable(steps)) => {
            kind(other) == Some(&ViolationKind::WrongCode)
                && shown(rule, steps).any(|step| is_same_error(step, other))
        }
        _ => false,
    }
}

/// Returns the calls that no order explains. A report that shows only those has them all.
fn shown<'r>(rule: &'r RuleResult, steps: &[usize]) -> impl Iterator<Item = &'r FindingStep> {
    let all = rule.finding.as_ref().map_or(&[][..], |finding| &finding.steps);
    let is_whole = steps.iter().all(|step| *step < all.len());
    let steps = steps.to_vec();
    all.iter().enumerate().filter(move |(at, _)| !is_whole || steps.contains(at)).map(|(_, step)| step)
}

/// Returns whether a call was answered with the wrong error of a finding.
fn is_same_error(step: &FindingStep, other: &RuleResult) -> bool {
    let error = |step: &FindingStep| step.response.as_ref().and_then(|response| response.error.clone());
    let wrong = other.finding.as_ref().and_then(|finding| finding.steps.last());
    step.operation == violating_operation(other)
        && error(step).is_some()
        && wrong.is_some_and(|wrong| error(wrong) == error(step))
}
