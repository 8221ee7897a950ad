//! `PutLogEvents`: checks a batch, selects the events that the service accepts, and stores them. Must not read events.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::event::{self, DAY, Event, HOUR, OVERHEAD};
use super::state::Group;
use super::{encryption, lookup};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::member_limit;

/// The largest size of a batch in bytes, overhead included.
const LARGEST_BATCH: usize = 1_048_576;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "as the service names them")]
pub struct PutInput {
    pub log_group_name: String,
    pub log_stream_name: String,
    pub log_events: Vec<InputEvent>,
}

#[derive(Deserialize)]
pub struct InputEvent {
    pub timestamp: Option<i64>,
    pub message: Option<String>,
}

/// `Debug` shows no text.
impl std::fmt::Debug for InputEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InputEvent").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PutOutput {
    next_sequence_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_log_events_info: Option<Rejected>,
}

/// The bounds of the accepted events of a batch, as responses have them.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "as the service names them")]
pub struct Rejected {
    #[serde(skip_serializing_if = "Option::is_none")]
    too_new_log_event_start_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    too_old_log_event_end_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_log_event_end_index: Option<usize>,
}

/// Stores a batch. Sequence tokens have no effect, as the service documents since 2023.
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<PutOutput, ServiceError> {
    let (name, stream) = (&input.log_group_name, &input.log_stream_name);
    authorize::check(cloud, caller, "PutLogEvents", LogResource::Stream(name, stream))?;
    let batch = read(input.log_events)?;
    check(&batch)?;
    let now = cloud.now().millis();
    let group = lookup::group(cloud, caller, name)?;
    lookup::stream(group, stream)?;
    let rejected = Rejected::of(&batch, group, now);
    let data_key = group.current_key();
    let sealed = group.sealed_data_keys();
    let keys = encryption::open_keys(cloud, caller, &sealed, data_key)?;
    let mut taken = Vec::new();
    for (timestamp, text) in batch.into_iter().take(rejected.end()).skip(rejected.start()) {
        let size = text.len() + OVERHEAD;
        let stored = keys.seal(data_key, text)?;
        taken.push(Event { timestamp, ingested: now, size, stored });
    }
    store(cloud, caller, name, stream, taken)?;
    let next_sequence_token = event::written(u128::from(cloud.region(caller).logs.accepted));
    let rejected_log_events_info = Some(rejected).filter(|rejected| *rejected != Rejected::default());
    Ok(PutOutput { next_sequence_token, rejected_log_events_info })
}

fn store(
    cloud: &mut Cloud,
    caller: &Caller,
    group: &str,
    stream: &str,
    events: Vec<Event>,
) -> Result<(), ServiceError> {
    let now = cloud.now().millis();
    let state = &mut cloud.region(caller).logs;
    let group = state.groups.get_mut(group);
    let stream = group.and_then(|group| group.streams.get_mut(stream)).ok_or_else(lookup::no_stream)?;
    stream.last_ingestion = Some(now);
    for event in events {
        state.accepted += 1;
        stream.events.insert(event::id(event.timestamp, state.accepted), event);
    }
    Ok(())
}

/// Timestamp and text of every event, if all have both.
fn read(events: Vec<InputEvent>) -> Result<Vec<(i64, String)>, ServiceError> {
    let mut batch = Vec::with_capacity(events.len());
    let mut violations = Vec::new();
    for (index, event) in events.into_iter().enumerate() {
        let path = |member| format!("logEvents.{}.member.{member}", index + 1);
        let mut missing = |member| {
            violations.push(member_limit::violation("Value null", &path(member), "Member must not be null"));
        };
        match (event.timestamp, event.message) {
            (Some(timestamp), Some(_)) if timestamp < 0 => {
                let constraint = "Member must have value greater than or equal to 0";
                violations.push(member_limit::violation(
                    &format!("Value '{timestamp}'"),
                    &path("timestamp"),
                    constraint,
                ));
            }
            (Some(_), Some(text)) if text.is_empty() => {
                let constraint = "Member must have length greater than or equal to 1";
                violations.push(member_limit::violation("Value ''", &path("message"), constraint));
            }
            (Some(timestamp), Some(text)) => batch.push((timestamp, text)),
            (timestamp, text) => {
                timestamp.is_none().then(|| missing("timestamp"));
                text.is_none().then(|| missing("message"));
            }
        }
    }
    member_limit::report(&violations).map_or(Ok(batch), |text| Err(refused(text)))
}

/// Checks the limits of a batch as a whole (CloudWatch Logs API Reference, `PutLogEvents`).
fn check(batch: &[(i64, String)]) -> Result<(), ServiceError> {
    let size: usize = batch.iter().map(|(_, text)| text.len() + OVERHEAD).sum();
    if size > LARGEST_BATCH {
        return Err(refused(format!("Upload too large: {size} bytes exceeds limit of {LARGEST_BATCH}")));
    }
    if !batch.is_sorted_by_key(|(timestamp, _)| *timestamp) {
        let text = "Log events in a single PutLogEvents request must be in chronological order.";
        return Err(refused(text));
    }
    let span = batch.first().zip(batch.last()).map_or(0, |(first, last)| last.0 - first.0);
    if span > DAY {
        let text = "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.";
        return Err(refused(text));
    }
    Ok(())
}

fn refused(text: impl Into<String>) -> ServiceError {
    ServiceError::with("InvalidParameterException", text)
}

impl Rejected {
    /// Finds events more than two hours ahead, more than two weeks old, or older than the retention.
    fn of(batch: &[(i64, String)], group: &Group, now: i64) -> Self {
        let before = |moment: i64| batch.partition_point(|(timestamp, _)| *timestamp < moment);
        let ahead = batch.partition_point(|(timestamp, _)| *timestamp <= now + 2 * HOUR);
        let expired = group.oldest_kept(now).map(before).filter(|end| *end > 0);
        Self {
            too_new_log_event_start_index: Some(ahead).filter(|start| *start < batch.len()),
            too_old_log_event_end_index: Some(before(now - 14 * DAY)).filter(|end| *end > 0),
            expired_log_event_end_index: expired,
        }
    }

    fn start(&self) -> usize {
        let (old, expired) = (self.too_old_log_event_end_index, self.expired_log_event_end_index);
        old.max(expired).unwrap_or(0)
    }

    fn end(&self) -> usize {
        self.too_new_log_event_start_index.unwrap_or(usize::MAX)
    }
}
