//! One line of a journal, as JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the format. Other versions are not read.
pub(super) const FORMAT: u32 = 1;

/// The content of one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The first line: the run that the journal belongs to.
    Journal(Header),
    /// Account-wide state as it was before the run.
    Saved(SavedState),
    /// The run itself creates a state with this fingerprint.
    Own {
        /// `service/Resource`.
        resource: String,
        /// The SHA-256 of the state, see [`fingerprint`](super::fingerprint).
        #[serde(rename = "like")]
        fingerprint: String,
    },
    /// A resource is about to be created, or has been created.
    Due(PendingEntry),
    /// A resource is about to be created that only the response will name.
    Unnamed(UnnamedEntry),
    /// The resources of these lines are deleted, or were never created.
    Gone(Vec<u64>),
}

/// The run that a journal belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the format.
    pub format: u32,
    /// The version of glueproof.
    pub version: String,
    /// The target: `aws`, or a URL.
    pub target: String,
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The time at which the run began.
    pub started: String,
}

impl Header {
    /// Creates the header of a run that begins.
    #[must_use]
    pub fn new(target: &str, account: &str, region: &str, started: &str) -> Self {
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            target: target.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
            started: started.to_owned(),
        }
    }

    /// Returns true if both headers name the same target, account and region.
    #[must_use]
    pub fn is_about(&self, other: &Self) -> bool {
        (&self.target, &self.account, &self.region) == (&other.target, &other.account, &other.region)
    }
}

/// Account-wide state as it was before the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedState {
    /// `service/Resource`.
    pub resource: String,
    /// The input that restores the state; `None` if there was no state.
    pub put_back: Option<Value>,
    /// The service's whole response, hash and times included.
    pub answer: Option<Value>,
}

/// A deletion that is still to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingEntry {
    /// The id by which `gone` refers to the entry.
    pub id: u64,
    /// The service.
    pub service: String,
    /// The operation that deletes the resource.
    pub operation: String,
    /// The input of that operation.
    pub input: Value,
}

/// A resource that only the response names. It carries a tag by which it is found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnnamedEntry {
    /// The id by which `gone` refers to the entry.
    pub id: u64,
    /// The service.
    pub service: String,
    /// The name of the resource in the specs.
    pub resource: String,
    /// The tag.
    pub mark: String,
}
