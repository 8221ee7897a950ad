//! Imported key material: the parameters of an import, the import, and the deletion of the material. Must not generate
//! material of keys.
//! [`parameters`], [`import`] and [`delete`] are the entry points.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::key::{ImportParameters, Key, KeyState, Origin, Version, internal_failure};
use super::secret::{Blob, Secret};
use super::spec::{EncryptionAlgorithm, KeySpec, WrappingAlgorithm, WrappingKeySpec};
use super::{lookup, material, oaep};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

const PARAMETERS_VALID_SECONDS: u32 = 24 * 3600;
const TOKEN_BYTES: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParametersInput {
    key_id: String,
    wrapping_algorithm: WrappingAlgorithm,
    wrapping_key_spec: WrappingKeySpec,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ParametersOutput {
    key_id: String,
    import_token: Blob,
    public_key: Blob,
    parameters_valid_to: Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImportInput {
    key_id: String,
    import_token: Blob,
    encrypted_key_material: Blob,
    valid_to: Option<Timestamp>,
    #[serde(default)]
    expiration_model: ExpirationModel,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ExpirationModel {
    #[default]
    KeyMaterialExpires,
    KeyMaterialDoesNotExpire,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteInput {
    key_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MaterialOutput {
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
}

/// Returns a wrapping key and a token for one import within a day.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn parameters(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ParametersInput,
) -> Result<ParametersOutput, ServiceError> {
    let action = || {
        KeyAction::new("GetParametersForImport", KeyScope::CustomerManaged)
            .with("kms:WrappingAlgorithm", &input.wrapping_algorithm)
            .with("kms:WrappingKeySpec", &input.wrapping_key_spec)
    };
    let now = cloud.now();
    let key = lookup::key(cloud, caller, &input.key_id, action())?;
    key.check_origin(Origin::External)?;
    key.check_not_pending_deletion()?;
    if input.wrapping_key_spec == WrappingKeySpec::SM2 || padding(input.wrapping_algorithm).is_none() {
        let text = "glueproof does not implement this wrapping algorithm or wrapping key spec";
        return Err(ServiceError::with("UnsupportedOperationException", text));
    }
    let pair =
        material::pair(cloud, KeySpec::from(input.wrapping_key_spec)).map_err(|_| internal_failure())?;
    let token = material::random(TOKEN_BYTES).map_err(|_| internal_failure())?;
    let token = Blob(token.expose().to_vec());
    let valid_to = now.later(PARAMETERS_VALID_SECONDS);
    let key = lookup::key(cloud, caller, &input.key_id, action())?;
    key.import.parameters = Some(ImportParameters {
        token: token.clone(),
        wrapping_key: pair.private,
        algorithm: input.wrapping_algorithm,
        valid_to,
    });
    Ok(ParametersOutput {
        key_id: key.arn.clone(),
        import_token: token,
        public_key: Blob(pair.public),
        parameters_valid_to: valid_to,
    })
}

/// Imports material. Later imports must be of the same material.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn import(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ImportInput,
) -> Result<MaterialOutput, ServiceError> {
    let now = cloud.now();
    let model = match input.expiration_model {
        ExpirationModel::KeyMaterialExpires => "KEY_MATERIAL_EXPIRES",
        ExpirationModel::KeyMaterialDoesNotExpire => "KEY_MATERIAL_DOES_NOT_EXPIRE",
    };
    let action = KeyAction::new("ImportKeyMaterial", KeyScope::CustomerManaged)
        .with_text("kms:ExpirationModel", model);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_origin(Origin::External)?;
    key.check_not_pending_deletion()?;
    let valid_to = expiration(&input, now)?;
    let parameters =
        key.import.parameters.as_ref().filter(|parameters| parameters.token == input.import_token);
    let parameters = parameters.ok_or_else(|| {
        ServiceError::with("InvalidImportTokenException", "The import token does not belong to the key.")
    })?;
    if parameters.valid_to <= now {
        let text = "The import token has expired.";
        return Err(ServiceError::with("ExpiredImportTokenException", text));
    }
    let opened = unwrap(parameters, &input.encrypted_key_material.0);
    let material = opened.map_err(|_| ServiceError::without_text("InvalidCiphertextException"))?;
    accept(key, material, now)?;
    key.import.valid_to = valid_to;
    Ok(MaterialOutput { key_id: key.arn.clone(), key_material_id: key.material_id() })
}

/// Deletes the material. The key waits for an import again.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteInput,
) -> Result<MaterialOutput, ServiceError> {
    let action = KeyAction::new("DeleteImportedKeyMaterial", KeyScope::CustomerManaged);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_origin(Origin::External)?;
    key.check_not_pending_deletion()?;
    let key_material_id = key.material_id();
    key.delete_imported_material();
    Ok(MaterialOutput { key_id: key.arn.clone(), key_material_id })
}

/// Returns the time when the material expires, if it does.
fn expiration(input: &ImportInput, now: Timestamp) -> Result<Option<Timestamp>, ServiceError> {
    let invalid = |text: &str| Err(ServiceError::with("ValidationException", text));
    match (input.expiration_model, input.valid_to) {
        (ExpirationModel::KeyMaterialExpires, None) => {
            invalid("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES")
        }
        (ExpirationModel::KeyMaterialExpires, Some(valid_to)) if valid_to <= now => {
            invalid("The validTo date must be in the future")
        }
        (ExpirationModel::KeyMaterialExpires, valid_to) => Ok(valid_to),
        (ExpirationModel::KeyMaterialDoesNotExpire, Some(_)) => {
            invalid("A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE")
        }
        (ExpirationModel::KeyMaterialDoesNotExpire, None) => Ok(None),
    }
}

/// Checks material and gives it to the key.
fn accept(key: &mut Key, material: Secret, now: Timestamp) -> Result<(), ServiceError> {
    let incorrect = |text: &str| Err(ServiceError::with("IncorrectKeyMaterialException", text));
    if !material::is_valid(key.spec, &material) {
        return incorrect("The key material is not valid for the key spec of the key.");
    }
    let version = Version { material, since: now, rotation: None };
    let id = version.material_id(&key.id);
    if key.import.material_id.as_ref().is_some_and(|first| *first != id) {
        return incorrect("The key material differs from the key material that was imported first.");
    }
    key.import.material_id = Some(id);
    key.import.parameters = None;
    key.versions = vec![version];
    if key.state == KeyState::PendingImport {
        key.state = KeyState::Enabled;
    }
    Ok(())
}

/// Returns the RSA padding of an algorithm, and true if the padding encrypts an AES key that wraps the material.
fn padding(algorithm: WrappingAlgorithm) -> Option<(EncryptionAlgorithm, bool)> {
    match algorithm {
        WrappingAlgorithm::RSAES_OAEP_SHA_1 => Some((EncryptionAlgorithm::RSAES_OAEP_SHA_1, false)),
        WrappingAlgorithm::RSAES_OAEP_SHA_256 => Some((EncryptionAlgorithm::RSAES_OAEP_SHA_256, false)),
        WrappingAlgorithm::RSA_AES_KEY_WRAP_SHA_1 => Some((EncryptionAlgorithm::RSAES_OAEP_SHA_1, true)),
        WrappingAlgorithm::RSA_AES_KEY_WRAP_SHA_256 => Some((EncryptionAlgorithm::RSAES_OAEP_SHA_256, true)),
        WrappingAlgorithm::RSAES_PKCS1_V1_5 | WrappingAlgorithm::SM2PKE => None,
    }
}

/// Decrypts imported material.
fn unwrap(parameters: &ImportParameters, encrypted: &[u8]) -> Result<Secret, Unspecified> {
    let (padding, is_wrapped) = padding(parameters.algorithm).ok_or(Unspecified)?;
    if !is_wrapped {
        return oaep::decrypt(padding, &parameters.wrapping_key, encrypted);
    }
    let length = material::rsa(&parameters.wrapping_key)?.key_size_bytes();
    let (key, wrapped) = encrypted.split_at_checked(length).ok_or(Unspecified)?;
    let key = oaep::decrypt(padding, &parameters.wrapping_key, key)?;
    let key = AesKek::new(&AES_256, key.expose())?;
    let mut opened = vec![0; wrapped.len()];
    let length = key.unwrap_with_padding(wrapped, &mut opened)?.len();
    opened.truncate(length);
    Ok(opened.into())
}
