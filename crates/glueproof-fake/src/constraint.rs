//! The constraints on one value, and the text of the service for each violation (E036, E063, E064, E080). Must not descend
//! into a value, nor know its path.

use serde_json::Value;

use glueproof_spec::{Bounds, Kind, Observed, Pattern, Traits};

/// Returns the text of the service for every constraint that the value violates.
pub fn violations(kind: &Kind, traits: &Traits, value: &Value) -> Vec<String> {
    let mut violations = Vec::new();
    if let (Some(bounds), Some(length)) = (traits.length, length(value)) {
        violations.extend(outside(bounds, length, "length"));
    }
    if let (Some(bounds), Some(number)) = (traits.range, value.as_i64()) {
        violations.extend(outside(bounds, number, "value"));
    }
    if let (Some(pattern), Some(text)) = (&traits.pattern, value.as_str())
        && !pattern.admits(text)
    {
        violations.push(format!("Member must satisfy regular expression pattern: {}", shown(pattern)));
    }
    if let (Kind::Enum(values), Some(text)) = (kind, value.as_str())
        && !values.iter().any(|value| value == text)
    {
        violations.push(format!("Member must satisfy enum value set: [{}]", values.join(", ")));
    }
    violations
}

/// Returns true if the value exceeds a tighter limit of the service itself.
pub fn exceeds(limit: &Observed, value: &Value) -> bool {
    let breaks = |bounds: Option<Bounds>, size: Option<i64>| {
        bounds.zip(size).is_some_and(|(bounds, size)| !bounds.admit(size))
    };
    breaks(limit.length, length(value)) || breaks(limit.range, value.as_i64())
}

/// Returns the value as messages quote it: `'0'`, `'some text'`.
pub fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        other => format!("'{other}'"),
    }
}

/// Returns the number of characters of a text, elements of a list, or entries of a map.
fn length(value: &Value) -> Option<i64> {
    let length = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => return None,
    };
    i64::try_from(length).ok()
}

/// Returns the text of the service for a size that is out of bounds.
pub fn outside(bounds: Bounds, size: i64, measure: &str) -> Option<String> {
    match bounds {
        Bounds { min: Some(min), .. } if size < min => {
            Some(format!("Member must have {measure} greater than or equal to {min}"))
        }
        Bounds { max: Some(max), .. } if size > max => {
            Some(format!("Member must have {measure} less than or equal to {max}"))
        }
        _ => None,
    }
}

/// Returns a pattern as Glue prints it: without the anchors around the whole (E064). Anchors of one alternative stay, as in
/// `^$|arn:…`.
fn shown(pattern: &Pattern) -> &str {
    let written = pattern.written();
    if written.starts_with("^$") {
        return written;
    }
    let open = written.strip_prefix('^').unwrap_or(written);
    open.strip_suffix('$').unwrap_or(open)
}
