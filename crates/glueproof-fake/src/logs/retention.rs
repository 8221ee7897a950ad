//! Retention of log groups. Must not delete events: `Group::expire` does, at every access.

use serde::Deserialize;

use super::authorize::{self, LogResource};
use super::group::GroupInput;
use super::lookup;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The valid retention periods in days (CloudWatch Logs API Reference, `PutRetentionPolicy`).
const CHOICES: [u16; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PutInput {
    log_group_name: String,
    retention_in_days: i64,
}

/// Sets the retention of a group.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<(), ServiceError> {
    authorize::check(cloud, caller, "PutRetentionPolicy", LogResource::Group(&input.log_group_name))?;
    let days = CHOICES.into_iter().find(|days| i64::from(*days) == input.retention_in_days);
    let days = days.ok_or_else(|| {
        let text = format!("{} days is no valid retention of log events.", input.retention_in_days);
        ServiceError::with("InvalidParameterException", text)
    })?;
    lookup::group(cloud, caller, &input.log_group_name)?.retention_days = Some(days);
    Ok(())
}

/// Removes the retention of a group.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: GroupInput) -> Result<(), ServiceError> {
    authorize::check(cloud, caller, "DeleteRetentionPolicy", LogResource::Group(&input.log_group_name))?;
    lookup::group(cloud, caller, &input.log_group_name)?.retention_days = None;
    Ok(())
}
