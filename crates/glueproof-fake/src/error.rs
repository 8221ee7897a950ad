//! What a handler answers when it refuses: a code and, where one is known, a text. Must not know HTTP
//! or how errors are written.

use std::borrow::Cow;

/// A refusal. The status follows from the model's error shape of that code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}{}", message.as_deref().map(|m| format!(": {m}")).unwrap_or_default())]
pub struct ServiceError {
    /// Bare code, as in `__type`.
    pub code: Cow<'static, str>,
    /// Absent where nobody has recorded the real text (E057 shows that the service does so too).
    pub message: Option<String>,
}

impl ServiceError {
    /// A refusal without text.
    pub fn bare(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), message: None }
    }

    /// A refusal with a text.
    pub fn with(code: &'static str, message: impl Into<String>) -> Self {
        Self { code: Cow::Borrowed(code), message: Some(message.into()) }
    }

    /// A rule of the service itself is broken (E066: plain English).
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::with("InvalidInputException", message)
    }

    /// The body cannot be read as the input (E062).
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::with("SerializationException", message)
    }

    /// The fake itself has gone wrong.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::with("InternalServiceException", message)
    }
}
