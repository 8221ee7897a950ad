//! A log event at rest, and its id. Must not encrypt or decrypt.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kms::Blob;

/// An hour in milliseconds.
pub const HOUR: i64 = 3_600_000;
/// A day in milliseconds.
pub const DAY: i64 = 24 * HOUR;
/// The size of an event beyond its text, in bytes (CloudWatch Logs API Reference, `PutLogEvents`).
pub const OVERHEAD: usize = 26;

/// A log event at rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The timestamp of the request.
    pub timestamp: i64,
    /// The time of ingestion.
    pub ingested: i64,
    /// The size in bytes, overhead included.
    pub size: usize,
    pub stored: Stored,
}

/// The text of an event.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stored {
    /// The group had no key.
    Plain(String),
    /// Encrypted under a data key of the group.
    Sealed { data_key: usize, bytes: Blob },
}

/// `Debug` shows no text: logs can contain secrets.
impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => write!(f, "Plain({} bytes)", text.len()),
            Self::Sealed { data_key, bytes } => write!(f, "Sealed({data_key}, {} bytes)", bytes.0.len()),
        }
    }
}

/// Returns the id of an event. Ids sort by timestamp, then by arrival.
pub fn id(timestamp: i64, arrival: u64) -> u128 {
    (u128::from(timestamp.unsigned_abs()) << 64) | u128::from(arrival)
}

/// Writes an id as responses have it: 56 digits.
pub fn written(id: u128) -> String {
    format!("{id:056}")
}

/// Reads an id.
pub fn read(text: &str) -> Option<u128> {
    (text.len() == 56 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl Event {
    /// Returns the number of the data key that encrypts the event, if any.
    pub fn data_key(&self) -> Option<usize> {
        match self.stored {
            Stored::Plain(_) => None,
            Stored::Sealed { data_key, .. } => Some(data_key),
        }
    }
}
