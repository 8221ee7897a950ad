//! What a request says of its signature: in the `Authorization` header, or in the address where it was
//! signed in advance. Must not judge it.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{AUTHORIZATION, AsHeaderName};
use http::{HeaderValue, Request};

/// The one algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A signature and what it claims to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// Access key id.
    pub key: String,
    /// Day of the scope, as `20200527`.
    pub date: String,
    /// Region of the scope.
    pub region: String,
    /// Service of the scope.
    pub service: String,
    /// Names of the headers that are signed, in lower case.
    pub headers: Vec<String>,
    /// In hexadecimal digits.
    pub signature: String,
    /// When it was signed, as `20200527T232342Z`.
    pub time: String,
    /// For how many seconds it is good, where it was signed in advance.
    pub expires: Option<String>,
    /// What belongs to temporary credentials.
    pub token: Option<String>,
}

/// The parameters of an address that speak of its signature.
pub const PARAMETERS: [&str; 6] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
];

/// Parts of an `Authorization` header that have to be there.
const PARTS: [&str; 3] = ["Credential", "Signature", "SignedHeaders"];

/// Why there is no claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoClaim {
    /// The request is not signed at all.
    Unsigned,
    /// It is signed, but not whole; with what is missing or wrong.
    Incomplete(String),
}

/// What a request claims. Everything that has to be there is, though it need not be well formed.
pub fn claim(request: &Request<Bytes>) -> Result<Claim, NoClaim> {
    match header(request, AUTHORIZATION) {
        Some(authorization) => of_header(request, &authorization),
        None => of_address(request),
    }
}

/// Whose signature it is said to be, and for where, as far as that can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Access key id.
    pub key: String,
    /// Region of the scope.
    pub region: String,
}

/// What can be read of a signature, whatever else is wrong with it.
pub fn said(request: &Request<Bytes>) -> Said {
    let authorization = header(request, AUTHORIZATION);
    let credential = authorization.as_deref().and_then(|text| {
        let (_, rest) = text.split_once("Credential=")?;
        rest.split([',', ' ']).next()
    });
    match credential {
        Some(credential) => Said::in_scope(credential),
        None => Said::in_scope(&parameter(request, "X-Amz-Credential").unwrap_or_default()),
    }
}

impl Said {
    fn in_scope(credential: &str) -> Self {
        let mut parts = credential.split('/');
        let mut part = |index| parts.nth(index).unwrap_or_default().to_owned();
        Self { key: part(0), region: part(1) }
    }
}

fn of_header(request: &Request<Bytes>, authorization: &str) -> Result<Claim, NoClaim> {
    let incomplete = |text: String| NoClaim::Incomplete(text);
    let Some(rest) = authorization.trim().strip_prefix(ALGORITHM) else {
        let algorithm = authorization.split(' ').next().unwrap_or_default();
        return Err(incomplete(format!("Unsupported authorization algorithm {algorithm:?}.")));
    };
    let part = |name: &str| {
        rest.split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
            .filter(|v| !v.is_empty())
    };
    let mut missing: Vec<String> = PARTS
        .into_iter()
        .filter(|name| part(name).is_none())
        .map(|name| format!("Authorization header requires '{name}' parameter."))
        .collect();
    let time = header(request, "x-amz-date").or_else(|| header(request, "date"));
    if time.is_none() {
        missing.push(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".to_owned(),
        );
    }
    if !missing.is_empty() {
        return Err(incomplete(missing.join(" ")));
    }
    let text = |name| part(name).unwrap_or_default().to_owned();
    let mut claim = Claim {
        headers: text("SignedHeaders").split(';').map(str::to_owned).collect(),
        signature: text("Signature"),
        time: time.unwrap_or_default().into_owned(),
        token: header(request, "x-amz-security-token").map(Cow::into_owned),
        ..Claim::default()
    };
    let credential = text("Credential");
    if claim.scope(&credential) { Ok(claim) } else { Err(incomplete(bad_scope(&credential))) }
}

fn of_address(request: &Request<Bytes>) -> Result<Claim, NoClaim> {
    if parameter(request, "X-Amz-Algorithm").is_none() && parameter(request, "X-Amz-Signature").is_none() {
        return Err(NoClaim::Unsigned);
    }
    let missing: Vec<String> = PARAMETERS
        .into_iter()
        .filter(|name| parameter(request, name).is_none_or(|value| value.is_empty()))
        .map(|name| format!("AWS query-string parameters must include '{name}'."))
        .collect();
    if !missing.is_empty() {
        return Err(NoClaim::Incomplete(missing.join(" ")));
    }
    let text = |name| parameter(request, name).unwrap_or_default();
    let mut claim = Claim {
        headers: text("X-Amz-SignedHeaders").split(';').map(str::to_owned).collect(),
        signature: text("X-Amz-Signature"),
        time: text("X-Amz-Date"),
        expires: Some(text("X-Amz-Expires")),
        token: parameter(request, "X-Amz-Security-Token"),
        ..Claim::default()
    };
    let credential = text("X-Amz-Credential");
    if claim.scope(&credential) { Ok(claim) } else { Err(NoClaim::Incomplete(bad_scope(&credential))) }
}

fn bad_scope(credential: &str) -> String {
    format!(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
    )
}

impl Claim {
    /// Reads `KEY/DATE/REGION/SERVICE/aws4_request`; whether it was whole. A key id may hold slashes.
    fn scope(&mut self, credential: &str) -> bool {
        let parts: Vec<&str> = credential.split('/').collect();
        let part = |index: usize| parts.get(index).copied().unwrap_or_default().to_owned();
        (self.key, self.date, self.region, self.service) = (part(0), part(1), part(2), part(3));
        parts.len() == 5
    }
}

/// A header as text; several of one name are joined.
pub fn header(request: &Request<Bytes>, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
    let mut values = request.headers().get_all(name).iter().map(text);
    let first = values.next()?;
    Some(values.fold(first, |joined, next| Cow::Owned(format!("{joined},{next}"))))
}

fn text(value: &HeaderValue) -> Cow<'_, str> {
    // Most are plain, and looking for what is not takes longer.
    value.to_str().map_or_else(|_| String::from_utf8_lossy(value.as_bytes()), Cow::Borrowed)
}

fn parameter(request: &Request<Bytes>, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}
