//! The protocol of a request, which tells the service that it is for. Must not read the input.

use http::header::CONTENT_TYPE;
use http::{Method, Request};

use super::json11::{self, OperationTarget};
use super::query;

/// The protocol that a request is read and answered in.
#[derive(Debug, Clone, Copy)]
pub enum Protocol<'r> {
    /// AWS JSON 1.1, with the operation that the request names.
    Json11(OperationTarget<'r>),
    /// The query protocol, which only IAM and STS speak here.
    Query,
    /// The protocol of S3, where method and path name the operation.
    Rest,
}

/// Returns the protocol of a request: that of S3, unless the request has signs of another.
pub fn protocol<B>(request: &Request<B>) -> Protocol<'_> {
    if let Some(target) = json11::operation_target(request) {
        return Protocol::Json11(target);
    }
    if query::speaks_query(request) {
        return Protocol::Query;
    }
    if speaks_json(request) { Protocol::Json11(OperationTarget::default()) } else { Protocol::Rest }
}

/// Checks if the content type is that of JSON, or the request is a `POST` of `/`, which S3 does not have.
fn speaks_json<B>(request: &Request<B>) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|header| header.to_str().ok());
    media_type.is_some_and(|media_type| media_type.starts_with("application/x-amz-json"))
        || request.method() == Method::POST && request.uri().path() == "/"
}
