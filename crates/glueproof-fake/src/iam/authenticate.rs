//! Who a request is from: found from its access key id, or proved by its signature. Must not decide what
//! anybody may do, nor know how a refusal is written.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;

use super::mode::Mode;
use super::state::SecretText;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::fault::Bug;
use crate::wire::{Claim, NoClaim, Said, claim, signature_is_right};

/// How far a request's clock may be off, and S3's patience (S3 User Guide, "Error responses").
const SKEW: u32 = 5 * 60;
const SKEW_OF_S3: u32 = 15 * 60;
/// For how long an address signed in advance may be good: seven days.
const LONGEST: i64 = 7 * 24 * 3600;

/// Why a caller is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// There is no signature.
    #[error("Missing Authentication Token")]
    Unsigned,
    /// There is one, but not whole.
    #[error("{0}")]
    Incomplete(String),
    /// Nobody has that access key, or not with that session token.
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    /// Temporary credentials that are no longer good.
    #[error("The security token included in the request is expired")]
    Expired,
    /// The time is too far off.
    #[error("{0}")]
    Skewed(String),
    /// An address signed in advance that is no longer good.
    #[error("Request has expired")]
    RequestExpired,
    /// The signature is for another day, service or region.
    #[error("{0}")]
    Scope(String),
    /// The signature is another request's, or made with another secret.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
         Access Key and signing method. Consult the service documentation for details."
    )]
    WrongSignature,
}

impl Unproved {
    /// The code in services that speak JSON (AWS "Common errors").
    pub fn in_json(&self) -> ServiceError {
        let code = match self {
            Self::Unsigned => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::Expired => "ExpiredTokenException",
            Self::RequestExpired => "RequestExpired",
            Self::Skewed(_) | Self::Scope(_) | Self::WrongSignature => "InvalidSignatureException",
        };
        ServiceError::with(code, self.to_string())
    }

    /// The code in services that speak the query protocol (IAM API Reference, "Common errors").
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
            Self::Skewed(_) | Self::Scope(_) | Self::WrongSignature => "SignatureDoesNotMatch",
        };
        ServiceError::with(code, self.to_string())
    }
}

impl Unproved {
    /// The code in S3 (Amazon S3 API Reference, "Error responses").
    pub fn in_rest(&self) -> ServiceError {
        let code = match self {
            Self::Unsigned => return ServiceError::with("AccessDenied", "Access Denied"),
            Self::RequestExpired => "AccessDenied",
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

/// The caller of a request to that service, as far as the mode asks: by what the request says, or by what it proves.
///
/// # Errors
/// In [`Mode::Enforce`], when the request does not prove who it is from.
pub fn authenticate(
    cloud: &Cloud,
    service: &str,
    request: &Request<Bytes>,
    said: &Said,
) -> Result<Caller, Unproved> {
    if cloud.settings.mode == Mode::Enforce {
        return prove(cloud, service, request);
    }
    let region = if is_region(&said.region) { &said.region } else { &cloud.settings.region };
    let account = &cloud.settings.account;
    Ok(match cloud.settings.mode {
        Mode::Off => Caller::root(account, region),
        Mode::Identify | Mode::Enforce if is_account(&said.key) => Caller::root(&said.key, region),
        Mode::Identify | Mode::Enforce => holder(cloud, &said.key)
            .map_or_else(|| Caller::root(account, region), |holder| holder.caller(&said.key, region)),
    })
}

fn prove(cloud: &Cloud, service: &str, request: &Request<Bytes>) -> Result<Caller, Unproved> {
    let root = || Caller::root(&cloud.settings.account, &cloud.settings.region);
    let claim = match claim(request) {
        Ok(claim) => claim,
        Err(NoClaim::Unsigned) if cloud.failpoint(Bug::UnsignedIsRoot) => return Ok(root()),
        Err(NoClaim::Unsigned) => return Err(Unproved::Unsigned),
        Err(NoClaim::Incomplete(text)) => return Err(Unproved::Incomplete(text)),
    };
    let at = moment(&claim.time).ok_or_else(|| {
        Unproved::Incomplete(format!("Date must be in ISO-8601 'basic format'. Got '{}'.", claim.time))
    })?;
    let Some(holder) = holder(cloud, &claim.key) else {
        return if cloud.failpoint(Bug::UnknownKeyIsRoot) { Ok(root()) } else { Err(Unproved::UnknownKey) };
    };
    if holder.token.map(SecretText::reveal) != claim.token.as_deref() {
        return Err(Unproved::UnknownKey);
    }
    if !cloud.failpoint(Bug::TimeUnchecked) {
        in_time(cloud, &claim, at)?;
    }
    in_scope(&claim, service)?;
    let unchecked = cloud.failpoint(Bug::SignatureUnchecked);
    if !unchecked && !signature_is_right(&claim, holder.secret.reveal(), at, request) {
        return Err(Unproved::WrongSignature);
    }
    if holder.expired {
        return Err(Unproved::Expired);
    }
    Ok(holder.caller(&claim.key, &claim.region))
}

/// Whose credentials an access key id belongs to.
struct Holder<'a> {
    account: &'a str,
    principal: String,
    secret: &'a SecretText,
    token: Option<&'a SecretText>,
    expired: bool,
}

impl Holder<'_> {
    fn caller(&self, key: &str, region: &str) -> Caller {
        let mut caller = Caller::named(self.account, region, &self.principal);
        caller.session = self.token.map(|_| key.to_owned());
        caller
    }
}

fn holder<'a>(cloud: &'a Cloud, key: &str) -> Option<Holder<'a>> {
    cloud.accounts().find_map(|(account, state)| {
        let iam = &state.iam;
        if let Some(session) = iam.sessions.get(key) {
            let expired = session.expires <= cloud.now();
            let (secret, token) = (&session.secret, Some(&session.token));
            return Some(Holder { account, principal: session.principal.clone(), secret, token, expired });
        }
        let of_root = || Some((format!("arn:aws:iam::{account}:root"), iam.root_keys.get(key)?));
        let of_user = || iam.user_of_key(key).map(|(user, found)| (user.arn.clone(), found));
        let (principal, found) = of_root().or_else(of_user).filter(|(_, key)| key.active)?;
        Some(Holder { account, principal, secret: &found.secret, token: None, expired: false })
    })
}

fn in_time(cloud: &Cloud, claim: &Claim, at: SystemTime) -> Result<(), Unproved> {
    let now = cloud.now().seconds();
    let signed = seconds(at);
    let skew = i64::from(if claim.service == "s3" { SKEW_OF_S3 } else { SKEW });
    let minutes = skew / 60;
    let (given, server) = (&claim.time, basic(now));
    if signed > now + skew {
        let until = basic(now + skew);
        let text = format!(
            "Signature not yet current: {given} is still later than {until} ({server} + {minutes} min.)"
        );
        return Err(Unproved::Skewed(text));
    }
    match &claim.expires {
        Some(text) => {
            let good = text.parse::<i64>().ok().filter(|seconds| (1..=LONGEST).contains(seconds));
            let good = good.ok_or_else(|| {
                Unproved::Incomplete(format!("X-Amz-Expires must be a number of seconds from 1 to {LONGEST}"))
            })?;
            if signed + good < now { Err(Unproved::RequestExpired) } else { Ok(()) }
        }
        None if signed < now - skew => {
            let since = basic(now - skew);
            let text =
                format!("Signature expired: {given} is now earlier than {since} ({server} - {minutes} min.)");
            Err(Unproved::Skewed(text))
        }
        None => Ok(()),
    }
}

/// A signature is for one day and one service.
fn in_scope(claim: &Claim, service: &str) -> Result<(), Unproved> {
    let wrong = |text: String| Err(Unproved::Scope(text));
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

/// `20200527T232342Z`.
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
