//! The options of a server. Data only.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::tls::Certificate;

/// The address of a server, and its limits. The defaults are those of `glueproof serve`.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address and port; port 0 takes a free one. Everyone who reaches another address than loopback can read
    /// and change everything in the cloud.
    pub address: SocketAddr,
    /// The names in `Host` that the server answers to, besides loopback, [`address`](Self::address) and the host names of
    /// buckets: `fake`, or `*.example.com` for all names below one.
    pub allow_hosts: Vec<String>,
    /// The origins of web pages that may call the services, such as `http://localhost:3000`. No page may use the
    /// admin path.
    pub allow_origins: Vec<String>,
    /// The time for the head of a request, from the first byte of the connection or the end of the exchange
    /// before. A connection may be idle for the same time.
    pub header_timeout: Duration,
    /// The time for a body.
    pub body_timeout: Duration,
    /// The time in which a client may read nothing of an answer.
    pub write_timeout: Duration,
    /// The time for running exchanges to end after the server has been stopped.
    pub grace: Duration,
    /// The number of connections. Beyond it, the connection that has been idle longest ends. If none is idle, the
    /// new one is answered with 503.
    pub max_connections: usize,
    /// The number of threads that serve.
    pub threads: usize,
    /// If set, `/_glueproof/` answers other machines too.
    pub admin_from_anywhere: bool,
    /// Receives a line for each request: service, operation, caller, outcome and time.
    pub log: Option<fn(&str)>,
    /// The certificate of the server. Without one, the server speaks HTTP without TLS.
    pub tls: Option<Certificate>,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_secs(30),
            grace: Duration::from_secs(10),
            max_connections: 512,
            threads: cores.clamp(2, 8),
            admin_from_anywhere: false,
            log: None,
            tls: None,
        }
    }
}
