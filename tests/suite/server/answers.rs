//! The answers of a server: a function, from which others are made. Holds no connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use http::{Request, Response};

/// `None` closes the connection without a word.
pub type Answers = Arc<dyn Fn(Request<Bytes>) -> Option<Response<Bytes>> + Send + Sync>;

/// The operation a request names.
pub fn operation(request: &Request<Bytes>) -> String {
    let target = request.headers().get("x-amz-target").and_then(|t| t.to_str().ok()).unwrap_or_default();
    target.split_once('.').map_or(target, |(_, operation)| operation).to_owned()
}

fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    let head = Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
    head.body(body.into()).unwrap()
}

/// The same answer to everything.
pub fn constant(status: u16, body: &'static str) -> Answers {
    Arc::new(move |_| Some(response(status, body)))
}

/// The request as a success.
pub fn echo() -> Answers {
    Arc::new(|request| Some(response(200, request.into_body())))
}

/// The right answers.
pub fn fake(cloud: &FakeCloud) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| Some(cloud.handle(request)))
}

/// The first so many answers of another server are "not now".
pub fn throttling(first: u64, then: Answers) -> Answers {
    let asked = AtomicU64::new(0);
    Arc::new(move |request| {
        if asked.fetch_add(1, Ordering::Relaxed) < first {
            return Some(response(400, r#"{"__type":"ThrottlingException","Message":"Rate exceeded"}"#));
        }
        then(request)
    })
}

/// The answers of a slow server, each after a pause, and the number of requests so far.
pub fn slow(pause: Duration, answers: Answers) -> (Answers, Arc<AtomicU64>) {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let slow: Answers = Arc::new(move |request| {
        thread::sleep(pause);
        count.fetch_add(1, Ordering::Relaxed);
        answers(request)
    });
    (slow, asked)
}
