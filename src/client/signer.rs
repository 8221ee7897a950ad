//! Whose a call is, and what that means for its signature. Must not send anything.

use std::time::{Duration, SystemTime};

use aws_sdk_glue::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;

use super::connect::Access;
use super::exchange::CallFailure;
use super::session::Session;

/// A secret that made nobody's key.
const WRONG: &str = "glueproof-has-no-such-secret";
/// As long as the ids of access keys are, and nobody's.
const NOBODY: &str = "AKIAGLUEPROOFNOBODYX";
/// Far more than clocks may differ by.
const LATE: Duration = Duration::from_hours(1);

/// Who signs a call.
#[derive(Debug, Clone)]
pub enum Signer {
    /// The run's own caller.
    Own,
    /// Nobody.
    Unsigned,
    /// Somebody who has the run's access key id, and another secret.
    WrongSecret,
    /// Somebody whose access key nobody knows.
    UnknownKey,
    /// The run's own caller, an hour ago.
    Late,
    /// Whoever was lent these credentials.
    Session(Session),
}

/// Credentials, and where they are kept while they are good.
#[derive(Debug)]
pub(super) struct Identity {
    pub credentials: SharedCredentialsProvider,
    pub cache: SharedIdentityCache,
}

/// How a call is signed.
#[derive(Debug)]
pub(super) enum Signature {
    /// Not at all.
    Absent,
    /// By somebody, and at another time than now where that is given.
    By { identity: Identity, at: Option<SystemTime> },
}

impl Signer {
    /// Whether it is the run's own caller, as always.
    #[must_use]
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Own)
    }

    /// What it signs with on a target.
    pub(super) async fn signature(&self, access: &Access) -> Result<Signature, CallFailure> {
        Ok(match self {
            Self::Own => Signature::By { identity: own(access), at: None },
            Self::Unsigned => Signature::Absent,
            Self::WrongSecret => {
                let known = access.credentials.provide_credentials().await;
                let known = known.map_err(|e| CallFailure::Harness(e.to_string()))?;
                let token = known.session_token().map(str::to_owned);
                by(Credentials::new(known.access_key_id(), WRONG, token, None, "glueproof"))
            }
            Self::UnknownKey => by(Credentials::new(NOBODY, WRONG, None, None, "glueproof")),
            Self::Late => Signature::By { identity: own(access), at: Some(SystemTime::now() - LATE) },
            Self::Session(session) => by(session.credentials()),
        })
    }
}

fn own(access: &Access) -> Identity {
    Identity { credentials: access.credentials.clone(), cache: access.identities.clone() }
}

/// Others have a cache of their own: it knows whom it knows by nothing but its place.
fn by(credentials: Credentials) -> Signature {
    let cache = IdentityCache::lazy().build();
    let credentials = SharedCredentialsProvider::new(credentials);
    Signature::By { identity: Identity { credentials, cache }, at: None }
}
