//! Account and region of a request, read off its `SigV4` credential scope. Must not judge signatures.

use http::Request;
use http::header::AUTHORIZATION;

use crate::fake::builder::Settings;
use crate::fake::caller::Caller;

/// The caller of a request. The region is that of the credential scope. The account is the fake's own,
/// unless the access key id is an account number. What is missing or malformed falls back to defaults.
pub fn caller<B>(request: &Request<B>, settings: &Settings) -> Caller {
    let scope = request.headers().get(AUTHORIZATION).and_then(|header| scope(header.to_str().ok()?));
    let (key, region) = scope.unwrap_or_default();
    let account = if is_account(key) { key } else { &settings.account };
    let region = if is_region(region) { region } else { &settings.region };
    Caller::root(account, region)
}

/// Access key id and region of `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn scope(authorization: &str) -> Option<(&str, &str)> {
    let credential = authorization.split_once("Credential=")?.1.split([',', ' ']).next()?;
    let mut parts = credential.split('/');
    let (key, _date, region) = (parts.next()?, parts.next()?, parts.next()?);
    Some((key, region))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_region(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(plain)
}
