//! `SigV4`: the signature that a request should have, by aws-sigv4. Must not know whose secret it is.
//!
//! Left aside: the signatures of single chunks and trailers of a streamed body (its seed signature counts),
//! `SigV4a`, and presigned addresses that sign `x-amz-user-agent` or `x-amz-checksum-mode`, which the crate
//! never does.

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
use http::{Request, Uri};
use sha2::{Digest, Sha256};

use super::credential::{Claim, PARAMETERS, header};

const CONTENT_HASH: &str = "x-amz-content-sha256";
/// Set by the crate itself from the time of signing.
const DATE: &str = "x-amz-date";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// Whether the signature is that of the request, made with the secret at that moment.
pub fn is_right(claim: &Claim, secret: &str, at: SystemTime, request: &Request<Bytes>) -> bool {
    body_is_as_hashed(request, claim)
        && expected(claim, secret, at, request).is_some_and(|right| right == claim.signature)
}

fn expected(claim: &Claim, secret: &str, at: SystemTime, request: &Request<Bytes>) -> Option<String> {
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
        SignableBody::Precomputed(payload(request, claim)),
    );
    let output = sign(signable.ok()?, &SigningParams::V4(params)).ok()?;
    Some(output.signature().to_owned())
}

/// S3 takes addresses as they stand, every other service encodes them once more.
fn settings(claim: &Claim) -> Option<SigningSettings> {
    let mut settings = SigningSettings::default();
    // Only what the claim names is handed over, so nothing of it is to be left out.
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

/// The address without what the crate adds itself; the token stays, for the credentials handed over have none.
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

/// What stands for the body in the signature.
fn payload(request: &Request<Bytes>, claim: &Claim) -> String {
    let said = header(request, CONTENT_HASH);
    match (claim.service.as_str(), said, &claim.expires) {
        ("s3", Some(said), _) => said.into_owned(),
        ("s3", None, Some(_)) => UNSIGNED.to_owned(),
        (_, Some(said), _) if said == UNSIGNED => said.into_owned(),
        _ => hash(request.body()),
    }
}

/// S3 signs what the header says of the body, so the header has to be right, unless it says nothing of it:
/// `UNSIGNED-PAYLOAD`, `STREAMING-…`.
fn body_is_as_hashed(request: &Request<Bytes>, claim: &Claim) -> bool {
    let said = payload(request, claim);
    said == UNSIGNED || said.starts_with("STREAMING-") || said == hash(request.body())
}

fn hash(body: &[u8]) -> String {
    format!("{:x}", Sha256::digest(body))
}
