//! What CloudWatch Logs offers the other services of the fake: writing as a role would, through the very
//! operations of its API. Must not allow anything that a call over the wire would not.

use std::collections::BTreeMap;

use super::group::{self, CreateInput, KeyInput};
use super::put_events::{self, InputEvent, PutInput};
use super::stream::{self, StreamInput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Makes the group unless it is there, and has later events encrypted under that key unless they are.
pub fn prepare(
    cloud: &mut Cloud,
    caller: &Caller,
    group: &str,
    key: Option<&str>,
) -> Result<(), ServiceError> {
    let input = CreateInput {
        log_group_name: group.to_owned(),
        kms_key_id: key.map(str::to_owned),
        tags: BTreeMap::new(),
        log_group_class: None,
    };
    let Some(present) = cloud.region(caller).logs.groups.get(group) else {
        return group::create(cloud, caller, input).map(|_| ());
    };
    if key.is_none() || present.kms_key.as_deref() == key {
        return Ok(());
    }
    let input = KeyInput {
        log_group_name: Some(group.to_owned()),
        resource_identifier: None,
        kms_key_id: key.map(str::to_owned),
    };
    group::associate(cloud, caller, input).map(|_| ())
}

/// Writes lines of now to a stream of a group that is there; the stream is made unless it is, too.
pub fn write(
    cloud: &mut Cloud,
    caller: &Caller,
    group: &str,
    stream: &str,
    lines: impl IntoIterator<Item = String>,
) -> Result<(), ServiceError> {
    let now = cloud.now().millis();
    let (log_group_name, log_stream_name) = (group.to_owned(), stream.to_owned());
    let present = cloud.region(caller).logs.groups.get(group);
    if present.is_none_or(|group| !group.streams.contains_key(stream)) {
        let input =
            StreamInput { log_group_name: log_group_name.clone(), log_stream_name: log_stream_name.clone() };
        stream::create(cloud, caller, input)?;
    }
    let event = |text| InputEvent { timestamp: Some(now), message: Some(text) };
    let log_events = lines.into_iter().map(event).collect();
    put_events::put(cloud, caller, PutInput { log_group_name, log_stream_name, log_events }).map(|_| ())
}
