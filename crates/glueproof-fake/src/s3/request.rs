//! The way of an S3 request through s3s: what s3s must not see is taken off first, and its answer is waited for
//! in place, for nothing in here ever waits. Must not know what an operation means.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use s3s::Body;
use s3s::service::S3ServiceBuilder;
use sha2::{Digest, Sha256};

use super::door::Door;
use super::{address, checksum, chunked, refusal};
use crate::FakeCloud;
use crate::caller::Caller;
use crate::error::ServiceError;

const PAYLOAD: &str = "x-amz-content-sha256";

/// Answers a request of that caller's.
pub fn answer(
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
    let (body, headers) = read(request)?;
    let door = Door { cloud: cloud.clone(), caller, body: body.clone() };
    let mut plain = Request::new(Body::http_body(Full::new(body)));
    *plain.method_mut() = request.method().clone();
    *plain.uri_mut() = unsigned(&address::path_style(request.uri(), request.headers()));
    *plain.headers_mut() = headers;
    let service = S3ServiceBuilder::new(door).build();
    let answered = at_once(async { written(service.call(plain).await.ok()?).await });
    answered.flatten().ok_or_else(|| ServiceError::internal("the answer is not there"))
}

/// Body and headers as s3s is to see them: out of their chunks, and without signature.
fn read(request: &Request<Bytes>) -> Result<(Bytes, HeaderMap), ServiceError> {
    let mut headers = request.headers().clone();
    if headers.keys().any(|name| name.as_str().contains("server-side-encryption-customer")) {
        let text = "the fake keeps no objects under keys of customers' own (SSE-C)";
        return Err(ServiceError::with("NotImplemented", text));
    }
    headers.remove(AUTHORIZATION);
    let payload = headers.remove(PAYLOAD);
    let payload = payload.as_ref().and_then(|payload| payload.to_str().ok()).unwrap_or_default();
    let body = if payload.starts_with("STREAMING-") {
        let chunks = chunked::read(request.body())?;
        headers.extend(chunks.trailer);
        let promised = headers.remove("x-amz-decoded-content-length");
        if promised.is_some_and(|length| length.as_bytes() != chunks.bytes.len().to_string().as_bytes()) {
            let text = "You did not provide the number of bytes specified by the Content-Length HTTP header";
            return Err(ServiceError::with("IncompleteBody", text));
        }
        unchunked_encoding(&mut headers);
        chunks.bytes
    } else {
        check_payload(payload, request.body())?;
        request.body().clone()
    };
    headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Ok((body, headers))
}

/// `x-amz-content-sha256` is the digest of the body, or says that nobody made one.
fn check_payload(said: &str, body: &[u8]) -> Result<(), ServiceError> {
    let is_digest = said.len() == 64 && said.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_digest || said.eq_ignore_ascii_case(&checksum::hex(&Sha256::digest(body))) {
        return Ok(());
    }
    let text = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    Err(ServiceError::with("XAmzContentSHA256Mismatch", text))
}

/// Chunks are how the body travelled, not what it is.
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

/// Without the signature of a presigned URL.
fn unsigned(uri: &Uri) -> Uri {
    const SIGNATURE: [&str; 10] = [
        // Of the signatures before `SigV4`, which SDKs still put into addresses.
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
    let body = body.collect().await.ok()?.to_bytes();
    Some(Response::from_parts(head, body))
}

fn of_refusal(error: ServiceError) -> Response<Bytes> {
    let response = refusal::written(error).to_http_response().ok();
    let response = response.and_then(|response| at_once(written(response)).flatten());
    response.unwrap_or_else(|| {
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// The outcome of a future that never waits; nothing where it would.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}
