//! The REST protocol with XML: members in path, query, headers and body, errors as XML. Knows no operation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::pipeline::Raw;
use super::wire_form::{Unsendable, WireForm};
use super::xml;
use crate::model::{HttpPlace, Kind, Member, Operation, ServiceModel};

/// The input with every member in its place.
pub(super) fn request(
    model: &ServiceModel,
    operation: &Operation,
    input: &Bytes,
) -> Result<WireForm, Unsendable> {
    let unaddressed = || Unsendable::Unaddressed(operation.name.clone());
    let http = operation.http.as_ref().ok_or_else(unaddressed)?;
    let method = Method::from_bytes(http.method.as_bytes()).map_err(|_| unaddressed())?;
    let input: Value = serde_json::from_slice(input).unwrap_or_default();
    let mut form = WireForm { method, path: http.uri.clone(), headers: Vec::new(), body: Bytes::new() };
    for member in model.members(&operation.input) {
        let Some(value) = input.get(&member.name).filter(|value| !value.is_null()) else { continue };
        put(model, &mut form, member, value)?;
    }
    if operation.checksum_required {
        let digest = STANDARD.encode(Sha256::digest(&form.body));
        form.headers.push(("x-amz-checksum-sha256".to_owned(), digest));
    }
    Ok(form)
}

fn put(model: &ServiceModel, form: &mut WireForm, member: &Member, value: &Value) -> Result<(), Unsendable> {
    let impossible = || Unsendable::Member(member.name.clone());
    match member.traits.place.as_ref().ok_or_else(impossible)? {
        HttpPlace::Label => {
            let text = text(value).ok_or_else(impossible)?;
            let (plain, greedy) = (format!("{{{}}}", member.name), format!("{{{}+}}", member.name));
            form.path = form.path.replace(&plain, &encoded(&text, "")).replace(&greedy, &encoded(&text, "/"));
        }
        HttpPlace::Query(name) => {
            let separator = if form.path.contains('?') { '&' } else { '?' };
            let text = text(value).ok_or_else(impossible)?;
            form.path = format!("{}{separator}{name}={}", form.path, encoded(&text, ""));
        }
        HttpPlace::Header(name) => {
            form.headers.push((name.to_ascii_lowercase(), text(value).ok_or_else(impossible)?));
        }
        HttpPlace::Payload => {
            form.body = match &model.shape(&member.target).kind {
                Kind::Blob => {
                    let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
                    Bytes::from(bytes.ok_or_else(impossible)?)
                }
                _ => Bytes::from(xml::write(model, &member.target, value)),
            };
        }
    }
    Ok(())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Percent-encoded but for what needs it nowhere, and what is let through.
fn encoded(text: &str, let_through: &str) -> String {
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || let_through.as_bytes().contains(&byte)
    };
    let written = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(written).collect()
}

/// The answer as JSON: headers and body put back together, errors as other protocols write them.
pub(super) fn answer(model: &ServiceModel, operation: &Operation, raw: &Raw) -> Option<Value> {
    if !(200..300).contains(&raw.status) {
        return Some(refusal(raw));
    }
    let mut body = Map::new();
    let mut document = true;
    for member in model.members(&operation.output) {
        let found = match &member.traits.place {
            Some(HttpPlace::Header(name)) => {
                raw.headers.get(&name.to_ascii_lowercase()).map(|text| typed(model, member, text))
            }
            Some(HttpPlace::Payload) => {
                document = false;
                Some(json!(STANDARD.encode(&raw.body)))
            }
            _ => None,
        };
        body.extend(found.map(|value| (member.name.clone(), value)));
    }
    if document && !raw.body.is_empty() {
        let Value::Object(read) = xml::read(model, &operation.output, &raw.body)? else { return None };
        body.extend(read);
    }
    Some(Value::Object(body))
}

/// A value that stands in a header.
fn typed(model: &ServiceModel, member: &Member, text: &str) -> Value {
    match &model.shape(&member.target).kind {
        Kind::Integer => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
        Kind::Boolean => text.parse::<bool>().map_or_else(|_| json!(text), Value::from),
        _ => json!(text),
    }
}

/// Code and text of an error. Answers to `HEAD` have no body, and the status is all they say.
fn refusal(raw: &Raw) -> Value {
    let document = String::from_utf8_lossy(&raw.body);
    let of_status = if raw.status == 404 { "NotFound".to_owned() } else { format!("Status{}", raw.status) };
    let code = xml::text_of(&document, "Code").unwrap_or(of_status);
    match xml::text_of(&document, "Message") {
        Some(message) => json!({ "__type": code, "message": message }),
        None => json!({ "__type": code }),
    }
}
