//! How keys come to be. Must not change a key that exists.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::arn;
use super::describe::Metadata;
use super::key::{Key, KeyState, Manager, Schedule, Version, broken};
use super::spec::{KeySpec, KeyUsage};
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

/// Where key material comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Origin {
    AwsKms,
    External,
    AwsCloudhsm,
    ExternalKeyStore,
}

/// What a key is made from.
#[derive(Debug)]
pub struct NewKey {
    pub spec: KeySpec,
    pub usage: KeyUsage,
    pub manager: Manager,
    pub description: String,
    pub policy: String,
    pub tags: Tags,
}

/// A new key of the caller's account, enabled at once.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    authorize::on_resource(cloud, caller, "CreateKey", "*")?;
    only_our_own(&input)?;
    let spec = input.key_spec.or(input.customer_master_key_spec).unwrap_or(KeySpec::SYMMETRIC_DEFAULT);
    let usage = usage(spec, input.key_usage)?;
    let policy = match input.policy {
        Some(policy) => {
            key_policy::check(&policy, input.bypass_policy_lockout_safety_check)?;
            policy
        }
        None => default_policy(caller),
    };
    let tags = tags::check(tag::pairs(input.tags)).map_err(|problem| tag::refused(&problem))?;
    let description = input.description.unwrap_or_default();
    let new = NewKey { spec, usage, manager: Manager::Customer, description, policy, tags };
    let key_metadata = Metadata::of(insert(cloud, caller, new)?);
    Ok(CreateOutput { key_metadata })
}

/// Puts a new key with new material into the caller's account.
pub fn insert<'c>(cloud: &'c mut Cloud, caller: &Caller, new: NewKey) -> Result<&'c mut Key, ServiceError> {
    let (id, now) = (cloud.random.uuid(), cloud.now());
    let material = material::generate(new.spec).map_err(|_| broken())?;
    let key = Key {
        arn: arn::of(&caller.account, &caller.region, &format!("key/{id}")),
        id: id.clone(),
        account: caller.account.clone(),
        created: now,
        description: new.description,
        spec: new.spec,
        usage: new.usage,
        manager: new.manager,
        state: KeyState::Enabled,
        policy: new.policy,
        tags: new.tags,
        versions: vec![Version { material, since: now, rotation: None }],
        schedule: (new.manager == Manager::Aws).then(|| Schedule::from(now, 365)),
        grants: Vec::new(),
    };
    Ok(cloud.region(caller).kms.keys.entry(id).or_insert(key))
}

/// Material from elsewhere, key stores and several regions are beyond the fake.
fn only_our_own(input: &CreateInput) -> Result<(), ServiceError> {
    let elsewhere = input.origin.is_some_and(|origin| origin != Origin::AwsKms);
    if elsewhere || input.multi_region == Some(true) {
        return Err(ServiceError::bare("UnsupportedOperationException"));
    }
    Ok(())
}

fn usage(spec: KeySpec, asked: Option<KeyUsage>) -> Result<KeyUsage, ServiceError> {
    let unsupported = spec == KeySpec::SM2 || asked == Some(KeyUsage::KeyAgreement);
    match (spec, asked) {
        _ if unsupported => Err(ServiceError::bare("UnsupportedOperationException")),
        (_, Some(usage)) if spec.usages().contains(&usage) => Ok(usage),
        (KeySpec::SYMMETRIC_DEFAULT, None) => Ok(KeyUsage::EncryptDecrypt),
        (_, None) => Err(ServiceError::with(
            "ValidationException",
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )),
        (_, Some(_)) => Err(ServiceError::bare("ValidationException")),
    }
}

/// The account's root may do everything; who else may is for IAM to say.
fn default_policy(caller: &Caller) -> String {
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
