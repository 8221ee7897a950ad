//! The encryption settings of the Data Catalog. They always exist, and are replaced as a whole.
//! Must not use a key.
//! [`put`] and [`get`] are the entry points.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The key that the service adds if a key is needed and none is named (E003, E004).
const DEFAULT_KEY: &str = "alias/aws/glue";

const DISABLED: &str = "DISABLED";

/// The settings, which are disabled by default (E002).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EncryptionSettings {
    /// The half for passwords of connections.
    pub connection_password_encryption: ConnectionPasswordEncryption,
    /// The half for the items of the catalog.
    pub encryption_at_rest: EncryptionAtRest,
}

/// The encryption of the items of the catalog.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptionAtRest {
    catalog_encryption_mode: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_encryption_service_role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sse_aws_kms_key_id: Option<String>,
}

impl Default for EncryptionAtRest {
    fn default() -> Self {
        Self {
            catalog_encryption_mode: DISABLED.to_owned(),
            catalog_encryption_service_role: None,
            sse_aws_kms_key_id: None,
        }
    }
}

impl EncryptionAtRest {
    /// Returns true if items are stored without encryption.
    pub fn is_disabled(&self) -> bool {
        self.catalog_encryption_mode == DISABLED
    }
}

/// The encryption of passwords of connections.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConnectionPasswordEncryption {
    /// The key, as it was put.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_kms_key_id: Option<String>,
    /// True if reads return passwords encrypted.
    pub return_connection_password_encrypted: bool,
}

/// The key of the Data Catalog, and the role that uses it.
#[derive(Debug, Clone)]
pub struct CatalogKey {
    /// The key as it was put: id, ARN or alias.
    pub id: String,
    /// The role that Glue assumes to use the key. Without a role, Glue calls for the caller.
    pub role: Option<String>,
}

impl EncryptionSettings {
    /// Returns the key for new items of the catalog, if any.
    pub fn catalog_key(&self) -> Option<CatalogKey> {
        let at_rest = &self.encryption_at_rest;
        let id = at_rest.sse_aws_kms_key_id.clone().filter(|_| !at_rest.is_disabled())?;
        Some(CatalogKey { id, role: at_rest.catalog_encryption_service_role.clone() })
    }

    /// Returns the key for new passwords of connections, if any.
    pub fn password_key(&self) -> Option<&str> {
        self.connection_password_encryption.aws_kms_key_id.as_deref()
    }

    /// Returns true if reads return passwords as they are stored.
    pub fn keeps_passwords_encrypted(&self) -> bool {
        self.connection_password_encryption.return_connection_password_encrypted
    }

    /// Adds missing keys. Keys that are named are stored as they are, and not looked up (E005, E006).
    fn with_default_keys(mut self) -> Self {
        let at_rest = &mut self.encryption_at_rest;
        if !at_rest.is_disabled() {
            at_rest.sse_aws_kms_key_id.get_or_insert_with(|| DEFAULT_KEY.to_owned());
        }
        let passwords = &mut self.connection_password_encryption;
        if passwords.return_connection_password_encrypted {
            passwords.aws_kms_key_id.get_or_insert_with(|| DEFAULT_KEY.to_owned());
        }
        self
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutInput {
    catalog_id: Option<String>,
    data_catalog_encryption_settings: EncryptionSettings,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInput {
    catalog_id: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    data_catalog_encryption_settings: EncryptionSettings,
}

/// Replaces the settings. An absent half becomes disabled (E007, E008). The response is `{}` (E009).
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<Map<String, Value>, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    cloud.region(caller).glue.encryption = input.data_catalog_encryption_settings.with_default_keys();
    Ok(Map::new())
}

/// Returns both halves (E001, E002).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    own_catalog(caller, input.catalog_id.as_deref())?;
    Ok(GetOutput { data_catalog_encryption_settings: cloud.region(caller).glue.encryption.clone() })
}

/// Refuses the catalog of another account. The fake shares no catalogs. No recording shows the refusal; of the declared
/// errors only this one fits.
pub fn own_catalog(caller: &Caller, catalog: Option<&str>) -> Result<(), ServiceError> {
    match catalog {
        Some(other) if other != caller.account => Err(ServiceError::invalid_input(format!(
            "Catalog {other} is not the catalog of the caller's account"
        ))),
        _ => Ok(()),
    }
}
