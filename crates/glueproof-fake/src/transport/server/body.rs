//! Reads the body of a request within a limit of bytes and of time. Must not know what the body contains.
//! [`read`] is the entry point.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

/// The reason why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// The body, or its announced length, exceeds the limit.
    #[error("the body is too large")]
    TooLarge,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    Timeout,
    /// The client went away, or sent no HTTP.
    #[error("the connection broke")]
    Broken,
}

/// Returns the whole body. Of a larger one, no more than the limit is ever held.
///
/// # Errors
/// Returns an error if the body is too large, too slow, or ends early.
pub async fn read(mut body: Incoming, limit: usize, timeout: Duration) -> Result<Bytes, BodyError> {
    if body.size_hint().lower() > limit as u64 {
        discard(body, timeout);
        return Err(BodyError::TooLarge);
    }
    let read = in_time(collect(&mut body, limit), timeout).await;
    if let Err(BodyError::TooLarge) = read {
        discard(body, timeout);
    }
    read
}

/// Reads and drops the rest of a body. A client that still sends when the connection is closed never sees the
/// response.
pub fn discard(mut body: Incoming, timeout: Duration) {
    tokio::spawn(async move {
        let rest = async { while let Some(Ok(_)) = body.frame().await {} };
        // After the timeout the body is dropped, and the connection with it.
        let _ = tokio::time::timeout(timeout, rest).await;
    });
}

/// Most bodies come with their head and need no timer.
async fn in_time(
    reading: impl Future<Output = Result<Bytes, BodyError>>,
    timeout: Duration,
) -> Result<Bytes, BodyError> {
    let mut reading = pin!(reading);
    let at_once = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await;
    if let Poll::Ready(read) = at_once {
        return read;
    }
    tokio::time::timeout(timeout, reading).await.unwrap_or(Err(BodyError::Timeout))
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, BodyError> {
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        if first.len() + whole.len() + data.len() > limit {
            return Err(BodyError::TooLarge);
        }
        // Most bodies come in one piece and need no copy.
        if first.is_empty() && whole.is_empty() {
            first = data;
        } else {
            whole.extend_from_slice(&std::mem::take(&mut first));
            whole.extend_from_slice(&data);
        }
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}
