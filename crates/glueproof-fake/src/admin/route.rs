//! The routes of the admin path: one table of methods and paths. Must not do the work of any.
//! [`respond`] is the entry point.

use bytes::Bytes;
use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use serde_json::json;

use super::problem::{Problem, success};
use super::{clock, faults, network, state};
use crate::FakeCloud;

use Work::{Plain, WithBody};

/// The path; no bucket can have that name.
const PREFIX: &str = "/_glueproof";

struct Route {
    method: Method,
    path: &'static str,
    work: Work,
}

enum Work {
    /// Ignores the body.
    Plain(fn(&FakeCloud) -> Response<Bytes>),
    /// Reads the body.
    WithBody(fn(&FakeCloud, &[u8]) -> Result<Response<Bytes>, Problem>),
}

const ROUTES: &[Route] = &[
    Route { method: Method::GET, path: "/health", work: Plain(health) },
    Route { method: Method::POST, path: "/reset", work: WithBody(state::reset) },
    Route { method: Method::GET, path: "/clock", work: Plain(clock::read) },
    Route { method: Method::POST, path: "/clock", work: WithBody(clock::change) },
    Route { method: Method::GET, path: "/state", work: Plain(state::read) },
    Route { method: Method::PUT, path: "/state", work: WithBody(state::replace) },
    Route { method: Method::GET, path: "/faults", work: Plain(faults::read) },
    Route { method: Method::POST, path: "/faults", work: WithBody(faults::add) },
    Route { method: Method::DELETE, path: "/faults", work: Plain(faults::clear) },
    Route { method: Method::PUT, path: "/vpc", work: WithBody(network::set) },
    Route { method: Method::GET, path: "/rest", work: Plain(state::at_rest) },
];

/// Checks if a request is for the admin path and not for the cloud.
#[must_use]
pub fn is_for(uri: &Uri) -> bool {
    inner(uri).is_some()
}

fn inner(uri: &Uri) -> Option<&str> {
    uri.path().strip_prefix(PREFIX).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the response to a request.
pub fn respond(cloud: &FakeCloud, request: &Request<Bytes>) -> Response<Bytes> {
    let path = inner(request.uri()).unwrap_or_default();
    let here: Vec<&Route> = ROUTES.iter().filter(|route| route.path == path).collect();
    let Some(first) = here.first() else { return unknown(path).response() };
    match here.iter().find(|route| route.method == request.method()) {
        Some(route) => route.work.respond(cloud, request.body()),
        None => wrong_method(first.path, &here),
    }
}

/// Returns the refusal of a body that is too large.
#[must_use]
pub fn too_large(uri: &Uri) -> Response<Bytes> {
    let place = uri.path().to_owned();
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large", place, "send less").response()
}

impl Work {
    fn respond(&self, cloud: &FakeCloud, body: &[u8]) -> Response<Bytes> {
        match self {
            Plain(work) => work(cloud),
            WithBody(work) => work(cloud, body).unwrap_or_else(|problem| problem.response()),
        }
    }
}

fn health(_: &FakeCloud) -> Response<Bytes> {
    success(&json!({ "status": "ready", "version": env!("CARGO_PKG_VERSION") }))
}

fn unknown(path: &str) -> Problem {
    let all: Vec<String> =
        ROUTES.iter().map(|route| format!("{} {PREFIX}{}", route.method, route.path)).collect();
    let to_do = format!("use one of {}", all.join(", "));
    Problem::new(StatusCode::NOT_FOUND, "there is nothing here", format!("{PREFIX}{path}"), to_do)
}

fn wrong_method(path: &'static str, here: &[&Route]) -> Response<Bytes> {
    let methods: Vec<&str> = here.iter().map(|route| route.method.as_str()).collect();
    let to_do = format!("use {}", methods.join(" or "));
    let what = "the method is not one of this path's";
    let mut response =
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, what, format!("{PREFIX}{path}"), to_do).response();
    if let Ok(allowed) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}
