//! One request and its response, as data: what was sent, what came raw, and how the SDK read it.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::Value;

use super::session::Session;

/// What to send.
#[derive(Debug, Clone)]
pub struct Request {
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation whose pipeline carries it.
    pub operation: String,
    /// The body.
    pub body: Bytes,
    /// Headers set on purpose, lower case; `None` removes one.
    pub headers: BTreeMap<String, Option<String>>,
}

impl Request {
    /// An input as it is, under the headers every call has.
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

/// One request and what came of it, in canonical terms (run and account as in cases).
#[derive(Debug, Clone)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What came, or why nothing did.
    pub outcome: Result<Answer, CallFailure>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as it came.
    pub body: Bytes,
    /// The body as JSON, if it is any.
    pub json: Option<Value>,
    /// How the SDK read it.
    pub reading: Reading,
    /// Credentials it handed out; body and JSON do not show them.
    pub session: Option<Session>,
}

/// How the real SDK read an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// As an output, given back as JSON.
    Output(Value),
    /// As an error.
    Error {
        /// Code in its metadata.
        code: Option<String>,
        /// Name of the modelled error type it chose, if it knew one.
        modelled: Option<String>,
    },
    /// Not at all.
    Unreadable(String),
    /// As nothing in particular: the call went out as one without types, so that there is no second opinion.
    Untyped,
}

impl Reading {
    /// The same reading with every text in its output translated.
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

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// Too slow, whether in answering or in dripping.
    #[error("no complete answer within {0:?}")]
    Timeout(std::time::Duration),
    /// Could not reach it, or the connection broke.
    #[error("{0}")]
    Connection(String),
    /// More bytes than anybody should send.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Throttled, again and again.
    #[error("still throttled after {0} attempts")]
    Throttled(u32),
    /// Not made, on purpose.
    #[error("{0}")]
    HeldBack(String),
    /// The request could not be made.
    #[error("{0}")]
    Harness(String),
}

impl Answer {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the status is 4xx.
    #[must_use]
    pub fn is_client_error(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// Whether the status is 5xx.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        (500..600).contains(&self.status)
    }

    /// The error code of an answer that is no success: from the header or `__type`, what follows `#`,
    /// without what follows `:`, as AWS JSON clients read it.
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

    /// The error's text, whatever the capital.
    #[must_use]
    pub fn error_message(&self) -> Option<&str> {
        let body = self.json.as_ref()?;
        body.get("Message").or_else(|| body.get("message"))?.as_str()
    }
}
