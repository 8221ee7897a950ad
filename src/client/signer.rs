//! The identity that signs a call: the run's own credentials, wrong ones, or credentials returned by an earlier call.
//!
//! Sends nothing, and shows no secret in `Debug`, bodies or JSON. The entry points are [`Signer`] and
//! [`SessionCredentials`].

use std::fmt;
use std::time::{Duration, SystemTime};

use aws_sdk_glue::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::access::Access;
use super::error::CallFailure;
use crate::model::REDACTED;

/// Members of responses that contain secrets.
const SECRET_MEMBERS: [&str; 2] = ["SecretAccessKey", "SessionToken"];
/// A secret that belongs to no access key.
const WRONG_SECRET: &str = "glueproof-has-no-such-secret";
/// An access key id of the usual length that no account has.
const UNKNOWN_KEY_ID: &str = "AKIAGLUEPROOFNOBODYX";
/// Far more than the clock skew that services tolerate.
const PAST_SIGNING_TIME: Duration = Duration::from_hours(1);

/// The identity that signs a call.
#[derive(Debug, Clone)]
pub enum Signer {
    /// The run's own caller.
    Own,
    /// The call has no signature.
    Unsigned,
    /// The run's access key id with another secret.
    WrongSecret,
    /// An access key that the target cannot know.
    UnknownKey,
    /// The run's own caller, with a signing time an hour ago.
    Expired,
    /// Credentials returned by an earlier call.
    Session(SessionCredentials),
}

/// Credentials and their cache.
#[derive(Debug)]
pub(super) struct Identity {
    pub credentials: SharedCredentialsProvider,
    pub cache: SharedIdentityCache,
}

/// The signature of a call.
#[derive(Debug)]
pub(super) enum Signature {
    /// There is none.
    Absent,
    /// Made with these credentials, now or at another time.
    SignedBy { identity: Identity, at: Option<SystemTime> },
}

impl Signer {
    /// Returns true for the run's own caller.
    #[must_use]
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own)
    }

    /// Returns the signature for a target.
    pub(super) async fn signature(&self, access: &Access) -> Result<Signature, CallFailure> {
        Ok(match self {
            Self::Own => Signature::SignedBy { identity: own(access), at: None },
            Self::Unsigned => Signature::Absent,
            Self::WrongSecret => {
                let known = access.credentials.provide_credentials().await;
                let known = known.map_err(|e| CallFailure::Harness(e.to_string()))?;
                let token = known.session_token().map(str::to_owned);
                signed_by(Credentials::new(known.access_key_id(), WRONG_SECRET, token, None, "glueproof"))
            }
            Self::UnknownKey => {
                signed_by(Credentials::new(UNKNOWN_KEY_ID, WRONG_SECRET, None, None, "glueproof"))
            }
            Self::Expired => {
                Signature::SignedBy { identity: own(access), at: Some(SystemTime::now() - PAST_SIGNING_TIME) }
            }
            Self::Session(session) => signed_by(session.credentials()),
        })
    }
}

fn own(access: &Access) -> Identity {
    Identity { credentials: access.credentials.clone(), cache: access.identities.clone() }
}

/// Creates a new cache for other credentials, because a cache does not tell identities apart.
fn signed_by(credentials: Credentials) -> Signature {
    let cache = IdentityCache::lazy().build();
    let credentials = SharedCredentialsProvider::new(credentials);
    Signature::SignedBy { identity: Identity { credentials, cache }, at: None }
}

/// Credentials returned by a call. `Debug` prints only the access key id.
#[derive(Clone)]
pub struct SessionCredentials {
    key: String,
    secret: String,
    token: Option<String>,
}

impl fmt::Debug for SessionCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionCredentials").field("key", &self.key).finish_non_exhaustive()
    }
}

impl SessionCredentials {
    /// Returns the credentials in a response, if it has any, and replaces all secrets in the response.
    pub(super) fn extract(response: &mut Value) -> Option<Self> {
        let mut found = None;
        redact_secrets(response, &mut found);
        found
    }

    /// Returns the body without the extracted secrets. Replaces the whole body if it contains secrets but is not valid
    /// JSON.
    pub(super) fn redact_body(body: Bytes, json: Option<&Value>, extracted: Option<&Self>) -> Bytes {
        let contains = |secret: &str| memchr::memmem::find(&body, secret.as_bytes()).is_some();
        match json {
            Some(json) if extracted.is_some() => Bytes::from(json.to_string()),
            None if SECRET_MEMBERS.into_iter().any(contains) => Bytes::from_static(REDACTED.as_bytes()),
            _ => body,
        }
    }

    /// Converts them for the SDK.
    pub(super) fn credentials(&self) -> Credentials {
        Credentials::new(&self.key, &self.secret, self.token.clone(), None, "glueproof session")
    }
}

fn redact_secrets(value: &mut Value, found: &mut Option<SessionCredentials>) {
    match value {
        Value::Object(members) => {
            let session = session(members);
            for name in SECRET_MEMBERS {
                if let Some(secret) = members.get_mut(name) {
                    *secret = Value::from(REDACTED);
                }
            }
            members.values_mut().for_each(|inner| redact_secrets(inner, found));
            *found = session.or_else(|| found.take());
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact_secrets(item, found)),
        _ => {}
    }
}

fn session(members: &Map<String, Value>) -> Option<SessionCredentials> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let (key, secret) = (text("AccessKeyId")?, text("SecretAccessKey")?);
    Some(SessionCredentials { key, secret, token: text("SessionToken") })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_removed_from_responses_and_debug() {
        let mut response = json!({ "Credentials": { "AccessKeyId": "ASIA1", "SecretAccessKey": "s3cret",
            "SessionToken": "t0ken" }, "List": [{ "SessionToken": "0ther" }] });
        let session = SessionCredentials::extract(&mut response).unwrap();
        let printed = format!("{session:?} {response}");
        assert!(printed.contains("ASIA1"), "{printed}");
        assert!(!["s3cret", "t0ken", "0ther"].iter().any(|secret| printed.contains(secret)), "{printed}");
        let credentials = session.credentials();
        assert_eq!((credentials.secret_access_key(), credentials.session_token()), ("s3cret", Some("t0ken")));
    }

    #[test]
    fn responses_without_credentials_are_unchanged() {
        let mut response = json!({ "Name": "a", "Credentials": { "AccessKeyId": "ASIA1" } });
        let before = response.clone();
        assert!(SessionCredentials::extract(&mut response).is_none());
        assert_eq!(response, before);
    }
}
