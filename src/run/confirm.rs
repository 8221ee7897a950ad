//! Decides whether a violation says something about the target: whether it was caused by the transport, by the state of the
//! service, or by a permission that the run's own caller lacks.
//!
//! Must not call a target. The entry points are [`has_transport_trouble`], [`contradicts_write`] and [`missing_permission`].

use crate::check::{PerformedStep, ViolationKind};
use crate::client::{Response, Target, TargetType};
use crate::model::{Lifecycle, ServiceModel};

use super::shrink::FailingCase;

/// Returns whether a call of the execution was repeated, got a server error or got no response.
pub(super) fn has_transport_trouble(transcript: &[PerformedStep]) -> bool {
    transcript.iter().flat_map(PerformedStep::calls).any(|call| {
        call.exchange.retries > 0 || call.exchange.outcome.as_ref().map_or(true, Response::is_transient)
    })
}

/// Returns whether every response is one that the API gives, and the last one contradicts a write that the target had
/// acknowledged. Such a violation is one of the state of the service, however rarely it comes.
pub(super) fn contradicts_write(model: &ServiceModel, failing: &FailingCase) -> bool {
    let calls: Vec<&PerformedStep> =
        failing.execution.transcript.iter().flat_map(PerformedStep::calls).collect();
    let Some((last, earlier)) = calls.split_last() else { return false };
    calls.iter().all(|call| is_documented_response(model, call))
        && earlier.iter().any(|call| is_acknowledged_write(model, call))
        && last
            .exchange
            .outcome
            .as_ref()
            .is_ok_and(|response| is_about_state(&failing.violation.kind, response))
}

/// Returns whether the API gives such a response: an object, or an error that the operation declares.
fn is_documented_response(model: &ServiceModel, call: &PerformedStep) -> bool {
    let Ok(response) = &call.exchange.outcome else { return false };
    let Some(model) = model.service(&call.exchange.request.service) else { return false };
    if response.is_success() {
        return response.json.as_ref().is_some_and(serde_json::Value::is_object);
    }
    let operation = model.operations.get(&call.exchange.request.operation);
    let declares = |code: &str| {
        let refusals = &model.refusals;
        operation.is_some_and(|operation| operation.errors.iter().any(|error| error == code))
            || [&refusals.constraint, &refusals.serialization, &refusals.absent]
                .into_iter()
                .flatten()
                .any(|known| known == code)
    };
    response.is_client_error() && response.error_code().is_some_and(declares)
}

fn is_acknowledged_write(model: &ServiceModel, call: &PerformedStep) -> bool {
    let request = &call.exchange.request;
    let role = model
        .service(&request.service)
        .and_then(|model| model.resource_of(&request.operation))
        .map(|(_, role)| role);
    matches!(role, Some(Lifecycle::Create | Lifecycle::Put | Lifecycle::Delete))
        && call.exchange.outcome.as_ref().is_ok_and(Response::is_success)
}

/// Returns whether a violation is about state, and not about the form of a response or an input that was rejected.
fn is_about_state(kind: &ViolationKind, response: &Response) -> bool {
    match kind {
        ViolationKind::NotLinearizable(_) => true,
        ViolationKind::Header(_)
        | ViolationKind::ErrorForm
        | ViolationKind::SdkMismatch
        | ViolationKind::Shape(_)
        | ViolationKind::NotAnObject
        | ViolationKind::ServerError
        | ViolationKind::WrongMessage
        | ViolationKind::Differs(_)
        | ViolationKind::Undecided => false,
        ViolationKind::Refused
        | ViolationKind::Accepted
        | ViolationKind::WrongCode
        | ViolationKind::Value(_)
        | ViolationKind::Changed
        | ViolationKind::StillThere
        | ViolationKind::Missing(_)
        | ViolationKind::EndlessPages
        | ViolationKind::ReferenceMismatch(_) => {
            response.is_success() || response.error_code().is_some_and(names_state)
        }
    }
}

/// Returns whether an error code says something about the state of a resource. AWS names such errors by these endings and
/// beginnings in all services.
fn names_state(code: &str) -> bool {
    code.ends_with("NotFoundException")
        || code.ends_with("ExistsException")
        || code.starts_with("ConditionCheck")
        || code.starts_with("NoSuch")
}

/// Returns the IAM action that the own caller of the run lacks, if the missing permission explains the result of the
/// case.
///
/// A permission counts as missing if the target has accepted no call of the run's own caller to the operation so far: a
/// target that accepts some calls of an operation and refuses others decides by something else than the permission. The
/// embedded fake gives its caller every permission.
pub(super) fn missing_permission(target: &Target, failing: &FailingCase) -> Option<String> {
    if target.kind == TargetType::Fake {
        return None;
    }
    let calls = failing.execution.transcript.iter().rev().flat_map(PerformedStep::calls);
    let own = calls.filter(|call| failing.case.steps.get(call.step).is_some_and(|step| step.by.is_none()));
    own.filter_map(|call| Some((&call.exchange.request, call.exchange.outcome.as_ref().ok()?))).find_map(
        |(request, response)| {
            if target.has_accepted(&request.service, &request.operation) {
                return None;
            }
            let model = target.service(&request.service)?;
            response.missing_action(request, &model.signing_name)
        },
    )
}
