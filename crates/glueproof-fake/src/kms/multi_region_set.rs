//! Multi-Region sets: a primary key and its replicas in other regions, with the same id and the same material. Must not
//! authorize, nor encrypt.
//! [`update`] brings a key up to date with its set; [`MultiRegionConfiguration`] describes the set.

use serde::Serialize;

use super::arn;
use super::key::{Key, KeyState, Origin};
use crate::cloud::Cloud;
use crate::error::ServiceError;

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
pub fn keys_of_set<'c>(cloud: &'c Cloud, account: &str, id: &str) -> impl Iterator<Item = &'c Key> {
    cloud
        .regions()
        .filter(move |(owner, _, _)| *owner == account)
        .filter_map(move |(_, _, region)| region.kms.keys.get(id))
}

/// Returns the replicas of a multi-Region set.
pub fn replicas<'c>(cloud: &'c Cloud, account: &str, id: &str) -> impl Iterator<Item = &'c Key> {
    keys_of_set(cloud, account, id).filter(|key| key.is_replica())
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
        let regions: Vec<String> =
            keys_of_set(cloud, account, id).map(|key| key.region().to_owned()).collect();
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
