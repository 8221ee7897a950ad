//! The HTTP bindings of the protocols awsJson1.1, awsQuery and restXml: serializes inputs, reads responses as JSON.
//!
//! Sends nothing and knows no operation. The entry points are [`HttpForm::new`] and [`response_json`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::capture::RawResponse;
use super::xml;
use crate::model::{HttpPlace, Kind, Member, Operation, Protocol, ServiceModel};

/// The content type of awsQuery.
const FORM_CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// A request without address and signature.
#[derive(Debug, Clone)]
pub(super) struct HttpForm {
    /// The HTTP method.
    pub method: Method,
    /// The path and query.
    pub path: String,
    /// The headers of the protocol.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// An input that cannot be serialized.
#[derive(Debug, thiserror::Error)]
pub(super) enum SerializeError {
    /// The specs lack the HTTP binding.
    #[error("the specs lack the HTTP binding of {0}")]
    NoBinding(String),
    /// The protocol has no place for the value.
    #[error("the protocol cannot carry the value of {0}")]
    Member(String),
    /// The request is not valid HTTP.
    #[error(transparent)]
    Http(#[from] http::Error),
}

impl HttpForm {
    /// Serializes the input of an operation.
    pub fn new(model: &ServiceModel, operation: &Operation, input: &Bytes) -> Result<Self, SerializeError> {
        match model.protocol {
            Protocol::AwsJson => Ok(Self {
                method: Method::POST,
                path: "/".to_owned(),
                headers: vec![
                    ("content-type".to_owned(), model.protocol.content_type().to_owned()),
                    ("x-amz-target".to_owned(), model.amz_target(&operation.name)),
                ],
                body: input.clone(),
            }),
            Protocol::AwsQuery => Ok(Self {
                method: Method::POST,
                path: "/".to_owned(),
                headers: vec![("content-type".to_owned(), FORM_CONTENT_TYPE.to_owned())],
                body: Bytes::from(query_form(&operation.name, &model.version, input)),
            }),
            Protocol::RestXml => rest_request(model, operation, input),
        }
    }

    /// Builds the request.
    pub fn request(&self) -> Result<Request<aws_smithy_types::body::SdkBody>, http::Error> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(aws_smithy_types::body::SdkBody::from(self.body.clone()))
    }
}

/// Reads a response as JSON, if it has the form of the protocol. Clients ignore the body of a success whose output has no
/// members, because most services send none.
pub(super) fn response_json(model: &ServiceModel, operation: &Operation, raw: &RawResponse) -> Option<Value> {
    let is_empty_output = model.members(&operation.output).next().is_none();
    match model.protocol {
        Protocol::AwsJson if is_empty_output && (200..300).contains(&raw.status) => Some(json!({})),
        Protocol::AwsJson => serde_json::from_slice(&raw.body).ok(),
        Protocol::AwsQuery => query_response(model, operation, raw),
        Protocol::RestXml => rest_response(model, operation, raw),
    }
}

/// Serializes an input for awsQuery: members of lists and structures become dotted names.
fn query_form(operation: &str, version: &str, input: &Bytes) -> String {
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

/// Reads an awsQuery response: the members of the result, or `__type` and `message` of an error. Returns `None` for
/// other bodies.
fn query_response(model: &ServiceModel, operation: &Operation, raw: &RawResponse) -> Option<Value> {
    let text = String::from_utf8_lossy(&raw.body);
    if (200..300).contains(&raw.status) {
        let (root, result) = (format!("{}Response", operation.name), format!("{}Result", operation.name));
        return xml::read_within(model, &operation.output, &text, [&root, &result]);
    }
    let code = xml::text_of(&text, "Code")?;
    Some(json!({ "__type": code, "message": xml::text_of(&text, "Message") }))
}

/// Serializes an input for restXml: members go to path, query, headers and body.
fn rest_request(
    model: &ServiceModel,
    operation: &Operation,
    input: &Bytes,
) -> Result<HttpForm, SerializeError> {
    let no_binding = || SerializeError::NoBinding(operation.name.clone());
    let http = operation.http.as_ref().ok_or_else(no_binding)?;
    let method = Method::from_bytes(http.method.as_bytes()).map_err(|_| no_binding())?;
    let input: Value = serde_json::from_slice(input).unwrap_or_default();
    let mut form = HttpForm { method, path: http.uri.clone(), headers: Vec::new(), body: Bytes::new() };
    for member in model.members(&operation.input) {
        let Some(value) = input.get(&member.name).filter(|value| !value.is_null()) else { continue };
        bind_member(model, &mut form, member, value)?;
    }
    if operation.checksum_required {
        let digest = STANDARD.encode(Sha256::digest(&form.body));
        form.headers.push(("x-amz-checksum-sha256".to_owned(), digest));
    }
    Ok(form)
}

fn bind_member(
    model: &ServiceModel,
    form: &mut HttpForm,
    member: &Member,
    value: &Value,
) -> Result<(), SerializeError> {
    let unserializable = || SerializeError::Member(member.name.clone());
    match member.traits.place.as_ref().ok_or_else(unserializable)? {
        HttpPlace::Label => {
            let text = text(value).ok_or_else(unserializable)?;
            let (plain, greedy) = (format!("{{{}}}", member.name), format!("{{{}+}}", member.name));
            form.path = form
                .path
                .replace(&plain, &percent_encoded(&text, ""))
                .replace(&greedy, &percent_encoded(&text, "/"));
        }
        HttpPlace::Query(name) => {
            let separator = if form.path.contains('?') { '&' } else { '?' };
            let text = text(value).ok_or_else(unserializable)?;
            form.path = format!("{}{separator}{name}={}", form.path, percent_encoded(&text, ""));
        }
        HttpPlace::Header(name) => {
            form.headers.push((name.to_ascii_lowercase(), text(value).ok_or_else(unserializable)?));
        }
        HttpPlace::Payload => {
            form.body = match &model.shape(&member.target).kind {
                Kind::Blob => {
                    let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
                    Bytes::from(bytes.ok_or_else(unserializable)?)
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

/// Percent-encodes all characters except unreserved ones and those in `allowed`.
fn percent_encoded(text: &str, allowed: &str) -> String {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || allowed.as_bytes().contains(&byte)
    };
    let written =
        |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(written).collect()
}

/// Reads a restXml response: headers and body become one object, errors have the form of awsJson.
fn rest_response(model: &ServiceModel, operation: &Operation, raw: &RawResponse) -> Option<Value> {
    if !(200..300).contains(&raw.status) {
        return Some(rest_error(raw));
    }
    let mut body = Map::new();
    let mut has_document = true;
    for member in model.members(&operation.output) {
        let found = match &member.traits.place {
            Some(HttpPlace::Header(name)) => {
                raw.headers.get(&name.to_ascii_lowercase()).map(|text| header_value(model, member, text))
            }
            Some(HttpPlace::Payload) => {
                has_document = false;
                Some(json!(STANDARD.encode(&raw.body)))
            }
            _ => None,
        };
        body.extend(found.map(|value| (member.name.clone(), value)));
    }
    if has_document && !raw.body.is_empty() {
        let Value::Object(read) = xml::read(model, &operation.output, &raw.body)? else { return None };
        body.extend(read);
    }
    Some(Value::Object(body))
}

/// Parses the value of a header.
fn header_value(model: &ServiceModel, member: &Member, text: &str) -> Value {
    match &model.shape(&member.target).kind {
        Kind::Integer => text.parse::<i64>().map_or_else(|_| json!(text), Value::from),
        Kind::Boolean => text.parse::<bool>().map_or_else(|_| json!(text), Value::from),
        _ => json!(text),
    }
}

/// Returns code and message of an error. Responses to `HEAD` have no body, so the status becomes the code.
fn rest_error(raw: &RawResponse) -> Value {
    let document = String::from_utf8_lossy(&raw.body);
    let of_status = if raw.status == 404 { "NotFound".to_owned() } else { format!("Status{}", raw.status) };
    let code = xml::text_of(&document, "Code").unwrap_or(of_status);
    match xml::text_of(&document, "Message") {
        Some(message) => json!({ "__type": code, "message": message }),
        None => json!({ "__type": code }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_inputs_become_forms() {
        let input = json!({ "A": "x y&z", "B": null, "C": [{ "D": 1 }, { "D": true }], "E": { "F": "ü" } });
        assert_eq!(
            query_form("Do", "2011-06-15", &Bytes::from(input.to_string())),
            "Action=Do&Version=2011-06-15&A=x+y%26z&C.member.1.D=1&C.member.2.D=true&E.F=%C3%BC"
        );
    }
}
