//! Decides who may use the admin path: programs on this machine. Must not know what the path offers.
//! [`Admin::refuse`] is the entry point. The gate of the server has already checked the name of the host.

use std::borrow::Cow;
use std::net::IpAddr;

use bytes::Bytes;
use http::header::{HeaderName, ORIGIN, REFERER};
use http::{HeaderMap, Response};

use super::problem::Problem;

/// A caller of the admin path.
#[derive(Debug)]
pub struct Admin {
    /// The address of the caller.
    pub peer: IpAddr,
    /// If set, other machines may use the path too.
    pub from_anywhere: bool,
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Admin {
    /// Returns the refusal of a caller who may not use the path. It needs no body.
    #[must_use]
    pub fn refuse(&self, headers: &HeaderMap) -> Option<Response<Bytes>> {
        if !self.from_anywhere && !self.peer.to_canonical().is_loopback() {
            let to_do = "ask from this machine, or start with --admin-from-anywhere";
            let what = "the admin path answers only to this machine";
            return Some(Problem::forbidden(what, "peer", to_do).response());
        }
        if is_from_a_page(headers) {
            let to_do = "ask with a program, such as curl";
            let what = "the admin path does not answer to web pages";
            return Some(Problem::forbidden(what, "headers", to_do).response());
        }
        None
    }
}

/// Returns the refusal of a request that the gate of the server does not let in.
#[must_use]
pub fn forbidden(what: impl Into<Cow<'static, str>>) -> Response<Bytes> {
    let to_do = "use the address that `serve` printed, and a program such as curl";
    Problem::forbidden(what, "headers", to_do).response()
}

/// A user who types the address into a browser sends `none`.
fn is_from_a_page(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN)
        || headers.contains_key(REFERER)
        || headers.get(FETCH_SITE).is_some_and(|site| site != "none")
}
