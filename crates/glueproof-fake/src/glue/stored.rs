//! Items of the Data Catalog at rest: plain, or encrypted under the catalog's key of the time of writing.
//! Must not know what an item is. `Debug` shows no content.
//! [`Stored::write`] and [`Stored::read`] are the entry points.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::delegation::{assume_role, glue_error};
use super::encryption_settings::CatalogKey;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};
use crate::sealed;

/// An item at rest.
#[derive(Clone, Serialize, Deserialize)]
pub enum Stored {
    /// The item was written without encryption.
    Plain(Secret),
    /// The item is encrypted under a data key, which KMS encrypted.
    Sealed {
        data_key: Blob,
        bytes: Blob,
        /// The role that Glue assumes to decrypt the data key, if any.
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
    /// Returns the stored bytes, without the data key.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(plain) => plain.expose(),
            Self::Sealed { bytes, .. } => &bytes.0,
        }
    }

    /// Encrypts an item as the settings require. An item can be decrypted under its `name` only.
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
            .map_err(|refusal| glue_error(cloud, &refusal))?;
        let bytes = sealed::seal(&made.plaintext, name, &plain)?;
        Ok(Self::Sealed { data_key: Blob(made.sealed), bytes, role })
    }

    /// Checks that the caller has permission on the key of the catalog, if it has one. A key that is missing or cannot be used
    /// is no matter of permission.
    pub fn check_permission(cloud: &mut Cloud, caller: &Caller) -> Result<(), ServiceError> {
        let Some(CatalogKey { id, role }) = cloud.region(caller).glue.encryption.catalog_key() else {
            return Ok(());
        };
        let Ok(user) = user(cloud, caller, role.as_deref()) else { return Ok(()) };
        match kms::generate_data_key(cloud, &user, &id, &context(caller)) {
            Err(refusal) if refusal.code == "AccessDeniedException" => Err(glue_error(cloud, &refusal)),
            _ => Ok(()),
        }
    }

    /// Decrypts the item as the caller.
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
                    .map_err(|refusal| glue_error(cloud, &refusal))?;
                parse(&sealed::open(&key, name, bytes)?)
            }
        }
    }
}

/// Reads an item. The error of serde could quote a secret.
fn parse<T: DeserializeOwned>(plain: &[u8]) -> Result<T, ServiceError> {
    serde_json::from_slice(plain).map_err(|_| ServiceError::internal("an item of the catalog is damaged"))
}

/// Returns the caller of KMS: Glue for the caller, or Glue with the role of the settings.
fn user(cloud: &Cloud, caller: &Caller, role: Option<&str>) -> Result<Caller, ServiceError> {
    let user = match role {
        Some(role) => assume_role(cloud, caller, role, "GlueCatalog")?,
        None => caller.clone(),
    };
    Ok(user.through("glue"))
}

/// Returns the encryption context, which binds a ciphertext to its catalog. The documents promise none, and no client sees
/// these ciphertexts.
fn context(caller: &Caller) -> Context {
    Context::from([("glue_catalog_id".to_owned(), caller.account.clone())])
}
