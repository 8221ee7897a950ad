//! What KMS offers the other services of the fake: the operations of its API, as functions. Must not allow
//! anything that a call over the wire would not.

use super::crypt::{self, DecryptInput, EncryptInput};
use super::data_key::{self, DataKeyInput, DataKeySpec};
use super::envelope::Context;
use super::key::broken;
use super::secret::{Blob, Secret};
use super::spec::EncryptionAlgorithm;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A key to encrypt with here and now, and how to get it back later.
#[derive(Debug)]
pub struct DataKey {
    /// 256 bits, to be forgotten after use.
    pub plaintext: Secret,
    /// What `decrypt` opens, to be kept beside what the key encrypted.
    pub sealed: Vec<u8>,
    /// The key that sealed it.
    pub key_arn: String,
}

/// A ciphertext under that key, bound to the context.
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

/// What the ciphertext holds; the key must be that one, if one is named.
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

/// A new 256-bit data key, open and sealed, bound to the context.
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
    let plaintext = made.plaintext.ok_or_else(broken)?;
    Ok(DataKey { plaintext, sealed: made.ciphertext_blob.0, key_arn: made.key_id })
}
