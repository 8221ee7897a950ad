//! `CreateKey`. Must not change a key that exists.

use serde::{Deserialize, Serialize};

use super::describe::Metadata;
use super::key::{Manager, Origin};
use super::new_key::{NewKey, insert};
use super::spec::{KeySpec, KeyUsage, name};
use super::tag::{self, Tag};
use super::{authorize, key_policy};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags;

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

/// Creates a key in the caller's account. It is enabled at once, unless its material must be imported.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    authorize::on_resource(cloud, caller, "CreateKey", "*")?;
    check_origin(&input)?;
    let spec = input.key_spec.or(input.customer_master_key_spec).unwrap_or(KeySpec::SYMMETRIC_DEFAULT);
    let usage = usage(spec, input.key_usage)?;
    let policy = key_policy::checked(caller, input.policy, input.bypass_policy_lockout_safety_check)?;
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
