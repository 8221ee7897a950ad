//! Constraints on single members for services whose model is not loaded, and the texts of the service for violations (E080,
//! E081). Must not know the constraints of a member.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{self, IntoDeserializer};
use serde_json::{Map, Value};

use super::constraint;
use glueproof_spec::Bounds;

/// Returns the text about missing members and violated constraints, if there are any.
pub fn violations(
    required: &[&str],
    given: &Map<String, Value>,
    of: impl Fn(&str) -> Option<Limit>,
) -> Option<String> {
    let absent = required.iter().filter(|member| !given.contains_key(**member));
    let absent = absent.map(|member| violation("Value null", member, "Member must not be null"));
    let violated = given.iter().flat_map(|(member, value)| {
        let limit = of(member);
        let violated = limit.as_ref().map(|limit| limit.violations(value)).unwrap_or_default();
        let shown = limit.map_or_else(String::new, |limit| limit.shown(value));
        violated.into_iter().map(move |constraint| violation(&shown, member, &constraint))
    });
    report(&absent.chain(violated).collect::<Vec<_>>())
}

/// Returns the violations as one text.
pub fn report(violations: &[String]) -> Option<String> {
    if violations.is_empty() {
        return None;
    }
    let noun = if violations.len() == 1 { "error" } else { "errors" };
    Some(format!("{} validation {noun} detected: {}", violations.len(), violations.join("; ")))
}

/// Returns the text of one violation, with the name or path of the member.
pub fn violation(value: &str, member: &str, constraint: &str) -> String {
    let (first, rest) = member.split_at(1);
    let path = format!("{}{rest}", first.to_ascii_lowercase());
    format!("{value} at '{path}' failed to satisfy constraint: {constraint}")
}

/// The constraint of a member.
#[derive(Debug)]
pub enum Limit {
    /// Characters.
    Text {
        min: usize,
        max: usize,
        pattern: Option<Pattern>,
    },
    /// Bytes, written as base64.
    Bytes {
        min: usize,
        max: usize,
    },
    Whole {
        min: i64,
        max: i64,
    },
    /// The names to choose from, if the text is none of them.
    Enum(fn(&str) -> Option<&'static [&'static str]>),
    Items {
        min: usize,
        max: usize,
    },
    /// The same for each text of a list.
    Enums(fn(&str) -> Option<&'static [&'static str]>),
}

/// A pattern and what it means.
#[derive(Debug)]
pub struct Pattern {
    pub written: &'static str,
    pub admits: fn(char) -> bool,
}

impl Limit {
    /// Returns the constraint of a text.
    pub fn text(min: usize, max: usize, pattern: Option<Pattern>) -> Self {
        Self::Text { min, max, pattern }
    }

    /// Returns the value as messages quote it. Bytes are never quoted, because they can be secret (E234).
    fn shown(&self, value: &Value) -> String {
        match self {
            Self::Bytes { .. } => "Value".to_owned(),
            _ => format!("Value {}", constraint::quoted(value)),
        }
    }

    /// The service's words for every constraint that the value violates; another type is not their affair.
    pub fn violations(&self, value: &Value) -> Vec<String> {
        match (self, value) {
            (Self::Text { min, max, pattern }, Value::String(text)) => {
                let form = pattern.as_ref().and_then(|pattern| pattern.violation(text));
                outside(*min, *max, text.chars().count()).into_iter().chain(form).collect()
            }
            (Self::Bytes { min, max }, Value::String(text)) => {
                // The deserializer refuses a text that is no base64.
                let length = STANDARD.decode(text).map(|bytes| bytes.len());
                length.ok().and_then(|length| outside(*min, *max, length)).into_iter().collect()
            }
            (Self::Whole { min, max }, Value::Number(number)) => {
                let bounds = Bounds { min: Some(*min), max: Some(*max) };
                number.as_i64().and_then(|n| constraint::outside(bounds, n, "value")).into_iter().collect()
            }
            (Self::Enum(unknown), Value::String(text)) => unknown(text).map(none_of).into_iter().collect(),
            (Self::Enums(unknown), Value::Array(items)) => {
                let violated = items.iter().filter_map(Value::as_str).find_map(unknown).map(none_of);
                violated.map(|none| format!("Member must satisfy constraint: [{none}]")).into_iter().collect()
            }
            (Self::Items { min, max }, Value::Array(items)) => {
                outside(*min, *max, items.len()).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

fn none_of(names: &[&str]) -> String {
    format!("Member must satisfy enum value set: [{}]", names.join(", "))
}

fn outside(min: usize, max: usize, length: usize) -> Option<String> {
    let whole = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    constraint::outside(Bounds { min: Some(whole(min)), max: Some(whole(max)) }, whole(length), "length")
}

impl Pattern {
    fn violation(&self, text: &str) -> Option<String> {
        let admitted = text.chars().all(self.admits);
        (!admitted).then(|| format!("Member must satisfy regular expression pattern: {}", self.written))
    }
}

/// Returns the names of an enum, if the text is none of them.
pub fn unknown<T: for<'de> Deserialize<'de>>(text: &str) -> Option<&'static [&'static str]> {
    let reader: StrDeserializer<'_, NotAName> = text.into_deserializer();
    T::deserialize(reader).err().map(|error| error.0)
}

/// The error of serde for an unknown name, with the known names.
#[derive(Debug, thiserror::Error)]
#[error("none of {0:?}")]
struct NotAName(&'static [&'static str]);

impl de::Error for NotAName {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}
