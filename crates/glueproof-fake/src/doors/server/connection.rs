//! One connection: requests in, answers out, with a limit on what a client may spend. Must not know what a
//! request means beyond whether it is for the cloud or for the admin path.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONNECTION;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutWriter;

use super::body::{self, Unread};
use super::deadline::Watched;
use super::options::Options;
use crate::FakeCloud;
use crate::admin::{self, Admin};
use crate::wire;

/// From this size on a body is worked on where it does not hold up other connections.
const LARGE: usize = 32 * 1024;

/// How much of a head, or of an answer nobody has read yet, is held.
const BUFFER: usize = 64 * 1024;

/// What every connection is served from.
#[derive(Debug)]
pub struct Service {
    pub cloud: FakeCloud,
    pub options: Options,
}

/// The conversation with one client, to be kept [`awake`](super::deadline::awake).
pub fn open(
    stream: TcpStream,
    peer: SocketAddr,
    service: &Arc<Service>,
) -> impl GracefulConnection<Error = hyper::Error> + use<> {
    // Without it small answers wait for each other; a socket that refuses still works.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(service.options.write_timeout));
    let stream: Pin<Box<TimeoutWriter<TcpStream>>> = Box::pin(stream);
    let service = Arc::clone(service);
    let header_timeout = service.options.header_timeout;
    http1::Builder::new()
        .timer(Watched)
        .header_read_timeout(header_timeout)
        .max_buf_size(BUFFER)
        .serve_connection(
            TokioIo::new(stream),
            service_fn(move |request| {
                let service = Arc::clone(&service);
                async move { Ok::<_, Infallible>(service.answer(peer, request).await.map(Full::new)) }
            }),
        )
}

impl Service {
    async fn answer(self: Arc<Self>, peer: SocketAddr, request: Request<Incoming>) -> Response<Bytes> {
        let for_admin = admin::is_for(request.uri());
        let limit = if for_admin { wire::OBJECT_LIMIT } else { wire::body_limit(&request) };
        let (head, incoming) = request.into_parts();
        if let Some(refusal) = for_admin.then(|| self.admin(peer).refuse(&head)).flatten() {
            return closing(refusal);
        }
        let read = body::read(incoming, limit, self.options.body_timeout).await;
        match read {
            Ok(body) => self.work(peer, for_admin, Request::from_parts(head, body)).await,
            Err(Unread::TooLarge) if for_admin => closing(admin::too_large(&head.uri)),
            Err(Unread::TooLarge) => closing(self.cloud.refuse_body(head)),
            Err(Unread::TooSlow) => closing(bare(StatusCode::REQUEST_TIMEOUT)),
            Err(Unread::Broken) => closing(bare(StatusCode::BAD_REQUEST)),
        }
    }

    /// Small requests take microseconds and are answered on the spot; the others get a thread of their own,
    /// so that one client's large bodies do not keep the others waiting.
    async fn work(
        self: Arc<Self>,
        peer: SocketAddr,
        for_admin: bool,
        request: Request<Bytes>,
    ) -> Response<Bytes> {
        if for_admin {
            return elsewhere(move || self.admin(peer).answer(&request)).await;
        }
        if request.body().len() >= LARGE {
            return elsewhere(move || self.cloud.handle(request)).await;
        }
        self.cloud.handle(request)
    }

    fn admin(&self, peer: SocketAddr) -> Admin<'_> {
        Admin { cloud: &self.cloud, peer: peer.ip(), from_anywhere: self.options.admin_from_anywhere }
    }
}

async fn elsewhere(work: impl FnOnce() -> Response<Bytes> + Send + 'static) -> Response<Bytes> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| bare(StatusCode::INTERNAL_SERVER_ERROR))
}

fn bare(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

/// With what is left of the request nothing can be done, so the next one needs another connection.
fn closing(mut response: Response<Bytes>) -> Response<Bytes> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
