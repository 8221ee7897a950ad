//! The request layer: faults of the parser, and constraints of the specs that are dropped or tightened.
//! Must not touch state, nor know what an operation does.
//! [`apply_parser_faults`] and [`ConstraintFault::apply`] are the entry points.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::constraint;
use crate::error::ServiceError;
use crate::wire::json11::{self, Refusal};
use glueproof_spec::{Bounds, Kind, Member, Pattern, ServiceModel, Shape, Traits};

/// The longest text that most members accept, in characters.
const MAX_TEXT_LENGTH: usize = 255;

/// The pattern of a tightened member.
const TIGHT_PATTERN: &str = "^[A-Za-z0-9]*$";

/// The step of a path that enters a list.
pub const LIST_ELEMENTS: &str = "[]";

/// Shapes by name, as in the model.
pub type Shapes = BTreeMap<String, Shape>;

/// A wrong verdict of the parser on the form of a request. Most accept a request as an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParserFault {
    /// A body that is not JSON is accepted as an empty object.
    MalformedAccepted,
    /// JSON that is not an object is accepted as an empty object.
    NotAnObjectAccepted,
    /// An object with text behind it is accepted as an empty object.
    TrailingTextAccepted,
    /// A body of another content type is accepted as an empty object.
    ContentTypeAccepted,
    /// A call of an unknown operation returns an empty object.
    OperationAccepted,
    /// Unknown members are refused instead of ignored.
    UnknownMembersRefused,
    /// Members that are null are refused instead of ignored.
    NullsRefused,
    /// A text whose bytes exceed the limit, but not its characters, ends the call with a server error.
    LengthInBytes,
    /// A text whose UTF-16 code units exceed the limit, but not its characters, is refused.
    LengthInUtf16,
    /// A text whose bytes exceed the limit, but not its characters, is refused.
    LengthInBytesRefused,
    /// JSON with white space between its tokens is refused.
    WhiteSpaceRefused,
}

/// Returns the outcome of a call, changed by the parser faults that concern the form of its request.
pub fn apply_parser_faults(
    model: &ServiceModel,
    request: &Request<Bytes>,
    outcome: Result<Vec<u8>, Refusal>,
    has: impl Fn(ParserFault) -> bool,
) -> Result<Vec<u8>, Refusal> {
    let body = request.body();
    let empty = || Ok(b"{}".to_vec());
    let texts = String::from_utf8_lossy(body);
    let has_long = |is_long: fn(&str) -> bool| texts.split('"').any(is_long);
    if has(ParserFault::LengthInBytes) && has_long(is_long_in_bytes) {
        return Err(ServiceError::internal("the text does not fit").into());
    }
    if (has(ParserFault::LengthInUtf16) && has_long(is_long_in_utf16))
        || (has(ParserFault::LengthInBytesRefused) && has_long(is_long_in_bytes))
    {
        return Err(ServiceError::invalid_input("the text is too long").into());
    }
    match outcome {
        Err(Refusal::UnknownOperation | Refusal::NotImplemented(_))
            if has(ParserFault::OperationAccepted) || has(ParserFault::ContentTypeAccepted) =>
        {
            empty()
        }
        Err(Refusal::Malformed) if has(fault_that_accepts(body)) => empty(),
        Ok(_) if has(ParserFault::UnknownMembersRefused) && has_unknown_member(model, request) => {
            Err(Refusal::Malformed)
        }
        Ok(_) if has(ParserFault::WhiteSpaceRefused) && has_white_space(body) => Err(Refusal::Malformed),
        Ok(_)
            if has(ParserFault::NullsRefused)
                && json11::body(body).is_ok_and(|members| has_null(&members)) =>
        {
            Err(Refusal::Malformed)
        }
        outcome => outcome,
    }
}

/// Returns the fault that accepts a body that is not one JSON object.
fn fault_that_accepts(body: &Bytes) -> ParserFault {
    let mut values = serde_json::Deserializer::from_slice(body).into_iter::<Value>();
    match (values.next(), values.next()) {
        (Some(Ok(_)), Some(_)) => ParserFault::TrailingTextAccepted,
        (Some(Ok(_)), None) => ParserFault::NotAnObjectAccepted,
        _ => ParserFault::MalformedAccepted,
    }
}

fn is_long_in_bytes(text: &str) -> bool {
    text.len() > MAX_TEXT_LENGTH && text.chars().count() <= MAX_TEXT_LENGTH
}

fn is_long_in_utf16(text: &str) -> bool {
    text.encode_utf16().count() > MAX_TEXT_LENGTH && text.chars().count() <= MAX_TEXT_LENGTH
}

/// Returns true if the body has white space that no SDK sends.
fn has_white_space(body: &Bytes) -> bool {
    body.iter().any(|byte| matches!(byte, b'\n' | b'\t' | b'\r'))
        || body.starts_with(b"{ ")
        || body.starts_with(b" ")
}

fn has_unknown_member(model: &ServiceModel, request: &Request<Bytes>) -> bool {
    let name = json11::operation_target(request).unwrap_or_default().operation;
    let Some(operation) = model.operations.get(name) else { return false };
    let is_known = |name: &String| model.member(&operation.input, name).is_some();
    json11::body(request.body()).is_ok_and(|members| !members.keys().all(is_known))
}

fn has_null(members: &Map<String, Value>) -> bool {
    members.values().any(|value| match value {
        Value::Null => true,
        Value::Object(inner) => has_null(inner),
        Value::Array(items) => items.iter().any(|item| item.as_object().is_some_and(has_null)),
        _ => false,
    })
}

/// A constraint of one member that is dropped or tightened.
#[derive(Debug, Clone)]
pub struct ConstraintFault {
    /// The path from the input to the member: names of members, and `[]` into lists.
    pub path: Vec<String>,
    /// The constraint.
    pub constraint: Constraint,
    /// True if the constraint is tightened. Otherwise it is dropped.
    pub tighter: bool,
}

/// A constraint that a model can put on a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// The smallest length.
    LengthMin,
    /// The largest length.
    LengthMax,
    /// The smallest number.
    RangeMin,
    /// The largest number.
    RangeMax,
    /// The pattern of a text.
    Pattern,
    /// The values of an enum.
    Enum,
    /// A limit that is observed, and lower than the documented one.
    Observed,
}

impl ConstraintFault {
    /// Changes the constraint in a copy of the shapes.
    pub fn apply(&self, shapes: &mut Shapes, input: &str) {
        let mut holder = input.to_owned();
        for name in self.path.iter().take(self.path.len().saturating_sub(1)) {
            match member_of(shapes, &holder, name) {
                Some(member) => holder = member.target.clone(),
                None => return,
            }
        }
        let Some(name) = self.path.last() else { return };
        let Some(mut member) = member_of(shapes, &holder, name).cloned() else { return };
        if self.constraint == Constraint::Enum {
            self.change_enum(shapes, &mut member);
        } else {
            self.change_traits(&mut member);
        }
        match shapes.get_mut(&holder).map(|shape| &mut shape.kind) {
            Some(Kind::Structure(members)) => drop(members.insert(name.clone(), member)),
            Some(Kind::List(element)) => **element = member,
            _ => {}
        }
    }

    /// Removes an optional value that violates a dropped constraint. A service without the check cannot use the value.
    pub fn ignore(&self, shapes: &Shapes, input: &str, members: &mut Map<String, Value>) {
        let [name] = self.path.as_slice() else { return };
        let Some(member) = member_of(shapes, input, name).filter(|member| !member.traits.required) else {
            return;
        };
        let Some(shape) = shapes.get(&member.target).filter(|_| !self.tighter) else { return };
        let mut loose = member.clone();
        self.change_traits(&mut loose);
        let broken =
            |traits: &Traits, value: &Value| constraint::violations(&shape.kind, traits, value).len();
        let breaks = |value: &Value| broken(&member.traits, value) > broken(&loose.traits, value);
        if members.get(name).is_some_and(breaks) {
            members.shift_remove(name);
        }
    }

    /// Gives the member a shape of its own. Other members use the shared shape, and keep its values.
    fn change_enum(&self, shapes: &mut Shapes, member: &mut Member) {
        let Some(mut shape) = shapes.get(&member.target).cloned() else { return };
        if let (true, Kind::Enum(values)) = (self.tighter, &mut shape.kind) {
            values.pop();
        } else {
            shape.kind = Kind::String;
        }
        member.target = format!("{} of the fault", shape.name);
        shapes.insert(member.target.clone(), shape);
    }

    fn change_traits(&self, member: &mut Member) {
        let traits = &mut member.traits;
        let by = |step: i64| move |bound: i64| self.tighter.then_some(bound + step);
        let min = |bounds: Bounds| Bounds { min: bounds.min.and_then(by(1)), ..bounds };
        let max = |bounds: Bounds| Bounds { max: bounds.max.and_then(by(-1)), ..bounds };
        match self.constraint {
            Constraint::LengthMin => traits.length = traits.length.map(min),
            Constraint::LengthMax => traits.length = traits.length.map(max),
            Constraint::RangeMin => traits.range = traits.range.map(min),
            Constraint::RangeMax => traits.range = traits.range.map(max),
            Constraint::Pattern if self.tighter => traits.pattern = Pattern::new(TIGHT_PATTERN).ok(),
            Constraint::Pattern => traits.pattern = None,
            Constraint::Observed => traits.observed = None,
            Constraint::Enum => {}
        }
    }
}

/// Copies a shape and the shapes that its members refer to. A model has thousands of others.
pub fn used_shapes(shapes: &Shapes, root: &str) -> Shapes {
    let (mut used, mut names) = (Shapes::new(), vec![root]);
    while let Some(name) = names.pop() {
        let Some(shape) = shapes.get(name).filter(|_| !used.contains_key(name)) else { continue };
        match &shape.kind {
            Kind::Structure(members) => names.extend(members.values().map(|member| member.target.as_str())),
            Kind::List(element) => names.push(&element.target),
            Kind::Map(map) => names.extend([map.key.target.as_str(), map.value.target.as_str()]),
            _ => {}
        }
        used.insert(name.to_owned(), shape.clone());
    }
    used
}

/// Returns the member of a structure, or the element of a list.
pub fn member_of<'s>(shapes: &'s Shapes, holder: &str, name: &str) -> Option<&'s Member> {
    match &shapes.get(holder)?.kind {
        Kind::Structure(members) => members.get(name),
        Kind::List(element) if name == LIST_ELEMENTS => Some(element),
        _ => None,
    }
}
