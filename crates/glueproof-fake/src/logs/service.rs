//! CloudWatch Logs for the other services of the fake: writes logs as a role, through the operations of the API. Must not
//! allow more than a request does.

use std::collections::BTreeMap;

use super::group::{self, CreateInput, KeyInput};
use super::put_events::{self, InputEvent, PutInput};
use super::stream::{self, StreamInput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Creates the group if it is missing, and associates the key if the group has another one.
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
        deletion_protection_enabled: false,
    };
    let Some(present) = cloud.region(caller).logs.groups.get(group) else {
        return group::create(cloud, caller, input);
    };
    if key.is_none() || present.kms_key.as_deref() == key {
        return Ok(());
    }
    let input = KeyInput {
        log_group_name: Some(group.to_owned()),
        resource_identifier: None,
        kms_key_id: key.map(str::to_owned),
    };
    group::associate(cloud, caller, input)
}

/// Writes lines with the current time to a stream of an existing group. Creates the stream if it is missing.
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
