//! Rotation of key material, by schedule and on demand. Rotation adds versions, so old ciphertexts stay
//! readable.

use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::describe::KeyIdInput;
use super::key::{Key, KeyState, Origin, Rotation, Schedule, Version, internal_failure, later};
use super::lookup;
use super::material;
use super::page::{self, MarkerInput, MarkerOutput};
use super::spec::KeySpec;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The largest number of on-demand rotations of a key.
const ON_DEMAND_LIMIT: usize = 10;

/// The largest number of automatic rotations at once, if the clock moves far.
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
    #[serde(default)]
    include_key_material: IncludeKeyMaterial,
    #[serde(flatten)]
    pagination: MarkerInput,
}

/// The material that a list of rotations includes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum IncludeKeyMaterial {
    #[default]
    RotationsOnly,
    AllKeyMaterial,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    rotations: Vec<Entry>,
    #[serde(flatten)]
    next: MarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    key_id: String,
    key_material_id: String,
    key_material_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_type: Option<Rotation>,
}

impl Key {
    /// Performs the rotations that are due. Keys that are not enabled do not rotate.
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

    /// Performs the rotation that was due while the key was not enabled, and starts the schedule
    /// again.
    pub fn make_up(&mut self, now: Timestamp) -> Result<(), ServiceError> {
        let Some(schedule) = self.schedule.filter(|schedule| schedule.next <= now) else { return Ok(()) };
        self.schedule = Some(Schedule::from(now, schedule.days));
        self.add_version(now, Rotation::Automatic)
    }

    fn add_version(&mut self, since: Timestamp, rotation: Rotation) -> Result<(), ServiceError> {
        let material = material::generate(self.spec).map_err(|_| internal_failure())?;
        self.versions.push(Version { material, since, rotation: Some(rotation) });
        Ok(())
    }

    /// Checks that the key is not a replica, which rotates with its primary key.
    fn is_rotation_owner(&self) -> Result<(), ServiceError> {
        if self.is_replica() {
            return Err(self.unsupported("is a replica key, which rotates with its primary key"));
        }
        Ok(())
    }

    /// Checks that the key can rotate: it is symmetric, with generated material.
    fn rotatable(&self) -> Result<(), ServiceError> {
        if self.spec != KeySpec::SYMMETRIC_DEFAULT {
            return Err(self.unsupported("does not support rotation"));
        }
        self.check_origin(Origin::AwsKms)?;
        Ok(())
    }
}

/// Enables automatic rotation, every year by default.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn enable(cloud: &mut Cloud, caller: &Caller, input: EnableInput) -> Result<(), ServiceError> {
    let (now, days) = (cloud.now(), input.rotation_period_in_days.unwrap_or(365));
    let action = KeyAction::new("EnableKeyRotation", KeyScope::CustomerManaged)
        .with_text("kms:RotationPeriodInDays", days.to_string());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    key.is_rotation_owner()?;
    key.check_enabled()?;
    if key.schedule.is_none_or(|schedule| schedule.days != days) {
        key.schedule = Some(Schedule::from(now, days));
    }
    Ok(())
}

/// Disables automatic rotation.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn disable(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<(), ServiceError> {
    let action = KeyAction::new("DisableKeyRotation", KeyScope::CustomerManaged);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    key.is_rotation_owner()?;
    key.check_enabled()?;
    key.schedule = None;
    Ok(())
}

/// Returns the schedule of automatic rotation. Keys that cannot rotate, or are pending deletion,
/// have none.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn status(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<StatusOutput, ServiceError> {
    let action = KeyAction::new("GetKeyRotationStatus", KeyScope::AnyAccount);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    // E257. Keys that cannot rotate for another reason have rotation disabled.
    key.check_origin(Origin::AwsKms)?;
    let schedule = key.schedule.filter(|_| key.check_not_pending_deletion().is_ok());
    Ok(StatusOutput {
        key_id: key.id.clone(),
        key_rotation_enabled: schedule.is_some(),
        rotation_period_in_days: schedule.map(|schedule| schedule.days),
        next_rotation_date: schedule.map(|schedule| schedule.next),
    })
}

/// Rotates at once. The schedule does not change.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn on_demand(cloud: &mut Cloud, caller: &Caller, input: KeyIdInput) -> Result<KeyIdOutput, ServiceError> {
    let now = cloud.now();
    let action = KeyAction::new("RotateKeyOnDemand", KeyScope::CustomerManaged);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    key.is_rotation_owner()?;
    key.check_enabled()?;
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
    // E224: the ARN, even if the key was named by its id.
    Ok(KeyIdOutput { key_id: key.arn.clone() })
}

/// Lists the rotations, oldest first.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let action = KeyAction::new("ListKeyRotations", KeyScope::OwnAccount);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.rotatable()?;
    let newest = key.versions.len().saturating_sub(1);
    let all = input.include_key_material == IncludeKeyMaterial::AllKeyMaterial;
    let rotations = key.versions.iter().enumerate().filter(|(_, version)| all || version.rotation.is_some());
    let entries = rotations.map(|(index, version)| {
        let entry = Entry {
            key_id: key.arn.clone(),
            key_material_id: version.material_id(&key.id),
            key_material_state: if index == newest { "CURRENT" } else { "NON_CURRENT" },
            rotation_date: version.rotation.map(|_| version.since),
            rotation_type: version.rotation,
        };
        // The index is padded, so that cursors sort as the versions do.
        (format!("{index:08}"), entry)
    });
    let listing = format!("ListKeyRotations {}", key.arn);
    let (rotations, next) = page::page(&listing, caller, &input.pagination, page::KEYS_PER_PAGE, entries)?;
    Ok(ListOutput { rotations, next })
}
