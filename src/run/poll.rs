//! Executes a step that waits: repeats the call, with longer and longer pauses, until the response is the expected one or
//! the poll timeout of the target is over. A step waits if its case says so, or if it comes before an earlier change of the
//! case has taken effect.
//!
//! Must not judge anything else. The entry points are [`poll_until`] and [`delete_when_idle`].

use std::time::{Duration, Instant};

use crate::check::{Transcript, Unresolved, is_awaited, is_not_yet_consistent, unimplemented_call};
use crate::client::{CallFailure, Response, Target};
use crate::model::ServiceModel;

use super::context::CaseContext;
use super::follow::follow_pages;

/// The first pause; every further pause is half as long again.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The reason why a step has no usable response.
#[derive(Debug)]
pub(super) enum StepFailure {
    /// A response lacks a value that the step needs.
    Unresolved(Unresolved),
    /// The run is to end, and the awaited response had not come.
    Interrupted,
}

impl From<Unresolved> for StepFailure {
    fn from(unresolved: Unresolved) -> Self {
        Self::Unresolved(unresolved)
    }
}

/// Executes the step and adds it to the transcript with its last response. A wait ends when the run is to end.
pub(super) async fn poll_until(
    context: &CaseContext,
    model: &ServiceModel,
    index: usize,
    transcript: &mut Transcript,
) -> Result<(), StepFailure> {
    let step = &context.case.steps[index];
    let (begin, mut pause, mut poll_attempts) = (Instant::now(), FIRST_PAUSE, 0);
    loop {
        match &step.follow {
            Some(how) => follow_pages(context, model, (index, how), transcript).await?,
            None => transcript.push(context.perform(index, step, transcript).await?),
        }
        if let Some(performed) = transcript.last_mut() {
            performed.poll_attempts = poll_attempts;
        }
        let late = begin.elapsed() + pause > context.target.poll_timeout();
        let gone = || unimplemented_call(model, &context.case, &transcript[transcript.len() - 1..]).is_some();
        let is_awaited = is_awaited(model, &context.case, transcript);
        let is_not_yet_consistent = is_not_yet_consistent(model, &context.case, transcript);
        let is_own = step.by.is_none();
        if late && is_not_yet_consistent && is_own {
            context.target.record_futile_wait(&step.service, &step.operation);
        }
        let waits = is_not_yet_consistent
            && (!is_own || context.target.may_still_accept(&step.service, &step.operation));
        if late || (is_awaited && !waits) || gone() {
            return Ok(());
        }
        if context.cancel.sleep(pause).await {
            return Err(StepFailure::Interrupted);
        }
        transcript.pop();
        poll_attempts += 1;
        pause = LONGEST_PAUSE.min(pause * 3 / 2);
    }
}

/// Repeats a deletion while the target answers that the resource is still at work, until the poll timeout is over. A
/// resource that takes effect after a while and does not exist yet is waited for, too.
pub(super) async fn delete_when_idle(
    target: &Target,
    model: &ServiceModel,
    is_new: bool,
    attempt: impl AsyncFn() -> Result<Response, CallFailure>,
) -> Result<Response, CallFailure> {
    let (begin, mut pause) = (Instant::now(), FIRST_PAUSE);
    let is_busy = |code: &str| model.refusals.busy.iter().any(|busy| busy == code);
    loop {
        let outcome = attempt().await;
        let waits = |response: &Response| {
            let code = response.error_code();
            code.is_some_and(is_busy) || (is_new && model.refusals.say_absent(code))
        };
        let is_idle = !outcome.as_ref().is_ok_and(waits);
        if is_idle || begin.elapsed() + pause > target.poll_timeout() {
            return outcome;
        }
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 3 / 2);
    }
}
