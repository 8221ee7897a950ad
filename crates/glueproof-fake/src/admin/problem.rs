//! What went wrong at the admin path: what, where, and what to do. Must not quote state.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};

/// A refusal.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    error: Text,
}

#[derive(Debug, Serialize)]
struct Text {
    what: Cow<'static, str>,
    #[serde(rename = "where")]
    place: Cow<'static, str>,
    to_do: Cow<'static, str>,
}

impl Problem {
    /// With that status.
    pub fn new(
        status: StatusCode,
        what: impl Into<Cow<'static, str>>,
        place: impl Into<Cow<'static, str>>,
        to_do: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, error: Text { what: what.into(), place: place.into(), to_do: to_do.into() } }
    }

    /// The body cannot be used.
    pub fn body(what: impl Into<Cow<'static, str>>, to_do: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, what, "body", to_do)
    }

    /// The caller may not.
    pub fn forbidden(what: &'static str, place: &'static str, to_do: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, what, place, to_do)
    }

    /// As an answer.
    pub fn response(&self) -> Response<Bytes> {
        json_response(self.status, json!({ "error": self.error }).to_string())
    }
}

/// An answer with a value.
pub fn success(value: &Value) -> Response<Bytes> {
    json_response(StatusCode::OK, value.to_string())
}

/// An answer with JSON that is text already. Nobody may keep it, nor take it for anything else.
pub fn json_response(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
