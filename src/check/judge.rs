//! The way in: judges the step just carried out.

use crate::case::{Case, Step};
use crate::client::Response;
use crate::model::{Expect, Role, ServiceModel};
use crate::rule::Rule;

use super::expectation::{Place, check};
use super::template::Performed;
use super::violation::{Violation, ViolationKind};
use super::{pages, protocol, reading};

/// What the step just carried out says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepVerdict {
    /// All as it must be.
    Held,
    /// The rule is violated.
    Violated(Violation),
    /// The state the case needs could not be made, so the case says nothing.
    NotArranged(Violation),
}

/// Judges the last step of a transcript.
#[must_use]
pub fn judge(model: &ServiceModel, rule: &Rule, case: &Case, transcript: &[Performed]) -> StepVerdict {
    let Some(last) = transcript.last() else { return StepVerdict::Held };
    let Ok(answer) = &last.exchange.outcome else { return StepVerdict::Held };
    let index = last.step;
    let step = &case.steps[index];
    let place = Place { model, case, step: index, transcript };
    if let (Some(follow), Some(followed)) = (&step.follow, &transcript[index].followed) {
        return pages::judge(place, step, follow, followed);
    }
    if step.role == Role::Act && rule.needs_refusals() {
        return error_form(place, rule, answer);
    }
    let violation = check(place, &step.expect, answer);
    let prepares = matches!(step.role, Role::Arrange | Role::Context);
    match violation {
        Some(violation) if prepares => StepVerdict::NotArranged(violation),
        Some(violation) => StepVerdict::Violated(violation),
        None if prepares => StepVerdict::Held,
        None => match beyond(model, rule, case, index, answer) {
            Some(violation) => StepVerdict::Violated(violation),
            None if is_about(rule, step) => empty(model, rule, index, answer),
            None => StepVerdict::Held,
        },
    }
}

/// Whether the last answer is the one its step waits for. No answer at all is not waited out.
#[must_use]
pub fn is_awaited(model: &ServiceModel, case: &Case, transcript: &[Performed]) -> bool {
    let Some(last) = transcript.last() else { return true };
    let (Ok(answer), Some(until)) = (&last.exchange.outcome, &case.steps[last.step].until) else {
        return true;
    };
    check(Place { model, case, step: last.step, transcript }, until, answer).is_none()
}

/// Rules about the form of errors need an error to look at, whichever it is; without one there is nothing
/// to judge.
fn error_form(place: Place<'_>, rule: &Rule, answer: &Response) -> StepVerdict {
    if let Some(violation) = check(place, &Expect::refused(Vec::<String>::new()), answer) {
        return StepVerdict::NotArranged(violation);
    }
    let operation = &place.case.steps[place.step].operation;
    match protocol::fault(place.model, &rule.test, operation, answer) {
        Some((kind, expected, actual)) => {
            StepVerdict::Violated(Violation::new(place.step, kind, expected, actual))
        }
        None => empty(place.model, rule, place.step, answer),
    }
}

fn is_about(rule: &Rule, step: &Step) -> bool {
    step.role == Role::Act && step.operation == rule.operation && step.service == rule.service
}

/// An answer that holds nothing the rule is about is no proof.
fn empty(model: &ServiceModel, rule: &Rule, index: usize, answer: &Response) -> StepVerdict {
    protocol::nothing_to_see(model, &rule.test, &rule.operation, answer)
        .map_or(StepVerdict::Held, |(kind, expected, actual)| {
            StepVerdict::NotArranged(Violation::new(index, kind, expected, actual))
        })
}

/// What must hold of every answer, and what the rule asks of its own operation's answers.
fn beyond(
    model: &ServiceModel,
    rule: &Rule,
    case: &Case,
    index: usize,
    answer: &Response,
) -> Option<Violation> {
    let step = &case.steps[index];
    if is_about(rule, step)
        && let Some((kind, expected, actual)) = protocol::fault(model, &rule.test, &step.operation, answer)
    {
        return Some(Violation::new(index, kind, expected, actual));
    }
    // An arrangement that may fail, and a call bent on purpose, are nobody's reading.
    if step.expect == Expect::Any || !step.headers.is_empty() {
        return None;
    }
    let model = model.service(&step.service)?;
    let operation = model.operations.get(&step.operation)?;
    let (expected, actual) = reading::disagreement(model, operation, answer)?;
    Some(Violation::new(index, ViolationKind::Reading, expected, actual))
}
