//! The error of a handler: a code and a text. Texts that no recording shows are plain sentences of the fake, which no rule
//! compares. Must not know HTTP, nor how errors are written.

use std::borrow::Cow;

/// A refusal. The status follows from the model's error shape of that code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}{}", message.as_deref().map(|m| format!(": {m}")).unwrap_or_default())]
pub struct ServiceError {
    /// Bare code, as in `__type`.
    pub code: Cow<'static, str>,
    /// Absent if recordings show that the service sends no text (E057, E210, E235).
    pub message: Option<String>,
}

impl ServiceError {
    /// A refusal whose recordings have no text (E210, E235).
    pub fn without_text(code: &'static str) -> Self {
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
