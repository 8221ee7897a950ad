//! AWS JSON 1.1: reads the operation and the members of a request, and writes outputs and errors. Must not know any
//! one service, nor touch state.

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Map, Value};

use crate::error::ServiceError;
use glueproof_spec::ServiceModel;

/// How many bytes a request body may have.
pub const BODY_LIMIT: usize = 6 * 1024 * 1024;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

/// Why a request gets no output.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The service refused.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Only `POST` is understood.
    #[error("the method is not POST")]
    Method,
    /// `X-Amz-Target` or the content type leads to no operation (E061).
    #[error("there is no such operation")]
    UnknownOperation,
    /// The body exceeds [`BODY_LIMIT`].
    #[error("the body is too large")]
    TooLarge,
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

/// Returns the value of `X-Amz-Target` if the request has the header.
pub fn operation_target<B>(request: &Request<B>) -> Option<OperationTarget<'_>> {
    let target = request.headers().get(TARGET)?.to_str().unwrap_or_default();
    let (prefix, operation) = target.rsplit_once('.').unwrap_or_default();
    Some(OperationTarget { prefix, operation })
}

/// Checks that a request is one of the protocol: its method, its size and its content type.
///
/// # Errors
/// The refusal of a request that is not.
pub fn check_request(request: &Request<Bytes>) -> Result<(), Refusal> {
    if request.method() != Method::POST {
        return Err(Refusal::Method);
    }
    if request.body().len() > BODY_LIMIT {
        return Err(Refusal::TooLarge);
    }
    if speaks_json11(request.headers()) { Ok(()) } else { Err(Refusal::UnknownOperation) }
}

/// The protocol is found by the content type; parameters such as `charset` do not matter.
fn speaks_json11(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|header| header.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

/// The members of the body. Lone surrogates, nesting beyond 128 and bytes that are not UTF-8 are no
/// JSON that could be read.
pub fn body(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)
}

/// The response, whatever the outcome: the text of an output, or a refusal.
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

/// `__type` first and bare, then `Message` if there is one (E057, E058, E059).
fn error(model: &ServiceModel, dialect: &Dialect, refusal: &Refusal) -> (StatusCode, Bytes) {
    let (status, code, message) = match refusal {
        Refusal::Service(error) => {
            (status(model, dialect, &error.code), &*error.code, error.message.as_deref())
        }
        Refusal::Method => (StatusCode::METHOD_NOT_ALLOWED, "UnknownOperationException", None),
        Refusal::UnknownOperation => (StatusCode::BAD_REQUEST, "UnknownOperationException", None),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLargeException", None),
        Refusal::Malformed => (StatusCode::BAD_REQUEST, "SerializationException", None),
    };
    let mut body = Map::new();
    body.insert("__type".to_owned(), code.into());
    if let Some(message) = message {
        body.insert(dialect.message.to_owned(), message.into());
    }
    (status, Bytes::from(Value::Object(body).to_string()))
}

/// As the error shape says; codes without a shape are the caller's mistake.
fn status(model: &ServiceModel, dialect: &Dialect, code: &str) -> StatusCode {
    if dialect.faults.contains(&code) {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let shape = model.errors.get(code);
    shape.and_then(|shape| StatusCode::from_u16(shape.status).ok()).unwrap_or(StatusCode::BAD_REQUEST)
}
