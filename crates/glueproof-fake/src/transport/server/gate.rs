//! The gate: refuses requests for hosts of other names, and requests of web pages. Must not know what a request asks for.
//! [`Gate::check`] is the entry point.
//!
//! A page on the internet can make a browser call this machine. Browsers mark such calls with `Origin`, `Sec-Fetch-Site` or
//! `Referer`. A page can also have its own name resolve to this machine (DNS rebinding). Its calls then carry that name in
//! `Host`.

use std::net::IpAddr;

use http::header::{HOST, HeaderName, ORIGIN, REFERER};
use http::request::Parts;
use http::{HeaderValue, Uri, Version};

use super::options::Options;
use crate::s3;

/// The header in which browsers say how the page and the server are related.
pub const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The reason why a request is not let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// HTTP/1.1 with no `Host`, or with two (RFC 9112, section 3.2).
    #[error("a request has exactly one Host header in HTTP/1.1")]
    HostCount,
    /// `Host` names another machine.
    #[error("this server does not answer to the host {0:?}; `--allow-host NAME` allows one more")]
    Host(String),
    /// A page of an origin that is not allowed.
    #[error("web pages of {0:?} may not call this server; `--allow-origin ORIGIN` allows an origin")]
    Origin(String),
    /// A page whose origin the request does not tell.
    #[error("web pages of an unknown origin may not call this server")]
    UnknownOrigin,
}

/// The sender of a request that is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A program, or a page of the server itself.
    Program,
    /// A web page of that allowed origin.
    Page(HeaderValue),
}

/// The names and origins that a server answers to.
#[derive(Debug)]
pub struct Gate {
    address: IpAddr,
    hosts: Vec<String>,
    origins: Vec<String>,
    single_labels: bool,
}

impl Gate {
    /// The gate of a server with these options.
    pub fn new(options: &Options) -> Self {
        let lower = |texts: &[String]| texts.iter().map(|text| text.to_ascii_lowercase()).collect();
        Self {
            address: options.address.ip(),
            hosts: lower(&options.allow_hosts),
            origins: lower(&options.allow_origins),
            // Such as the name of a container, which no public name server resolves.
            single_labels: options.admin_from_anywhere,
        }
    }

    /// Checks the head of a request.
    ///
    /// # Errors
    /// Returns an error if the request is for another host, or of a web page that is not allowed.
    pub fn check(&self, head: &Parts) -> Result<Sender, GateError> {
        let host = self.check_host(head)?;
        self.check_page(head, host)
    }

    fn check_host<'h>(&self, head: &'h Parts) -> Result<&'h str, GateError> {
        let mut given = head.headers.get_all(HOST).iter();
        let host = match (given.next(), given.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            (None, None) if head.version < Version::HTTP_11 => "",
            _ => return Err(GateError::HostCount),
        };
        let target = head.uri.authority().map(http::uri::Authority::as_str);
        for named in [Some(host), target].into_iter().flatten() {
            if !self.is_own_host(&without_port(named).to_ascii_lowercase()) {
                return Err(GateError::Host(named.to_owned()));
            }
        }
        Ok(host)
    }

    fn is_own_host(&self, host: &str) -> bool {
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            // No name server stands between an address and a machine.
            return address.to_canonical().is_loopback()
                || address == self.address
                || self.address.is_unspecified();
        }
        let local = host == "localhost" || host.ends_with(".localhost");
        let inside =
            self.single_labels && !host.is_empty() && (!host.contains('.') || host.ends_with(".internal"));
        local || inside || s3::is_bucket_host(host) || self.hosts.iter().any(|allowed| names(allowed, host))
    }

    /// A page of the server itself is a program of the server's own users.
    fn check_page(&self, head: &Parts, host: &str) -> Result<Sender, GateError> {
        let text = |name| head.headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("null"));
        let origin = text(ORIGIN).map(str::to_ascii_lowercase);
        let origin = origin.or_else(|| text(REFERER).map(origin_of));
        if let Some(origin) = origin {
            if origin == format!("http://{}", host.to_ascii_lowercase()) {
                return Ok(Sender::Program);
            }
            if !self.origins.contains(&origin) {
                return Err(GateError::Origin(origin));
            }
            let value = head.headers.get(ORIGIN).cloned();
            let value = value.or_else(|| HeaderValue::from_str(&origin).ok());
            return value.map(Sender::Page).ok_or(GateError::UnknownOrigin);
        }
        // A user who types an address sends `none`.
        match text(FETCH_SITE) {
            None | Some("none" | "same-origin") => Ok(Sender::Program),
            Some(_) => Err(GateError::UnknownOrigin),
        }
    }
}

/// Returns the origin of the page that a `Referer` names.
fn origin_of(referer: &str) -> String {
    let uri = referer.parse::<Uri>().unwrap_or_default();
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}").to_ascii_lowercase(),
        _ => "null".to_owned(),
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Checks if an allowed name, or `*.` and a name, is that host.
fn names(allowed: &str, host: &str) -> bool {
    match allowed.strip_prefix('*') {
        Some(end) => end.starts_with('.') && host.len() > end.len() && host.ends_with(end),
        None => allowed == host,
    }
}
