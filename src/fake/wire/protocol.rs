//! Which protocol a request speaks, which tells whom it is for. Must not read what it asks.

use http::Request;

use super::json11::{self, Dialect};
use super::query;

/// How a request wants to be read and answered.
#[derive(Debug, Clone, Copy)]
pub enum Protocol {
    /// AWS JSON 1.1, in the way of one service.
    Json11(&'static Dialect),
    /// The query protocol, which only IAM and STS speak here.
    Query,
}

/// The protocol of a request: JSON where nothing tells of another.
pub fn protocol<B>(request: &Request<B>) -> Protocol {
    if json11::target(request).is_none() && query::speaks_query(request) {
        return Protocol::Query;
    }
    Protocol::Json11(json11::dialect(request))
}
