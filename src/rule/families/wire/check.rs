//! Checks the form of responses: shapes, headers, errors.
//! Must not check the values that a step expects.
//! The entry point is [`fault`].

use serde_json::Value;

use crate::check::{CheckFailure, ShapeFaultKind, ViolationKind, describe, shape_faults};
use crate::client::Response;
use crate::model::{Protocol, ServiceModel};

use super::cases::refusable_by_meaning;
use super::requirement::ProtocolRequirement;

/// Returns what a response would have to contain to prove anything about a requirement, if it does not.
pub(super) fn check_not_vacuous(
    model: &ServiceModel,
    requirement: ProtocolRequirement,
    operation: &str,
    response: &Response,
) -> Option<CheckFailure> {
    let body = response.json.as_ref()?;
    let expected = match requirement {
        ProtocolRequirement::OutputTypes
        | ProtocolRequirement::OutputConstraints
        | ProtocolRequirement::OutputMembers
        | ProtocolRequirement::NoNulls => {
            let mut members = model.members(&model.operations.get(operation)?.output).peekable();
            members.peek()?;
            if members.any(|member| body.get(&member.name).is_some()) {
                return None;
            }
            "a member of the output"
        }
        ProtocolRequirement::ErrorMessage if response.error_message().is_none() => "an error with a text",
        _ => return None,
    };
    Some(CheckFailure::new(ViolationKind::Value(String::new()), expected, describe(response)))
}

/// Returns the first fault in the form of a response.
pub(super) fn fault(
    model: &ServiceModel,
    requirement: ProtocolRequirement,
    operation: &str,
    response: &Response,
) -> Option<CheckFailure> {
    match requirement {
        ProtocolRequirement::OutputTypes
        | ProtocolRequirement::OutputConstraints
        | ProtocolRequirement::OutputMembers
        | ProtocolRequirement::NoNulls => shape_fault(model, requirement, operation, response),
        ProtocolRequirement::ResponseType | ProtocolRequirement::ErrorContentType => {
            content_type_fault(response)
        }
        ProtocolRequirement::RequestId => request_id_fault(response),
        ProtocolRequirement::ErrorShape => error_shape_fault(model, response),
        ProtocolRequirement::ErrorMessage => error_message_fault(model, operation, response),
        _ => None,
    }
}

fn content_type_fault(response: &Response) -> Option<CheckFailure> {
    let required = Protocol::AwsJson.content_type();
    let found = response.headers.get("content-type").map(String::as_str);
    let media_type = found.map(|found| found.split(';').next().unwrap_or_default().trim());
    (media_type != Some(required)).then(|| {
        let kind = ViolationKind::Header("Content-Type".to_owned());
        CheckFailure::new(kind, format!("Content-Type {required}"), found.unwrap_or("no Content-Type"))
    })
}

fn request_id_fault(response: &Response) -> Option<CheckFailure> {
    let is_present = response.headers.get("x-amzn-requestid").is_some_and(|id| !id.is_empty());
    (!is_present).then(|| {
        let names = response.headers.keys().cloned().collect::<Vec<_>>().join(", ");
        let kind = ViolationKind::Header("x-amzn-RequestId".to_owned());
        CheckFailure::new(kind, "the header x-amzn-RequestId", format!("headers {names}"))
    })
}

fn error_message_fault(model: &ServiceModel, operation: &str, response: &Response) -> Option<CheckFailure> {
    let body = response.json.as_ref()?;
    // The layer that refuses decides on the spelling: only the errors of the operation are sure to have the member of the
    // model (E202, E204, E205, E213).
    let declared = &model.operations.get(operation)?.errors;
    let is_declared = response.error_code().is_some_and(|code| declared.iter().any(|error| error == code));
    if !is_declared && refusable_by_meaning(model, operation) {
        return None;
    }
    let is_lower_case = body.get("message").is_some() && body.get("Message").is_none();
    is_lower_case.then(|| {
        CheckFailure::new(ViolationKind::ErrorForm, "the text in the member `Message`", body.to_string())
    })
}

fn shape_fault(
    model: &ServiceModel,
    requirement: ProtocolRequirement,
    operation: &str,
    response: &Response,
) -> Option<CheckFailure> {
    let body = response.json.as_ref()?;
    let concerns = |kind: &ShapeFaultKind| {
        matches!(
            (requirement, kind),
            (ProtocolRequirement::OutputTypes, ShapeFaultKind::Type { .. })
                | (ProtocolRequirement::OutputConstraints, ShapeFaultKind::Constraint { .. })
                | (ProtocolRequirement::OutputMembers, ShapeFaultKind::UnknownMember)
                | (ProtocolRequirement::NoNulls, ShapeFaultKind::Null)
        )
    };
    let fault = shape_faults(model, operation, body).into_iter().find(|f| concerns(&f.kind))?;
    let expected = match &fault.kind {
        ShapeFaultKind::Type { expected, .. } => format!("{} to be {expected}", fault.path),
        ShapeFaultKind::Constraint { expected, .. } => format!("{} to be {expected}", fault.path),
        ShapeFaultKind::UnknownMember => format!("no member {}", fault.path),
        ShapeFaultKind::Null => format!("{} to be left out", fault.path),
    };
    let actual = fault.kind.to_string();
    Some(CheckFailure::new(ViolationKind::Shape(fault.path), expected, actual))
}

fn error_shape_fault(model: &ServiceModel, response: &Response) -> Option<CheckFailure> {
    let named = response.json.as_ref().and_then(|b| b.get("__type")).and_then(Value::as_str);
    let fault =
        |expected: &str| Some(CheckFailure::new(ViolationKind::ErrorForm, expected, describe(response)));
    let Some(code) = named else { return fault("the error's code in `__type`") };
    let bare = code.rsplit('#').next().unwrap_or(code);
    let status = model.errors.get(bare).map_or(400, |e| e.status);
    if response.status == status { None } else { fault(&format!("status {status} for {bare}")) }
}
