//! The state of CloudWatch Logs for one account in one region. Must not know an operation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::{Event, Stored};
use crate::kms::Blob;
use crate::store::Table;

/// The state of CloudWatch Logs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The log groups by name.
    pub groups: Table<String, Group>,
    /// The number of events that were ever accepted. Distinguishes events of one millisecond.
    pub accepted: u64,
}

/// A log group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The ARN without `:*`.
    pub arn: String,
    /// The time of creation in milliseconds since the epoch.
    pub created: i64,
    pub class: String,
    /// Set if the group cannot be deleted.
    #[serde(default)]
    pub is_protected: bool,
    pub retention_days: Option<u16>,
    pub tags: BTreeMap<String, String>,
    /// The ARN of the KMS key for new events.
    pub kms_key: Option<String>,
    /// Every data key that ever encrypted events, as KMS encrypted it. The last one encrypts new events while the group has a
    /// KMS key.
    pub data_keys: Vec<Blob>,
    /// The streams by name.
    pub streams: Table<String, Stream>,
}

/// A log stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    pub arn: String,
    pub created: i64,
    pub last_ingestion: Option<i64>,
    /// The events by id, which sorts by timestamp.
    pub events: Table<u128, Event>,
}

impl State {
    /// Returns the ARN and the tags of every group.
    pub fn tagged(&self) -> impl Iterator<Item = (String, &BTreeMap<String, String>)> {
        self.groups.values().map(|group| (group.arn.clone(), &group.tags))
    }

    /// Deletes events older than the retention of their group.
    pub fn expire_all(&mut self, now: i64) {
        let with_expired_events = self.groups.iter().filter(|(_, group)| group.has_expired_events(now));
        let names: Vec<String> = with_expired_events.map(|(name, _)| name.clone()).collect();
        for name in names {
            if let Some(group) = self.groups.get_mut(&name) {
                group.expire(now);
            }
        }
    }

    /// Returns the stored bytes, by kind and name.
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

impl Stream {
    fn has_events_before(&self, oldest: i64) -> bool {
        self.events.first_key_value().is_some_and(|(_, event)| event.timestamp < oldest)
    }
}

impl Group {
    /// Deletes events older than the retention.
    pub fn expire(&mut self, now: i64) {
        let Some(oldest) = self.oldest_kept(now) else { return };
        let with_old_events = self.streams.iter().filter(|(_, stream)| stream.has_events_before(oldest));
        let names: Vec<String> = with_old_events.map(|(name, _)| name.clone()).collect();
        for name in names {
            if let Some(stream) = self.streams.get_mut(&name) {
                stream.events.retain(|_, event| event.timestamp >= oldest);
            }
        }
    }

    fn has_expired_events(&self, now: i64) -> bool {
        let Some(oldest) = self.oldest_kept(now) else { return false };
        self.streams.values().any(|stream| stream.has_events_before(oldest))
    }

    /// Returns the timestamp of the oldest event that the retention keeps, if there is a retention.
    pub fn oldest_kept(&self, now: i64) -> Option<i64> {
        self.retention_days.map(|days| now - i64::from(days) * super::event::DAY)
    }

    /// Returns the size of all events in bytes.
    pub fn stored_bytes(&self) -> usize {
        self.streams.values().flat_map(|stream| stream.events.values()).map(|event| event.size).sum()
    }
}
