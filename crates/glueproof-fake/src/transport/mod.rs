//! Ways to reach the fake, each a cargo feature: [`Connector`] inside a process without a socket, [`Wiremock`]
//! for mocks beside it in tests, [`Server`] for any client. Doors carry bytes; they must decide nothing.

#[cfg(feature = "connector")]
mod connector;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "wiremock")]
mod wiremock;

#[cfg(feature = "connector")]
pub use self::connector::Connector;
#[cfg(feature = "server")]
pub use self::server::{Certificate, CertificateError, Options, ServeError, Server};
#[cfg(feature = "wiremock")]
pub use self::wiremock::Wiremock;
