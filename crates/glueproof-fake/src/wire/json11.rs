//! AWS JSON 1.1: reads the operation and the members of a request, and writes outputs and errors. Must not know any
//! one service, nor touch state.

use std::fmt;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Map, Value};

use crate::error::ServiceError;
use glueproof_spec::ServiceModel;

/// The most bytes of a request body.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

/// The most values in a body. A tree takes up to 450 bytes a value, and values take as few as three bytes of text.
const MAX_VALUES: usize = 100_000;

/// The reason why a request gets no output.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The service refused.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Only `POST` is understood.
    #[error("the method is not POST")]
    Method,
    /// The content type is not that of the protocol, or no operation is named (E061, E212).
    #[error("there is no such operation")]
    UnknownOperation,
    /// `X-Amz-Target` names an operation or a service that the fake does not have.
    #[error("glueproof does not implement {0}")]
    NotImplemented(String),
    /// The body exceeds [`BODY_LIMIT`].
    #[error("the body is too large")]
    TooLarge,
    /// The body has more than [`MAX_VALUES`] values.
    #[error("the body has more than {MAX_VALUES} values")]
    TooManyValues,
    /// The body is not one JSON object (E062).
    #[error("the body is not a JSON object")]
    Malformed,
}

/// The names of a service in the protocol.
#[derive(Debug)]
pub struct Dialect {
    /// The name in credential scopes and in actions of policies.
    pub service: &'static str,
    /// The prefix of `X-Amz-Target`.
    pub prefix: &'static str,
    /// The member of an error that contains its text.
    pub message: &'static str,
    /// The codes of errors of the service itself, beyond those that its model declares.
    pub faults: &'static [&'static str],
}

/// The value of `X-Amz-Target`, such as `AWSGlue.GetJob`.
#[derive(Debug, Clone, Copy, Default)]
pub struct OperationTarget<'r> {
    /// The part before the last point: the prefix of a service.
    pub prefix: &'r str,
    /// The part behind the last point; empty if there is none.
    pub operation: &'r str,
}

impl fmt::Display for OperationTarget<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.prefix, self.operation)
    }
}

/// Returns the value of `X-Amz-Target` if the request has the header.
pub fn operation_target<B>(request: &Request<B>) -> Option<OperationTarget<'_>> {
    let target = request.headers().get(TARGET)?.to_str().unwrap_or_default();
    let (prefix, operation) = target.rsplit_once('.').unwrap_or_default();
    Some(OperationTarget { prefix, operation })
}

/// Checks that a request is one of the protocol, by its method and its content type.
///
/// # Errors
/// The refusal of a request that is not.
pub fn check_request<B>(request: &Request<B>) -> Result<(), Refusal> {
    if request.method() != Method::POST {
        return Err(Refusal::Method);
    }
    if speaks_json11(request.headers()) { Ok(()) } else { Err(Refusal::UnknownOperation) }
}

/// The protocol is found by the content type; parameters such as `charset` do not matter.
fn speaks_json11(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|header| header.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

/// Returns the members of the body. Lone surrogates, nesting beyond 128 and bytes that are not UTF-8 are malformed.
///
/// # Errors
/// Returns an error if the body is too large, or not one JSON object.
pub fn body(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if bytes.len() > BODY_LIMIT {
        return Err(Refusal::TooLarge);
    }
    if has_too_many_values(bytes) {
        return Err(Refusal::TooManyValues);
    }
    serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)
}

/// Counts the names and values of JSON text without building a tree: all but the first of each object or array stand behind
/// `,` or `:`.
fn has_too_many_values(bytes: &[u8]) -> bool {
    // No value is shorter than a byte and its separator.
    if bytes.len() < 2 * MAX_VALUES {
        return false;
    }
    let (mut in_string, mut escaped, mut values) = (false, false, 0_usize);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b':' if !in_string => values += 1,
            _ => {}
        }
    }
    values > MAX_VALUES
}

/// Returns the response for an outcome: the text of an output, or a refusal.
pub fn response(
    model: &ServiceModel,
    dialect: &Dialect,
    request_id: &str,
    outcome: Result<Vec<u8>, Refusal>,
) -> Response<Bytes> {
    let (status, body) = match outcome {
        Ok(text) => (StatusCode::OK, Bytes::from(text)),
        Err(refusal) => error(model, dialect, &refusal),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let length = response.body().len();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// `__type` first and bare, then the text if there is one (E057, E058, E059).
fn error(model: &ServiceModel, dialect: &Dialect, refusal: &Refusal) -> (StatusCode, Bytes) {
    let own_text = refusal.to_string();
    let (status, code, message) = match refusal {
        Refusal::Service(error) => {
            (status(model, dialect, &error.code), &*error.code, error.message.as_deref())
        }
        Refusal::Method => (StatusCode::METHOD_NOT_ALLOWED, "UnknownOperationException", None),
        Refusal::UnknownOperation => (StatusCode::BAD_REQUEST, "UnknownOperationException", None),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLargeException", None),
        Refusal::NotImplemented(_) => {
            (StatusCode::BAD_REQUEST, "UnknownOperationException", Some(own_text.as_str()))
        }
        Refusal::TooManyValues => {
            (StatusCode::BAD_REQUEST, "SerializationException", Some(own_text.as_str()))
        }
        Refusal::Malformed => (StatusCode::BAD_REQUEST, "SerializationException", None),
    };
    let mut body = Map::new();
    body.insert("__type".to_owned(), code.into());
    if let Some(message) = message {
        body.insert(message_member(dialect, code).to_owned(), message.into());
    }
    (status, Bytes::from(Value::Object(body).to_string()))
}

/// Returns the member of an error that contains its text. The layer that refuses decides on the spelling: that of signatures
/// writes `message`, that of JSON `Message`, in every service (E205, E206, E213, E214). Violations of the model are recorded
/// with `message` for other services (E202, E204) and not at all for Glue: the spelling of the service stands.
fn message_member(dialect: &Dialect, code: &str) -> &'static str {
    match code {
        "MissingAuthenticationTokenException"
        | "IncompleteSignatureException"
        | "InvalidSignatureException"
        | "UnrecognizedClientException" => "message",
        "SerializationException" => "Message",
        _ => dialect.message,
    }
}

/// As the error shape says; codes without a shape are the caller's mistake.
fn status(model: &ServiceModel, dialect: &Dialect, code: &str) -> StatusCode {
    if dialect.faults.contains(&code) {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let shape = model.errors.get(code);
    shape.and_then(|shape| StatusCode::from_u16(shape.status).ok()).unwrap_or(StatusCode::BAD_REQUEST)
}
