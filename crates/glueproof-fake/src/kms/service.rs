//! KMS for the other services of the fake: operations of the API, as functions. Must not allow more than
//! a request does.

use super::crypt::{self, DecryptInput, EncryptInput};
use super::data_key::{self, DataKeyInput, DataKeySpec};
use super::envelope::Context;
use super::key::internal_failure;
use super::secret::{Blob, Secret};
use super::spec::EncryptionAlgorithm;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A data key, in plaintext and encrypted.
#[derive(Debug)]
pub struct DataKey {
    /// 256 bits, which must not be stored.
    pub plaintext: Secret,
    /// The encrypted data key, for [`decrypt`].
    pub sealed: Vec<u8>,
    /// The key that encrypted the data key.
    pub key_arn: String,
}

/// Encrypts under a key and an encryption context.
pub fn encrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    key_id: &str,
    plaintext: &[u8],
    context: &Context,
) -> Result<Vec<u8>, ServiceError> {
    let input = EncryptInput {
        key_id: key_id.to_owned(),
        plaintext: plaintext.to_vec().into(),
        encryption_context: context.clone(),
        encryption_algorithm: EncryptionAlgorithm::default(),
        dry_run: None,
    };
    crypt::encrypt(cloud, caller, input).map(|output| output.ciphertext_blob.0)
}

/// Decrypts a ciphertext. If a key is named, it must be the key of the ciphertext.
pub fn decrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    blob: &[u8],
    context: &Context,
    key_id: Option<&str>,
) -> Result<Secret, ServiceError> {
    let input = DecryptInput {
        ciphertext_blob: Blob(blob.to_vec()),
        encryption_context: context.clone(),
        key_id: key_id.map(str::to_owned),
        encryption_algorithm: EncryptionAlgorithm::default(),
        dry_run: None,
    };
    crypt::decrypt(cloud, caller, input).map(|output| output.plaintext)
}

/// Returns a new 256-bit data key under a key and an encryption context.
pub fn generate_data_key(
    cloud: &mut Cloud,
    caller: &Caller,
    key_id: &str,
    context: &Context,
) -> Result<DataKey, ServiceError> {
    let input = DataKeyInput {
        key_id: key_id.to_owned(),
        encryption_context: context.clone(),
        number_of_bytes: None,
        key_spec: Some(DataKeySpec::AES_256),
        dry_run: None,
    };
    let made = data_key::generate(cloud, caller, input)?;
    let plaintext = made.plaintext.ok_or_else(internal_failure)?;
    Ok(DataKey { plaintext, sealed: made.ciphertext_blob.0, key_arn: made.key_id })
}
