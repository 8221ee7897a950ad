//! Checks a response against the shape of its output: types, constraints, unknown members, nulls.
//! The entry point is [`shape_faults`].

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::model::{Kind, ServiceModel, Traits};

/// The last second that dates of four digits can say: no service has written a later one.
const END_OF_9999: f64 = 253_402_300_799.0;

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

fn walk(
    model: &ServiceModel,
    shape: &str,
    traits: &Traits,
    value: &Value,
    path: &str,
    faults: &mut Vec<ShapeFault>,
) {
    let mut fault = |kind| faults.push(ShapeFault { path: path.to_owned(), kind });
    let wrong_type = |expected| ShapeFaultKind::Type { expected, actual: shorten(value) };
    match (&model.shape(shape).kind, value) {
        (_, Value::Null) => fault(ShapeFaultKind::Null),
        (Kind::String, Value::String(text)) => text_faults(traits, text, &mut fault),
        (Kind::Enum(values), Value::String(text)) => {
            if !values.contains(text) {
                fault(constraint(format!("one of {}", values.join(", ")), text));
            }
        }
        (Kind::Integer, Value::Number(number)) => {
            if number.as_f64().is_some_and(|n| n.fract() != 0.0) {
                fault(wrong_type("a whole number"));
            }
        }
        (Kind::Blob, Value::String(text)) if STANDARD.decode(text).is_ok() => {}
        (Kind::Blob, _) => fault(wrong_type("bytes in base64")),
        (Kind::Boolean, Value::Bool(_)) | (Kind::Double, Value::Number(_)) => {}
        (Kind::Timestamp, Value::Number(number)) => {
            // Milliseconds are a number too.
            if number.as_f64().is_some_and(|seconds| seconds > END_OF_9999) {
                fault(wrong_type("a number of seconds since the epoch"));
            }
        }
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
                if let Some(member) = members.get(name) {
                    walk(model, &member.target, &member.traits, inner, &path, faults);
                    continue;
                }
                if inner.is_null() {
                    faults.push(ShapeFault { path: path.clone(), kind: ShapeFaultKind::Null });
                }
                faults.push(ShapeFault { path, kind: ShapeFaultKind::UnknownMember });
            }
        }
        (Kind::String | Kind::Enum(_), _) => fault(wrong_type("a string")),
        (Kind::Integer | Kind::Double, _) => fault(wrong_type("a number")),
        (Kind::Timestamp, _) => fault(wrong_type("a number of seconds since the epoch")),
        (Kind::Boolean, _) => fault(wrong_type("a boolean")),
        (Kind::List(_), _) => fault(wrong_type("an array")),
        (Kind::Map(_) | Kind::Structure(_), _) => fault(wrong_type("an object")),
    }
}

/// Only what is wrong both in characters and in bytes counts, for the documents differ on which they mean.
fn text_faults(traits: &Traits, text: &str, fault: &mut impl FnMut(ShapeFaultKind)) {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let length = traits.length.unwrap_or_default();
    let (characters, bytes) = (count(text.chars().count()), count(text.len()));
    if let Some(min) = length.min.filter(|min| bytes < *min) {
        fault(constraint(format!("at least {min} characters"), text));
    }
    if let Some(max) = length.max.filter(|max| characters > *max) {
        fault(constraint(format!("at most {max} characters"), text));
    }
    if let Some(pattern) = traits.pattern.as_ref().filter(|p| !p.admits(text)) {
        fault(constraint(format!("matching `{}`", pattern.written()), text));
    }
}

fn constraint(expected: String, actual: &str) -> ShapeFaultKind {
    ShapeFaultKind::Constraint { expected, actual: format!("{actual:?}") }
}

fn shorten(value: &Value) -> String {
    let text = value.to_string();
    text.char_indices().nth(120).map_or(text.clone(), |(end, _)| format!("{}…", &text[..end]))
}
