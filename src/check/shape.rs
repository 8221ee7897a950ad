//! Checks a response against the shape of its output: types, constraints, unknown members, nulls.
//! The entry point is [`shape_faults`].

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::model::{Kind, ServiceModel, Traits};

use super::json::first_chars;

/// The last second that dates of four digits can say: no service has written a later one.
const END_OF_9999: f64 = 253_402_300_799.0;

/// The number of characters of a value of a wrong type in a fault.
const MAX_VALUE_CHARS: usize = 120;

/// A value in a response that does not match its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeFault {
    /// The path: `SecurityConfigurations[].Name`.
    pub path: String,
    /// The kind of fault.
    pub kind: ShapeFaultKind,
}

/// The kinds of mismatch between a value and its shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShapeFaultKind {
    /// Another JSON type, or a timestamp that is no number.
    Type {
        /// The required type.
        expected: &'static str,
        /// The actual value.
        actual: String,
    },
    /// Against a documented constraint.
    Constraint {
        /// The constraint.
        expected: String,
        /// The actual value.
        actual: String,
    },
    /// A member the model does not have.
    UnknownMember,
    /// Null where the member should be left out.
    Null,
}

impl fmt::Display for ShapeFaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type { actual, .. } | Self::Constraint { actual, .. } => f.write_str(actual),
            Self::UnknownMember => f.write_str("an undocumented member"),
            Self::Null => f.write_str("null"),
        }
    }
}

/// Everything in an answer that does not fit the output of its operation.
#[must_use]
pub fn shape_faults(model: &ServiceModel, operation: &str, response: &Value) -> Vec<ShapeFault> {
    let mut faults = Vec::new();
    if let Some(operation) = model.operations.get(operation) {
        let shape = model.shape(&operation.output);
        walk(model, &shape.name, &shape.traits, response, "", &mut faults);
    }
    faults
}

/// Walks through a value and its shape, and adds the faults at every path.
fn walk(
    model: &ServiceModel,
    shape: &str,
    traits: &Traits,
    value: &Value,
    path: &str,
    faults: &mut Vec<ShapeFault>,
) {
    match (&model.shape(shape).kind, value) {
        (_, Value::Null) => faults.push(ShapeFault { path: path.to_owned(), kind: ShapeFaultKind::Null }),
        (Kind::List(item), Value::Array(items)) => {
            for inner in items {
                walk(model, &item.target, &item.traits, inner, &format!("{path}[]"), faults);
            }
        }
        (Kind::Map(entry), Value::Object(map)) => {
            for (key, inner) in map {
                let path = format!("{path}.{key}");
                walk(model, &entry.key.target, &entry.key.traits, &Value::from(key.as_str()), &path, faults);
                walk(model, &entry.value.target, &entry.value.traits, inner, &path, faults);
            }
        }
        (Kind::Structure(members), Value::Object(map)) => {
            for (name, inner) in map {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match members.get(name) {
                    Some(member) => walk(model, &member.target, &member.traits, inner, &path, faults),
                    None => faults.extend(unknown_member(&path, inner)),
                }
            }
        }
        (kind, _) => {
            let found = scalar_faults(kind, traits, value).into_iter();
            faults.extend(found.map(|kind| ShapeFault { path: path.to_owned(), kind }));
        }
    }
}

fn unknown_member(path: &str, value: &Value) -> impl Iterator<Item = ShapeFault> {
    let null = value.is_null().then_some(ShapeFaultKind::Null);
    let kinds = null.into_iter().chain([ShapeFaultKind::UnknownMember]);
    kinds.map(move |kind| ShapeFault { path: path.to_owned(), kind })
}

/// Returns the faults of a value that has no parts, or that is of another JSON type than its shape.
fn scalar_faults(kind: &Kind, traits: &Traits, value: &Value) -> Vec<ShapeFaultKind> {
    let wrong_type = |expected| {
        let actual = first_chars(&value.to_string(), MAX_VALUE_CHARS);
        vec![ShapeFaultKind::Type { expected, actual }]
    };
    match (kind, value) {
        (Kind::String, Value::String(text)) => text_faults(traits, text),
        (Kind::Enum(values), Value::String(text)) if !values.contains(text) => {
            vec![constraint(format!("one of {}", values.join(", ")), text)]
        }
        (Kind::Integer, Value::Number(number)) if number.as_f64().is_some_and(|n| n.fract() != 0.0) => {
            wrong_type("a whole number")
        }
        // Milliseconds are a number too.
        (Kind::Timestamp, Value::Number(number)) if number.as_f64().is_some_and(|n| n > END_OF_9999) => {
            wrong_type(json_type(kind))
        }
        (Kind::Blob, Value::String(text)) if STANDARD.decode(text).is_ok() => Vec::new(),
        (Kind::Enum(_), Value::String(_))
        | (Kind::Boolean, Value::Bool(_))
        | (Kind::Integer | Kind::Double | Kind::Timestamp, Value::Number(_)) => Vec::new(),
        _ => wrong_type(json_type(kind)),
    }
}

/// Returns the JSON type of a shape in words.
fn json_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Enum(_) => "a string",
        Kind::Integer | Kind::Double => "a number",
        Kind::Timestamp => "a number of seconds since the epoch",
        Kind::Boolean => "a boolean",
        Kind::Blob => "bytes in base64",
        Kind::List(_) => "an array",
        Kind::Map(_) | Kind::Structure(_) => "an object",
    }
}

/// Returns the constraints that a text violates. A length counts only if it is wrong both in characters and in bytes,
/// because the documents differ on the unit.
fn text_faults(traits: &Traits, text: &str) -> Vec<ShapeFaultKind> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let length = traits.length.unwrap_or_default();
    let (characters, bytes) = (count(text.chars().count()), count(text.len()));
    let min = length.min.filter(|min| bytes < *min).map(|min| format!("at least {min} characters"));
    let max = length.max.filter(|max| characters > *max).map(|max| format!("at most {max} characters"));
    let pattern = traits.pattern.as_ref().filter(|pattern| !pattern.admits(text));
    let pattern = pattern.map(|pattern| format!("matching `{}`", pattern.written()));
    [min, max, pattern].into_iter().flatten().map(|expected| constraint(expected, text)).collect()
}

fn constraint(expected: String, actual: &str) -> ShapeFaultKind {
    ShapeFaultKind::Constraint { expected, actual: format!("{actual:?}") }
}
