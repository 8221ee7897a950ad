//! `CreateKey`. Must not change a key that exists.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::arn;
use super::describe::Metadata;
use super::key::{Import, Key, KeyState, Manager, Origin, Schedule, Version, internal_failure};
use super::spec::{KeySpec, KeyUsage, name};
use super::tag::{self, Tag};
use super::{authorize, key_policy, material, principal};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::{self, Tags};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    policy: Option<String>,
    description: Option<String>,
    key_usage: Option<KeyUsage>,
    customer_master_key_spec: Option<KeySpec>,
    key_spec: Option<KeySpec>,
    origin: Option<Origin>,
    multi_region: Option<bool>,
    #[serde(default)]
    bypass_policy_lockout_safety_check: bool,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateOutput {
    key_metadata: Metadata,
}

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

/// Creates a key in the caller's account. It is enabled at once, unless its material must be imported.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    authorize::on_resource(cloud, caller, "CreateKey", "*")?;
    check_origin(&input)?;
    let spec = input.key_spec.or(input.customer_master_key_spec).unwrap_or(KeySpec::SYMMETRIC_DEFAULT);
    let usage = usage(spec, input.key_usage)?;
    let policy = match input.policy {
        Some(policy) => {
            key_policy::check(&caller.account, &policy, input.bypass_policy_lockout_safety_check)?;
            policy
        }
        None => default_policy(caller),
    };
    let tags = tags::check(tag::pairs(input.tags)).map_err(|problem| tag::refused(&problem))?;
    let description = input.description.unwrap_or_default();
    let new = NewKey {
        spec,
        usage,
        manager: Manager::Customer,
        description,
        policy,
        tags,
        origin: input.origin.unwrap_or_default(),
        multi_region: input.multi_region == Some(true),
    };
    let key = insert(cloud, caller, new)?.clone();
    let key_metadata = Metadata::of(cloud, &key);
    Ok(CreateOutput { key_metadata })
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
        grants: Vec::new(),
        origin: new.origin,
        import: Import::default(),
        primary_region: new.multi_region.then(|| caller.region.clone()),
    };
    Ok(cloud.region(caller).kms.keys.entry(id).or_insert(key))
}

/// Refuses keys in custom key stores.
fn check_origin(input: &CreateInput) -> Result<(), ServiceError> {
    match input.origin {
        Some(Origin::AwsCloudhsm | Origin::ExternalKeyStore) => {
            Err(not_implemented("glueproof does not implement custom key stores"))
        }
        _ => Ok(()),
    }
}

fn usage(spec: KeySpec, requested: Option<KeyUsage>) -> Result<KeyUsage, ServiceError> {
    match (spec, requested) {
        (KeySpec::SM2, _) => Err(not_implemented("glueproof does not implement the key spec SM2")),
        (_, Some(usage)) if spec.usages().contains(&usage) => Ok(usage),
        (KeySpec::SYMMETRIC_DEFAULT, None) => Ok(KeyUsage::EncryptDecrypt),
        (_, None) => Err(ServiceError::with(
            "ValidationException",
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )),
        (_, Some(usage)) => {
            let text = format!("KeyUsage {} is not compatible with KeySpec {}", name(&usage), name(&spec));
            Err(ServiceError::with("ValidationException", text))
        }
    }
}

fn not_implemented(text: &str) -> ServiceError {
    ServiceError::with("UnsupportedOperationException", text)
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
