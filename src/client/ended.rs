//! How a call ended, as the SDK's pipeline tells it. Knows no operation.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;

use super::exchange::Reading;

/// How a call ended, before raw and typed views are joined.
#[derive(Debug)]
pub(super) enum Ended {
    /// The SDK read an answer, or could not.
    Read(Reading),
    /// Too slow.
    TimedOut,
    /// No answer.
    Broken(String),
    /// The request could not be made.
    NotSent(String),
}

impl Ended {
    /// What an error says that is not the service's own.
    pub fn without_answer<E: Error + 'static>(error: SdkError<E, HttpResponse>) -> Self {
        match error {
            error @ SdkError::ResponseError(_) => {
                Self::Read(Reading::Unreadable(error.source().map_or_else(|| error.to_string(), causes)))
            }
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Self::TimedOut,
            SdkError::DispatchFailure(failure) => Self::Broken(failure.as_connector_error().map_or_else(
                || "the connection failed".to_owned(),
                |e| {
                    // The SDK's own word for the kind of error says less than what caused it.
                    e.source().map_or_else(|| e.to_string(), causes)
                },
            )),
            other => Self::NotSent(format!("{}", DisplayErrorContext(&other))),
        }
    }
}

/// The messages of an error and of what caused it, without repetition.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut texts = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.dedup();
    texts.join(": ")
}
