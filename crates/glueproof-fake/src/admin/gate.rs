//! Who may use the admin path: programs on this machine, and browsers only when their user typed the
//! address. Must not know what the path offers.
//!
//! A page on the internet can make a browser call this machine. Scripts of other origins are given away by
//! the headers that browsers add; a page whose name has been pointed at this machine (DNS rebinding) by the
//! name, for no name of the internet is a name of this server.

use std::net::IpAddr;

use bytes::Bytes;
use http::header::{HOST, HeaderName, ORIGIN};
use http::request::Parts;
use http::{Request, Response};

use super::problem::Problem;
use super::route;
use crate::FakeCloud;

/// A caller at the admin path.
#[derive(Debug)]
pub struct Admin<'s> {
    /// What is administered.
    pub cloud: &'s FakeCloud,
    /// Who asks.
    pub peer: IpAddr,
    /// Whether other machines may.
    pub from_anywhere: bool,
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

impl Admin<'_> {
    /// The refusal of a caller who may not ask at all; to be found out before the body is read.
    #[must_use]
    pub fn refuse(&self, head: &Parts) -> Option<Response<Bytes>> {
        self.problem(head).map(|problem| problem.response())
    }

    /// Does what the request asks for.
    #[must_use]
    pub fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        route::answer(self.cloud, request)
    }

    fn problem(&self, head: &Parts) -> Option<Problem> {
        if !self.from_anywhere && !self.peer.to_canonical().is_loopback() {
            let to_do = "ask from this machine, or start with --admin-from-anywhere";
            return Some(Problem::forbidden("the admin path answers only to this machine", "peer", to_do));
        }
        if head.headers.contains_key(ORIGIN) || is_from_a_page(head) {
            let to_do = "ask with a program, such as curl";
            return Some(Problem::forbidden("the admin path does not answer to web pages", "headers", to_do));
        }
        if host(head).is_some_and(|host| self.is_ours(host)) {
            return None;
        }
        let to_do = "use the address that `serve` printed";
        Some(Problem::forbidden("the request is for a host of another name", "Host", to_do))
    }

    /// Addresses cannot be rebound, nor names that no public name server answers for.
    fn is_ours(&self, host: &str) -> bool {
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        let local = host == "localhost" || host.ends_with(".localhost");
        // Such as the name of a container.
        let inside = self.from_anywhere && (!host.contains('.') || host.ends_with(".internal"));
        address || local || inside
    }
}

/// What a user typed into the address bar is `none`.
fn is_from_a_page(head: &Parts) -> bool {
    head.headers.get(FETCH_SITE).is_some_and(|site| site != "none")
}

/// The name without the port, in small letters as it is usually written; nothing if there is no single one.
fn host(head: &Parts) -> Option<&str> {
    let mut given = head.headers.get_all(HOST).iter();
    let (host, None) = (given.next()?.to_str().ok()?, given.next()) else { return None };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    Some(name).filter(|name| !name.is_empty())
}
