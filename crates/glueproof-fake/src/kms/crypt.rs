//! Encrypt, Decrypt and `ReEncrypt`. Must not store plaintexts or ciphertexts.

use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::envelope::{self, Context, Envelope};
use super::key::{Key, internal_failure};
use super::lookup;
use super::oaep;
use super::secret::{Blob, Secret};
use super::spec::{EncryptionAlgorithm, KeySpec, KeyUsage, name};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptInput {
    pub key_id: String,
    pub plaintext: Secret,
    #[serde(default)]
    pub encryption_context: Context,
    #[serde(default)]
    pub encryption_algorithm: EncryptionAlgorithm,
    pub dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EncryptOutput {
    pub ciphertext_blob: Blob,
    key_id: String,
    #[serde(skip)]
    key_material_id: Option<String>,
    encryption_algorithm: EncryptionAlgorithm,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DecryptInput {
    pub ciphertext_blob: Blob,
    #[serde(default)]
    pub encryption_context: Context,
    pub key_id: Option<String>,
    #[serde(default)]
    pub encryption_algorithm: EncryptionAlgorithm,
    pub dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DecryptOutput {
    key_id: String,
    /// Present for symmetric keys (E223).
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
    pub plaintext: Secret,
    encryption_algorithm: EncryptionAlgorithm,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReEncryptInput {
    ciphertext_blob: Blob,
    #[serde(default)]
    source_encryption_context: Context,
    source_key_id: Option<String>,
    destination_key_id: String,
    #[serde(default)]
    destination_encryption_context: Context,
    #[serde(default)]
    source_encryption_algorithm: EncryptionAlgorithm,
    #[serde(default)]
    destination_encryption_algorithm: EncryptionAlgorithm,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ReEncryptOutput {
    ciphertext_blob: Blob,
    source_key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_key_material_id: Option<String>,
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_key_material_id: Option<String>,
    source_encryption_algorithm: EncryptionAlgorithm,
    destination_encryption_algorithm: EncryptionAlgorithm,
}

/// Encrypts at most 4096 bytes.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn encrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    input: EncryptInput,
) -> Result<EncryptOutput, ServiceError> {
    encrypt_for("Encrypt", "Encrypt", cloud, caller, &input)
}

fn encrypt_for(
    action: &str,
    operation: &str,
    cloud: &mut Cloud,
    caller: &Caller,
    input: &EncryptInput,
) -> Result<EncryptOutput, ServiceError> {
    let action = key_action(action, input.encryption_algorithm, &input.encryption_context);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    ready(key, input.encryption_algorithm, &input.encryption_context, operation)?;
    let ciphertext =
        key.seal(input.encryption_algorithm, &input.encryption_context, input.plaintext.expose())?;
    dry_run(input.dry_run)?;
    Ok(EncryptOutput {
        ciphertext_blob: Blob(ciphertext),
        key_id: key.arn.clone(),
        key_material_id: key.material_id(),
        encryption_algorithm: input.encryption_algorithm,
    })
}

/// Decrypts a ciphertext under the same key and encryption context.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn decrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DecryptInput,
) -> Result<DecryptOutput, ServiceError> {
    decrypt_for("Decrypt", "Decrypt", cloud, caller, &input)
}

fn decrypt_for(
    action: &str,
    operation: &str,
    cloud: &mut Cloud,
    caller: &Caller,
    input: &DecryptInput,
) -> Result<DecryptOutput, ServiceError> {
    let key = match input.encryption_algorithm {
        EncryptionAlgorithm::SYMMETRIC_DEFAULT => named_by(action, cloud, caller, input)?,
        algorithm => {
            let name = input.key_id.as_deref().ok_or_else(key_needed)?;
            lookup::key(cloud, caller, name, key_action(action, algorithm, &input.encryption_context))?
        }
    };
    ready(key, input.encryption_algorithm, &input.encryption_context, operation)?;
    let (plaintext, key_material_id) =
        key.open(input.encryption_algorithm, &input.encryption_context, &input.ciphertext_blob.0)?;
    dry_run(input.dry_run)?;
    let encryption_algorithm = input.encryption_algorithm;
    Ok(DecryptOutput { key_id: key.arn.clone(), key_material_id, plaintext, encryption_algorithm })
}

/// Decrypts a ciphertext, and encrypts the plaintext under another key or context.
pub fn re_encrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ReEncryptInput,
) -> Result<ReEncryptOutput, ServiceError> {
    let source = DecryptInput {
        ciphertext_blob: input.ciphertext_blob,
        encryption_context: input.source_encryption_context,
        key_id: input.source_key_id,
        encryption_algorithm: input.source_encryption_algorithm,
        dry_run: None,
    };
    let opened = decrypt_for("ReEncryptFrom", "ReEncrypt", cloud, caller, &source)?;
    let destination = EncryptInput {
        key_id: input.destination_key_id,
        plaintext: opened.plaintext,
        encryption_context: input.destination_encryption_context,
        encryption_algorithm: input.destination_encryption_algorithm,
        dry_run: input.dry_run,
    };
    let sealed = encrypt_for("ReEncryptTo", "ReEncrypt", cloud, caller, &destination)?;
    Ok(ReEncryptOutput {
        ciphertext_blob: sealed.ciphertext_blob,
        source_key_id: opened.key_id,
        source_key_material_id: opened.key_material_id,
        key_id: sealed.key_id,
        destination_key_material_id: sealed.key_material_id,
        source_encryption_algorithm: opened.encryption_algorithm,
        destination_encryption_algorithm: sealed.encryption_algorithm,
    })
}

/// Returns the key that a symmetric ciphertext names. A key in the request must be the same.
fn named_by<'c>(
    action: &str,
    cloud: &'c mut Cloud,
    caller: &Caller,
    input: &DecryptInput,
) -> Result<&'c mut Key, ServiceError> {
    let action = || key_action(action, input.encryption_algorithm, &input.encryption_context);
    let named = Envelope::read(&input.ciphertext_blob.0).map(|envelope| envelope.key_arn.to_owned());
    if let Some(wanted) = &input.key_id {
        let key = lookup::key(cloud, caller, wanted, action())?;
        if key.spec != KeySpec::SYMMETRIC_DEFAULT
            || named.as_ref().is_some_and(|named| !key.is_named_by(named))
        {
            return Err(incorrect_key());
        }
    }
    let named = named.ok_or_else(invalid_ciphertext)?;
    lookup::named_inside(cloud, caller, &named, &action())?.ok_or_else(unreachable_key)
}

fn key_action<'a>(action: &'a str, algorithm: EncryptionAlgorithm, context: &'a Context) -> KeyAction<'a> {
    KeyAction::new(action, KeyScope::AnyName).context(context).with("kms:EncryptionAlgorithm", &algorithm)
}

fn ready(
    key: &Key,
    algorithm: EncryptionAlgorithm,
    context: &Context,
    operation: &str,
) -> Result<(), ServiceError> {
    key.check_enabled()?;
    key.check_usage(KeyUsage::EncryptDecrypt, operation)?;
    if !key.spec.encryption_algorithms().contains(&algorithm) {
        return Err(key.incompatible(&algorithm));
    }
    // Nothing but a symmetric key could bind a context, and none may be dropped unsaid.
    if !context.is_empty() && key.spec != KeySpec::SYMMETRIC_DEFAULT {
        return Err(ServiceError::with(
            "ValidationException",
            "An encryption context is valid for symmetric keys only.",
        ));
    }
    Ok(())
}

impl Key {
    /// Encrypts under the current material.
    pub fn seal(
        &self,
        algorithm: EncryptionAlgorithm,
        context: &Context,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, ServiceError> {
        let material = self.material()?;
        if algorithm == EncryptionAlgorithm::SYMMETRIC_DEFAULT {
            let newest = self.versions.len() - 1;
            return envelope::seal(&self.arn, newest, material, context, plaintext)
                .map_err(|_| internal_failure());
        }
        let capacity = oaep::capacity(algorithm, material).map_err(|_| internal_failure())?;
        if plaintext.len() > capacity {
            return Err(self.too_large(algorithm, capacity));
        }
        oaep::encrypt(algorithm, material, plaintext).map_err(|_| internal_failure())
    }

    /// Decrypts under the material that encrypted, and returns the plaintext with the id of that material.
    fn open(
        &self,
        algorithm: EncryptionAlgorithm,
        context: &Context,
        blob: &[u8],
    ) -> Result<(Secret, Option<String>), ServiceError> {
        if algorithm != EncryptionAlgorithm::SYMMETRIC_DEFAULT {
            let opened =
                oaep::decrypt(algorithm, self.material()?, blob).map_err(|_| invalid_ciphertext())?;
            return Ok((opened, None));
        }
        let envelope = Envelope::read(blob).ok_or_else(invalid_ciphertext)?;
        let version = self.versions.get(envelope.version).ok_or_else(invalid_ciphertext)?;
        let opened = envelope.open(&version.material, context).map_err(|_| invalid_ciphertext())?;
        Ok((opened, Some(version.material_id(&self.id))))
    }

    fn too_large(&self, algorithm: EncryptionAlgorithm, capacity: usize) -> ServiceError {
        let (algorithm, spec) = (name(&algorithm), name(&self.spec));
        let text = format!(
            "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {capacity} bytes."
        );
        ServiceError::with("ValidationException", text)
    }
}

/// Returns the error of a dry run that would have succeeded.
pub fn dry_run(asked: Option<bool>) -> Result<(), ServiceError> {
    if asked == Some(true) {
        return Err(ServiceError::with(
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        ));
    }
    Ok(())
}

/// The service sends no text (E235).
fn invalid_ciphertext() -> ServiceError {
    ServiceError::without_text("InvalidCiphertextException")
}

fn incorrect_key() -> ServiceError {
    ServiceError::with(
        "IncorrectKeyException",
        "The key ID in the request does not identify a CMK that can perform this operation.",
    )
}

fn key_needed() -> ServiceError {
    ServiceError::with("ValidationException", "KeyId is required to decrypt with an asymmetric key.")
}

/// Returns the error for a ciphertext of an unknown key, with the text of E071.
fn unreachable_key() -> ServiceError {
    ServiceError::with(
        "AccessDeniedException",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, \
         or you are not allowed to access.",
    )
}
