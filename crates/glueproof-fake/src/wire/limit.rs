//! The largest body of a request, told from its head alone, so that no more has to be read. Must not read bodies.

#[cfg(feature = "server")]
use super::json11::BODY_LIMIT;
#[cfg(feature = "server")]
use super::protocol::{Protocol, protocol};

/// The most bytes of an object, or of a part of one, in one request.
pub const OBJECT_LIMIT: usize = 256 * 1024 * 1024;

/// Returns the limit for a request. Only objects and their parts may exceed the limit of documents.
#[cfg(feature = "server")]
pub fn body_limit<B>(request: &http::Request<B>) -> usize {
    let is_put = request.method() == http::Method::PUT;
    if matches!(protocol(request), Protocol::Rest) && is_put && !has_subresource(request.uri()) {
        OBJECT_LIMIT
    } else {
        BODY_LIMIT
    }
}

/// Checks if a URL of S3 names a part of a bucket or object that is put as an XML document, such as `?encryption`.
#[cfg(feature = "server")]
fn has_subresource(uri: &http::Uri) -> bool {
    let mut pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    pairs.any(|pair| !pair.contains('=') || pair.ends_with('='))
}
