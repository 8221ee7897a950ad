//! One line for each request: service, operation, caller, outcome and time. Must not contain a body, a header or the query of
//! an address, which can have secrets.

use std::time::Instant;

use bytes::Bytes;
use http::{Request, Response};

use crate::admin;
use crate::router::SERVICES;
use crate::service::Service;
use crate::wire::{self, Protocol, query};

/// The longest part of a line that a client chooses.
const LONGEST_PART: usize = 100;
/// The places of error codes in responses: of JSON, and of XML.
const CODES: [(&str, char); 2] = [("\"__type\":\"", '"'), ("<Code>", '<')];

/// A request that is being answered.
#[derive(Debug)]
pub struct Entry {
    service: String,
    operation: String,
    caller: String,
    since: Instant,
}

impl Entry {
    /// Reads the head of a request.
    pub fn new<B>(request: &Request<B>) -> Self {
        let said = wire::said(request);
        let path = || format!("{} {}", request.method(), request.uri().path());
        let (service, operation) = match wire::protocol(request) {
            _ if admin::is_for(request.uri()) => ("admin".to_owned(), path()),
            Protocol::Json11(target) => {
                let named = SERVICES
                    .into_iter()
                    .map(Service::dialect)
                    .find(|dialect| dialect.prefix == target.prefix);
                let service = named.map_or(said.service, |dialect| dialect.service.to_owned());
                (service, target.operation.to_owned())
            }
            Protocol::Query => (said.service, String::new()),
            Protocol::Rest => (said.service, path()),
        };
        Self { service, operation, caller: said.key, since: Instant::now() }
    }

    /// Reads the body, in which the query protocol names the operation.
    pub fn read_body(&mut self, request: &Request<Bytes>) {
        if self.operation.is_empty()
            && let Ok(query) = query::read(request)
        {
            self.operation = query.action;
        }
    }

    /// Returns the line.
    pub fn line(&self, response: &Response<Bytes>) -> String {
        let status = response.status().as_u16();
        let code = code(response).map(|code| format!(" {}", plain(&code))).unwrap_or_default();
        let millis = self.since.elapsed().as_secs_f64() * 1000.0;
        let [service, operation, caller] =
            [&self.service, &self.operation, &self.caller].map(|part| plain(part));
        format!("{service} {operation} by {caller}: {status}{code}, {millis:.1} ms")
    }
}

fn code(response: &Response<Bytes>) -> Option<String> {
    if response.status().is_success() {
        return None;
    }
    let text = String::from_utf8_lossy(response.body());
    let of = |(before, after): (&str, char)| {
        let (_, rest) = text.split_once(before)?;
        Some(rest.split(after).next()?.to_owned())
    };
    CODES.into_iter().find_map(of)
}

/// Returns a part of a line without control characters, or `-` if it is empty.
fn plain(part: &str) -> String {
    let shown: String = part.chars().filter(|c| !c.is_control()).take(LONGEST_PART).collect();
    if shown.is_empty() { "-".to_owned() } else { shown }
}
