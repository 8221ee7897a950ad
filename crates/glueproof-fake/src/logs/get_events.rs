//! `GetLogEvents`: one stream, read forwards or backwards. A token is a direction and the id of an event, and never
//! expires: at an end of the stream the same token comes back. Must not change state.

use serde::{Deserialize, Serialize};

use super::authorize::{self, LogResource};
use super::event::{self, Event};
use super::{encryption, lookup, page};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The largest size of a page in bytes, overhead included.
const LARGEST_PAGE: usize = 1_048_576;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetInput {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<usize>,
    #[serde(default)]
    start_from_head: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetOutput {
    events: Vec<OutputEvent>,
    next_forward_token: String,
    next_backward_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputEvent {
    timestamp: i64,
    message: String,
    ingestion_time: i64,
}

/// `Debug` shows no text.
impl std::fmt::Debug for OutputEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutputEvent").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

/// The start and the direction of a read.
#[derive(Debug, Clone, Copy)]
enum StartPosition {
    /// The events after this one, oldest first.
    Behind(u128),
    /// The events before this one, newest first.
    Before(u128),
}

/// Returns a page of events in the order of their timestamps, in either direction.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let name = lookup::name(input.log_group_name, input.log_group_identifier)?;
    authorize::check(cloud, caller, "GetLogEvents", LogResource::Stream(&name, &input.log_stream_name))?;
    let from = match &input.next_token {
        Some(token) => StartPosition::read(token).ok_or_else(page::invalid_token)?,
        None if input.start_from_head => StartPosition::Behind(0),
        None => StartPosition::Before(u128::MAX),
    };
    let group = lookup::group(cloud, caller, &name)?;
    let sealed = group.sealed_data_keys();
    let stream = lookup::stream(group, &input.log_stream_name)?;
    let within = |(_, event): &(&u128, &Event)| {
        input.start_time.is_none_or(|start| event.timestamp >= start)
            && input.end_time.is_none_or(|end| event.timestamp < end)
    };
    let limit = input.limit.unwrap_or(10_000);
    let page: Vec<(u128, Event)> = match from {
        StartPosition::Behind(id) => {
            filled(stream.events.range(id.saturating_add(1)..).filter(within), limit)
        }
        StartPosition::Before(id) => {
            let mut page = filled(stream.events.range(..id).rev().filter(within), limit);
            page.reverse();
            page
        }
    };
    let keys =
        encryption::open_keys(cloud, caller, &sealed, page.iter().filter_map(|(_, one)| one.data_key()))?;
    let (next_forward_token, next_backward_token) = tokens(from, &page);
    let shown = |(_, event): (u128, Event)| {
        keys.open(&event.stored).map(|message| OutputEvent {
            timestamp: event.timestamp,
            message,
            ingestion_time: event.ingested,
        })
    };
    let events = page.into_iter().map(shown).collect::<Result<_, _>>()?;
    Ok(GetOutput { events, next_forward_token, next_backward_token })
}

/// Returns as many events as fit a page, and at least one.
fn filled<'e>(events: impl Iterator<Item = (&'e u128, &'e Event)>, limit: usize) -> Vec<(u128, Event)> {
    let mut room = LARGEST_PAGE;
    let mut page = Vec::new();
    for (id, event) in events.take(limit) {
        let left = room.checked_sub(event.size);
        if left.is_none() && !page.is_empty() {
            break;
        }
        room = left.unwrap_or(0);
        page.push((*id, event.clone()));
    }
    page
}

fn tokens(from: StartPosition, page: &[(u128, Event)]) -> (String, String) {
    let (behind, before) = match (page.first(), page.last(), from) {
        (Some((first, _)), Some((last, _)), _) => (*last, *first),
        (_, _, StartPosition::Behind(id)) => (id, id.saturating_add(1)),
        (_, _, StartPosition::Before(id)) => (id.saturating_sub(1), id),
    };
    (format!("f/{}/s", event::written(behind)), format!("b/{}/s", event::written(before)))
}

impl StartPosition {
    fn read(token: &str) -> Option<Self> {
        let (way, rest) = token.split_once('/')?;
        let id = event::read(rest.strip_suffix("/s")?)?;
        match way {
            "f" => Some(Self::Behind(id)),
            "b" => Some(Self::Before(id)),
            _ => None,
        }
    }
}
