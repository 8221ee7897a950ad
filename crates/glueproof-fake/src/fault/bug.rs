//! Failpoints: bugs inside handlers that no layer around the service can imitate. Each is asked for at one place.
//! Must not do anything itself.
//! [`Failpoints`] is the entry point; handlers ask `Cloud::failpoint`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::edit::Edit;

/// A bug of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bug {
    /// Illegal resource policies are accepted.
    PolicyUnchecked,
    /// An unsigned call is a call of the account's root.
    UnsignedIsRoot,
    /// An unknown access key belongs to the account's root.
    UnknownKeyIsRoot,
    /// Signatures are not verified.
    SignatureUnchecked,
    /// The time of the signature is not verified.
    TimeUnchecked,
    /// Every call is authorized.
    Unauthorized,
    /// Every call that a service makes for a principal is authorized.
    UnauthorizedThroughServices,
    /// Session policies are not evaluated.
    SessionPolicyIgnored,
    /// Resource policies are not evaluated.
    ResourcePolicyIgnored,
    /// A resource policy need not delegate to the account for an identity policy to allow.
    DelegationNotRequired,
    /// A security configuration applies to jobs that do not call `job.init`, too.
    JobInitNotRequired,
    /// A call of `job.init` is never detected.
    JobInitNotDetected,
    /// The parameter for SSE-S3 applies although a configuration is attached.
    SseS3OverConfiguration,
    /// The parameter for SSE-S3 never applies.
    SseS3Ignored,
}

/// The bugs of one call.
#[derive(Debug, Clone, Copy, Default)]
struct Bugs(u32);

fn bit(bug: Bug) -> u32 {
    1 << (bug as u32)
}

impl FromIterator<Bug> for Bugs {
    fn from_iter<I: IntoIterator<Item = Bug>>(bugs: I) -> Self {
        Self(bugs.into_iter().fold(0, |bits, bug| bits | bit(bug)))
    }
}

/// Edits of every document of one kind before a handler reads it.
#[derive(Debug, Clone, Default)]
pub struct DocumentEdits(Vec<&'static Edit>);

impl DocumentEdits {
    /// Returns the document as the handler reads it.
    pub fn apply<'d>(&self, document: &'d Value) -> Cow<'d, Value> {
        if self.0.is_empty() {
            return Cow::Borrowed(document);
        }
        let mut document = document.clone();
        // A single statement becomes a list of one, so that every edit finds a list.
        if let Some(statement) = document.get_mut("Statement").filter(|statement| statement.is_object()) {
            *statement = Value::Array(vec![statement.take()]);
        }
        self.0.iter().for_each(|edit| edit.apply(&mut document));
        Cow::Owned(document)
    }
}

impl FromIterator<&'static Edit> for DocumentEdits {
    fn from_iter<I: IntoIterator<Item = &'static Edit>>(edits: I) -> Self {
        Self(edits.into_iter().collect())
    }
}

/// The failpoints that are on for the current call. None are, unless faults are injected.
#[derive(Debug, Clone, Default)]
pub struct Failpoints {
    bugs: Bugs,
    /// Edits of policies.
    pub policies: DocumentEdits,
    /// Edits of the encryption configurations of security configurations.
    pub configurations: DocumentEdits,
}

impl Failpoints {
    /// Collects the failpoints of one call.
    pub fn new(
        bugs: impl IntoIterator<Item = Bug>,
        policies: DocumentEdits,
        configurations: DocumentEdits,
    ) -> Self {
        Self { bugs: bugs.into_iter().collect(), policies, configurations }
    }

    /// Returns true if the bug is on.
    pub fn has(&self, bug: Bug) -> bool {
        self.bugs.0 & bit(bug) != 0
    }
}
