//! Which protocol a request speaks, which tells whom it is for. Must not read what it asks.

use http::header::CONTENT_TYPE;
use http::{Method, Request};

use super::json11::{self, OperationTarget};
use super::query;

/// How a request wants to be read and answered.
#[derive(Debug, Clone, Copy)]
pub enum Protocol<'r> {
    /// AWS JSON 1.1, with the operation that the request names.
    Json11(OperationTarget<'r>),
    /// The query protocol, which only IAM and STS speak here.
    Query,
    /// The protocol of S3, where method and path say what is asked.
    Rest,
}

/// The protocol of a request: S3's where nothing tells of another.
pub fn protocol<B>(request: &Request<B>) -> Protocol<'_> {
    if let Some(target) = json11::operation_target(request) {
        return Protocol::Json11(target);
    }
    if query::speaks_query(request) {
        return Protocol::Query;
    }
    if speaks_json(request) { Protocol::Json11(OperationTarget::default()) } else { Protocol::Rest }
}

/// The content type says so, or it is posted to nothing in particular, which in S3 means nothing.
fn speaks_json<B>(request: &Request<B>) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|header| header.to_str().ok());
    media_type.is_some_and(|media_type| media_type.starts_with("application/x-amz-json"))
        || request.method() == Method::POST && request.uri().path() == "/"
}
