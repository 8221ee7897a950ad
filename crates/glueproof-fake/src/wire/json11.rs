//! AWS JSON 1.1: which operation a request means, what its body holds, and how answers and errors are
//! written. Must not look inside the body nor touch state.

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

/// How one service speaks the protocol.
#[derive(Debug)]
pub struct Dialect {
    /// As in credential scopes and actions of policies.
    pub service: &'static str,
    /// What stands before the operation in `X-Amz-Target`.
    pub prefix: &'static str,
    /// Member of an error that holds its text.
    pub message: &'static str,
    /// What is the service's fault and not the caller's, besides what its model says.
    pub faults: &'static [&'static str],
}

/// Glue's (E057).
pub const GLUE: Dialect = Dialect { service: "glue", prefix: "AWSGlue", message: "Message", faults: &[] };

/// That of KMS (E059). Whatever the model says, all that is the caller's mistake is 400 (E072 to E080).
pub const KMS: Dialect = Dialect {
    service: "kms",
    prefix: "TrentService",
    message: "message",
    faults: &["KMSInternalException", "InternalServiceException"],
};

/// That of CloudWatch Logs (E059).
pub const LOGS: Dialect = Dialect {
    service: "logs",
    prefix: "Logs_20140328",
    message: "message",
    faults: &["InternalServiceException"],
};

/// That of the Resource Groups Tagging API.
pub const TAGGING: Dialect = Dialect {
    service: "tagging",
    prefix: "ResourceGroupsTaggingAPI_20170126",
    message: "Message",
    faults: &["InternalServiceException"],
};

const DIALECTS: [&Dialect; 4] = [&GLUE, &KMS, &LOGS, &TAGGING];

/// What `X-Amz-Target` names.
#[derive(Debug, Clone, Copy, Default)]
pub struct Named<'r> {
    /// That of the service before the point, if it is one of these.
    service: Option<&'static Dialect>,
    /// What stands behind the point, of whatever service; empty where there is none.
    pub operation: &'r str,
}

impl Named<'_> {
    /// How to answer: as Glue does where no service is named.
    pub fn dialect(&self) -> &'static Dialect {
        self.service.unwrap_or(&GLUE)
    }
}

/// What the header names, if it is there.
pub fn named<B>(request: &Request<B>) -> Option<Named<'_>> {
    let target = request.headers().get(TARGET)?.to_str().unwrap_or_default();
    let (prefix, operation) = target.rsplit_once('.').unwrap_or_default();
    let service = DIALECTS.into_iter().find(|dialect| dialect.prefix == prefix);
    Some(Named { service, operation })
}

/// The operation that a request is for.
pub fn operation<'r>(named: Named<'r>, request: &Request<Bytes>) -> Result<&'r str, Refusal> {
    if request.method() != Method::POST {
        return Err(Refusal::Method);
    }
    if request.body().len() > BODY_LIMIT {
        return Err(Refusal::TooLarge);
    }
    if !speaks_json11(request.headers()) {
        return Err(Refusal::UnknownOperation);
    }
    named.service.map(|_| named.operation).ok_or(Refusal::UnknownOperation)
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
