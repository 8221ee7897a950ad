//! Compares two states without storing either: a hash of the state that does not depend on order, white space or defaults.
//! Pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Returns the fingerprint of a state. States with the same meaning have the same fingerprint.
#[must_use]
pub fn fingerprint(state: &Value) -> String {
    let mut text = String::new();
    write(&mut text, state);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Writes the canonical text: members in order, without those that mean the same as their absence.
fn write(text: &mut String, value: &Value) {
    match value {
        Value::Object(members) => {
            text.push('{');
            let kept: BTreeMap<&String, &Value> = members.iter().filter(|(_, v)| !is_nothing(v)).collect();
            for (name, inner) in kept {
                text.push_str(&Value::from(name.as_str()).to_string());
                write(text, inner);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(text, item);
            }
            text.push(']');
        }
        Value::String(inner) => match document(inner) {
            Some(document) => write(text, &document),
            None => text.push_str(&value.to_string()),
        },
        other => text.push_str(&other.to_string()),
    }
    text.push(',');
}

/// Returns true for a default that a service fills in: a setting that is off, or its own managed key.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text == "DISABLED" || text.starts_with("alias/aws/"),
        Value::Object(members) => members.values().all(is_nothing),
        _ => false,
    }
}

/// A policy is a text with JSON in it.
fn document(text: &str) -> Option<Value> {
    let document = serde_json::from_str(text).ok()?;
    matches!(document, Value::Object(_)).then_some(document)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_documents_are_alike() {
        let one = json!({ "P": "{\"a\": [1, 2], \"b\": {}}", "Q": null, "R": { "S": false } });
        let same = json!({ "P": "{ \"b\":{},\"a\":[1,2]}" });
        assert_eq!(fingerprint(&one), fingerprint(&same));
        let put = json!({ "Rest": { "Mode": "SSE-KMS" } });
        let filled =
            json!({ "Rest": { "Mode": "SSE-KMS", "Key": "alias/aws/glue" }, "P": { "Mode": "DISABLED" } });
        assert_eq!(fingerprint(&put), fingerprint(&filled));
    }

    #[test]
    fn different_documents_are_not() {
        let all = [
            json!({}),
            json!({ "A": true }),
            json!({ "A": "" }),
            json!({ "A": [] }),
            json!({ "A": ["b", "c"] }),
            json!({ "A": ["c", "b"] }),
            json!({ "A": ["bc"] }),
            json!({ "A": 1 }),
            json!({ "A": "1" }),
            json!({ "A": { "B": 1 } }),
            json!({ "AB": 1 }),
        ];
        let different: std::collections::BTreeSet<String> = all.iter().map(fingerprint).collect();
        assert_eq!(different.len(), all.len());
    }
}
