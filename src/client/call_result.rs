//! The result of a call as the SDK reports it, before the raw response is added.
//!
//! Must not judge. The entry point is `CallResult`.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;

use super::error::{causes, with_advice};
use super::exchange::SdkView;

/// The result of a call, before the raw response is added.
#[derive(Debug)]
pub(super) enum CallResult {
    /// The SDK received a response.
    Received(SdkView),
    /// The timeout expired.
    TimedOut,
    /// The connection failed.
    Disconnected(String),
    /// The request could not be made.
    NotSent(String),
}

impl CallResult {
    /// Maps an error that the service did not return.
    pub fn from_sdk_error<E: Error + 'static>(error: SdkError<E, HttpResponse>) -> Self {
        match error {
            error @ SdkError::ResponseError(_) => {
                Self::Received(SdkView::Unreadable(error.source().map_or_else(|| error.to_string(), causes)))
            }
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::DispatchFailure(failure) => {
                Self::Disconnected(failure.as_connector_error().map_or_else(
                    || "the connection failed".to_owned(),
                    |e| {
                        // The SDK's own message names only the kind of error; its sources name the cause.
                        with_advice(e.source().map_or_else(|| e.to_string(), causes))
                    },
                ))
            }
            other => Self::NotSent(format!("{}", DisplayErrorContext(&other))),
        }
    }
}
