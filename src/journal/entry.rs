//! One line of a journal, as JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The form of the lines below. Another one is not read.
pub(super) const FORMAT: u32 = 1;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Whose journal it is: the first line.
    Journal(Header),
    /// What stood there before the run.
    Saved(Saved),
    /// State of that likeness is the run's own doing.
    Own {
        /// `service/Resource`.
        resource: String,
        /// See [`likeness`](super::likeness).
        like: String,
    },
    /// Something is about to be made, or has been.
    Due(Due),
    /// Something is about to be made that only an answer names.
    Unnamed(Unnamed),
    /// What those lines are about is there no more, or never was.
    Gone(Vec<u64>),
}

/// Whose journal it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Of the lines.
    pub format: u32,
    /// Of glueproof.
    pub version: String,
    /// What is called: `aws`, or a URL.
    pub target: String,
    /// Account.
    pub account: String,
    /// Region.
    pub region: String,
    /// When the run began.
    pub started: String,
}

impl Header {
    /// That of a run that begins.
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

    /// Whether it is about the same place.
    #[must_use]
    pub fn is_about(&self, other: &Self) -> bool {
        (&self.target, &self.account, &self.region) == (&other.target, &other.account, &other.region)
    }
}

/// Account-wide state as it stood before the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// `service/Resource`.
    pub resource: String,
    /// The input that puts it back; nothing where nothing was.
    pub put_back: Option<Value>,
    /// All that the service said of it, hash and times included.
    pub answer: Option<Value>,
}

/// A deletion that is due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// By which `gone` refers to it.
    pub id: u64,
    /// Service.
    pub service: String,
    /// What deletes it.
    pub operation: String,
    /// Its input.
    pub input: Value,
}

/// Something that only an answer names; it carries a mark by which it is found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unnamed {
    /// By which `gone` refers to it.
    pub id: u64,
    /// Service.
    pub service: String,
    /// What it is.
    pub resource: String,
    /// The mark.
    pub mark: String,
}
