//! A snapshot: all state of a cloud as one JSON document of a versioned format, for files and for users who
//! put a cloud back to where it was. Must not do I/O, and its errors must not quote what a snapshot holds:
//! that may be key material.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::error::Category;

use super::cloud::{Account, Cloud, Region, State};
use super::random::Random;
use super::store::{self, Extent, RecordChange};

/// Raised when a snapshot of before can no longer be read.
const FORMAT: u32 = 1;

/// All state of a cloud at one moment: what callers have made, the clock if it stands still, and where ids
/// go on. Faults are not part of it. It holds secrets if the cloud does.
#[derive(Clone)]
pub struct Snapshot(Document<'static>);

/// The written form.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'c> {
    #[serde(deserialize_with = "known_format")]
    glueproof_state: u32,
    clock: Option<i64>,
    random: Random,
    state: Cow<'c, State>,
}

/// The shape of the cloud, and none of what it holds.
impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("format", &self.0.glueproof_state).finish_non_exhaustive()
    }
}

/// The reason why a text is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// There is nothing to read.
    #[error("it is empty")]
    Empty,
    /// Of a format that this version does not read.
    #[error(
        "it has format {found}, and this glueproof reads format {FORMAT}; use the glueproof that wrote it"
    )]
    Format {
        /// The format that the snapshot names.
        found: u64,
    },
    /// Cut off, or no JSON, or JSON of something else.
    #[error("line {line}, column {column}: {problem}")]
    Damaged {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The problem at that place.
        problem: &'static str,
    },
}

impl Snapshot {
    /// Takes a snapshot of a cloud.
    pub(super) fn of(cloud: &Cloud) -> Self {
        Self(document(cloud, Cow::Owned(cloud.state.clone())))
    }

    /// Makes the cloud hold this and nothing else.
    pub(super) fn put_into(self, cloud: &mut Cloud) {
        cloud.settings.clock.restore(self.0.clock);
        cloud.random = self.0.random;
        cloud.state = self.0.state.into_owned();
    }

    /// As text, one line.
    ///
    /// # Errors
    /// Returns an error if state cannot be written as JSON, which would be a mistake in the fake.
    pub fn to_json(&self) -> serde_json::Result<String> {
        written(&self.0)
    }

    /// Read back, whole or not at all.
    ///
    /// # Errors
    /// Returns an error if the text is not a whole snapshot of a format that can be read.
    pub fn from_json(text: &[u8]) -> Result<Self, SnapshotError> {
        if text.trim_ascii().is_empty() {
            return Err(SnapshotError::Empty);
        }
        serde_json::from_slice(text).map(Self).map_err(|error| match format_of(text) {
            Some(found) if found != u64::from(FORMAT) => SnapshotError::Format { found },
            _ => damaged(&error),
        })
    }
}

fn document<'c>(cloud: &Cloud, state: Cow<'c, State>) -> Document<'c> {
    let clock = cloud.settings.clock.fixed_at();
    Document { glueproof_state: FORMAT, clock, random: cloud.random.clone(), state }
}

fn written(document: &Document<'_>) -> serde_json::Result<String> {
    let mut text = serde_json::to_string(document)?;
    text.push('\n');
    Ok(text)
}

/// The content of a store, without the random generator. That has a record of its own: every call moves it, and it
/// matters only with the ids that were made from it.
#[derive(Serialize)]
struct Kept<'c> {
    glueproof_state: u32,
    clock: Option<i64>,
    state: &'c State,
}

/// Returns the edits of a store that has the state of the last walk, and marks the state as written.
pub(super) fn changes(cloud: &Cloud, extent: Extent) -> serde_json::Result<Vec<(String, RecordChange)>> {
    let clock = cloud.settings.clock.fixed_at();
    store::changes(&Kept { glueproof_state: FORMAT, clock, state: &cloud.state }, extent)
}

/// Returns true if the changes create nothing but empty accounts and regions. Reads do that.
pub(super) fn creates_only_empty_places(changes: &[(String, RecordChange)]) -> serde_json::Result<bool> {
    if changes.is_empty() {
        return Ok(true);
    }
    let (region, account) =
        (store::record_text(&Region::default())?, store::record_text(&Account::default())?);
    for (key, change) in changes {
        let path: Vec<String> = serde_json::from_str(&format!("{key}]"))?;
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let empty: &[u8] = match path[..] {
            ["state", "regions", _] => b"{}",
            ["state", "regions", _, _] => &region,
            ["state", "accounts", _] => &account,
            _ => return Ok(false),
        };
        if !matches!(change, RecordChange::Write(text) | RecordChange::Compare(text) if text == empty) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the record of the random generator.
pub(super) fn random_record(cloud: &Cloud) -> serde_json::Result<(String, RecordChange)> {
    Ok((store::below(store::ROOT, "random"), RecordChange::Write(serde_json::to_vec(&cloud.random)?)))
}

/// Makes the cloud hold the state of a store and nothing else, and marks the state as written.
pub(super) fn put_document(document: Value, cloud: &mut Cloud) -> Result<(), String> {
    let found = document.get("glueproof_state").and_then(Value::as_u64);
    let snapshot = serde_json::from_value(document).map(Snapshot).map_err(|_| match found {
        Some(found) if found != u64::from(FORMAT) => SnapshotError::Format { found }.to_string(),
        // The words of serde quote values.
        _ => "its records are not the state of a cloud".to_owned(),
    })?;
    snapshot.put_into(cloud);
    store::mark_written(&cloud.state).map_err(|error| error.to_string())
}

fn known_format<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let found = u32::deserialize(deserializer)?;
    if found == FORMAT { Ok(found) } else { Err(serde::de::Error::custom("another format")) }
}

/// The format that a text says it has, where it is a document at all.
fn format_of(text: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Value>(text).ok()?.get("glueproof_state")?.as_u64()
}

/// Says where, but not serde's words: they quote values.
fn damaged(error: &serde_json::Error) -> SnapshotError {
    let problem = match error.classify() {
        Category::Eof => "it ends in the middle",
        Category::Data => "this is not what the state of a cloud has here",
        Category::Syntax | Category::Io => "this is not JSON",
    };
    SnapshotError::Damaged { line: error.line(), column: error.column(), problem }
}
