//! Starts and stops a server: one listener, threads of its own, and an end that lets running exchanges finish.
//! Must not look at requests.
//! [`Server::start`] is the entry point.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use super::connection::{self, Context};
use super::gate::Gate;
use super::open_connections::OpenConnections;
use super::options::Options;
use crate::FakeCloud;

/// The number of connections that are answered with 503 at one time.
const MAX_REFUSALS: usize = 64;

/// The reason why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program listens there.
    #[error("port {} of {} is taken: another program, perhaps another glueproof, listens there", .0.port(), .0.ip())]
    Taken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// The system has no threads for the server.
    #[error("cannot start the server: {0}")]
    Threads(#[from] io::Error),
}

/// The fake on a port of this machine, with threads of its own: it needs no runtime of its caller. It stops
/// taking connections when dropped; [`Server::stop`] also waits for its end.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
/// use glueproof_fake::{FakeCloud, transport::{Options, Server}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::start(FakeCloud::new()?, Options::default())?;
/// // `server.url()` is what an SDK takes as its endpoint.
/// let mut stream = TcpStream::connect(server.address())?;
/// stream.write_all(b"GET /_glueproof/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
/// let mut answer = String::new();
/// stream.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 200 OK"));
/// server.stop();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens, and answers as the cloud does. When this returns, connections are accepted.
    ///
    /// # Errors
    /// Returns an error if the address cannot be listened on, or the machine has no threads to give.
    pub fn start(cloud: FakeCloud, options: Options) -> Result<Self, ServeError> {
        let listener = listen(options.address)?;
        let address = listener.local_addr()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .thread_name("glueproof-serve")
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let scheme = if options.tls.is_some() { "https" } else { "http" };
        let thread = thread::Builder::new()
            .name("glueproof-serve".to_owned())
            .spawn(move || serve(runtime, listener, cloud, options, stopped))?;
        Ok(Self { address, scheme, stop: Some(stop), thread: Some(thread) })
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint URL for SDKs.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Takes no more connections, lets running exchanges finish within the grace, and ends.
    pub fn stop(mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // It returns nothing, and a panic in it has been reported already.
            let _ = thread.join();
        }
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listening = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    listening.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::Taken(address),
        _ => ServeError::Address { address, source },
    })
}

fn serve(
    runtime: Runtime,
    listener: TcpListener,
    cloud: FakeCloud,
    options: Options,
    stopped: oneshot::Receiver<()>,
) {
    let grace = options.grace;
    let (open, mut ended) = OpenConnections::new(options.max_connections);
    let context = Arc::new(Context { cloud: cloud.on_worker_threads(), gate: Gate::new(&options), options });
    runtime.block_on(async move {
        tokio::select! {
            () = accept(listener, &context, &open) => {}
            // Also when the server was dropped.
            _ = stopped => {}
        }
        open.close();
        drop(open);
        // Exchanges that are not over by then are cut off.
        let _ = tokio::time::timeout(grace, ended.recv()).await;
    });
    // Does not wait for calls that still compute: their clients are gone.
    runtime.shutdown_background();
}

/// Accepts connections, and turns away those for which there is no slot.
async fn accept(listener: TcpListener, context: &Arc<Context>, open: &Arc<OpenConnections>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let refusals = Arc::new(Semaphore::new(MAX_REFUSALS));
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Some(slot) = open.enter() {
                    tokio::spawn(connection::converse(stream, peer, slot, Arc::clone(context)));
                    continue;
                }
                // Beyond the limit, a connection is closed without a response.
                let Ok(permit) = Arc::clone(&refusals).try_acquire_owned() else { continue };
                tokio::spawn(async move {
                    connection::turn_away(stream).await;
                    drop(permit);
                });
            }
            // Out of descriptors, or a client gone before it was taken: the next try may do better.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
