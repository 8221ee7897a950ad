//! A key with its material, and the checks of its state and usage. Must not know how keys are named or
//! found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::grant::Grant;
use super::secret::{Blob, Secret};
use super::spec::{KeySpec, KeyUsage, WrappingAlgorithm, name};
use crate::clock::Timestamp;
use crate::error::ServiceError;
use crate::store::List;

/// A key with all its material.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Key {
    pub id: String,
    pub arn: String,
    pub account: String,
    pub created: Timestamp,
    pub description: String,
    pub spec: KeySpec,
    pub usage: KeyUsage,
    pub manager: Manager,
    pub state: KeyState,
    /// The policy as it was put.
    pub policy: String,
    pub tags: BTreeMap<String, String>,
    /// The material, oldest first. The last version encrypts; all versions decrypt.
    pub versions: Vec<Version>,
    /// The schedule of automatic rotation, if it is enabled.
    pub schedule: Option<Schedule>,
    pub grants: List<Grant>,
    /// The origin of the material.
    #[serde(default)]
    pub origin: Origin,
    /// The parameters and the state of imported material.
    #[serde(default)]
    pub import: Import,
    /// The region of the primary key, for multi-Region keys.
    #[serde(default)]
    pub primary_region: Option<String>,
}

/// The origin of key material.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Origin {
    #[default]
    AwsKms,
    External,
    AwsCloudhsm,
    ExternalKeyStore,
}

/// Imported key material.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Import {
    /// The parameters of the next import, if they were requested.
    pub parameters: Option<ImportParameters>,
    /// The id of the material that was imported first. Only the same material can be imported again.
    pub material_id: Option<String>,
    /// The time when the material expires.
    pub valid_to: Option<Timestamp>,
}

/// The parameters of an import.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportParameters {
    pub token: Blob,
    /// The private half of the wrapping key.
    pub wrapping_key: Secret,
    pub algorithm: WrappingAlgorithm,
    pub valid_to: Timestamp,
}

/// The manager of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Manager {
    Aws,
    Customer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyState {
    Enabled,
    Disabled,
    /// The key is deleted at that time.
    PendingDeletion(Timestamp),
    /// The key has no material yet, or no material any more.
    PendingImport,
    /// A primary key is deleted so many days after its last replica.
    PendingReplicaDeletion(u32),
}

impl KeyState {
    /// Returns the name in responses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::PendingDeletion(_) => "PendingDeletion",
            Self::PendingImport => "PendingImport",
            Self::PendingReplicaDeletion(_) => "PendingReplicaDeletion",
        }
    }
}

/// A version of the key material.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    pub material: Secret,
    pub since: Timestamp,
    /// The kind of rotation; none for the first version.
    pub rotation: Option<Rotation>,
}

/// The schedule of automatic rotation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Schedule {
    pub days: u32,
    pub next: Timestamp,
}

/// The kind of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rotation {
    Automatic,
    OnDemand,
}

impl Schedule {
    /// Returns a schedule that begins at that time.
    pub fn from(now: Timestamp, days: u32) -> Self {
        Self { days, next: later(now, days) }
    }
}

/// Returns the moment so many days later.
pub fn later(from: Timestamp, days: u32) -> Timestamp {
    from.later(days * 86_400)
}

impl Version {
    /// Returns the id of the material: 64 hexadecimal digits (E222, E225). Replicas of a key have the same ids.
    pub fn material_id(&self, key_id: &str) -> String {
        let digest = Sha256::new().chain_update(key_id).chain_update(self.material.expose());
        format!("{:x}", digest.finalize())
    }
}

impl Key {
    /// Checks that the key is enabled (E072, E075).
    pub fn check_enabled(&self) -> Result<(), ServiceError> {
        match self.state {
            KeyState::Enabled => Ok(()),
            KeyState::Disabled => {
                Err(ServiceError::with("DisabledException", format!("{} is disabled.", self.arn)))
            }
            KeyState::PendingImport => {
                let text = format!("{} is pending import.", self.arn);
                Err(ServiceError::with("KMSInvalidStateException", text))
            }
            KeyState::PendingDeletion(_) | KeyState::PendingReplicaDeletion(_) => {
                Err(self.pending_deletion())
            }
        }
    }

    /// Checks that the key is not pending deletion.
    pub fn check_not_pending_deletion(&self) -> Result<(), ServiceError> {
        match self.state {
            KeyState::PendingDeletion(_) | KeyState::PendingReplicaDeletion(_) => {
                Err(self.pending_deletion())
            }
            KeyState::Enabled | KeyState::Disabled | KeyState::PendingImport => Ok(()),
        }
    }

    /// Returns the time of deletion, if the key is pending deletion.
    pub fn deletion_date(&self) -> Option<Timestamp> {
        match self.state {
            KeyState::PendingDeletion(at) => Some(at),
            _ => None,
        }
    }

    fn pending_deletion(&self) -> ServiceError {
        ServiceError::with("KMSInvalidStateException", format!("{} is pending deletion.", self.arn))
    }

    /// Checks the usage of the key (E076).
    pub fn check_usage(&self, usage: KeyUsage, operation: &str) -> Result<(), ServiceError> {
        if self.usage == usage {
            return Ok(());
        }
        let text =
            format!("{} key usage is {} which is not valid for {operation}.", self.arn, name(&self.usage));
        Err(ServiceError::with("InvalidKeyUsageException", text))
    }

    /// Returns the error for an operation that the key cannot support.
    pub fn unsupported(&self, reason: &str) -> ServiceError {
        ServiceError::with("UnsupportedOperationException", format!("{} {reason}.", self.arn))
    }

    /// Checks that KMS generated the material (E257), or that it was imported.
    pub fn check_origin(&self, origin: Origin) -> Result<(), ServiceError> {
        if self.origin == origin {
            return Ok(());
        }
        Err(self
            .unsupported(&format!("origin is {} which is not valid for this operation", name(&self.origin))))
    }

    /// Returns true if a ciphertext with that ARN belongs to the key, or to another key of its multi-Region set.
    pub fn is_named_by(&self, arn: &str) -> bool {
        let is_related = || arn.ends_with(&format!(":{}:key/{}", self.account, self.id));
        arn == self.arn || self.primary_region.is_some() && is_related()
    }

    /// Checks that the key does not wait for imported material.
    pub fn check_material(&self) -> Result<(), ServiceError> {
        if self.state == KeyState::PendingImport { self.check_enabled() } else { Ok(()) }
    }

    /// Returns the region of the key.
    pub fn region(&self) -> &str {
        self.arn.split(':').nth(3).unwrap_or_default()
    }

    /// Returns true for a multi-Region key that is not the primary key.
    pub fn is_replica(&self) -> bool {
        self.primary_region.as_deref().is_some_and(|primary| primary != self.region())
    }

    /// Deletes imported material. The key can be used again after the same material is imported.
    pub fn delete_imported_material(&mut self) {
        self.versions.clear();
        self.import.valid_to = None;
        if self.check_not_pending_deletion().is_ok() {
            self.state = KeyState::PendingImport;
        }
    }

    /// Deletes imported material that has expired.
    pub fn expire_material(&mut self, now: Timestamp) {
        if self.import.valid_to.is_some_and(|valid_to| valid_to <= now) {
            self.delete_imported_material();
        }
    }

    /// Returns the id of the current key material of a symmetric key (E222).
    pub fn material_id(&self) -> Option<String> {
        let current = self.versions.last().filter(|_| self.spec == KeySpec::SYMMETRIC_DEFAULT)?;
        Some(current.material_id(&self.id))
    }

    /// Returns the error for an algorithm that the key does not support.
    pub fn incompatible<A: Serialize>(&self, algorithm: &A) -> ServiceError {
        let text =
            format!("Algorithm {} is incompatible with key spec {}.", name(algorithm), name(&self.spec));
        ServiceError::with("InvalidKeyUsageException", text)
    }

    /// Returns the current material.
    pub fn material(&self) -> Result<&Secret, ServiceError> {
        self.versions.last().map(|version| &version.material).ok_or_else(internal_failure)
    }
}

/// Returns the error for a failure of the fake itself.
pub fn internal_failure() -> ServiceError {
    ServiceError::with("KMSInternalException", "The fake failed to use its own key material.")
}
