//! `aws-chunked` bodies (S3 User Guide, "Signature calculations for the authorization header: transferring a payload in
//! multiple chunks"): reads chunks and the headers behind them. Must not verify signatures.
//! [`read_chunks`] is the entry point.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

/// The start of `x-amz-content-sha256` for every such body.
pub const STREAMING: &str = "STREAMING-";

/// The trailing header with the signature of the other trailing headers.
pub const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// One chunk of a body.
#[derive(Debug)]
pub struct Chunk<'b> {
    /// The bytes; empty in the last chunk.
    pub bytes: Bytes,
    /// The signature, if the chunk has one.
    pub signature: Option<&'b str>,
}

/// The reason why a body has no chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// The body ends early, or a size is no number.
    #[error("the body is incomplete")]
    Incomplete,
    /// The trailing headers are malformed.
    #[error("the trailing headers are malformed")]
    Trailer,
}

/// Hands over each chunk, the empty last one included, and returns the trailing headers. Copies nothing.
///
/// # Errors
/// Returns an error if the body is malformed. The chunks before the error have been handed over.
pub fn read_chunks(body: &Bytes, mut take: impl FnMut(Chunk<'_>)) -> Result<HeaderMap, ChunkError> {
    let mut rest: &[u8] = body;
    loop {
        let (head, behind) = split_line(rest).ok_or(ChunkError::Incomplete)?;
        let mut parts = head.split(|byte| *byte == b';');
        let size = parts.next().and_then(chunk_size).ok_or(ChunkError::Incomplete)?;
        let signature = parts.find_map(|part| part.strip_prefix(b"chunk-signature="));
        let signature = signature.and_then(|signature| std::str::from_utf8(signature).ok());
        let (chunk, behind) = behind.split_at_checked(size).ok_or(ChunkError::Incomplete)?;
        take(Chunk { bytes: body.slice_ref(chunk), signature });
        if size == 0 {
            return read_trailer(behind);
        }
        rest = behind.strip_prefix(b"\r\n").ok_or(ChunkError::Incomplete)?;
    }
}

fn chunk_size(hexadecimal: &[u8]) -> Option<usize> {
    usize::from_str_radix(std::str::from_utf8(hexadecimal).ok()?, 16).ok()
}

fn split_line(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.windows(2).position(|pair| pair == b"\r\n")?;
    Some((&text[..end], &text[end + 2..]))
}

fn read_trailer(mut text: &[u8]) -> Result<HeaderMap, ChunkError> {
    let mut headers = HeaderMap::new();
    while let Some((head, behind)) = split_line(text).or((!text.is_empty()).then_some((text, &[][..]))) {
        text = behind;
        if head.is_empty() {
            continue;
        }
        let colon = head.iter().position(|byte| *byte == b':').ok_or(ChunkError::Trailer)?;
        let name = HeaderName::from_bytes(&head[..colon]).map_err(|_| ChunkError::Trailer)?;
        let value =
            HeaderValue::from_bytes(head[colon + 1..].trim_ascii()).map_err(|_| ChunkError::Trailer)?;
        headers.try_insert(name, value).map_err(|_| ChunkError::Trailer)?;
    }
    Ok(headers)
}
