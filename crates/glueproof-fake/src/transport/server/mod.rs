//! The fake on a port: HTTP/1.1 with limits on everything that a client can spend. This file contains docs and re-exports only.
//!
//! `start` has the listener and its threads, `open_connections` the number of connections, `connection` the requests and
//! responses of one. `gate` lets requests in, `cors` marks responses to web pages, `body` reads bodies, `request_log` describes requests, `tls` has the certificate.

mod body;
mod connection;
mod cors;
mod deadline;
mod gate;
mod open_connections;
mod options;
mod request_log;
mod start;
mod tls;

pub use options::Options;
pub use start::{ServeError, Server};
pub use tls::{Certificate, CertificateError};
