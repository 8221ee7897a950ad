//! One request and its response, as data: raw, as JSON and as the SDK deserialized it.
//!
//! Sends nothing. The entry point is [`Exchange`].

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use super::error::CallFailure;
use super::signer::SessionCredentials;

/// A request before it is signed.
#[derive(Debug, Clone)]
pub struct Request {
    /// The service, for example `glue`.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// The body.
    pub body: Bytes,
    /// Headers that replace those of the SDK, in lower case; `None` removes one.
    pub headers: BTreeMap<String, Option<String>>,
}

impl Request {
    /// Creates a request with this input and the usual headers.
    #[must_use]
    pub fn plain(service: &str, operation: &str, input: &Value) -> Self {
        Self {
            service: service.to_owned(),
            operation: operation.to_owned(),
            body: Bytes::from(input.to_string()),
            headers: BTreeMap::new(),
        }
    }
}

/// One request and its response, with the placeholder names of cases for run and account.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The response, or the reason why there is none.
    pub outcome: Result<Response, CallFailure>,
    /// The number of times that the call was repeated after a server error or a lost connection.
    pub retries: u32,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as received.
    pub body: Bytes,
    /// The body as JSON, if it is valid.
    pub json: Option<Value>,
    /// The view of the SDK.
    pub sdk_view: SdkView,
    /// Credentials in the response; `body` and `json` contain a placeholder instead.
    pub session: Option<SessionCredentials>,
}

/// A response as the real SDK deserialized it.
#[derive(Debug, Clone, PartialEq)]
pub enum SdkView {
    /// An output, converted to JSON.
    Output(Value),
    /// An error of the service.
    Error {
        /// The code in its metadata.
        code: Option<String>,
        /// The name of the modelled error type, if the SDK chose one.
        modelled: Option<String>,
    },
    /// The SDK could not deserialize the response.
    Unreadable(String),
    /// No SDK crate knows the operation, so there is no second view.
    Untyped,
}

impl SdkView {
    /// Translates every string of the output.
    #[must_use]
    pub(super) fn map_text(self, translate: impl Fn(String) -> String) -> Self {
        match self {
            Self::Output(value) => Self::Output(map_strings(value, &translate)),
            other => other,
        }
    }
}

fn map_strings(value: Value, translate: &impl Fn(String) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(translate(text)),
        Value::Array(items) => items.into_iter().map(|item| map_strings(item, translate)).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(name, inner)| (name, map_strings(inner, translate))).collect()
        }
        other => other,
    }
}

impl Response {
    /// Returns true for 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns true for 4xx.
    #[must_use]
    pub fn is_client_error(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// Returns true for 5xx.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        (500..600).contains(&self.status)
    }

    /// Returns true for the statuses after which SDKs repeat a call: 500, 502, 503 and 504.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.status, 500 | 502 | 503 | 504)
    }

    /// Returns the error code of an unsuccessful response, from the header or `__type`. Drops the namespace before `#` and
    /// the suffix after `:`, as AWS JSON clients do.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        if self.is_success() {
            return None;
        }
        let body = self.json.as_ref();
        let from_body =
            || body.and_then(|b| b.get("__type").or_else(|| b.get("code"))).and_then(Value::as_str);
        let raw = self.headers.get("x-amzn-errortype").map(String::as_str).or_else(from_body)?;
        let bare = raw.split(':').next().unwrap_or(raw);
        Some(bare.rsplit('#').next().unwrap_or(bare)).filter(|code| !code.is_empty())
    }

    /// Returns the error message, from `Message` or `message`.
    #[must_use]
    pub fn error_message(&self) -> Option<&str> {
        let body = self.json.as_ref()?;
        body.get("Message").or_else(|| body.get("message"))?.as_str()
    }
}
