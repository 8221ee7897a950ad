//! What CloudWatch Logs holds for one account in one region. Must not know what any operation means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{Event, Stored};
use crate::kms::Blob;

/// Everything of CloudWatch Logs'.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// By name.
    pub groups: BTreeMap<String, Group>,
    /// How many events have ever been accepted; tells events of one millisecond apart.
    pub accepted: u64,
}

/// A log group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Without `:*`.
    pub arn: String,
    /// Milliseconds since the epoch, as everywhere in this service.
    pub created: i64,
    pub class: String,
    pub retention_days: Option<u16>,
    pub tags: BTreeMap<String, String>,
    /// ARN of the key that later events are encrypted under.
    pub kms_key: Option<String>,
    /// Every data key that events were ever encrypted under, as KMS sealed it; the last is in use as long as
    /// there is a key.
    pub data_keys: Vec<Blob>,
    /// By name.
    pub streams: BTreeMap<String, Stream>,
}

/// A log stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    pub arn: String,
    pub created: i64,
    pub last_ingestion: Option<i64>,
    /// In the order of their ids, which is that of their timestamps.
    pub events: BTreeMap<u128, Event>,
}

impl State {
    /// ARN and tags of every group.
    pub fn tagged(&self) -> impl Iterator<Item = (String, &BTreeMap<String, String>)> {
        self.groups.values().map(|group| (group.arn.clone(), &group.tags))
    }

    /// What is stored, by kind and name.
    pub fn at_rest(&self) -> Vec<(String, Vec<u8>)> {
        let mut items = Vec::new();
        for (group_name, group) in &self.groups {
            for (stream_name, stream) in &group.streams {
                for (id, event) in &stream.events {
                    let bytes = match &event.stored {
                        Stored::Plain(text) => text.clone().into_bytes(),
                        Stored::Sealed { bytes, .. } => bytes.0.clone(),
                    };
                    items.push((format!("log-event/{group_name}/{stream_name}/{id}"), bytes));
                }
            }
        }
        items
    }
}

impl Group {
    /// Lets go of events whose time is over.
    pub fn expire(&mut self, now: i64) {
        let Some(oldest) = self.oldest_kept(now) else { return };
        for stream in self.streams.values_mut() {
            stream.events.retain(|_, event| event.timestamp >= oldest);
        }
    }

    /// The first moment whose events are kept, where not all are.
    pub fn oldest_kept(&self, now: i64) -> Option<i64> {
        self.retention_days.map(|days| now - i64::from(days) * super::event::DAY)
    }

    /// How many bytes all events have.
    pub fn stored_bytes(&self) -> usize {
        self.streams.values().flat_map(|stream| stream.events.values()).map(|event| event.size).sum()
    }
}
