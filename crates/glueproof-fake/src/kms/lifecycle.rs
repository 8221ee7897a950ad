//! Keys switched off and on, and their deletion after a window in which it can be called off. Must not
//! touch what a key is made of.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authorize::{KeyAction, KeyScope};
use super::describe::KeyIdInput;
use super::key::KeyState;
use super::lookup;
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
    deletion_date: Timestamp,
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

type Done = Result<Map<String, Value>, ServiceError>;

/// Usable again.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn enable(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Done {
    let now = cloud.now();
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("EnableKey", KeyScope::CustomerManaged))?;
    key.alive()?;
    key.state = KeyState::Enabled;
    key.make_up(now)?;
    Ok(Map::new())
}

/// Not usable until enabled again.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn disable(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Done {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("DisableKey", KeyScope::CustomerManaged))?;
    key.alive()?;
    key.state = KeyState::Disabled;
    Ok(Map::new())
}

/// Gone in 7 to 30 days, with all its aliases and grants.
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
    // The model allows more than the documentation does; the text is not known.
    if !(7..=30).contains(&days) {
        return Err(ServiceError::bare("ValidationException"));
    }
    key.alive()?;
    let deletion_date = now.later(days * 86_400);
    key.state = KeyState::PendingDeletion(deletion_date);
    Ok(ScheduleOutput {
        key_id: key.arn.clone(),
        deletion_date,
        key_state: key.state.name(),
        pending_window_in_days: days,
    })
}

/// Stays after all, disabled.
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
    if key.deletion_date().is_none() {
        let text = format!("{} is not pending deletion.", key.arn);
        return Err(ServiceError::with("KMSInvalidStateException", text));
    }
    key.state = KeyState::Disabled;
    Ok(CancelOutput { key_id: key.arn.clone() })
}

/// Another description.
pub fn describe_anew(cloud: &mut Cloud, caller: &Caller, input: DescriptionInput) -> Done {
    let key = lookup::key(
        cloud,
        caller,
        &input.key_id,
        KeyAction::new("UpdateKeyDescription", KeyScope::CustomerManaged),
    )?;
    key.alive()?;
    key.description = input.description;
    Ok(Map::new())
}
