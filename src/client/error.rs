//! Errors of connecting and calling.
//!
//! Knows no operation. The entry points are [`ConnectError`] and [`CallFailure`].

use std::error::Error;

/// A target that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is not one of a web server.
    #[error("`{url}` is not a usable URL: {reason}; write it like {example}")]
    Url {
        /// The URL as the user wrote it.
        url: String,
        /// The reason.
        reason: String,
        /// A URL that is usable: the same with a scheme, if only the scheme is missing.
        example: String,
    },
    /// There are no credentials for a host other than this machine.
    #[error(
        "no AWS credentials for {url}: {reason}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile"
    )]
    Credentials {
        /// The destination.
        url: String,
        /// The message of the credential chain.
        reason: String,
    },
    /// The URL of an emulator names AWS itself.
    #[error(
        "{host} is AWS itself, where a run changes a real account; instead of the URL, write `aws --account` and the \
         twelve digits of the account"
    )]
    IsAws {
        /// The destination.
        host: String,
    },
    /// No region is configured for AWS.
    #[error("which region? write --region NAME, or set AWS_REGION or the region of a profile")]
    NoRegion,
    /// The region cannot be part of a host name.
    #[error("`{0}` is not the name of a region; write it like eu-west-1")]
    UnknownRegion(String),
    /// STS did not return the account of the credentials.
    #[error("sts:GetCallerIdentity did not return the account of the credentials, so nothing was done: {0}")]
    NoIdentity(String),
    /// The credentials belong to an account other than the one named.
    #[error("the credentials belong to account {found}, not to {asked}: nothing was done")]
    OtherAccount {
        /// The account on the command line.
        asked: String,
        /// The account of the credentials.
        found: String,
    },
    /// The trusted certificates cannot be used.
    #[error("the trusted certificates cannot be used: {0}")]
    Certificates(String),
    /// Real credentials would sign calls that are sent without TLS.
    #[error(
        "{host} would be called without TLS, and the credentials {key} look real; use https, made-up \
         credentials, or --allow-insecure {host} (in glueproof.toml: allow_insecure = [\"{host}\"])"
    )]
    Exposed {
        /// The destination.
        host: String,
        /// The access key id.
        key: String,
    },
}

/// The reason why a call has no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// The response was not complete in time.
    #[error("no complete response within {0:?}")]
    Timeout(std::time::Duration),
    /// The target could not be reached, or the connection broke.
    #[error("{0}")]
    Connection(String),
    /// The response exceeds the limit.
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize),
    /// Every attempt was throttled.
    #[error("still throttled after {0} attempts")]
    Throttled(u32),
    /// The call was not made, to protect resources of other users.
    #[error("{0}")]
    Withheld(String),
    /// The run ended while the call waited for what takes effect later.
    #[error("the run ended before the response that was waited for came")]
    Interrupted,
    /// The request could not be made.
    #[error("{0}")]
    Harness(String),
}

/// Returns the message of the innermost cause of an error. The outer messages of the SDK only repeat that something failed.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Adds to a message about a certificate how the user can have it accepted.
pub(super) fn with_advice(message: String) -> String {
    const INVALID: &str = "invalid peer certificate: ";
    let Some((_, problem)) = message.split_once(INVALID) else { return message };
    let advice = if problem.contains("UnknownIssuer") || problem.contains("CaUsedAsEndEntity") {
        "; to trust it, name its file, or that of the authority that signed it, with --ca-bundle FILE, AWS_CA_BUNDLE, or \
         `ca_bundle` in glueproof.toml"
    } else if problem.contains("NotValidForName") || problem.contains("not valid for name") {
        "; call the host by a name that the certificate contains"
    } else if problem.contains("xpired")
        || problem.contains("NotValidYet")
        || problem.contains("not valid yet")
    {
        "; renew the certificate, or set the clock"
    } else {
        ""
    };
    format!("{message}{advice}")
}

/// Joins the messages of an error and its sources, without repetition.
pub(super) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut texts = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.dedup();
    texts.join(": ")
}
