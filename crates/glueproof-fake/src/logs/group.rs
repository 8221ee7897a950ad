//! Log groups: create and delete, and their KMS keys. Must not touch events.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::authorize::{self, LogResource};
use super::state::Group;
use super::{encryption, lookup, tag};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::Table;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateInput {
    pub log_group_name: String,
    #[serde(default)]
    pub kms_key_id: Option<String>,
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    #[serde(default)]
    pub log_group_class: Option<String>,
    #[serde(default)]
    pub deletion_protection_enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProtectionInput {
    log_group_identifier: String,
    deletion_protection_enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupInput {
    pub log_group_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyInput {
    pub log_group_name: Option<String>,
    pub resource_identifier: Option<String>,
    pub kms_key_id: Option<String>,
}

/// Creates a group. The service must be allowed to use the KMS key, if one is named.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<(), ServiceError> {
    let name = input.log_group_name;
    authorize::check(cloud, caller, "CreateLogGroup", LogResource::Group(&name))?;
    if name.starts_with("aws/") {
        let text = format!("Log groups starting with AWS/ are reserved for AWS: '{name}'");
        return Err(ServiceError::with("InvalidParameterException", text));
    }
    if cloud.region(caller).logs.groups.contains_key(&name) {
        // E082.
        let text = "The specified log group already exists";
        return Err(ServiceError::with("ResourceAlreadyExistsException", text));
    }
    let tags = tag::check(input.tags)?;
    let arn = lookup::arn(caller, &name);
    let data_key = match &input.kms_key_id {
        Some(key) => Some(encryption::data_key(cloud, caller, &arn, key)?),
        None => None,
    };
    let group = Group {
        arn,
        created: cloud.now().millis(),
        class: input.log_group_class.unwrap_or_else(|| "STANDARD".to_owned()),
        is_protected: input.deletion_protection_enabled,
        retention_days: None,
        tags,
        kms_key: input.kms_key_id,
        data_keys: data_key.into_iter().collect(),
        streams: Table::new(),
    };
    cloud.region(caller).logs.groups.insert(name, group);
    Ok(())
}

/// Deletes a group with its streams.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: GroupInput) -> Result<(), ServiceError> {
    authorize::check(cloud, caller, "DeleteLogGroup", LogResource::Group(&input.log_group_name))?;
    if lookup::group(cloud, caller, &input.log_group_name)?.is_protected {
        let text = format!("Log group {} is protected from deletion.", input.log_group_name);
        return Err(ServiceError::with("ValidationException", text));
    }
    cloud.region(caller).logs.groups.remove(&input.log_group_name);
    Ok(())
}

/// Sets or removes the protection of a group from deletion.
pub fn protect(cloud: &mut Cloud, caller: &Caller, input: ProtectionInput) -> Result<(), ServiceError> {
    let name = lookup::name(None, Some(input.log_group_identifier))?;
    authorize::check(cloud, caller, "PutLogGroupDeletionProtection", LogResource::Group(&name))?;
    lookup::group(cloud, caller, &name)?.is_protected = input.deletion_protection_enabled;
    Ok(())
}

/// Sets the KMS key for new events.
pub fn associate(cloud: &mut Cloud, caller: &Caller, input: KeyInput) -> Result<(), ServiceError> {
    let name = named(&input)?;
    authorize::check(cloud, caller, "AssociateKmsKey", LogResource::Group(&name))?;
    let arn = lookup::group(cloud, caller, &name)?.arn.clone();
    let key = input.kms_key_id.unwrap_or_default();
    let data_key = encryption::data_key(cloud, caller, &arn, &key)?;
    let group = lookup::group(cloud, caller, &name)?;
    group.kms_key = Some(key);
    group.data_keys.push(data_key);
    Ok(())
}

/// Removes the KMS key. Events that are encrypted stay encrypted.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn disassociate(cloud: &mut Cloud, caller: &Caller, input: KeyInput) -> Result<(), ServiceError> {
    let name = named(&input)?;
    authorize::check(cloud, caller, "DisassociateKmsKey", LogResource::Group(&name))?;
    lookup::group(cloud, caller, &name)?.kms_key = None;
    Ok(())
}

/// Returns the name of the group, given by name or by ARN. Query results, which an ARN can name too, do not exist here.
fn named(input: &KeyInput) -> Result<String, ServiceError> {
    let invalid = || {
        let text =
            "Exactly one of logGroupName and the ARN of a log group in resourceIdentifier must be specified.";
        ServiceError::with("InvalidParameterException", text)
    };
    match (&input.log_group_name, &input.resource_identifier) {
        (Some(name), None) => Ok(name.clone()),
        (None, Some(arn)) => lookup::within_arn(arn).map(str::to_owned).ok_or_else(invalid),
        _ => Err(invalid()),
    }
}
