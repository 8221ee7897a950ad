//! What a server may be told. Data only.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Where a server listens and how patient it is. What is left out is as `serve` has it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address and port; port 0 takes a free one. Anybody who reaches another address than loopback can read
    /// and change everything in the cloud.
    pub address: SocketAddr,
    /// How long the head of a request may take, from the first byte of the connection or the end of the
    /// exchange before: it is also how long a connection may be idle.
    pub header_timeout: Duration,
    /// How long a body may take.
    pub body_timeout: Duration,
    /// How long a client may read nothing of an answer.
    pub write_timeout: Duration,
    /// How long exchanges may go on when the server has been stopped.
    pub grace: Duration,
    /// How many connections there may be; more wait until one ends.
    pub connections: usize,
    /// Threads that serve.
    pub threads: usize,
    /// Whether `/_glueproof/` answers others than this machine.
    pub admin_from_anywhere: bool,
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_mins(1),
            write_timeout: Duration::from_secs(30),
            grace: Duration::from_secs(10),
            connections: 512,
            threads: cores.clamp(2, 8),
            admin_from_anywhere: false,
        }
    }
}
