//! Bodies in chunks with their lengths in front and checksums behind (`aws-chunked`, S3 User Guide, "Signature
//! calculations for the authorization header: transferring a payload in multiple chunks"), which is how SDKs
//! upload today. Must not judge the chunks' signatures.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::ServiceError;

/// What the chunks hold.
#[derive(Debug)]
pub struct Unchunked {
    pub bytes: Bytes,
    /// What stood behind the last chunk.
    pub trailer: HeaderMap,
}

/// Puts the chunks together.
pub fn read(body: &[u8]) -> Result<Unchunked, ServiceError> {
    let mut rest = body;
    let mut bytes = BytesMut::with_capacity(body.len());
    loop {
        let (head, behind) = line(rest).ok_or_else(incomplete)?;
        let size = head.split(|byte| *byte == b';').next().and_then(size).ok_or_else(incomplete)?;
        if size == 0 {
            return Ok(Unchunked { bytes: bytes.freeze(), trailer: trailer(behind)? });
        }
        let (chunk, behind) = behind.split_at_checked(size).ok_or_else(incomplete)?;
        bytes.extend_from_slice(chunk);
        rest = behind.strip_prefix(b"\r\n").ok_or_else(incomplete)?;
    }
}

fn size(hexadecimal: &[u8]) -> Option<usize> {
    usize::from_str_radix(std::str::from_utf8(hexadecimal).ok()?, 16).ok()
}

fn line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.windows(2).position(|pair| pair == b"\r\n")?;
    Some((&text[..end], &text[end + 2..]))
}

fn trailer(mut text: &[u8]) -> Result<HeaderMap, ServiceError> {
    let mut headers = HeaderMap::new();
    while let Some((head, behind)) = line(text).or((!text.is_empty()).then_some((text, &[][..]))) {
        text = behind;
        if head.is_empty() {
            continue;
        }
        let colon = head.iter().position(|byte| *byte == b':').ok_or_else(malformed)?;
        let name = HeaderName::from_bytes(&head[..colon]).map_err(|_| malformed())?;
        let value = HeaderValue::from_bytes(head[colon + 1..].trim_ascii()).map_err(|_| malformed())?;
        headers.insert(name, value);
    }
    Ok(headers)
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
