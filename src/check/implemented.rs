//! Responses that say that the target does not have an operation at all.
//!
//! Must not judge a rule. The entry points are [`unimplemented_call`] and [`is_unimplemented`].

use crate::case::Case;
use crate::client::Response;
use crate::model::{Protocol, ServiceModel};

use super::transcript::Performed;

/// Error codes of services and emulators for an operation that they do not have.
const CODES: [&str; 2] = ["NotImplemented", "NotImplementedException"];
/// The HTTP status for the same.
const NOT_IMPLEMENTED: u16 = 501;
/// The status of a router without the operation, where the protocol has one path for all operations.
const NOT_FOUND: u16 = 404;

/// Returns the first call whose response says that the target does not have the operation. Calls with headers of the
/// case's own are left out: such a call may name no operation on purpose.
#[must_use]
pub fn unimplemented_call<'t>(
    model: &ServiceModel,
    case: &Case,
    transcript: &'t [Performed],
) -> Option<&'t Performed> {
    transcript.iter().flat_map(Performed::calls).find(|call| {
        let is_plain = case.steps.get(call.step).is_some_and(|step| step.headers.is_empty());
        let service = model.service(&call.exchange.request.service);
        is_plain
            && service.is_some_and(|service| {
                let operation = &call.exchange.request.operation;
                call.exchange
                    .outcome
                    .as_ref()
                    .is_ok_and(|answer| is_unimplemented(service, operation, answer))
            })
    })
}

/// Returns whether a response says that the target does not have the operation.
#[must_use]
pub fn is_unimplemented(model: &ServiceModel, operation: &str, answer: &Response) -> bool {
    if answer.is_success() {
        return false;
    }
    if answer.status == NOT_IMPLEMENTED {
        return true;
    }
    let code = answer.error_code();
    let is_unknown = |code: &str| {
        CODES.contains(&code) || model.refusals.unknown_operation.iter().any(|unknown| unknown == code)
    };
    if code.is_some_and(is_unknown) {
        return true;
    }
    let declared = |code: &str| {
        model.operations.get(operation).is_some_and(|known| known.errors.iter().any(|error| error == code))
            || model.refusals.say_absent(Some(code))
    };
    answer.status == NOT_FOUND
        && matches!(model.protocol, Protocol::AwsJson | Protocol::AwsQuery)
        && !code.is_some_and(declared)
}
