//! The fake on a port: HTTP/1.1 with limits on everything a client can spend. `start` owns the listener and
//! its threads, `connection` carries requests in and answers out, `body` reads what a client sends.

mod body;
mod connection;
mod deadline;
mod options;
mod start;

pub use options::Options;
pub use start::{ServeError, Server};
