//! The operations on multi-Region keys: replicate a key, and make a replica the primary key. Must not encrypt.
//! [`replicate`] and [`update_primary`] are the entry points.

use serde::{Deserialize, Serialize};

use super::arn;
use super::authorize::{KeyAction, KeyScope};
use super::describe::Metadata;
use super::key::{Import, Key, KeyState, Origin};
use super::multi_region_set::keys_of_set;
use super::tag::{self, Tag};
use super::{key_policy, lookup};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::List;
use crate::tags;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReplicateInput {
    key_id: String,
    replica_region: String,
    policy: Option<String>,
    #[serde(default)]
    bypass_policy_lockout_safety_check: bool,
    description: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the members of the API")]
pub struct ReplicateOutput {
    replica_key_metadata: Metadata,
    replica_policy: String,
    replica_tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdatePrimaryInput {
    key_id: String,
    primary_region: String,
}

/// Creates a replica of a primary key in another region.
pub fn replicate(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ReplicateInput,
) -> Result<ReplicateOutput, ServiceError> {
    let action = KeyAction::new("ReplicateKey", KeyScope::CustomerManaged)
        .with_text("kms:ReplicaRegion", input.replica_region.as_str());
    let primary = lookup::key(cloud, caller, &input.key_id, action)?.clone();
    check_primary(&primary)?;
    primary.check_enabled()?;
    let region = &input.replica_region;
    if keys_of_set(cloud, &primary.account, &primary.id).any(|key| key.region() == region) {
        let text = format!("The key {} already exists in the region {region}.", primary.id);
        return Err(ServiceError::with("AlreadyExistsException", text));
    }
    let owner = Caller { region: region.clone(), ..caller.clone() };
    let policy = key_policy::checked(&owner, input.policy, input.bypass_policy_lockout_safety_check)?;
    let tags = tags::check(tag::pairs(input.tags)).map_err(|problem| tag::refused(&problem))?;
    let is_external = primary.origin == Origin::External;
    let replica = Key {
        arn: arn::of(&primary.account, region, &format!("key/{}", primary.id)),
        created: cloud.now(),
        description: input.description.unwrap_or_default(),
        state: if is_external { KeyState::PendingImport } else { KeyState::Enabled },
        policy,
        tags,
        versions: if is_external { Vec::new() } else { primary.versions.clone() },
        schedule: None,
        grants: List::new(),
        import: Import { material_id: primary.import.material_id.clone(), ..Import::default() },
        ..primary
    };
    cloud.region(&owner).kms.keys.insert(replica.id.clone(), replica.clone());
    Ok(ReplicateOutput {
        replica_key_metadata: Metadata::of(cloud, &replica),
        replica_policy: key_policy::laid_out(&replica.policy)?,
        replica_tags: tag::listed(&replica.tags),
    })
}

/// Makes a replica the primary key of its set.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn update_primary(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UpdatePrimaryInput,
) -> Result<(), ServiceError> {
    let action = KeyAction::new("UpdatePrimaryRegion", KeyScope::CustomerManaged)
        .with_text("kms:PrimaryRegion", input.primary_region.as_str());
    let primary = lookup::key(cloud, caller, &input.key_id, action)?.clone();
    check_primary(&primary)?;
    primary.check_enabled()?;
    let regions: Vec<String> =
        keys_of_set(cloud, &primary.account, &primary.id).map(|key| key.region().to_owned()).collect();
    if !regions.contains(&input.primary_region) {
        let arn = arn::of(&primary.account, &input.primary_region, &format!("key/{}", primary.id));
        return Err(ServiceError::with("NotFoundException", format!("Key '{arn}' does not exist")));
    }
    for region in regions {
        let state = cloud.existing_region(&primary.account, &region);
        if let Some(key) = state.and_then(|state| state.kms.keys.get_mut(&primary.id)) {
            // The schedule of rotations belongs to the primary key.
            key.schedule = primary.schedule.filter(|_| region == input.primary_region);
            key.primary_region = Some(input.primary_region.clone());
        }
    }
    Ok(())
}

fn check_primary(key: &Key) -> Result<(), ServiceError> {
    if key.primary_region.is_none() {
        return Err(key.unsupported("is not a multi-Region key"));
    }
    if key.is_replica() { Err(key.unsupported("is not a primary key")) } else { Ok(()) }
}
