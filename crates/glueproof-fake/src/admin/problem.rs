//! The responses of the admin path, and the reading of its bodies. A [`Problem`] says what went wrong, where, and what to
//! do. Must not quote state.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A refusal.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    error: ErrorText,
}

#[derive(Debug, Serialize)]
struct ErrorText {
    what: Cow<'static, str>,
    #[serde(rename = "where")]
    place: Cow<'static, str>,
    to_do: Cow<'static, str>,
}

impl Problem {
    /// A refusal with that status.
    pub fn new(
        status: StatusCode,
        what: impl Into<Cow<'static, str>>,
        place: impl Into<Cow<'static, str>>,
        to_do: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, error: ErrorText { what: what.into(), place: place.into(), to_do: to_do.into() } }
    }

    /// The refusal of a body that cannot be used.
    pub fn body(what: impl Into<Cow<'static, str>>, to_do: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what, "body", to_do)
    }

    /// The refusal of a caller.
    pub fn forbidden(what: impl Into<Cow<'static, str>>, place: &'static str, to_do: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, what, place, to_do)
    }

    /// Returns the refusal as a response.
    pub fn response(&self) -> Response<Bytes> {
        json_response(self.status, json!({ "error": self.error }).to_string())
    }
}

/// Returns a response with a value.
pub fn success(value: &Value) -> Response<Bytes> {
    json_response(StatusCode::OK, value.to_string())
}

/// Returns the members of a body.
///
/// # Errors
/// Returns an error if the body is not JSON of that type. The refusal says what to send instead.
pub fn parse<T: DeserializeOwned>(body: &[u8], to_do: &'static str) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::body(format!("it cannot be read: {error}"), to_do))
}

/// Returns a response with JSON text. Caches may not keep it, and browsers may not guess another type.
pub fn json_response(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
