//! How large the body of a request may be, told from its headers alone, so that nobody has to read more.
//! Must not read bodies.

#[cfg(feature = "server")]
use super::json11::BODY_LIMIT;
#[cfg(feature = "server")]
use super::protocol::{Protocol, protocol};

/// How many bytes a request may have that is neither JSON nor a form: an object, or a part of one.
pub const OBJECT_LIMIT: usize = 256 * 1024 * 1024;

/// The limit for a request with that head: only what is for S3 may carry an object.
#[cfg(feature = "server")]
pub fn body_limit<B>(request: &http::Request<B>) -> usize {
    if matches!(protocol(request), Protocol::Rest) { OBJECT_LIMIT } else { BODY_LIMIT }
}
