//! How a target is reached, as far as the user says, and why it cannot be. Sends nothing.

use http::{HeaderName, HeaderValue, Uri};

/// Why no target could be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not a URL of a web server.
    #[error("`{url}` is no usable URL: {reason}; write it like http://127.0.0.1:5000")]
    Url {
        /// As given.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// No credentials for a host that is not this machine.
    #[error(
        "no AWS credentials for {url}: {reason}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
    )]
    Credentials {
        /// Where to.
        url: String,
        /// The chain's words.
        reason: String,
    },
    /// The service itself, as if it were anything else.
    #[error(
        "{host} is AWS itself, where a run changes a real account: write `aws --account` and the account\'s twelve digits \
         instead of the URL"
    )]
    IsAws {
        /// Where to.
        host: String,
    },
    /// No region for AWS.
    #[error("which region? write --region NAME, or set AWS_REGION or the region of a profile")]
    NoRegion,
    /// A part of AWS whose host names we do not know.
    #[error("the region `{0}` is in no part of AWS that is known here")]
    UnknownRegion(String),
    /// Nobody says whose credentials these are.
    #[error("sts:GetCallerIdentity does not say whose credentials these are, so nothing was done: {0}")]
    NoIdentity(String),
    /// Another account than the one that was meant.
    #[error("these credentials are of account {found}, and not of {asked}: nothing was done")]
    OtherAccount {
        /// That of the command line.
        asked: String,
        /// That of the credentials.
        found: String,
    },
    /// Real credentials, where anybody on the way could read what they sign.
    #[error(
        "{host} would be called without TLS with the credentials of {key}, which look real; use https, made-up \
         credentials, or --allow-insecure {host} (in glueproof.toml: allow_insecure = [\"{host}\"])"
    )]
    Exposed {
        /// Where to.
        host: String,
        /// Id of the access key.
        key: String,
    },
}

/// How a target is reached, as far as the user says.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Region to sign for.
    pub region: Option<String>,
    /// Profile of the AWS configuration.
    pub profile: Option<String>,
    /// Added to every call.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Hosts that may have real credentials without TLS.
    pub allow_insecure: Vec<String>,
}

impl Reach {
    /// Whether real credentials may go there without TLS.
    pub(super) fn allows(&self, uri: &Uri) -> bool {
        let host = uri.host().unwrap_or_default();
        self.allow_insecure.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}
