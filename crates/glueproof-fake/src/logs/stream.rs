//! Log streams: create and delete. Must not touch single events.

use serde::Deserialize;

use super::authorize::{self, LogResource};
use super::lookup;
use super::state::Stream;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::Table;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamInput {
    pub log_group_name: String,
    pub log_stream_name: String,
}

/// Creates a stream.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: StreamInput) -> Result<(), ServiceError> {
    let (group, name) = (&input.log_group_name, input.log_stream_name);
    authorize::check(cloud, caller, "CreateLogStream", LogResource::Stream(group, &name))?;
    let created = cloud.now().millis();
    let group = lookup::group(cloud, caller, group)?;
    if group.streams.contains_key(&name) {
        let text = "The specified log stream already exists";
        return Err(ServiceError::with("ResourceAlreadyExistsException", text));
    }
    let arn = format!("{}:log-stream:{name}", group.arn);
    let stream = Stream { arn, created, last_ingestion: None, events: Table::new() };
    group.streams.insert(name, stream);
    Ok(())
}

/// Deletes a stream with its events.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: StreamInput) -> Result<(), ServiceError> {
    let (group, name) = (&input.log_group_name, &input.log_stream_name);
    authorize::check(cloud, caller, "DeleteLogStream", LogResource::Stream(group, name))?;
    let removed = lookup::group(cloud, caller, group)?.streams.remove(name);
    removed.map(|_| ()).ok_or_else(lookup::no_stream)
}
