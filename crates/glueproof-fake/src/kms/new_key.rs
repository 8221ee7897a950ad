//! New keys: their material, their id, and their default policy. Must not authorize, nor know a request.
//! [`insert`] is the entry point.

use serde_json::json;

use super::key::{Import, Key, KeyState, Manager, Origin, Schedule, Version, internal_failure};
use super::spec::{KeySpec, KeyUsage};
use super::{arn, material, principal};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::List;
use crate::tags::Tags;

/// The properties of a new key.
#[derive(Debug)]
pub struct NewKey {
    pub spec: KeySpec,
    pub usage: KeyUsage,
    pub manager: Manager,
    pub description: String,
    pub policy: String,
    pub tags: Tags,
    pub origin: Origin,
    pub multi_region: bool,
}

/// Adds a key with new material to the caller's account.
pub fn insert<'c>(cloud: &'c mut Cloud, caller: &Caller, new: NewKey) -> Result<&'c mut Key, ServiceError> {
    let (uuid, now) = (cloud.random.uuid(), cloud.now());
    let id = if new.multi_region { format!("mrk-{}", uuid.replace('-', "")) } else { uuid };
    let is_external = new.origin == Origin::External;
    let versions = if is_external {
        Vec::new()
    } else {
        let material = material::prepared_or_new(cloud, new.spec).map_err(|_| internal_failure())?;
        vec![Version { material, since: now, rotation: None }]
    };
    let key = Key {
        arn: arn::of(&caller.account, &caller.region, &format!("key/{id}")),
        id: id.clone(),
        account: caller.account.clone(),
        created: now,
        description: new.description,
        spec: new.spec,
        usage: new.usage,
        manager: new.manager,
        state: if is_external { KeyState::PendingImport } else { KeyState::Enabled },
        policy: new.policy,
        tags: new.tags,
        versions,
        schedule: (new.manager == Manager::Aws).then(|| Schedule::from(now, 365)),
        grants: List::new(),
        origin: new.origin,
        import: Import::default(),
        primary_region: new.multi_region.then(|| caller.region.clone()),
    };
    Ok(cloud.region(caller).kms.keys.entry(id).or_insert(key))
}

/// Returns the default policy: the account has all permissions, and IAM decides for its users and roles.
pub fn default_policy(caller: &Caller) -> String {
    json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": { "AWS": principal::root(caller) },
            "Action": "kms:*",
            "Resource": "*",
        }],
    })
    .to_string()
}
