//! `SigV4`: verifies the signature of a request, and those of the chunks of a streamed body, with aws-sigv4. Must not know whose
//! secret it is.
//! [`is_right`] is the entry point.
//!
//! Not implemented: `SigV4a`, and presigned URLs that sign `x-amz-user-agent` or `x-amz-checksum-mode`, which the crate
//! never signs.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningParams, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, Request, Uri};
use sha2::{Digest, Sha256};

use super::aws_chunked::{STREAMING, TRAILER_SIGNATURE, read_chunks};
use super::credential::{Claim, PARAMETERS, header};

const CONTENT_HASH: &str = "x-amz-content-sha256";
/// Set by the crate itself from the time of signing.
const DATE: &str = "x-amz-date";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The size below which only the last signed chunk may be (S3 User Guide, as above).
const MIN_SIGNED_CHUNK_BYTES: usize = 8 * 1024;

/// Headers that presigned URLs leave unsigned: SDKs send them, and they change nothing in the cloud.
const UNSIGNED_IN_URLS: [&str; 2] = ["x-amz-user-agent", "x-amz-checksum-mode"];

/// The claim of `x-amz-content-sha256` about the body.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Payload {
    /// The hash of the body.
    Hash(String),
    /// The body is not signed, which only S3 allows.
    Unsigned(String),
    /// Every chunk is signed, and the trailing headers if there are any.
    SignedChunks(String),
}

impl Payload {
    fn text(&self) -> &str {
        match self {
            Self::Hash(text) | Self::Unsigned(text) | Self::SignedChunks(text) => text,
        }
    }
}

/// Checks that a signature is that of the request and its body, made with the secret at that moment.
pub fn is_right(claim: &Claim, secret: &str, at: SystemTime, request: &Request<Bytes>) -> bool {
    let Some(payload) = payload(request, claim) else { return false };
    if matches!(&payload, Payload::Hash(said) if *said != hash(request.body())) {
        return false;
    }
    let right =
        expected(claim, secret, at, request, payload.text()).is_some_and(|right| right == claim.signature);
    match payload {
        Payload::SignedChunks(_) if right => ChunkSigner::new(claim, secret, at).are_right(request.body()),
        _ => right,
    }
}

/// Returns the names of headers that the signature has to cover and does not: `host`, and everything that services obey.
pub fn headers_not_signed(claim: &Claim, headers: &HeaderMap) -> Vec<String> {
    let obeyed = |name: &str| name == "host" || name.starts_with("x-amz-");
    let presigned = claim.expires.is_some();
    let names = headers.keys().map(http::HeaderName::as_str).filter(|name| obeyed(name));
    let names = names.filter(|name| !(presigned && UNSIGNED_IN_URLS.contains(name)));
    names.filter(|name| !claim.headers.iter().any(|signed| signed == name)).map(str::to_owned).collect()
}

fn expected(
    claim: &Claim,
    secret: &str,
    at: SystemTime,
    request: &Request<Bytes>,
    payload: &str,
) -> Option<String> {
    let identity = Credentials::new(&claim.key, secret, None, None, "fake").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&claim.region)
        .name(&claim.service)
        .time(at)
        .settings(settings(claim)?)
        .build()
        .ok()?;
    let headers: Vec<(&str, Cow<'_, str>)> = claim
        .headers
        .iter()
        .filter(|name| *name != DATE)
        .filter_map(|name| Some((name.as_str(), header(request, name)?)))
        .collect();
    let signable = SignableRequest::new(
        request.method().as_str(),
        address(request, claim),
        headers.iter().map(|(name, value)| (*name, &**value)),
        SignableBody::Precomputed(payload.to_owned()),
    );
    let output = sign(signable.ok()?, &SigningParams::V4(params)).ok()?;
    Some(output.signature().to_owned())
}

/// S3 takes addresses as they stand, every other service encodes them once more.
fn settings(claim: &Claim) -> Option<SigningSettings> {
    let mut settings = SigningSettings::default();
    // The crate gets only the headers that the claim names, so it has to leave out none.
    settings.excluded_headers = None;
    settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
    if claim.service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    if let Some(seconds) = &claim.expires {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_secs(seconds.parse().ok()?));
    }
    Some(settings)
}

/// Returns the address without the parameters that the crate adds itself. The token stays, for the crate gets credentials
/// without one.
fn address(request: &Request<Bytes>, claim: &Claim) -> String {
    let uri = request.uri();
    let host = header(request, HOST).unwrap_or(Cow::Borrowed("localhost"));
    let base = match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}"),
        (None, Some(authority)) => format!("http://{authority}"),
        _ => format!("http://{host}"),
    };
    let query = uri.query().unwrap_or_default();
    let ours = |pair: &&str| claim.expires.is_none() || !PARAMETERS.iter().any(|name| names(pair, name));
    let query: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).filter(ours).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let whole = format!("{base}{}{mark}{}", uri.path(), query.join("&"));
    // A host that makes no address would have the crate panic.
    if whole.parse::<Uri>().is_ok_and(|uri| uri.host().is_some()) {
        whole
    } else {
        "http://localhost/".to_owned()
    }
}

fn names(pair: &str, name: &str) -> bool {
    pair.split('=').next() == Some(name)
}

/// Returns the text that stands for the body in the signature. Returns nothing for a kind of body that is not known.
fn payload(request: &Request<Bytes>, claim: &Claim) -> Option<Payload> {
    let of_body = || Payload::Hash(hash(request.body()));
    if claim.service != "s3" {
        // Every other service signs the body itself, whatever the header claims.
        return Some(of_body());
    }
    Some(match header(request, CONTENT_HASH).as_deref() {
        None if claim.expires.is_some() => Payload::Unsigned(UNSIGNED.to_owned()),
        None => of_body(),
        Some(said @ (UNSIGNED | "STREAMING-UNSIGNED-PAYLOAD-TRAILER")) => Payload::Unsigned(said.to_owned()),
        Some(
            said @ ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD" | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
        ) => Payload::SignedChunks(said.to_owned()),
        Some(said) if said.starts_with(STREAMING) => return None,
        Some(said) => Payload::Hash(said.to_owned()),
    })
}

/// Signs the chunks of a streamed body, each with the signature before it.
struct ChunkSigner<K> {
    key: K,
    /// Time and scope, as in every string to sign.
    scope: String,
    /// The signature before the next chunk.
    running: String,
}

impl ChunkSigner<()> {
    fn new(claim: &Claim, secret: &str, at: SystemTime) -> ChunkSigner<impl AsRef<[u8]>> {
        let Claim { date, region, service, time, signature, .. } = claim;
        ChunkSigner {
            key: v4::generate_signing_key(secret, at, region, service),
            scope: format!("{time}\n{date}/{region}/{service}/aws4_request"),
            running: signature.clone(),
        }
    }
}

impl<K: AsRef<[u8]>> ChunkSigner<K> {
    /// Checks the signature of every chunk, and of the trailing headers. S3 refuses a malformed body later, so here it passes.
    fn are_right(mut self, body: &Bytes) -> bool {
        let (mut right, mut small) = (true, false);
        let trailer = read_chunks(body, |chunk| {
            // Only the last chunk before the empty one may be small.
            right = right && (!small || chunk.bytes.is_empty());
            small = chunk.bytes.len() < MIN_SIGNED_CHUNK_BYTES;
            right = right && chunk.signature == Some(self.sign_chunk(&chunk.bytes));
        });
        match trailer {
            Ok(trailer) if right && !trailer.is_empty() => {
                let signature = trailer.get(TRAILER_SIGNATURE).and_then(|value| value.to_str().ok());
                signature == Some(&self.sign_trailer(&trailer))
            }
            Ok(_) => right,
            Err(_) => true,
        }
    }

    fn sign_chunk(&mut self, chunk: &[u8]) -> &str {
        let (scope, running) = (&self.scope, &self.running);
        let text = format!("AWS4-HMAC-SHA256-PAYLOAD\n{scope}\n{running}\n{}\n{}", hash(b""), hash(chunk));
        self.running = v4::calculate_signature(&self.key, text.as_bytes());
        &self.running
    }

    fn sign_trailer(&self, trailer: &HeaderMap) -> String {
        let signed = trailer.iter().filter(|(name, _)| *name != TRAILER_SIGNATURE);
        let mut lines: Vec<String> =
            signed.map(|(name, value)| format!("{name}:{}\n", value.to_str().unwrap_or_default())).collect();
        lines.sort();
        let (scope, running, hash) = (&self.scope, &self.running, hash(lines.concat().as_bytes()));
        let text = format!("AWS4-HMAC-SHA256-TRAILER\n{scope}\n{running}\n{hash}");
        v4::calculate_signature(&self.key, text.as_bytes())
    }
}

fn hash(body: &[u8]) -> String {
    format!("{:x}", Sha256::digest(body))
}
