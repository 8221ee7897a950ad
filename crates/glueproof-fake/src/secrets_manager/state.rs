//! The secrets of one account in one region, as they are stored. Must not encrypt or decrypt.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::kms::Blob;
use crate::store::Table;

/// All secrets of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The secrets by name.
    pub secrets: Table<String, StoredSecret>,
}

/// A secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredSecret {
    /// The ARN, with six random characters behind the name.
    pub arn: String,
    /// The time of creation.
    pub created: Timestamp,
    /// The key that the value is encrypted under: an id, an ARN or an alias.
    pub kms_key_id: String,
    /// The version with the label `AWSCURRENT`; none if the secret was created without a value.
    pub current: Option<StoredVersion>,
}

/// A version of a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredVersion {
    /// The id: the request token of the call that created the version.
    pub id: String,
    /// True if the value was given as `SecretBinary`.
    pub is_binary: bool,
    /// The data key of the version, encrypted by KMS.
    pub data_key: Blob,
    /// The value, encrypted under the data key.
    pub value: Blob,
}

impl State {
    /// Returns kind and name of each secret, with the stored bytes of its value.
    pub fn at_rest(&self) -> Vec<(String, Vec<u8>)> {
        let values = self.secrets.iter().filter_map(|(name, secret)| {
            let version = secret.current.as_ref()?;
            Some((format!("secret/{name}"), version.value.0.clone()))
        });
        values.collect()
    }
}
