//! Holds an input against its shape in the specs: types, presence, defaults, and then every constraint
//! at every depth. No shape or constraint may be named here; what a value means is the handlers' affair.
//!
//! The order is that of the service: what cannot be read is a `SerializationException` (E062), what
//! violates the model a `ValidationException` (E063), and only what passes the model meets the tighter
//! limits of the service itself, with their own code and text (E035, E039).

use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::constraint;
use super::error::ServiceError;
use glueproof_spec::{Kind, MapShape, Member, Shape, Traits};

/// An input that satisfies the model: no nulls, no unknown members, defaults filled in.
pub type Input = Map<String, Value>;

/// The largest number of violations in a response, which keeps it in proportion to the request.
const MOST_VIOLATIONS: usize = 100;

/// The input as its structure wants it.
pub fn input(
    shapes: &BTreeMap<String, Shape>,
    structure: &str,
    given: Map<String, Value>,
) -> Result<Input, ServiceError> {
    let mut walk = Walk { shapes, violations: Vec::new(), refused: None };
    let accepted = match shapes.get(structure).map(|shape| &shape.kind) {
        Some(Kind::Structure(members)) => walk.structure(members, given, &Path::Root)?,
        _ => Map::new(),
    };
    walk.verdict().map(|()| accepted)
}

/// The path of a value, as the service writes it: `s3Encryption.1.member.kmsKeyArn` (E064).
enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
    Entry(&'a Path<'a>, &'a str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(parent, name) => {
                if !matches!(parent, Self::Root) {
                    write!(f, "{parent}.")?;
                }
                let mut rest = name.chars();
                let first = rest.next().map(|c| c.to_ascii_lowercase());
                first.into_iter().try_for_each(|c| write!(f, "{c}"))?;
                f.write_str(rest.as_str())
            }
            Self::Element(parent, index) => write!(f, "{parent}.{}.member", index + 1),
            Self::Entry(parent, key) => write!(f, "{parent}.{key}.member"),
        }
    }
}

struct Walk<'m> {
    shapes: &'m BTreeMap<String, Shape>,
    violations: Vec<String>,
    /// The first limit of the service itself that does not hold.
    refused: Option<ServiceError>,
}

impl Walk<'_> {
    fn structure(
        &mut self,
        members: &IndexMap<String, Member>,
        mut given: Map<String, Value>,
        path: &Path<'_>,
    ) -> Result<Map<String, Value>, ServiceError> {
        let mut accepted = Map::with_capacity(members.len());
        for (name, member) in members {
            let here = Path::Member(path, name);
            // Null stands for "not there" everywhere.
            let value = given.swap_remove(name).filter(|value| !value.is_null());
            if let Some(value) = value {
                let value = self.value(member, value, &here)?;
                accepted.insert(name.clone(), value);
            } else if let Some(default) = &member.traits.default {
                accepted.insert(name.clone(), default.clone());
            } else if member.traits.required {
                self.missing(&here);
            }
        }
        Ok(accepted)
    }

    fn value(&mut self, member: &Member, value: Value, path: &Path<'_>) -> Result<Value, ServiceError> {
        let Some(shape) = self.shapes.get(&member.target) else { return Ok(value) };
        let value = match (&shape.kind, value) {
            (Kind::Structure(members), Value::Object(given)) => {
                Value::Object(self.structure(members, given, path)?)
            }
            (Kind::List(element), Value::Array(items)) => self.list(element, items, path)?,
            (Kind::Map(entry), Value::Object(given)) => self.map(entry, given, path)?,
            (Kind::Integer, Value::Number(number)) => {
                Value::from(whole(&number).ok_or_else(|| unreadable(shape, &Value::Number(number)))?)
            }
            (Kind::String | Kind::Enum(_) | Kind::Blob, value @ Value::String(_))
            | (Kind::Boolean, value @ Value::Bool(_))
            | (Kind::Double | Kind::Timestamp, value @ Value::Number(_)) => value,
            (_, other) => return Err(unreadable(shape, &other)),
        };
        self.constraints(shape, &member.traits, &value, path);
        Ok(value)
    }

    fn list(&mut self, element: &Member, items: Vec<Value>, path: &Path<'_>) -> Result<Value, ServiceError> {
        let mut accepted = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let here = Path::Element(path, index);
            if item.is_null() {
                self.missing(&here);
            } else {
                accepted.push(self.value(element, item, &here)?);
            }
        }
        Ok(Value::Array(accepted))
    }

    fn map(
        &mut self,
        entry: &MapShape,
        given: Map<String, Value>,
        path: &Path<'_>,
    ) -> Result<Value, ServiceError> {
        let mut accepted = Map::with_capacity(given.len());
        for (key, value) in given {
            self.value(&entry.key, Value::from(key.as_str()), path)?;
            let here = Path::Entry(path, &key);
            if value.is_null() {
                self.missing(&here);
            } else {
                let value = self.value(&entry.value, value, &here)?;
                accepted.insert(key, value);
            }
        }
        Ok(Value::Object(accepted))
    }

    fn missing(&mut self, path: &Path<'_>) {
        self.violation(" null", path, "Member must not be null");
    }

    fn constraints(&mut self, shape: &Shape, traits: &Traits, value: &Value, path: &Path<'_>) {
        for text in constraint::violations(&shape.kind, traits, value) {
            // Secrets are not quoted.
            let quoted =
                if traits.sensitive { String::new() } else { format!(" {}", constraint::quoted(value)) };
            self.violation(&quoted, path, &text);
        }
        let observed = traits
            .observed
            .as_deref()
            .filter(|limit| limit.is_enforced() && constraint::exceeds(limit, value));
        if let (Some(limit), None) = (observed, &self.refused) {
            let code = limit.error.first().map_or("InvalidInputException", String::as_str).to_owned();
            self.refused = Some(ServiceError { code: code.into(), message: limit.message.clone() });
        }
    }

    fn violation(&mut self, value: &str, path: &Path<'_>, constraint: &str) {
        if self.violations.len() < MOST_VIOLATIONS {
            self.violations
                .push(format!("Value{value} at '{path}' failed to satisfy constraint: {constraint}"));
        }
    }

    fn verdict(self) -> Result<(), ServiceError> {
        let count = self.violations.len();
        if count == 0 {
            return self.refused.map_or(Ok(()), Err);
        }
        let noun = if count == 1 { "error" } else { "errors" };
        let list = self.violations.join("; ");
        Err(ServiceError::with("ValidationException", format!("{count} validation {noun} detected: {list}")))
    }
}

/// A number without a fraction, however it is written.
fn whole(number: &serde_json::Number) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the guard keeps it within 53 bits")]
    let of_float = |float: f64| (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64);
    number.as_i64().or_else(|| number.as_f64().and_then(of_float))
}

/// E062: the text varies with what stands where what should.
fn unreadable(shape: &Shape, value: &Value) -> ServiceError {
    let wanted = match shape.kind {
        Kind::String | Kind::Enum(_) | Kind::Blob => "a String",
        Kind::Boolean => "a Boolean",
        Kind::Integer => "an Integer",
        Kind::Double => "a Double",
        Kind::Timestamp => "a Date",
        Kind::List(_) | Kind::Map(_) | Kind::Structure(_) => {
            return ServiceError::serialization("Unexpected value type in payload");
        }
    };
    ServiceError::serialization(match value {
        Value::Object(_) => "Start of structure or map found where not expected.".to_owned(),
        Value::Array(_) => "Start of list found where not expected".to_owned(),
        Value::String(_) => format!("STRING_VALUE can not be converted to {wanted}"),
        Value::Number(_) => format!("NUMBER_VALUE can not be converted to {wanted}"),
        Value::Bool(true) => format!("TRUE_VALUE can not be converted to {wanted}"),
        Value::Bool(false) => format!("FALSE_VALUE can not be converted to {wanted}"),
        Value::Null => format!("NULL_VALUE can not be converted to {wanted}"),
    })
}
