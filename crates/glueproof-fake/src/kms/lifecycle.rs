//! The states of keys: enable, disable, and deletion after a waiting period. Must not change key
//! material.

use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::describe::KeyIdInput;
use super::key::KeyState;
use super::{lookup, multi_region_set};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleInput {
    key_id: String,
    pending_window_in_days: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ScheduleOutput {
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<Timestamp>,
    key_state: &'static str,
    pending_window_in_days: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CancelOutput {
    key_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescriptionInput {
    key_id: String,
    description: String,
}

/// Enables a key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn enable(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<(), ServiceError> {
    let now = cloud.now();
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("EnableKey", KeyScope::CustomerManaged))?;
    key.check_not_pending_deletion()?;
    key.check_material()?;
    key.state = KeyState::Enabled;
    key.make_up(now)?;
    Ok(())
}

/// Disables a key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn disable(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<(), ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("DisableKey", KeyScope::CustomerManaged))?;
    key.check_not_pending_deletion()?;
    key.check_material()?;
    key.state = KeyState::Disabled;
    Ok(())
}

/// Schedules the deletion of a key, its aliases and its grants in 7 to 30 days.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn schedule_deletion(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ScheduleInput,
) -> Result<ScheduleOutput, ServiceError> {
    let (now, days) = (cloud.now(), input.pending_window_in_days.unwrap_or(30));
    let action = KeyAction::new("ScheduleKeyDeletion", KeyScope::CustomerManaged)
        .with_text("kms:ScheduleKeyDeletionPendingWindowInDays", days.to_string());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    // The model allows more than the documentation. No recording shows the text.
    if !(7..=30).contains(&days) {
        return Err(ServiceError::with(
            "ValidationException",
            format!("The waiting period of {days} days is outside of 7 to 30 days."),
        ));
    }
    key.check_not_pending_deletion()?;
    let key_arn = key.arn.clone();
    let has_replicas = key.primary_region.is_some() && !key.is_replica() && {
        let (account, id) = (key.account.clone(), key.id.clone());
        multi_region_set::replicas(cloud, &account, &id).next().is_some()
    };
    let key = lookup::unauthorized_key(cloud, caller, &key_arn)?;
    key.state = if has_replicas {
        KeyState::PendingReplicaDeletion(days)
    } else {
        KeyState::PendingDeletion(now.later(days * 86_400))
    };
    Ok(ScheduleOutput {
        key_id: key.arn.clone(),
        deletion_date: key.deletion_date(),
        key_state: key.state.name(),
        pending_window_in_days: days,
    })
}

/// Cancels the deletion of a key, which is disabled then.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn cancel_deletion(
    cloud: &mut Cloud,
    caller: &Caller,
    input: KeyIdInput,
) -> Result<CancelOutput, ServiceError> {
    let key = lookup::key(
        cloud,
        caller,
        &input.key_id,
        KeyAction::new("CancelKeyDeletion", KeyScope::CustomerManaged),
    )?;
    if key.check_not_pending_deletion().is_ok() {
        let text = format!("{} is not pending deletion.", key.arn);
        return Err(ServiceError::with("KMSInvalidStateException", text));
    }
    let has_no_material = key.versions.is_empty();
    key.state = if has_no_material { KeyState::PendingImport } else { KeyState::Disabled };
    Ok(CancelOutput { key_id: key.arn.clone() })
}

/// Replaces the description.
pub fn describe_anew(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DescriptionInput,
) -> Result<(), ServiceError> {
    let key = lookup::key(
        cloud,
        caller,
        &input.key_id,
        KeyAction::new("UpdateKeyDescription", KeyScope::CustomerManaged),
    )?;
    key.check_not_pending_deletion()?;
    key.description = input.description;
    Ok(())
}
