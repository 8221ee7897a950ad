//! Calls that come before a change of the same case has taken effect: keys, roles and policies can be used after a while.
//!
//! Must not judge a rule. The entry point is [`is_not_yet_consistent`].

use crate::case::Case;
use crate::client::Response;
use crate::model::ServiceModel;

use super::expectation::{StepContext, check_expectation};
use super::transcript::PerformedStep;

/// Returns whether the last response is not the expected one, and may only say that an earlier change of the case has not
/// taken effect yet.
#[must_use]
pub fn is_not_yet_consistent(model: &ServiceModel, case: &Case, transcript: &[PerformedStep]) -> bool {
    let Some((last, earlier)) = transcript.split_last() else { return false };
    let (Ok(response), Some(step)) = (&last.exchange.outcome, case.steps.get(last.step)) else {
        return false;
    };
    let eventual = model.service(&step.service).and_then(|service| service.eventual.as_ref());
    let is_such = |code: &str| eventual.is_some_and(|eventual| eventual.has_refusal(code));
    if !response.is_client_error() || !response.error_code().is_some_and(is_such) {
        return false;
    }
    let context = StepContext { model, case, step: last.step, transcript };
    earlier.iter().flat_map(PerformedStep::calls).any(|call| is_eventual_change(model, call))
        && check_expectation(context, &step.expect, response).is_some()
}

/// Returns whether a call has made a change that takes effect after a while.
pub(crate) fn is_eventual_change(model: &ServiceModel, call: &PerformedStep) -> bool {
    let request = &call.exchange.request;
    let eventual = model.service(&request.service).and_then(|service| service.eventual.as_ref());
    eventual.is_some_and(|eventual| eventual.has_operation(&request.operation))
        && call.exchange.outcome.as_ref().is_ok_and(Response::is_success)
}
