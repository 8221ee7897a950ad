//! One log event: how it is kept and what it is called. Must not encrypt or decrypt anything.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kms::Blob;

/// Milliseconds.
pub const HOUR: i64 = 3_600_000;
/// Milliseconds.
pub const DAY: i64 = 24 * HOUR;
/// What an event counts for beyond its text (CloudWatch Logs API Reference, `PutLogEvents`).
pub const OVERHEAD: usize = 26;

/// A log event at rest.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What its author says.
    pub timestamp: i64,
    /// When it came in.
    pub ingested: i64,
    /// Bytes, overhead included.
    pub size: usize,
    pub stored: Stored,
}

/// The text of an event.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stored {
    /// Of a group without a key.
    Plain(String),
    /// Under that one of the group's data keys.
    Sealed { data_key: usize, bytes: Blob },
}

/// Without the text: what people log is nobody else's.
impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => write!(f, "Plain({} bytes)", text.len()),
            Self::Sealed { data_key, bytes } => write!(f, "Sealed({data_key}, {} bytes)", bytes.0.len()),
        }
    }
}

/// The id of the event that was accepted as that one: ids sort by time, then by order of arrival.
pub fn id(timestamp: i64, arrival: u64) -> u128 {
    (u128::from(timestamp.unsigned_abs()) << 64) | u128::from(arrival)
}

/// As answers write it: 56 digits.
pub fn written(id: u128) -> String {
    format!("{id:056}")
}

/// The same read back.
pub fn read(text: &str) -> Option<u128> {
    (text.len() == 56 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl Event {
    /// Which of the group's data keys it is under.
    pub fn data_key(&self) -> Option<usize> {
        match self.stored {
            Stored::Plain(_) => None,
            Stored::Sealed { data_key, .. } => Some(data_key),
        }
    }
}
