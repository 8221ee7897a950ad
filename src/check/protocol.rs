//! What a rule about the protocol, or about promised members, asks of an answer beyond its expectation.

use serde_json::Value;

use crate::client::Response;
use crate::model::ServiceModel;
use crate::rule::{MemberPath, Segment, Test, Wire};

use super::expectation::describe;
use super::shape::{ShapeFaultKind, shape_faults};
use super::violation::ViolationKind;

/// What is violated, what was expected, what came.
pub(super) type Fault = (ViolationKind, String, String);

/// The first thing in the answer that the rule forbids.
pub(super) fn fault(model: &ServiceModel, test: &Test, operation: &str, answer: &Response) -> Option<Fault> {
    match test {
        Test::Promised(path) => promised(path, answer),
        Test::Wire(wire) => wire_fault(model, *wire, operation, answer),
        _ => None,
    }
}

/// Whether the answer holds nothing of what the rule is about, so that it says nothing about it: no element
/// that could lack the member, no member that could be of the wrong type.
pub(super) fn nothing_to_see(
    model: &ServiceModel,
    test: &Test,
    operation: &str,
    answer: &Response,
) -> Option<Fault> {
    let body = answer.json.as_ref()?;
    let expected = match test {
        Test::Promised(path) if holders(path, body).is_empty() => format!("an element with {path}"),
        Test::Wire(Wire::OutputTypes | Wire::OutputConstraints | Wire::OutputMembers | Wire::NoNulls) => {
            let mut members = model.members(&model.operations.get(operation)?.output).peekable();
            members.peek()?;
            if members.any(|member| body.get(&member.name).is_some()) {
                return None;
            }
            "a member of the output".to_owned()
        }
        Test::Wire(Wire::ErrorMessage) if answer.error_message().is_none() => {
            "an error with a text".to_owned()
        }
        _ => return None,
    };
    Some((ViolationKind::Value(String::new()), expected, describe(answer)))
}

/// What must have the member: every element of the last list on the way, or the body itself.
fn holders<'v>(path: &MemberPath, body: &'v Value) -> Vec<&'v Value> {
    split(path).0.get_all(body)
}

/// The way to the last list's elements, and from there to the member.
fn split(path: &MemberPath) -> (MemberPath, MemberPath) {
    let segments = path.segments();
    let after_list = segments.iter().rposition(|s| matches!(s, Segment::Item)).map_or(0, |at| at + 1);
    let (to_list, rest) = segments.split_at(after_list);
    let build = |parts: &[Segment]| {
        parts.iter().fold(MemberPath::default(), |path, segment| match segment {
            Segment::Member(name) => path.member(name),
            Segment::Item => path.item(),
        })
    };
    (build(to_list), build(rest))
}

/// The member must be there, in every element of the lists on the way.
fn promised(path: &MemberPath, answer: &Response) -> Option<Fault> {
    let body = answer.json.as_ref()?;
    let inner = split(path).1;
    let lacks = |holder: &&Value| inner.get(holder).is_none_or(Value::is_null);
    holders(path, body).iter().find(|holder| lacks(holder)).map(|holder| {
        (ViolationKind::Missing(path.to_string()), format!("{path} in the answer"), holder.to_string())
    })
}

fn wire_fault(model: &ServiceModel, wire: Wire, operation: &str, answer: &Response) -> Option<Fault> {
    match wire {
        Wire::OutputTypes | Wire::OutputConstraints | Wire::OutputMembers | Wire::NoNulls => {
            shape_fault(model, wire, operation, answer)
        }
        Wire::ResponseType | Wire::ErrorContentType => {
            let found = answer.headers.get("content-type").map(String::as_str);
            let right = found.is_some_and(|t| {
                t.split(';').next().unwrap_or_default().trim() == "application/x-amz-json-1.1"
            });
            let actual = found.unwrap_or("no Content-Type").to_owned();
            (!right).then(|| {
                (
                    ViolationKind::Header("Content-Type".to_owned()),
                    "Content-Type application/x-amz-json-1.1".to_owned(),
                    actual,
                )
            })
        }
        Wire::RequestId => {
            let there = answer.headers.get("x-amzn-requestid").is_some_and(|id| !id.is_empty());
            let names = || answer.headers.keys().cloned().collect::<Vec<_>>().join(", ");
            (!there).then(|| {
                (
                    ViolationKind::Header("x-amzn-RequestId".to_owned()),
                    "the header x-amzn-RequestId".to_owned(),
                    format!("headers {}", names()),
                )
            })
        }
        Wire::ErrorShape => error_shape(model, answer),
        Wire::ErrorMessage => {
            let body = answer.json.as_ref()?;
            let small = body.get("message").is_some() && body.get("Message").is_none();
            small.then(|| {
                (ViolationKind::ErrorForm, "the text in the member `Message`".to_owned(), body.to_string())
            })
        }
        _ => None,
    }
}

fn shape_fault(model: &ServiceModel, wire: Wire, operation: &str, answer: &Response) -> Option<Fault> {
    let body = answer.json.as_ref()?;
    let concerns = |kind: &ShapeFaultKind| {
        matches!(
            (wire, kind),
            (Wire::OutputTypes, ShapeFaultKind::Type { .. })
                | (Wire::OutputConstraints, ShapeFaultKind::Constraint { .. })
                | (Wire::OutputMembers, ShapeFaultKind::UnknownMember)
                | (Wire::NoNulls, ShapeFaultKind::Null)
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
    Some((ViolationKind::Shape(fault.path), expected, actual))
}

fn error_shape(model: &ServiceModel, answer: &Response) -> Option<Fault> {
    let named = answer.json.as_ref().and_then(|b| b.get("__type")).and_then(Value::as_str);
    let fault = |expected: &str| Some((ViolationKind::ErrorForm, expected.to_owned(), describe(answer)));
    let Some(code) = named else { return fault("the error's code in `__type`") };
    let bare = code.rsplit('#').next().unwrap_or(code);
    let status = model.errors.get(bare).map_or(400, |e| e.status);
    if answer.status == status { None } else { fault(&format!("status {status} for {bare}")) }
}
