//! Judges the step just carried out: by what the step expects, and by what its rule asks of every response.
//! Must not call a target.
//! The entry point is [`judge`].

use crate::case::{Case, Step};
use crate::check::{
    PerformedStep, StepContext, StepVerdict, Violation, ViolationKind, check_expectation, judge_pages,
    sdk_mismatch,
};
use crate::client::Response;
use crate::model::{Expect, Role, ServiceModel};

use super::definition::Rule;

/// Judges the last step of a transcript.
#[must_use]
pub fn judge(model: &ServiceModel, rule: &Rule, case: &Case, transcript: &[PerformedStep]) -> StepVerdict {
    let Some(last) = transcript.last() else { return StepVerdict::Held };
    let Ok(response) = &last.exchange.outcome else { return StepVerdict::Held };
    let index = last.step;
    let step = &case.steps[index];
    let context = StepContext { model, case, step: index, transcript };
    if let (Some(follow), Some(followed)) = (&step.follow, &transcript[index].followed) {
        return judge_pages(context, step, follow, followed);
    }
    if step.role == Role::Act && rule.test.needs_refusal() {
        return judge_error(context, rule, response);
    }
    let violation = check_expectation(context, &step.expect, response);
    let prepares = step.role.prepares();
    match violation {
        Some(violation) if prepares => StepVerdict::SetupFailed(violation),
        Some(violation) => StepVerdict::Violated(violation),
        None if prepares => StepVerdict::Held,
        None => match check_always(context, rule, step, response) {
            Some(violation) => StepVerdict::Violated(violation),
            None if is_about(rule, step) => check_not_vacuous(context, rule, response),
            None => StepVerdict::Held,
        },
    }
}

/// Judges an error by a rule about the form of errors. Without an error there is nothing to judge.
fn judge_error(context: StepContext<'_>, rule: &Rule, response: &Response) -> StepVerdict {
    if let Some(violation) = check_expectation(context, &Expect::refused(Vec::<String>::new()), response) {
        return StepVerdict::SetupFailed(violation);
    }
    let operation = &context.case.steps[context.step].operation;
    match rule.test.check(context.model, operation, response) {
        Some(failure) => StepVerdict::Violated(failure.at_step(context.step)),
        None => check_not_vacuous(context, rule, response),
    }
}

fn is_about(rule: &Rule, step: &Step) -> bool {
    step.role == Role::Act && step.operation == rule.operation && step.service == rule.service
}

/// A response without anything that the rule is about proves nothing.
fn check_not_vacuous(context: StepContext<'_>, rule: &Rule, response: &Response) -> StepVerdict {
    rule.test
        .check_not_vacuous(context.model, &rule.operation, response)
        .map_or(StepVerdict::Held, |failure| StepVerdict::SetupFailed(failure.at_step(context.step)))
}

/// Checks what the rule asks of the responses of its operation, and what every response must meet.
fn check_always(
    context: StepContext<'_>,
    rule: &Rule,
    step: &Step,
    response: &Response,
) -> Option<Violation> {
    if is_about(rule, step)
        && let Some(failure) = rule.test.check(context.model, &step.operation, response)
    {
        return Some(failure.at_step(context.step));
    }
    // The SDK's view of a call that is bent on purpose, or may fail, proves nothing.
    if step.expect == Expect::Any || !step.headers.is_empty() {
        return None;
    }
    let model = context.model.service(&step.service)?;
    let operation = model.operations.get(&step.operation)?;
    let (expected, actual) = sdk_mismatch(model, operation, response)?;
    Some(Violation::new(context.step, ViolationKind::SdkMismatch, expected, actual))
}
