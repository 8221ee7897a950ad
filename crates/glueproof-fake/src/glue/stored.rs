//! An item of the Data Catalog at rest: plain, or encrypted under the catalog's key, as the settings were
//! when it was last written. Must not know what items are. In either form `Debug` shows nothing of it.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::encryption_settings::CatalogKey;
use super::kms_refusal;
use super::role;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};
use crate::sealed;

/// The item as it lies there.
#[derive(Clone, Serialize, Deserialize)]
pub enum Stored {
    /// Written while the catalog was not encrypted.
    Plain(Secret),
    /// Under a data key of its own, which KMS sealed.
    Sealed {
        data_key: Blob,
        bytes: Blob,
        /// The role that Glue takes on to open it, if any.
        role: Option<String>,
    },
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain(…)",
            Self::Sealed { .. } => "Sealed(…)",
        })
    }
}

impl Stored {
    /// What lies there, without the data key.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(plain) => plain.expose(),
            Self::Sealed { bytes, .. } => &bytes.0,
        }
    }

    /// The item as the settings want it now. `name` says what it is; it is found under no other.
    pub fn write<T: Serialize>(
        cloud: &mut Cloud,
        caller: &Caller,
        name: &str,
        item: &T,
    ) -> Result<Self, ServiceError> {
        let plain = serde_json::to_vec(item).map_err(|e| ServiceError::internal(e.to_string()))?;
        let Some(CatalogKey { id, role }) = cloud.region(caller).glue.encryption.catalog_key() else {
            return Ok(Self::Plain(plain.into()));
        };
        let user = user(cloud, caller, role.as_deref())?;
        let made = kms::generate_data_key(cloud, &user, &id, &context(caller))
            .map_err(|refusal| kms_refusal::in_glue(cloud, &refusal))?;
        let bytes = sealed::seal(&made.plaintext, name, &plain)?;
        Ok(Self::Sealed { data_key: Blob(made.sealed), bytes, role })
    }

    /// The item as it was written, if the caller may use the key it is under.
    pub fn read<T: DeserializeOwned>(
        &self,
        cloud: &mut Cloud,
        caller: &Caller,
        name: &str,
    ) -> Result<T, ServiceError> {
        match self {
            Self::Plain(plain) => parse(plain.expose()),
            Self::Sealed { data_key, bytes, role } => {
                let user = user(cloud, caller, role.as_deref())?;
                let key = kms::decrypt(cloud, &user, &data_key.0, &context(caller), None)
                    .map_err(|refusal| kms_refusal::in_glue(cloud, &refusal))?;
                parse(&sealed::open(&key, name, bytes)?)
            }
        }
    }
}

/// What serde says could quote a secret.
fn parse<T: DeserializeOwned>(plain: &[u8]) -> Result<T, ServiceError> {
    serde_json::from_slice(plain).map_err(|_| ServiceError::internal("an item of the catalog is damaged"))
}

/// With whose permissions the key is used: Glue calls KMS in the caller's name, or in that of the role the
/// settings name.
fn user(cloud: &Cloud, caller: &Caller, role: Option<&str>) -> Result<Caller, ServiceError> {
    let user = match role {
        Some(role) => role::session(cloud, caller, role, "GlueCatalog")?,
        None => caller.clone(),
    };
    Ok(user.through("glue"))
}

/// What binds a ciphertext to its catalog. The documents promise none; nobody outside sees these ciphertexts.
fn context(caller: &Caller) -> Context {
    Context::from([("glue_catalog_id".to_owned(), caller.account.clone())])
}
