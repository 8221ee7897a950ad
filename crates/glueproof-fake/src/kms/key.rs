//! One key: what is known of it, what it is made of and whether it may be used now. Must not know how keys
//! are named or found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grant::Grant;
use super::secret::Secret;
use super::spec::{KeySpec, KeyUsage, name};
use crate::clock::Timestamp;
use crate::error::ServiceError;

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
    /// The policy as it was put, letter by letter.
    pub policy: String,
    pub tags: BTreeMap<String, String>,
    /// Oldest first; the last one encrypts, all of them decrypt.
    pub versions: Vec<Version>,
    /// When the next version comes by itself, if ever.
    pub schedule: Option<Schedule>,
    pub grants: Vec<Grant>,
}

/// Whose key it is to change.
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
    /// Until that moment; then it is gone.
    PendingDeletion(Timestamp),
}

impl KeyState {
    /// As the service writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled",
            Self::Disabled => "Disabled",
            Self::PendingDeletion(_) => "PendingDeletion",
        }
    }
}

/// Key material and when it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    pub material: Secret,
    pub since: Timestamp,
    /// Nothing for the first.
    pub rotation: Option<Rotation>,
}

/// When material is replaced without anybody asking.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Schedule {
    pub days: u32,
    pub next: Timestamp,
}

/// Why a version came after the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rotation {
    Automatic,
    OnDemand,
}

impl Schedule {
    /// Every so many days, counted from that moment.
    pub fn from(now: Timestamp, days: u32) -> Self {
        Self { days, next: later(now, days) }
    }
}

/// Returns the moment so many days later.
pub fn later(from: Timestamp, days: u32) -> Timestamp {
    from.later(days * 86_400)
}

impl Key {
    /// Refused while the key is disabled (E072) or about to be deleted (E075).
    pub fn usable(&self) -> Result<(), ServiceError> {
        match self.state {
            KeyState::Enabled => Ok(()),
            KeyState::Disabled => {
                Err(ServiceError::with("DisabledException", format!("{} is disabled.", self.arn)))
            }
            KeyState::PendingDeletion(_) => Err(self.pending_deletion()),
        }
    }

    /// Refused while the key is about to be deleted.
    pub fn alive(&self) -> Result<(), ServiceError> {
        match self.state {
            KeyState::PendingDeletion(_) => Err(self.pending_deletion()),
            KeyState::Enabled | KeyState::Disabled => Ok(()),
        }
    }

    /// When it will be gone, if it is about to be.
    pub fn deletion_date(&self) -> Option<Timestamp> {
        match self.state {
            KeyState::PendingDeletion(at) => Some(at),
            KeyState::Enabled | KeyState::Disabled => None,
        }
    }

    fn pending_deletion(&self) -> ServiceError {
        ServiceError::with("KMSInvalidStateException", format!("{} is pending deletion.", self.arn))
    }

    /// Refused for a key that is for something else (E076).
    pub fn serves(&self, usage: KeyUsage, operation: &str) -> Result<(), ServiceError> {
        if self.usage == usage {
            return Ok(());
        }
        let text =
            format!("{} key usage is {} which is not valid for {operation}.", self.arn, name(&self.usage));
        Err(ServiceError::with("InvalidKeyUsageException", text))
    }

    /// The refusal of an algorithm that is none of the key's.
    pub fn incompatible<A: Serialize>(&self, algorithm: &A) -> ServiceError {
        let text =
            format!("Algorithm {} is incompatible with key spec {}.", name(algorithm), name(&self.spec));
        ServiceError::with("InvalidKeyUsageException", text)
    }

    /// What encrypts, signs and authenticates now.
    pub fn material(&self) -> Result<&Secret, ServiceError> {
        self.versions.last().map(|version| &version.material).ok_or_else(broken)
    }
}

/// The fake itself has gone wrong.
pub fn broken() -> ServiceError {
    ServiceError::bare("KMSInternalException")
}
