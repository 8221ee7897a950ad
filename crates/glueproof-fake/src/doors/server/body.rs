//! Reading a request's body within a limit of bytes and of time. Must not know what it reads.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

/// Why there is no body.
#[derive(Debug)]
pub enum Unread {
    /// It is larger than may be, or says that it is.
    TooLarge,
    /// It did not come in time.
    TooSlow,
    /// The client went away, or sent no HTTP.
    Broken,
}

/// The whole body. Of one that is too large only the limit is ever held.
pub async fn read(mut body: Incoming, limit: usize, patience: Duration) -> Result<Bytes, Unread> {
    if body.size_hint().lower() > limit as u64 {
        discard(body, patience);
        return Err(Unread::TooLarge);
    }
    let read = in_time(collect(&mut body, limit), patience).await;
    if let Err(Unread::TooLarge) = read {
        discard(body, patience);
    }
    read
}

/// Most bodies come with their head and need no alarm.
async fn in_time(
    reading: impl Future<Output = Result<Bytes, Unread>>,
    patience: Duration,
) -> Result<Bytes, Unread> {
    let mut reading = pin!(reading);
    let at_once = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await;
    if let Poll::Ready(read) = at_once {
        return read;
    }
    tokio::time::timeout(patience, reading).await.unwrap_or(Err(Unread::TooSlow))
}

async fn collect(body: &mut Incoming, limit: usize) -> Result<Bytes, Unread> {
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        if first.len() + whole.len() + data.len() > limit {
            return Err(Unread::TooLarge);
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

/// Takes the rest and keeps nothing. A client that is still sending when the connection is closed never
/// sees the answer that says why.
fn discard(mut body: Incoming, patience: Duration) {
    tokio::spawn(async move {
        let rest = async { while let Some(Ok(_)) = body.frame().await {} };
        // Past its time the body is dropped, and the connection with it.
        let _ = tokio::time::timeout(patience, rest).await;
    });
}
