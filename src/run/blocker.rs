//! The call that kept a rule from being judged. Must not call a target. The entry point is [`Blocker`].

use serde::{Deserialize, Serialize};

use crate::check::PerformedStep;

/// A call whose response kept a rule from being judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocker {
    /// The service.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// Status and error code of the response.
    pub answer: String,
    /// True if the response says that the target does not have the operation.
    pub unimplemented: bool,
    /// The rule that judges the call, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Blocker {
    /// Creates the obstacle of a call.
    #[must_use]
    pub fn of(call: &PerformedStep, unimplemented: bool) -> Self {
        let answer = match &call.exchange.outcome {
            Ok(answer) => format!("{} {}", answer.status, answer.error_code().unwrap_or_default()),
            Err(_) => "nothing".to_owned(),
        };
        Self {
            service: call.exchange.request.service.clone(),
            operation: call.exchange.request.operation.clone(),
            answer: answer.trim_end().to_owned(),
            unimplemented,
            rule: None,
        }
    }

    /// Returns service and operation.
    pub(super) fn key(&self) -> (&str, &str) {
        (&self.service, &self.operation)
    }
}
