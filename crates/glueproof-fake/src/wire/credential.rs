//! The signature of a request, in the `Authorization` header or in a presigned URL: reads it. Must not verify it.
//! [`claim`] is the entry point.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, AsHeaderName};
use http::{HeaderValue, Request};

/// The one algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A signature and its parts.
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
    /// The signature, in hexadecimal digits.
    pub signature: String,
    /// Time of signing, as `20200527T232342Z`.
    pub time: String,
    /// Lifetime of a presigned URL, in seconds.
    pub expires: Option<String>,
    /// Session token of temporary credentials.
    pub token: Option<String>,
}

/// The parameters of a presigned URL.
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

/// The reason why a request has no claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoClaim {
    /// The request is not signed at all.
    Unsigned,
    /// The signature is incomplete, with the missing or wrong parts.
    Incomplete(String),
}

/// Returns the claim of a request. All parts are there; they need not be well formed.
pub fn claim<B>(request: &Request<B>) -> Result<Claim, NoClaim> {
    match header(request, AUTHORIZATION) {
        Some(authorization) => of_header(request, &authorization),
        None => of_address(request),
    }
}

/// The key, the region and the service of a signature, as far as they can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Access key id.
    pub key: String,
    /// Region of the scope.
    pub region: String,
    /// Service of the scope.
    pub service: String,
}

/// Returns key, region and service of a signature, even of a malformed one.
pub fn said<B>(request: &Request<B>) -> Said {
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
        Self { key: part(0), region: part(1), service: part(0) }
    }
}

fn of_header<B>(request: &Request<B>, authorization: &str) -> Result<Claim, NoClaim> {
    let incomplete = |text: String| NoClaim::Incomplete(text);
    let rest = match authorization.trim().strip_prefix(ALGORITHM) {
        Some(rest) => rest,
        // A value without parameters lacks all parts (E214).
        None if !authorization.contains(' ') => authorization,
        None => {
            let algorithm = authorization.split(' ').next().unwrap_or_default();
            return Err(incomplete(format!("Unsupported authorization algorithm {algorithm:?}.")));
        }
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
        return Err(incomplete(format!("{} Authorization={authorization}", missing.join(" "))));
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

fn of_address<B>(request: &Request<B>) -> Result<Claim, NoClaim> {
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
    /// Reads `KEY/DATE/REGION/SERVICE/aws4_request`. Returns false if parts are missing.
    fn scope(&mut self, credential: &str) -> bool {
        let parts: Vec<&str> = credential.split('/').collect();
        let part = |index: usize| parts.get(index).copied().unwrap_or_default().to_owned();
        (self.key, self.date, self.region, self.service) = (part(0), part(1), part(2), part(3));
        parts.len() == 5
    }
}

/// Returns a header as text. Several headers of one name are joined.
pub fn header<B>(request: &Request<B>, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
    let mut values = request.headers().get_all(name).iter().map(text);
    let first = values.next()?;
    Some(values.fold(first, |joined, next| Cow::Owned(format!("{joined},{next}"))))
}

fn text(value: &HeaderValue) -> Cow<'_, str> {
    // Most values are plain, and checking that takes less time than a conversion.
    value.to_str().map_or_else(|_| String::from_utf8_lossy(value.as_bytes()), Cow::Borrowed)
}

fn parameter<B>(request: &Request<B>, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}
