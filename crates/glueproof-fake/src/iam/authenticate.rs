//! Authentication: finds the caller of a request by the access key id, or verifies the signature.
//! Must not decide what a caller may do, nor know how a refusal is written.
//! [`authenticate`] is the entry point; [`Mode`] selects the checks.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use glueproof_spec::partition;
use http::Request;

use super::state::SecretText;
use crate::caller::{Caller, RequestClient};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::fault::Bug;
use crate::wire::{Claim, NoClaim, Said, claim, headers_not_signed, signature_is_right};

/// The largest difference between the clocks of client and service, in seconds.
const MAX_SKEW_SECONDS: u32 = 5 * 60;
/// The same for S3 (S3 User Guide, "Error responses").
const MAX_S3_SKEW_SECONDS: u32 = 15 * 60;
/// The longest lifetime of a presigned URL, in seconds.
const MAX_PRESIGNED_SECONDS: i64 = 7 * 24 * 3600;

/// The checks that the fake makes on callers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// No checks: every call belongs to the default account.
    Off,
    /// The access key id identifies the caller. Signatures and policies are not checked.
    #[default]
    Identify,
    /// Signatures are verified, and policies decide.
    Enforce,
}

/// A name that no mode has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no mode {0:?}; off, identify and enforce there are")]
pub struct UnknownMode(String);

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(name: &str) -> Result<Self, UnknownMode> {
        match name {
            "off" => Ok(Self::Off),
            "identify" => Ok(Self::Identify),
            "enforce" => Ok(Self::Enforce),
            unknown => Err(UnknownMode(unknown.to_owned())),
        }
    }
}

/// The reason why authentication fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// The request is not signed.
    #[error("Missing Authentication Token")]
    Unsigned,
    /// The signature is incomplete.
    #[error("{0}")]
    Incomplete(String),
    /// The access key is unknown, or has another session token.
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    /// Temporary credentials have expired.
    #[error("The security token included in the request is expired")]
    Expired,
    /// The difference between the clocks is too large.
    #[error("{0}")]
    Skewed(String),
    /// A presigned URL has expired.
    #[error("Request has expired")]
    RequestExpired,
    /// The signature is for another day, service or region.
    #[error("{0}")]
    Scope(String),
    /// The signature leaves out headers that it has to cover.
    #[error("'{}' must be a 'SignedHeader' in the AWS Authorization.", .0.join("', '"))]
    HeadersNotSigned(Vec<String>),
    /// The signature belongs to another request, or to another secret.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
         Access Key and signing method. Consult the service documentation for details."
    )]
    WrongSignature,
}

impl AuthenticationError {
    /// Returns the error of services with a JSON protocol (AWS "Common errors").
    pub fn in_json(&self) -> ServiceError {
        let code = match self {
            Self::Unsigned => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Expired => "ExpiredTokenException",
            Self::RequestExpired => "RequestExpired",
            Self::Skewed(_) | Self::Scope(_) | Self::HeadersNotSigned(_) | Self::WrongSignature => {
                "InvalidSignatureException"
            }
        };
        ServiceError::with(code, self.to_string())
    }

    /// Returns the error of services with the query protocol (IAM API Reference, "Common errors").
    pub fn in_query(&self) -> ServiceError {
        let code = match self {
            Self::Unsigned => {
                return ServiceError::with(
                    "MissingAuthenticationToken",
                    "Request is missing Authentication Token",
                );
            }
            Self::Incomplete(_) => "IncompleteSignature",
            Self::UnknownKey => "InvalidClientTokenId",
            Self::Expired => "ExpiredToken",
            Self::RequestExpired => "RequestExpired",
            Self::Skewed(_) | Self::Scope(_) | Self::HeadersNotSigned(_) | Self::WrongSignature => {
                "SignatureDoesNotMatch"
            }
        };
        ServiceError::with(code, self.to_string())
    }
}

impl AuthenticationError {
    /// Returns the error of S3 (Amazon S3 API Reference, "Error responses").
    pub fn in_rest(&self) -> ServiceError {
        let code = match self {
            Self::Unsigned => return ServiceError::with("AccessDenied", "Access Denied"),
            Self::RequestExpired => "AccessDenied",
            Self::HeadersNotSigned(_) => {
                let text = "There were headers present in the request which were not signed";
                return ServiceError::with("AccessDenied", text);
            }
            Self::Incomplete(_) | Self::Scope(_) => "AuthorizationHeaderMalformed",
            Self::UnknownKey => {
                let text = "The AWS Access Key Id you provided does not exist in our records.";
                return ServiceError::with("InvalidAccessKeyId", text);
            }
            Self::Expired => "ExpiredToken",
            Self::Skewed(_) => {
                let text = "The difference between the request time and the current time is too large.";
                return ServiceError::with("RequestTimeTooSkewed", text);
            }
            Self::WrongSignature => "SignatureDoesNotMatch",
        };
        ServiceError::with(code, self.to_string())
    }
}

/// Returns the caller of a request to a service. The mode decides if the signature is verified.
///
/// # Errors
/// The signature is not valid, in [`Mode::Enforce`].
pub fn authenticate(
    cloud: &Cloud,
    service: &str,
    request: &Request<Bytes>,
    said: &Said,
) -> Result<Caller, AuthenticationError> {
    if cloud.settings.mode == Mode::Enforce {
        return verify(cloud, service, request);
    }
    let region = if is_region(&said.region) { &said.region } else { &cloud.settings.region };
    let account = &cloud.settings.account;
    Ok(match cloud.settings.mode {
        Mode::Off => Caller::root(account, region),
        Mode::Identify | Mode::Enforce if is_account(&said.key) => Caller::root(&said.key, region),
        Mode::Identify | Mode::Enforce => owner(cloud, &said.key, region)
            .map_or_else(|| Caller::root(account, region), |owner| owner.caller(&said.key, region)),
    })
}

fn verify(cloud: &Cloud, service: &str, request: &Request<Bytes>) -> Result<Caller, AuthenticationError> {
    let Signed { claim, at, owner } = match read_head(cloud, Some(service), request)? {
        Signer::Default(caller) => return Ok(caller),
        Signer::Key(signed) => *signed,
    };
    let unchecked = cloud.failpoint(Bug::SignatureUnchecked);
    if !unchecked && !signature_is_right(&claim, owner.secret.reveal(), at, request) {
        return Err(AuthenticationError::WrongSignature);
    }
    if owner.expired {
        return Err(AuthenticationError::Expired);
    }
    Ok(Caller { client: RequestClient::of(request), ..owner.caller(&claim.key, &claim.region) })
}

/// Checks the parts of [`authenticate`] that need only the headers, before the body is read.
///
/// # Errors
/// The signature is missing, incomplete, of an unknown key, outdated or for another service, in [`Mode::Enforce`].
#[cfg(feature = "server")]
pub fn check_head<B>(
    cloud: &Cloud,
    service: Option<&str>,
    request: &Request<B>,
) -> Result<(), AuthenticationError> {
    if cloud.settings.mode == Mode::Enforce { read_head(cloud, service, request).map(drop) } else { Ok(()) }
}

/// The signer of a request, as far as the head tells.
enum Signer<'c> {
    /// The default account, because of a fault.
    Default(Caller),
    /// The owner of a key.
    Key(Box<Signed<'c>>),
}

/// A signature that has still to be compared with the request.
struct Signed<'c> {
    claim: Claim,
    at: SystemTime,
    owner: KeyOwner<'c>,
}

/// Checks everything of a signature that needs no body.
fn read_head<'c, B>(
    cloud: &'c Cloud,
    service: Option<&str>,
    request: &Request<B>,
) -> Result<Signer<'c>, AuthenticationError> {
    let root = || Caller::root(&cloud.settings.account, &cloud.settings.region);
    let claim = match claim(request) {
        Ok(claim) => claim,
        Err(NoClaim::Unsigned) if cloud.failpoint(Bug::UnsignedIsRoot) => {
            return Ok(Signer::Default(root()));
        }
        Err(NoClaim::Unsigned) => return Err(AuthenticationError::Unsigned),
        Err(NoClaim::Incomplete(text)) => return Err(AuthenticationError::Incomplete(text)),
    };
    let at = moment(&claim.time).ok_or_else(|| {
        AuthenticationError::Incomplete(format!(
            "Date must be in ISO-8601 'basic format'. Got '{}'.",
            claim.time
        ))
    })?;
    let Some(owner) = owner(cloud, &claim.key, &claim.region) else {
        return if cloud.failpoint(Bug::UnknownKeyIsRoot) {
            Ok(Signer::Default(root()))
        } else {
            Err(AuthenticationError::UnknownKey)
        };
    };
    if owner.token.map(SecretText::reveal) != claim.token.as_deref() {
        return Err(AuthenticationError::UnknownKey);
    }
    if !cloud.failpoint(Bug::TimeUnchecked) {
        in_time(cloud, &claim, at)?;
    }
    if let Some(service) = service {
        in_scope(&claim, service)?;
    }
    let unsigned = headers_not_signed(&claim, request.headers());
    if !unsigned.is_empty() && !cloud.failpoint(Bug::SignatureUnchecked) {
        return Err(AuthenticationError::HeadersNotSigned(unsigned));
    }
    Ok(Signer::Key(Box::new(Signed { claim, at, owner })))
}

/// The owner of an access key, with its secret.
struct KeyOwner<'a> {
    account: &'a str,
    principal: String,
    secret: &'a SecretText,
    token: Option<&'a SecretText>,
    expired: bool,
}

impl KeyOwner<'_> {
    fn caller(&self, key: &str, region: &str) -> Caller {
        let mut caller = Caller::named(self.account, region, &self.principal);
        caller.session = self.token.map(|_| key.to_owned());
        caller
    }
}

fn owner<'a>(cloud: &'a Cloud, key: &str, region: &str) -> Option<KeyOwner<'a>> {
    cloud.accounts().find_map(|(account, state)| {
        let iam = &state.iam;
        if let Some(session) = iam.sessions.get(key) {
            let expired = session.expires <= cloud.now();
            let (secret, token) = (&session.secret, Some(&session.token));
            return Some(KeyOwner { account, principal: session.principal.clone(), secret, token, expired });
        }
        let of_root =
            || Some((format!("arn:{}:iam::{account}:root", partition(region)), iam.root_keys.get(key)?));
        let of_user = || iam.user_of_key(key).map(|(user, found)| (user.arn.clone(), found));
        let (principal, found) = of_root().or_else(of_user).filter(|(_, key)| key.active)?;
        Some(KeyOwner { account, principal, secret: &found.secret, token: None, expired: false })
    })
}

fn in_time(cloud: &Cloud, claim: &Claim, at: SystemTime) -> Result<(), AuthenticationError> {
    let now = cloud.now().seconds();
    let signed = seconds(at);
    let skew = i64::from(if claim.service == "s3" { MAX_S3_SKEW_SECONDS } else { MAX_SKEW_SECONDS });
    let minutes = skew / 60;
    let (given, server) = (&claim.time, basic(now));
    if signed > now + skew {
        let until = basic(now + skew);
        let text = format!(
            "Signature not yet current: {given} is still later than {until} ({server} + {minutes} min.)"
        );
        return Err(AuthenticationError::Skewed(text));
    }
    match &claim.expires {
        Some(text) => {
            let good =
                text.parse::<i64>().ok().filter(|seconds| (1..=MAX_PRESIGNED_SECONDS).contains(seconds));
            let good = good.ok_or_else(|| {
                AuthenticationError::Incomplete(format!(
                    "X-Amz-Expires must be a number of seconds from 1 to {MAX_PRESIGNED_SECONDS}"
                ))
            })?;
            if signed + good < now { Err(AuthenticationError::RequestExpired) } else { Ok(()) }
        }
        None if signed < now - skew => {
            let since = basic(now - skew);
            let text =
                format!("Signature expired: {given} is now earlier than {since} ({server} - {minutes} min.)");
            Err(AuthenticationError::Skewed(text))
        }
        None => Ok(()),
    }
}

/// Checks that a signature is for this day, service and region.
fn in_scope(claim: &Claim, service: &str) -> Result<(), AuthenticationError> {
    let wrong = |text: String| Err(AuthenticationError::Scope(text));
    if !claim.time.starts_with(&claim.date) || claim.date.len() != 8 {
        let (date, day) = (&claim.date, claim.time.split('T').next().unwrap_or_default());
        return wrong(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != '{day}', from '{}'.",
            claim.time
        ));
    }
    if claim.service != service {
        return wrong(format!("Credential should be scoped to correct service: '{service}'. "));
    }
    if !is_region(&claim.region) {
        return wrong(format!("Credential should be scoped to a valid region, not '{}'. ", claim.region));
    }
    Ok(())
}

/// Reads a time such as `20200527T232342Z`.
fn moment(text: &str) -> Option<SystemTime> {
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    if text.len() != 16 || text.get(8..9) != Some("T") || text.get(15..) != Some("Z") {
        return None;
    }
    let (date, time) = (digits(0..8)?, digits(9..15)?);
    let extended = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..]
    );
    humantime::parse_rfc3339(&extended).ok()
}

fn basic(seconds: i64) -> String {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    let text = humantime::format_rfc3339_seconds(SystemTime::UNIX_EPOCH + since).to_string();
    text.replace(['-', ':'], "")
}

fn seconds(at: SystemTime) -> i64 {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_region(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=32).contains(&text.len()) && text.bytes().all(plain)
}
