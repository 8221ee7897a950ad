//! The AWS query protocol as a client speaks it: inputs as forms, answers and errors from XML as the JSON that
//! other protocols would have sent. Knows no operation and no credentials.

use bytes::Bytes;
use serde_json::{Value, json};

use super::pipeline::Raw;
use super::xml;
use crate::model::{Operation, ServiceModel};

/// How forms are labelled.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// The form that calls an operation: lists and structures as names with dots.
pub(super) fn form(operation: &str, version: &str, input: &Bytes) -> String {
    let input: Value = serde_json::from_slice(input).unwrap_or_default();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", operation).append_pair("Version", version);
    let mut pairs = Vec::new();
    flatten("", &input, &mut pairs);
    form.extend_pairs(pairs);
    form.finish()
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.iter().for_each(|(part, inner)| flatten(&below(part), inner, pairs));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
            flatten(&below(&format!("member.{}", index + 1)), item, pairs);
        }),
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}

/// What an answer says: the members of the operation's result, or an error's `__type` and `message`. Nothing
/// where it is no answer of this protocol.
pub(super) fn answer(model: &ServiceModel, operation: &Operation, raw: &Raw) -> Option<Value> {
    let text = String::from_utf8_lossy(&raw.body);
    if (200..300).contains(&raw.status) {
        let (root, result) = (format!("{}Response", operation.name), format!("{}Result", operation.name));
        return xml::read_within(model, &operation.output, &text, [&root, &result]);
    }
    let code = xml::text_of(&text, "Code")?;
    Some(json!({ "__type": code, "message": xml::text_of(&text, "Message") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_become_forms() {
        let input = json!({ "A": "x y&z", "B": null, "C": [{ "D": 1 }, { "D": true }], "E": { "F": "ü" } });
        assert_eq!(
            form("Do", "2011-06-15", &Bytes::from(input.to_string())),
            "Action=Do&Version=2011-06-15&A=x+y%26z&C.member.1.D=1&C.member.2.D=true&E.F=%C3%BC"
        );
    }
}
