//! Compares JSON values, and describes responses in a few words.
//! Must not know an expectation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::client::Response;

/// Returns true for equal JSON, with numbers compared by value.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (Value::Array(x), Value::Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| equal(x, y)),
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(key, x)| y.get(key).is_some_and(|y| equal(x, y)))
        }
        _ => a == b,
    }
}

/// Returns true if a value contains everything that was sent. A null that was sent counts as absent.
pub(super) fn contains(actual: &Value, sent: &Value) -> bool {
    match (actual, sent) {
        (_, Value::Null) => true,
        (Value::Object(actual), Value::Object(sent)) => sent
            .iter()
            .all(|(key, inner)| inner.is_null() || actual.get(key).is_some_and(|a| contains(a, inner))),
        (Value::Array(actual), Value::Array(sent)) => {
            actual.len() == sent.len() && actual.iter().zip(sent).all(|(a, s)| contains(a, s))
        }
        _ => equal(actual, sent),
    }
}

pub(super) fn decodes_to(actual: &Value, wanted: &Value) -> bool {
    let bytes = actual.as_str().and_then(|text| STANDARD.decode(text).ok());
    bytes.zip(wanted.as_str()).is_some_and(|(bytes, wanted)| bytes == wanted.as_bytes())
}

pub(super) fn same_json(a: &Value, b: &Value) -> bool {
    let parse = |v: &Value| v.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    parse(a).zip(parse(b)).is_some_and(|(a, b)| equal(&a, &b))
}

/// The number of items that contain the wanted members.
pub(super) fn count(items: &[Value], wanted: &Value) -> usize {
    items.iter().filter(|item| contains(item, wanted)).count()
}

/// Describes a response in a few words.
pub(crate) fn describe(response: &Response) -> String {
    described(response, response.json.as_ref())
}

pub(super) fn described(response: &Response, json: Option<&Value>) -> String {
    let body = json.map_or_else(|| shorten(&String::from_utf8_lossy(&response.body)), show);
    match response.error_code() {
        Some(code) => match response.error_message() {
            Some(text) => format!("{} {code}: {}", response.status, shorten(text)),
            None => format!("{} {code}", response.status),
        },
        None => format!("{} {body}", response.status),
    }
}

pub(super) fn show(value: &Value) -> String {
    shorten(&value.to_string())
}

/// Shortens a text to one recognisable line; the transcript contains the whole text.
pub(super) fn shorten(text: &str) -> String {
    const MAX_SHOWN_CHARS: usize = 300;
    let line = text.replace('\r', "\\r").replace('\n', "\\n");
    let start = first_chars(&line, MAX_SHOWN_CHARS);
    if start == line { line } else { format!("{start} ({} bytes)", text.len()) }
}

/// Returns at most this many characters of a text. A text that is cut ends with an ellipsis.
pub(super) fn first_chars(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn contains_requires_all_sent_members_and_allows_more() {
        let sent = json!({ "A": [{ "M": "X" }], "B": null });
        assert!(contains(&json!({ "A": [{ "M": "X", "K": 1 }], "C": 1 }), &sent));
        for wrong in [
            json!({ "A": [] }),
            json!({ "A": [{ "M": "Y" }] }),
            json!({ "A": [{ "M": "X" }, {}] }),
            json!([]),
        ] {
            assert!(!contains(&wrong, &sent), "{wrong}");
        }
    }

    #[test]
    fn equal_compares_numbers_by_value_and_members_in_any_order() {
        assert!(equal(&json!({ "a": 1, "b": [2.0] }), &json!({ "b": [2], "a": 1.0 })));
        assert!(!equal(&json!(1), &json!("1")));
        assert!(!equal(&json!({ "a": 1 }), &json!({ "a": 1, "b": 1 })));
    }
}
