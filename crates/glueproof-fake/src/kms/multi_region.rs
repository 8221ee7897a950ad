//! Multi-Region keys: a primary key and its replicas in other regions, with the same id and the same material. Must not
//! encrypt.
//! [`replicate`] and [`update_primary`] are the operations; [`update`] brings a key up to date with its primary key.

use serde::{Deserialize, Serialize};

use super::arn;
use super::authorize::{KeyAction, KeyScope};
use super::create_key::default_policy;
use super::describe::Metadata;
use super::key::{Import, Key, KeyState, Origin};
use super::tag::{self, Tag};
use super::{key_policy, lookup};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags;

/// The set of a multi-Region key, as responses have it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MultiRegionConfiguration {
    multi_region_key_type: &'static str,
    primary_key: RelatedKey,
    replica_keys: Vec<RelatedKey>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RelatedKey {
    arn: String,
    region: String,
}

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

impl MultiRegionConfiguration {
    /// Returns the set of a multi-Region key.
    pub fn of(cloud: &Cloud, key: &Key) -> Option<Self> {
        let primary = key.primary_region.clone()?;
        let related = |region: &str| RelatedKey {
            arn: arn::of(&key.account, region, &format!("key/{}", key.id)),
            region: region.to_owned(),
        };
        Some(Self {
            multi_region_key_type: if key.is_replica() { "REPLICA" } else { "PRIMARY" },
            primary_key: related(&primary),
            replica_keys: replicas(cloud, &key.account, &key.id).map(|key| related(key.region())).collect(),
        })
    }
}

/// Returns all keys of a multi-Region set.
fn set<'c>(cloud: &'c Cloud, account: &str, id: &str) -> impl Iterator<Item = &'c Key> {
    cloud
        .regions()
        .filter(move |(owner, _, _)| *owner == account)
        .filter_map(move |(_, _, region)| region.kms.keys.get(id))
}

/// Returns the replicas of a multi-Region set.
pub fn replicas<'c>(cloud: &'c Cloud, account: &str, id: &str) -> impl Iterator<Item = &'c Key> {
    set(cloud, account, id).filter(|key| key.is_replica())
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
    if set(cloud, &primary.account, &primary.id).any(|key| key.region() == region) {
        let text = format!("The key {} already exists in the region {region}.", primary.id);
        return Err(ServiceError::with("AlreadyExistsException", text));
    }
    let owner = Caller { region: region.clone(), ..caller.clone() };
    let policy = match input.policy {
        Some(policy) => {
            key_policy::check(&caller.account, &policy, input.bypass_policy_lockout_safety_check)?;
            policy
        }
        None => default_policy(&owner),
    };
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
        grants: Vec::new(),
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
        set(cloud, &primary.account, &primary.id).map(|key| key.region().to_owned()).collect();
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

/// Brings a key up to date: replicas have the material of their primary key, and a primary key that waits for the deletion
/// of its replicas is scheduled for deletion after the last one.
pub fn update(cloud: &mut Cloud, account: &str, region: &str, id: &str) -> Result<(), ServiceError> {
    let now = cloud.now();
    let state = cloud.peek_region(account, region);
    let Some(key) = state.and_then(|region| region.kms.keys.get(id)) else { return Ok(()) };
    let Some(primary_region) = key.primary_region.clone() else { return Ok(()) };
    let generated = key.origin == Origin::AwsKms;
    if primary_region != region && generated {
        let primary = cloud.existing_region(account, &primary_region);
        let Some(primary) = primary.and_then(|region| region.kms.keys.get_mut(id)) else { return Ok(()) };
        primary.catch_up(now)?;
        let versions = primary.versions.clone();
        if let Some(key) =
            cloud.existing_region(account, region).and_then(|region| region.kms.keys.get_mut(id))
        {
            key.versions = versions;
        }
        return Ok(());
    }
    if let KeyState::PendingReplicaDeletion(days) = key.state {
        let regions: Vec<String> = set(cloud, account, id).map(|key| key.region().to_owned()).collect();
        for other in regions.iter().filter(|other| *other != region) {
            if let Some(state) = cloud.existing_region(account, other) {
                state.kms.expire(id, now);
            }
        }
        let is_last = replicas(cloud, account, id).next().is_none();
        let key = cloud.existing_region(account, region).and_then(|region| region.kms.keys.get_mut(id));
        if let Some(key) = key.filter(|_| is_last) {
            key.state = KeyState::PendingDeletion(now.later(days * 86_400));
        }
    }
    Ok(())
}
