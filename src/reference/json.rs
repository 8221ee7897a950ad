//! What counts as the same: JSON by value, texts that hold JSON, times. Knows no operation.

use std::sync::Arc;

use serde_json::{Map, Value};

/// The key the service names where a key is needed and none was sent.
const DEFAULT_KEY: &str = "alias/aws/glue";

/// The value with null members left out and numbers in one form, so that `==` compares by value.
pub(super) fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut sorted: Vec<(&String, &Value)> = map.iter().filter(|(_, v)| !v.is_null()).collect();
            sorted.sort_by_key(|(name, _)| *name);
            let members = sorted.into_iter().map(|(name, inner)| (name.clone(), canonical(inner)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Number(number) => number.as_f64().map_or_else(|| value.clone(), Value::from),
        other => other.clone(),
    }
}

/// A text that holds JSON, in a form that is equal wherever the JSON is. A null member counts here: the text
/// is the caller's document. What is no JSON is only equal to itself.
pub(super) fn canonical_text(text: &str) -> Arc<str> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => sorted(&value).to_string().into(),
        Err(_) => text.into(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(String, Value)> = map.iter().map(|(k, v)| (k.clone(), sorted(v))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Number(number) => number.as_f64().map_or_else(|| value.clone(), Value::from),
        other => other.clone(),
    }
}

/// Whether what was read holds what was sent. More than that may stand there only if it says that something
/// is off or absent, or names the default key: nobody turned anything else on.
pub(super) fn holds(sent: &Value, read: &Value) -> bool {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => {
            sent.iter().all(|(name, inner)| match read.get(name) {
                Some(found) => holds(inner, found),
                None => is_off(inner),
            }) && read.iter().all(|(name, inner)| sent.contains_key(name) || is_off(inner))
        }
        (Value::Array(sent), Value::Array(read)) => {
            sent.len() == read.len() && sent.iter().zip(read).all(|(s, r)| holds(s, r))
        }
        (Value::Null, read) => is_off(read),
        _ => sent == read,
    }
}

/// Whether a value turns nothing on.
fn is_off(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text == "DISABLED" || text == DEFAULT_KEY,
        Value::Array(items) => items.iter().all(is_off),
        Value::Object(map) => map.values().all(is_off),
        _ => false,
    }
}

/// A moment, in microseconds since the epoch: finer than the service tells, coarser than what a double may
/// lose on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Time(i64);

impl Time {
    /// The time at that member, if there is a number. Whether there must be is for rules on shapes to say.
    #[expect(clippy::cast_possible_truncation, reason = "a time beyond the range is a wrong time anyway")]
    pub fn at(body: &Value, member: &str) -> Option<Self> {
        body.get(member)?.as_f64().map(|seconds| Self((seconds * 1e6).round() as i64))
    }

    /// Whether less than a second lies between the two.
    pub fn is_near(self, other: Self) -> bool {
        self.0.abs_diff(other.0) < 1_000_000
    }
}

impl std::fmt::Display for Time {
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0 as f64 / 1e6)
    }
}
