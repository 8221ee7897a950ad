//! The way of an S3 request through s3s: removes signature and chunks, and writes the response.
//! Must not know what an operation means.
//! [`respond`] is the entry point.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::{Bytes, BytesMut};
use glueproof_spec::PARTITIONS;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use s3s::Body;
use s3s::service::S3ServiceBuilder;
use sha2::{Digest, Sha256};

use super::service::S3Service;
use super::{checksum, error, unread_member};
use crate::FakeCloud;
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::wire::aws_chunked::{ChunkError, STREAMING, TRAILER_SIGNATURE, read_chunks};

const PAYLOAD: &str = "x-amz-content-sha256";

/// Returns the response to a request.
pub fn respond(
    cloud: &FakeCloud,
    caller: Result<Caller, ServiceError>,
    request_id: &str,
    request: &Request<Bytes>,
) -> Response<Bytes> {
    let mut response = match caller.and_then(|caller| handled(cloud, caller, request)) {
        Ok(response) => response,
        Err(error) => of_refusal(error),
    };
    if request.method() == Method::HEAD {
        *response.body_mut() = Bytes::new();
    } else {
        let length = response.body().len();
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert("x-amz-request-id", id);
    }
    response
}

fn handled(
    cloud: &FakeCloud,
    caller: Caller,
    request: &Request<Bytes>,
) -> Result<Response<Bytes>, ServiceError> {
    let uri = path_style(request.uri(), request.headers());
    unread_member::check(cloud, request, uri.path())?;
    let (body, headers) = read(request)?;
    let service = S3Service { cloud: cloud.clone(), caller, body: body.clone() };
    let mut plain = Request::new(Body::http_body(Full::new(body)));
    *plain.method_mut() = request.method().clone();
    *plain.uri_mut() = unsigned(&uri);
    *plain.headers_mut() = headers;
    let s3s = S3ServiceBuilder::new(service).build();
    let answered = poll_ready(async { written(s3s.call(plain).await.ok()?).await });
    let mut response =
        answered.flatten().ok_or_else(|| ServiceError::internal("the response is not there"))?;
    if matches!(*request.method(), Method::GET | Method::HEAD) && response.status().is_success() {
        response.headers_mut().extend(unread_member::response_headers(request));
    }
    Ok(response)
}

/// Returns body and headers for s3s: without chunks and without signature.
fn read(request: &Request<Bytes>) -> Result<(Bytes, HeaderMap), ServiceError> {
    let mut headers = request.headers().clone();
    headers.remove(AUTHORIZATION);
    let payload = headers.remove(PAYLOAD);
    let payload = payload.as_ref().and_then(|payload| payload.to_str().ok()).unwrap_or_default();
    let body = if payload.starts_with(STREAMING) {
        let (bytes, trailer) = join_chunks(request.body())?;
        headers.extend(trailer);
        let promised = headers.remove("x-amz-decoded-content-length");
        if promised.is_some_and(|length| length.as_bytes() != bytes.len().to_string().as_bytes()) {
            let text = "You did not provide the number of bytes specified by the Content-Length HTTP header";
            return Err(ServiceError::with("IncompleteBody", text));
        }
        unchunked_encoding(&mut headers);
        bytes
    } else {
        check_payload(payload, request.body())?;
        request.body().clone()
    };
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Ok((body, headers))
}

/// Checks `x-amz-content-sha256`, unless the header says that there is no digest.
fn check_payload(said: &str, body: &[u8]) -> Result<(), ServiceError> {
    let is_digest = said.len() == 64 && said.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest || said.eq_ignore_ascii_case(&checksum::hex(&Sha256::digest(body))) {
        return Ok(());
    }
    let text = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    Err(ServiceError::with("XAmzContentSHA256Mismatch", text))
}

/// Removes `aws-chunked` from the encodings.
fn unchunked_encoding(headers: &mut HeaderMap) {
    let Some(encoding) = headers.remove(CONTENT_ENCODING) else { return };
    let encodings = encoding.to_str().unwrap_or_default().split(',').map(str::trim);
    let left: Vec<&str> = encodings.filter(|encoding| *encoding != "aws-chunked").collect();
    if let Some(left) = Some(left.join(",")).filter(|left| !left.is_empty())
        && let Ok(left) = HeaderValue::from_str(&left)
    {
        headers.insert(CONTENT_ENCODING, left);
    }
}

/// Removes the signature of a presigned URL.
fn unsigned(uri: &Uri) -> Uri {
    const SIGNATURE: [&str; 10] = [
        // Signatures before `SigV4`, which some SDKs still use in URLs.
        "AWSAccessKeyId",
        "Signature",
        "Expires",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
    ];
    let is_signed = |query: &&str| query.contains("X-Amz-Signature=") || query.contains("AWSAccessKeyId=");
    let Some(query) = uri.query().filter(is_signed) else { return uri.clone() };
    let of_signature = |pair: &&str| SIGNATURE.contains(&pair.split('=').next().unwrap_or_default());
    let left: Vec<&str> = query.split('&').filter(|pair| !of_signature(pair)).collect();
    let path =
        if left.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), left.join("&")) };
    path.parse().unwrap_or_else(|_| uri.clone())
}

async fn written(response: s3s::HttpResponse) -> Option<Response<Bytes>> {
    let (head, body) = response.into_parts();
    let mut body = body.collect().await.ok()?.to_bytes();
    if !head.status.is_success()
        && let Some(completed) = error::add_text(&body)
    {
        body = completed.into();
    }
    Some(Response::from_parts(head, body))
}

fn of_refusal(error: ServiceError) -> Response<Bytes> {
    let response = error::written(error).to_http_response().ok();
    let response = response.and_then(|response| poll_ready(written(response)).flatten());
    response.unwrap_or_else(|| {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// Polls a future once. Returns nothing if the future would wait.
fn poll_ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

/// Joins the chunks of a body. Returns the bytes, and the headers behind the last chunk.
fn join_chunks(body: &Bytes) -> Result<(Bytes, HeaderMap), ServiceError> {
    let mut bytes = BytesMut::with_capacity(body.len());
    let trailer = read_chunks(body, |chunk| bytes.extend_from_slice(&chunk.bytes));
    let mut trailer = trailer.map_err(|error| match error {
        ChunkError::Incomplete => incomplete(),
        ChunkError::Trailer => malformed(),
    })?;
    trailer.remove(TRAILER_SIGNATURE);
    Ok((bytes.freeze(), trailer))
}

fn incomplete() -> ServiceError {
    let text = "You did not provide the number of bytes specified by the Content-Length HTTP header.";
    ServiceError::with("IncompleteBody", text)
}

fn malformed() -> ServiceError {
    let text = "The request contained trailing data that was not well-formed or did not conform to our \
                published schema.";
    ServiceError::with("MalformedTrailerError", text)
}

/// Checks if a host is that of a bucket.
#[cfg(feature = "server")]
pub fn is_bucket_host(host: &str) -> bool {
    bucket_of(host).is_some()
}

/// Returns the bucket of a host of S3, such as
/// `bucket.s3.eu-west-1.amazonaws.com`, `bucket.s3.localhost:4566`.
fn bucket_of(host: &str) -> Option<&str> {
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let (bucket, service) = host.rsplit_once(".s3").filter(|(bucket, _)| !bucket.is_empty())?;
    let is_ours = service.starts_with(['.', '-']);
    let domains = PARTITIONS.iter().map(|partition| partition.dns_suffix).chain(["localhost"]);
    let ends_well = domains.filter_map(|domain| service.strip_suffix(domain)).any(|name| name.ends_with('.'));
    (is_ours && ends_well).then_some(bucket)
}

/// Returns path and query, with the bucket of the host moved into the path.
fn path_style(uri: &Uri, headers: &HeaderMap) -> Uri {
    let host = headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| uri.authority().map(http::uri::Authority::as_str));
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = match host.and_then(bucket_of) {
        Some(bucket) => format!("/{bucket}{}{query}", uri.path()),
        None => format!("{}{query}", uri.path()),
    };
    PathAndQuery::try_from(path).map_or_else(|_| Uri::default(), Uri::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_is_found_in_the_host() {
        for (host, bucket) in [
            ("logs.s3.amazonaws.com", Some("logs")),
            ("my.dotted.bucket.s3.eu-west-1.amazonaws.com:443", Some("my.dotted.bucket")),
            ("old.s3-us-west-2.amazonaws.com", Some("old")),
            ("b.s3.localhost:4566", Some("b")),
            ("s3.amazonaws.com", None),
            ("s3.eu-west-1.amazonaws.com", None),
            ("127.0.0.1:4566", None),
            ("localhost", None),
            ("glue.us-east-1.amazonaws.com", None),
            ("bucket.s3.example.org", None),
        ] {
            assert_eq!(bucket_of(host), bucket, "{host}");
        }
    }
}
