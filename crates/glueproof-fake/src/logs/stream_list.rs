//! `DescribeLogStreams`. Must not change state.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::lookup;
use super::page::{self, TokenInput};
use super::state::{Group, Stream};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The order of streams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum OrderBy {
    #[default]
    LogStreamName,
    LastEventTime,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListInput {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    #[serde(default)]
    order_by: OrderBy,
    #[serde(default)]
    descending: bool,
    #[serde(flatten)]
    asked: TokenInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListOutput {
    log_streams: Vec<StreamView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `storedBytes` has been 0 for every stream since 2019 (CloudWatch Logs API Reference, `LogStream`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StreamView {
    log_stream_name: String,
    creation_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_timestamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ingestion_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_sequence_token: Option<String>,
    arn: String,
    stored_bytes: u32,
}

/// Lists the streams of a group.
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let name = lookup::name(input.log_group_name, input.log_group_identifier)?;
    authorize::check(cloud, caller, "DescribeLogStreams", LogResource::Group(&name))?;
    let prefix = input.log_stream_name_prefix.as_deref().unwrap_or_default();
    if input.order_by == OrderBy::LastEventTime && !prefix.is_empty() {
        let text = "Cannot order by LastEventTime with a logStreamNamePrefix.";
        return Err(ServiceError::with("InvalidParameterException", text));
    }
    let group = lookup::group(cloud, caller, &name)?;
    let streams = ordered(group, prefix, input.order_by, input.descending);
    let listing = format!("DescribeLogStreams {name} {prefix} {:?} {}", input.order_by, input.descending);
    let (log_streams, next_token) = page::page(&listing, caller, &input.asked, 50, streams)?;
    Ok(ListOutput { log_streams, next_token })
}

/// Returns the streams with cursors in the requested order.
fn ordered(group: &Group, prefix: &str, by: OrderBy, descending: bool) -> Vec<(String, StreamView)> {
    let chosen = group.streams.iter().filter(|(name, _)| name.starts_with(prefix));
    let mut streams: Vec<((i64, &String), &Stream)> = chosen
        .map(|(name, stream)| match by {
            OrderBy::LogStreamName => ((0, name), stream),
            OrderBy::LastEventTime => ((stream.last_event().unwrap_or_default(), name), stream),
        })
        .collect();
    streams.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
    let shown = streams.into_iter().enumerate();
    shown.map(|(place, ((_, name), stream))| (format!("{place:020}"), StreamView::of(name, stream))).collect()
}

impl Stream {
    fn last_event(&self) -> Option<i64> {
        self.events.values().next_back().map(|event| event.timestamp)
    }
}

impl StreamView {
    fn of(name: &str, stream: &Stream) -> Self {
        let (first, last) = (stream.events.first_key_value(), stream.events.last_key_value());
        Self {
            log_stream_name: name.to_owned(),
            creation_time: stream.created,
            first_event_timestamp: first.map(|(_, event)| event.timestamp),
            last_event_timestamp: stream.last_event(),
            last_ingestion_time: stream.last_ingestion,
            upload_sequence_token: last.map(|(id, _)| super::event::written(*id)),
            arn: stream.arn.clone(),
            stored_bytes: 0,
        }
    }
}
