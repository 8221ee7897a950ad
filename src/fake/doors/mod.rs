//! Ways to reach the fake: [`Connector`] inside a process without a socket, [`Wiremock`] over HTTP in
//! tests. Doors carry bytes; they must decide nothing.

mod connector;
mod wiremock;

pub use self::connector::Connector;
pub use self::wiremock::Wiremock;
