//! What is told of a key. Must not tell what it is made of.

use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::key::{Key, KeyState, Manager};
use super::lookup;
use super::spec::{EncryptionAlgorithm, KeySpec, KeyUsage, MacAlgorithm, SigningAlgorithm};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The input of operations that need nothing but a key.
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
    enabled: bool,
    description: String,
    key_usage: KeyUsage,
    key_state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_date: Option<Timestamp>,
    origin: &'static str,
    key_manager: Manager,
    customer_master_key_spec: KeySpec,
    key_spec: KeySpec,
    multi_region: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    encryption_algorithms: &'static [EncryptionAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    signing_algorithms: &'static [SigningAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mac_algorithms: &'static [MacAlgorithm],
}

impl Metadata {
    /// Only the algorithms of the key's usage are named.
    pub fn of(key: &Key) -> Self {
        let (encrypts, signs) = (key.usage == KeyUsage::EncryptDecrypt, key.usage == KeyUsage::SignVerify);
        Self {
            account: key.account.clone(),
            key_id: key.id.clone(),
            arn: key.arn.clone(),
            creation_date: key.created,
            enabled: key.state == KeyState::Enabled,
            description: key.description.clone(),
            key_usage: key.usage,
            key_state: key.state.name(),
            deletion_date: key.deletion_date(),
            origin: "AWS_KMS",
            key_manager: key.manager,
            customer_master_key_spec: key.spec,
            key_spec: key.spec,
            multi_region: false,
            encryption_algorithms: if encrypts { key.spec.encryption_algorithms() } else { &[] },
            signing_algorithms: if signs { key.spec.signing_algorithms() } else { &[] },
            mac_algorithms: key.spec.mac_algorithms(),
        }
    }
}

/// Everything about a key but its material, whatever its state.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn describe(
    cloud: &mut Cloud,
    caller: &Caller,
    input: KeyIdInput,
) -> Result<DescribeOutput, ServiceError> {
    let key = lookup::key(cloud, caller, &input.key_id, KeyAction::new("DescribeKey", KeyScope::AnyName))?;
    Ok(DescribeOutput { key_metadata: Metadata::of(key) })
}
