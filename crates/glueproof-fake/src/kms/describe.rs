//! `DescribeKey`, and the metadata of keys. Must not return key material.

use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::key::{Key, KeyState, Manager, Origin};
use super::lookup;
use super::multi_region_set::MultiRegionConfiguration;
use super::spec::{
    EncryptionAlgorithm, KeyAgreementAlgorithm, KeySpec, KeyUsage, MacAlgorithm, SigningAlgorithm,
};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The input of operations whose only member is a key.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyIdInput {
    pub key_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeOutput {
    key_metadata: Metadata,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metadata {
    #[serde(rename = "AWSAccountId")]
    account: String,
    key_id: String,
    arn: String,
    creation_date: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    current_key_material_id: Option<String>,
    enabled: bool,
    description: String,
    key_usage: KeyUsage,
    key_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<Timestamp>,
    origin: Origin,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_model: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<Timestamp>,
    key_manager: Manager,
    customer_master_key_spec: KeySpec,
    key_spec: KeySpec,
    multi_region: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_region_configuration: Option<MultiRegionConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_deletion_window_in_days: Option<u32>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    key_agreement_algorithms: &'static [KeyAgreementAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    encryption_algorithms: &'static [EncryptionAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    signing_algorithms: &'static [SigningAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mac_algorithms: &'static [MacAlgorithm],
}

impl Metadata {
    /// Returns the metadata of a key, with the algorithms of its usage alone.
    pub fn of(cloud: &Cloud, key: &Key) -> Self {
        let is_imported = key.origin == Origin::External && !key.versions.is_empty();
        let model = if key.import.valid_to.is_some() {
            "KEY_MATERIAL_EXPIRES"
        } else {
            "KEY_MATERIAL_DOES_NOT_EXPIRE"
        };
        let agrees = key.usage == KeyUsage::KeyAgreement;
        let (encrypts, signs) = (key.usage == KeyUsage::EncryptDecrypt, key.usage == KeyUsage::SignVerify);
        Self {
            account: key.account.clone(),
            key_id: key.id.clone(),
            arn: key.arn.clone(),
            creation_date: key.created,
            current_key_material_id: key.material_id(),
            enabled: key.state == KeyState::Enabled,
            description: key.description.clone(),
            key_usage: key.usage,
            key_state: key.state.name(),
            deletion_date: key.deletion_date(),
            origin: key.origin,
            expiration_model: is_imported.then_some(model),
            valid_to: key.import.valid_to,
            key_manager: key.manager,
            customer_master_key_spec: key.spec,
            key_spec: key.spec,
            multi_region: key.primary_region.is_some(),
            multi_region_configuration: MultiRegionConfiguration::of(cloud, key),
            pending_deletion_window_in_days: match key.state {
                KeyState::PendingReplicaDeletion(days) => Some(days),
                _ => None,
            },
            key_agreement_algorithms: if agrees { key.spec.key_agreement_algorithms() } else { &[] },
            encryption_algorithms: if encrypts { key.spec.encryption_algorithms() } else { &[] },
            signing_algorithms: if signs { key.spec.signing_algorithms() } else { &[] },
            mac_algorithms: key.spec.mac_algorithms(),
        }
    }
}

/// Returns the metadata of a key in any state.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn describe(
    cloud: &mut Cloud,
    caller: &Caller,
    input: KeyIdInput,
) -> Result<DescribeOutput, ServiceError> {
    let action = KeyAction::new("DescribeKey", KeyScope::AnyName);
    let key = lookup::key(cloud, caller, &input.key_id, action)?.clone();
    Ok(DescribeOutput { key_metadata: Metadata::of(cloud, &key) })
}
