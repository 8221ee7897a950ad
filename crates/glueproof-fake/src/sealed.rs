//! Bytes encrypted at rest: AES-256-GCM under a nonce of its own, bound to the name of what they belong to.
//! Must not know whose key it is nor how to get it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;

use super::error::ServiceError;
use super::kms::{Blob, Secret};

/// Nonce, ciphertext and tag.
pub fn seal(key: &Secret, belongs_to: &str, plaintext: &[u8]) -> Result<Blob, ServiceError> {
    seal_bytes(key.expose(), belongs_to, plaintext).map(Blob).map_err(damaged)
}

/// The plaintext, if key and name are those it was sealed with and no bit has changed.
pub fn open(key: &Secret, belongs_to: &str, stored: &Blob) -> Result<Vec<u8>, ServiceError> {
    open_bytes(key.expose(), belongs_to, &stored.0).map_err(damaged)
}

/// Returns nonce, ciphertext and tag.
pub fn seal_bytes(key: &[u8], belongs_to: &str, plaintext: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut sealed = plaintext.to_vec();
    let key = RandomizedNonceKey::new(&AES_256_GCM, key)?;
    let nonce = key.seal_in_place_append_tag(Aad::from(belongs_to.as_bytes()), &mut sealed)?;
    let mut stored = nonce.as_ref().to_vec();
    stored.append(&mut sealed);
    Ok(stored)
}

/// Returns the plaintext of nonce, ciphertext and tag.
pub fn open_bytes(key: &[u8], belongs_to: &str, stored: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let (nonce, sealed) = stored.split_first_chunk::<NONCE_LEN>().ok_or(Unspecified)?;
    let key = RandomizedNonceKey::new(&AES_256_GCM, key)?;
    let mut opened = sealed.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = key.open_in_place(nonce, Aad::from(belongs_to.as_bytes()), &mut opened)?.len();
    opened.truncate(length);
    Ok(opened)
}

fn damaged(_: Unspecified) -> ServiceError {
    ServiceError::internal("what lies at rest cannot be sealed or opened")
}
