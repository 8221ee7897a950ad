//! Starting and stopping: one listener, threads of its own, and an end that lets running exchanges finish.
//! Must not look at requests.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, oneshot};

use super::connection::{self, Service};
use super::deadline::awake;
use super::options::Options;
use crate::FakeCloud;

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Somebody else listens there.
    #[error("port {} of {} is taken: another program, perhaps another glueproof, listens there", .0.port(), .0.ip())]
    Taken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Address {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Threads that cannot be had.
    #[error("cannot start the server: {0}")]
    Threads(#[from] io::Error),
}

/// The fake on a port of this machine, with threads of its own: whoever calls it may block or not. It stops
/// taking connections when dropped; [`Server::stop`] also waits for its end.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
/// use glueproof_fake::{FakeCloud, doors::{Options, Server}};
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
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens, and answers as the cloud does. When this returns, connections are taken.
    ///
    /// # Errors
    /// When the address cannot be listened on, or the machine has no threads to give.
    pub fn start(cloud: FakeCloud, options: Options) -> Result<Self, ServeError> {
        let listener = listen(options.address)?;
        let address = listener.local_addr()?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .thread_name("glueproof-serve")
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("glueproof-serve".to_owned())
            .spawn(move || serve(runtime, listener, cloud, options, stopped))?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to give an SDK as its endpoint.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more connections, lets running exchanges finish within the grace, and ends.
    pub fn stop(mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // It has nothing to hand over, and a panic in it has been reported already.
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
    let service = Arc::new(Service { cloud, options });
    runtime.block_on(async move {
        let graceful = GracefulShutdown::new();
        tokio::select! {
            () = accept(listener, &service, &graceful) => {}
            // Also when the server was dropped.
            _ = stopped => {}
        }
        // Whoever is not done by then is cut off.
        let _ = tokio::time::timeout(grace, graceful.shutdown()).await;
    });
    // Not waiting for what still computes: nobody is there to get the answer.
    runtime.shutdown_background();
}

/// Takes connections as long as there are fewer than may be.
async fn accept(listener: TcpListener, service: &Arc<Service>, graceful: &GracefulShutdown) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(service.options.connections.max(1)));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let done = graceful.watch(connection::open(stream, peer, service));
                let done = awake(done, service.options.header_timeout);
                tokio::spawn(async move {
                    // A client that broke the rules or went away has been told what can be told.
                    let _ = done.await;
                    drop(place);
                });
            }
            // Out of descriptors, or a client gone before it was taken: the next try may do better.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
