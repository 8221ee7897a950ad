//! How large the body of a request may be, told from its headers alone, so that nobody has to read more.
//! Must not read bodies.

#[cfg(feature = "server")]
use http::header::CONTENT_TYPE;

#[cfg(feature = "server")]
use super::json11::BODY_LIMIT;

/// How many bytes a request may have that is neither JSON nor a form: an object, or a part of one.
pub const OBJECT_LIMIT: usize = 256 * 1024 * 1024;

/// The limit for a request with that head. JSON services name their operation in a header, query services
/// send a form; whatever else comes may carry an object.
#[cfg(feature = "server")]
pub fn body_limit(head: &http::request::Parts) -> usize {
    let media_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = media_type.starts_with("application/x-www-form-urlencoded");
    let is_call = is_form || media_type.starts_with("application/x-amz-json-");
    if is_call || head.headers.contains_key("x-amz-target") { BODY_LIMIT } else { OBJECT_LIMIT }
}
