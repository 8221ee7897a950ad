//! New material for old keys: by the clock and on demand. Nothing that was encrypted stops being readable,
//! for versions are only ever added.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authorize::{KeyAction, KeyScope};
use super::describe::KeyIdInput;
use super::key::{Key, KeyState, Rotation, Schedule, Version, broken, later};
use super::lookup;
use super::material;
use super::page::{self, MarkerInput, MarkerOutput};
use super::spec::KeySpec;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// How many times a key can be rotated on demand.
const ON_DEMAND_LIMIT: usize = 10;

/// How many rotations are made up for at once, however far the clock has jumped.
const MOST_AT_ONCE: u32 = 100;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EnableInput {
    key_id: String,
    rotation_period_in_days: Option<u32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StatusOutput {
    key_id: String,
    key_rotation_enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_period_in_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_date: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyIdOutput {
    key_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    key_id: String,
    #[serde(flatten)]
    asked: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    rotations: Vec<Entry>,
    #[serde(flatten)]
    end: MarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    rotation_date: Timestamp,
    rotation_type: Rotation,
}

impl Key {
    /// Makes every rotation that was due by now. Keys that are not enabled are left alone.
    pub fn catch_up(&mut self, now: Timestamp) -> Result<(), ServiceError> {
        let Some(mut schedule) = self.schedule.filter(|_| self.state == KeyState::Enabled) else {
            return Ok(());
        };
        for _ in 0..MOST_AT_ONCE {
            if schedule.next > now {
                break;
            }
            self.add_version(schedule.next, Rotation::Automatic)?;
            schedule.next = later(schedule.next, schedule.days);
        }
        if schedule.next <= now {
            schedule.next = later(now, schedule.days);
        }
        self.schedule = Some(schedule);
        Ok(())
    }

    /// A key that was not enabled when its rotation was due gets it when it is enabled again, and then goes
    /// on from there.
    pub fn make_up(&mut self, now: Timestamp) -> Result<(), ServiceError> {
        let Some(schedule) = self.schedule.filter(|schedule| schedule.next <= now) else { return Ok(()) };
        self.schedule = Some(Schedule::from(now, schedule.days));
        self.add_version(now, Rotation::Automatic)
    }

    fn add_version(&mut self, since: Timestamp, rotation: Rotation) -> Result<(), ServiceError> {
        let material = material::generate(self.spec).map_err(|_| broken())?;
        self.versions.push(Version { material, since, rotation: Some(rotation) });
        Ok(())
    }

    /// Only symmetric keys are rotated.
    fn rotatable(&self) -> Result<(), ServiceError> {
        if self.spec == KeySpec::SYMMETRIC_DEFAULT {
            return Ok(());
        }
        Err(ServiceError::bare("UnsupportedOperationException"))
    }
}

/// Rotates from now on, every year unless another period is said.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn enable(
    cloud: &mut Cloud,
    caller: &Caller,
    input: EnableInput,
) -> Result<Map<String, Value>, ServiceError> {
    let (now, days) = (cloud.now(), input.rotation_period_in_days.unwrap_or(365));
    let action = KeyAction::new("EnableKeyRotation", KeyScope::CustomerManaged)
        .with_text("kms:RotationPeriodInDays", days.to_string());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    key.usable()?;
    if key.schedule.is_none_or(|schedule| schedule.days != days) {
        key.schedule = Some(Schedule::from(now, days));
    }
    Ok(Map::new())
}

/// Rotates no longer by itself.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn disable(
    cloud: &mut Cloud,
    caller: &Caller,
    input: KeyIdInput,
) -> Result<Map<String, Value>, ServiceError> {
    let action = KeyAction::new("DisableKeyRotation", KeyScope::CustomerManaged);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    key.usable()?;
    key.schedule = None;
    Ok(Map::new())
}

/// Whether and when the key is rotated next. Keys that cannot be rotated are not, nor are those
/// about to be deleted.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn status(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<StatusOutput, ServiceError> {
    let action = KeyAction::new("GetKeyRotationStatus", KeyScope::AnyAccount);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    let schedule = key.schedule.filter(|_| key.alive().is_ok());
    Ok(StatusOutput {
        key_id: key.id.clone(),
        key_rotation_enabled: schedule.is_some(),
        rotation_period_in_days: schedule.map(|schedule| schedule.days),
        next_rotation_date: schedule.map(|schedule| schedule.next),
    })
}

/// Rotates at once; a schedule stays as it is.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn on_demand(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<KeyIdOutput, ServiceError> {
    let now = cloud.now();
    let action = KeyAction::new("RotateKeyOnDemand", KeyScope::CustomerManaged);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    key.usable()?;
    let on_demand = |version: &&Version| version.rotation == Some(Rotation::OnDemand);
    if key.versions.iter().filter(on_demand).count() >= ON_DEMAND_LIMIT {
        let text = format!(
            "The on-demand rotations limit has been reached for the given keyId. \
             No more on-demand rotations can be performed for this key: {}",
            key.arn
        );
        return Err(ServiceError::with("LimitExceededException", text));
    }
    key.add_version(now, Rotation::OnDemand)?;
    Ok(KeyIdOutput { key_id: key.id.clone() })
}

/// Every rotation so far, oldest first.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let action = KeyAction::new("ListKeyRotations", KeyScope::OwnAccount);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    let entries = key.versions.iter().enumerate().filter_map(|(index, version)| {
        let entry =
            Entry { key_id: key.id.clone(), rotation_date: version.since, rotation_type: version.rotation? };
        // Padded, so that cursors sort as the versions do.
        Some((format!("{index:08}"), entry))
    });
    let listing = format!("ListKeyRotations {}", key.arn);
    let (rotations, end) = page::page(&listing, caller, &input.asked, page::KEYS_PER_PAGE, entries)?;
    Ok(ListOutput { rotations, end })
}
