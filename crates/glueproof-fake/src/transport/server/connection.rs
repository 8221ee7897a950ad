//! One connection: carries requests in and responses out, within the limits of a client. Must not know what a request means,
//! beyond whether it is for the cloud or for the admin path.
//! [`converse`] is the entry point.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutWriter;

use super::body::{self, BodyError};
use super::cors;
use super::deadline::{OnWake, wake_often};
use super::gate::{Gate, GateError, Sender};
use super::open_connections::{ConnectionSlot, Ending};
use super::options::Options;
use super::request_log::Entry;
use super::tls::Certificate;
use crate::FakeCloud;
use crate::admin::{self, Admin};
use crate::caller::ClientAddress;
use crate::wire;

/// The size from which a body is worked on where it does not hold up other connections.
const LARGE_BODY_BYTES: usize = 32 * 1024;

/// The most of a head, or of an answer that the client has not read yet, that is held.
const BUFFER_BYTES: usize = 64 * 1024;

/// The response to a connection for which there is no slot.
const NO_SLOT: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: 62\r\n\
    retry-after: 1\r\nconnection: close\r\n\r\nall connections of this server are busy; see --max-connections";

/// The time for a client to read [`NO_SLOT`].
const NO_SLOT_TIMEOUT: Duration = Duration::from_secs(1);

/// The things that every connection is served from.
#[derive(Debug)]
pub struct Context {
    pub cloud: FakeCloud,
    pub gate: Gate,
    pub options: Options,
}

/// Serves one client until the connection ends, or has to end.
pub async fn converse(stream: TcpStream, peer: SocketAddr, slot: ConnectionSlot, context: Arc<Context>) {
    // Without it small answers wait for each other; a socket that refuses still works.
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = context.options.tls.as_ref().map(Certificate::acceptor) else {
        return exchange(stream, peer, slot, context).await;
    };
    // A client that does not finish the handshake in time gets no response.
    let handshake = tokio::time::timeout(context.options.header_timeout, acceptor.accept(stream)).await;
    if let Ok(Ok(stream)) = handshake {
        exchange(stream, peer, slot, context).await;
    }
}

/// Serves one client on a stream, with or without TLS.
async fn exchange<S>(stream: S, peer: SocketAddr, slot: ConnectionSlot, context: Arc<Context>)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(context.options.write_timeout));
    let stream: Pin<Box<TimeoutWriter<S>>> = Box::pin(stream);
    let header_timeout = context.options.header_timeout;
    let slot = Arc::new(slot);
    let service = service_fn(|request| {
        let (context, exchange) = (Arc::clone(&context), slot.begin_exchange());
        async move {
            let response = context.respond(peer, request).await;
            drop(exchange);
            Ok::<_, Infallible>(response.map(Full::new))
        }
    });
    let connection = http1::Builder::new()
        .timer(OnWake)
        .header_read_timeout(header_timeout)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // The errors of a connection have been told to its client as far as possible.
    wake_often(header_timeout, async {
        let ending = tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            ending = slot.ending() => ending,
        };
        if ending == Ending::Graceful {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    })
    .await;
}

/// Answers a connection for which there is no slot with 503.
pub async fn turn_away(mut stream: TcpStream) {
    let told = async {
        stream.write_all(NO_SLOT).await?;
        stream.shutdown().await?;
        // A client that still sends when the connection is closed never sees the response.
        let mut sink = [0; 4096];
        while stream.read(&mut sink).await? > 0 {}
        std::io::Result::Ok(())
    };
    let _ = tokio::time::timeout(NO_SLOT_TIMEOUT, told).await;
}

impl Context {
    async fn respond(self: Arc<Self>, peer: SocketAddr, request: Request<Incoming>) -> Response<Bytes> {
        let (head, incoming) = request.into_parts();
        let sender = match self.gate.check(&head) {
            Ok(sender) => sender,
            Err(error) => {
                body::discard(incoming, self.options.body_timeout);
                return closing(self.refuse(head, &error));
            }
        };
        match sender {
            Sender::Program => self.serve(peer, Request::from_parts(head, incoming)).await,
            // The admin path refuses every page.
            Sender::Page(_) if admin::is_for(&head.uri) => {
                self.serve(peer, Request::from_parts(head, incoming)).await
            }
            Sender::Page(origin) if cors::is_preflight(&head) => cors::preflight(&head, &origin),
            Sender::Page(origin) => {
                let mut response = self.serve(peer, Request::from_parts(head, incoming)).await;
                cors::share(&mut response, &origin);
                response
            }
        }
    }

    /// Returns the refusal of a request that is not let in, in the form that its sender reads.
    fn refuse(&self, head: http::request::Parts, error: &GateError) -> Response<Bytes> {
        if *error == GateError::HostCount {
            return bare(StatusCode::BAD_REQUEST);
        }
        if admin::is_for(&head.uri) {
            return admin::forbidden(error.to_string());
        }
        self.cloud.refuse_access(&Request::from_parts(head, Bytes::new()), &error.to_string())
    }

    async fn serve(self: Arc<Self>, peer: SocketAddr, request: Request<Incoming>) -> Response<Bytes> {
        let Some(log) = self.options.log else { return self.serve_unlogged(peer, request, None).await };
        let mut entry = Entry::new(&request);
        let response = self.serve_unlogged(peer, request, Some(&mut entry)).await;
        log(&entry.line(&response));
        response
    }

    async fn serve_unlogged(
        self: Arc<Self>,
        peer: SocketAddr,
        request: Request<Incoming>,
        entry: Option<&mut Entry>,
    ) -> Response<Bytes> {
        let for_admin = admin::is_for(request.uri());
        let limit = if for_admin { wire::OBJECT_LIMIT } else { wire::body_limit(&request) };
        let refusal = if for_admin {
            self.admin(peer).refuse(request.headers())
        } else {
            self.cloud.refuse_unread(&request)
        };
        let (mut head, incoming) = request.into_parts();
        if let Some(refusal) = refusal {
            body::discard(incoming, self.options.body_timeout);
            return closing(refusal);
        }
        let read = body::read(incoming, limit, self.options.body_timeout).await;
        head.extensions.insert(ClientAddress(peer.ip()));
        match read {
            Ok(body) => {
                let request = Request::from_parts(head, body);
                if let Some(entry) = entry {
                    entry.read_body(&request);
                }
                self.work(for_admin, request).await
            }
            Err(BodyError::TooLarge) if for_admin => closing(admin::too_large(&head.uri)),
            Err(BodyError::TooLarge) => closing(self.cloud.refuse_body(head)),
            Err(BodyError::Timeout) => closing(bare(StatusCode::REQUEST_TIMEOUT)),
            Err(BodyError::Broken) => closing(bare(StatusCode::BAD_REQUEST)),
        }
    }

    /// Answers small requests at once, for they take microseconds. Other requests get a thread of their own, so that the
    /// large bodies and RSA keys of one client do not keep the others waiting.
    async fn work(self: Arc<Self>, for_admin: bool, request: Request<Bytes>) -> Response<Bytes> {
        if for_admin {
            return in_background(move || admin::respond(&self.cloud, &request)).await;
        }
        if request.body().len() >= LARGE_BODY_BYTES || FakeCloud::can_take_long(&request) {
            return in_background(move || self.cloud.handle(request)).await;
        }
        self.cloud.handle(request)
    }

    fn admin(&self, peer: SocketAddr) -> Admin {
        Admin { peer: peer.ip(), from_anywhere: self.options.admin_from_anywhere }
    }
}

async fn in_background(work: impl FnOnce() -> Response<Bytes> + Send + 'static) -> Response<Bytes> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| bare(StatusCode::INTERNAL_SERVER_ERROR))
}

fn bare(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// Ends the connection after a response: the rest of the request stands where the next one would begin.
fn closing(mut response: Response<Bytes>) -> Response<Bytes> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
