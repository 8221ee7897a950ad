//! Responses that say that the target does not have an operation at all.
//!
//! Must not judge a rule. The entry points are [`unimplemented_call`] and [`is_unimplemented`].

use crate::case::Case;
use crate::client::Response;
use crate::model::{Protocol, ServiceModel};

use super::transcript::PerformedStep;

/// Error codes for an operation that does not exist: those of the protocols (`UnknownOperationException`), of the errors
/// common to all AWS services (`InvalidAction`), and of emulators. Emulators do not keep each to its protocol.
const CODES: [&str; 5] = [
    "NotImplemented",
    "NotImplementedException",
    "UnknownOperationException",
    "UnknownOperation",
    "InvalidAction",
];
/// Words in the codes of emulators that suggest the same, without being sure.
const CODE_WORDS: [&str; 3] = ["Unknown", "NotImplemented", "Unsupported"];
/// The phrases of emulators, in lower case, for an operation that they do not have.
const PHRASES: [&str; 4] = ["unknown", "not implemented", "not been implemented", "not supported"];
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
    transcript: &'t [PerformedStep],
) -> Option<&'t PerformedStep> {
    transcript.iter().flat_map(PerformedStep::calls).find(|call| {
        let is_plain = case.steps.get(call.step).is_some_and(|step| step.headers.is_empty());
        let service = model.service(&call.exchange.request.service);
        is_plain
            && service.is_some_and(|service| {
                let operation = &call.exchange.request.operation;
                call.exchange
                    .outcome
                    .as_ref()
                    .is_ok_and(|response| is_unimplemented(service, operation, response))
            })
    })
}

/// Returns whether an error code suggests that the target does not have the operation.
pub(crate) fn suggests_unimplemented(code: &str) -> bool {
    CODE_WORDS.iter().any(|word| code.contains(word))
}

/// Returns whether a response says that the target does not have the operation.
#[must_use]
pub fn is_unimplemented(model: &ServiceModel, operation: &str, response: &Response) -> bool {
    if response.is_success() {
        return false;
    }
    if response.status == NOT_IMPLEMENTED {
        return true;
    }
    let code = response.error_code();
    let declared = |code: &str| {
        model.operations.get(operation).is_some_and(|known| known.errors.iter().any(|error| error == code))
            || model.refusals.say_absent(Some(code))
    };
    let is_unknown = |code: &str| {
        CODES.contains(&code) || model.refusals.unknown_operation.iter().any(|unknown| unknown == code)
    };
    let says_so = |code| {
        is_unknown(code) || response.error_message().is_some_and(|text| names_as_unknown(operation, text))
    };
    if code.is_some_and(|code| says_so(code) && !declared(code)) {
        return true;
    }
    response.status == NOT_FOUND
        && matches!(model.protocol, Protocol::AwsJson | Protocol::AwsQuery)
        && !code.is_some_and(declared)
}

/// Returns whether the text of an error says that the target does not know the operation, which the text names.
fn names_as_unknown(operation: &str, text: &str) -> bool {
    let lower_case = text.to_lowercase();
    let names = text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == operation);
    names && PHRASES.iter().any(|phrase| lower_case.contains(phrase))
}
