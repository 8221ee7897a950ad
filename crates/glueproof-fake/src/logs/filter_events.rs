//! `FilterLogEvents`: the events of several streams that match a pattern. Must not change state.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::event::{self, Event};

use super::page::{self, TokenInput};
use super::pattern::FilterPattern;
use super::state::Group;
use super::{encryption, lookup};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterInput {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(default)]
    filter_pattern: String,
    #[serde(flatten)]
    asked: TokenInput,
}

/// `searchedLogStreams` has been empty since 2020 (CloudWatch Logs API Reference, `FilterLogEvents`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterOutput {
    events: Vec<FilteredEvent>,
    searched_log_streams: Vec<()>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FilteredEvent {
    log_stream_name: String,
    timestamp: i64,
    message: String,
    ingestion_time: i64,
    event_id: String,
}

/// `Debug` shows no text.
impl std::fmt::Debug for FilteredEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FilteredEvent").field("event_id", &self.event_id).finish_non_exhaustive()
    }
}

/// Returns the matching events of all streams, in the order of timestamps.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn filter(cloud: &mut Cloud, caller: &Caller, input: FilterInput) -> Result<FilterOutput, ServiceError> {
    let name = lookup::name(input.log_group_name.clone(), input.log_group_identifier.clone())?;
    authorize::check(cloud, caller, "FilterLogEvents", LogResource::Group(&name))?;
    let pattern = FilterPattern::parse(&input.filter_pattern)?;
    let group = lookup::group(cloud, caller, &name)?;
    let sealed = group.sealed_data_keys();
    let chosen = chosen(group, &input)?;
    let wanted = chosen.iter().filter_map(|(_, _, event)| event.data_key());
    let keys = encryption::open_keys(cloud, caller, &sealed, wanted)?;
    let mut found = Vec::new();
    for (id, stream, event) in chosen {
        let message = keys.open(&event.stored)?;
        if pattern.matches(&message) {
            let event_id = event::written(id);
            let (timestamp, ingestion_time) = (event.timestamp, event.ingested);
            let shown =
                FilteredEvent { log_stream_name: stream, timestamp, message, ingestion_time, event_id };
            found.push((shown.event_id.clone(), shown));
        }
    }
    let listing = format!("FilterLogEvents {name} {}", input.filter_pattern);
    let (events, next_token) = page::page(&listing, caller, &input.asked, 10_000, found)?;
    Ok(FilterOutput { events, searched_log_streams: Vec::new(), next_token })
}

/// Returns the events of the requested streams and times, in the order of ids.
fn chosen(group: &Group, input: &FilterInput) -> Result<Vec<(u128, String, Event)>, ServiceError> {
    let (names, prefix) = (&input.log_stream_names, &input.log_stream_name_prefix);
    if names.is_some() && prefix.is_some() {
        let text = "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.";
        return Err(ServiceError::with("InvalidParameterException", text));
    }
    for name in names.iter().flatten() {
        lookup::stream(group, name)?;
    }
    let within = |event: &Event| {
        input.start_time.is_none_or(|start| event.timestamp >= start)
            && input.end_time.is_none_or(|end| event.timestamp <= end)
    };
    let streams = group.streams.iter().filter(|(name, _)| {
        names.as_ref().is_none_or(|names| names.contains(name))
            && prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
    });
    let mut events: Vec<_> = streams
        .flat_map(|(name, stream)| stream.events.iter().map(move |(id, event)| (id, name, event)))
        .filter(|(_, _, event)| within(event))
        .map(|(id, name, event)| (*id, name.clone(), event.clone()))
        .collect();
    events.sort_by_key(|(id, _, _)| *id);
    Ok(events)
}
