//! Ciphertexts of symmetric keys: AES-256-GCM under a fresh nonce. The ARN of the key and the version of the
//! material stand in front, so that a ciphertext names its key. Must not look up a key, nor authorize.
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the format, 1 |
//! | 2 | length of the key's ARN, big endian |
//! | … | the ARN |
//! | 4 | the version of the key material, big endian |
//! | 8 | checksum over all of the above |
//! | 12 | nonce |
//! | … | ciphertext and tag |
//!
//! Everything before the nonce is authenticated together with the encryption context. The checksum is no
//! protection; it distinguishes a damaged name (the ciphertext is invalid) from the name of a deleted key.

use std::collections::BTreeMap;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use sha2::{Digest, Sha256};

use super::secret::Secret;

/// The encryption context, which must be the same for decryption.
pub type Context = BTreeMap<String, String>;

const FORMAT: u8 = 1;
const CHECKSUM: usize = 8;

/// A parsed ciphertext.
#[derive(Debug)]
pub struct Envelope<'b> {
    pub key_arn: &'b str,
    pub version: usize,
    header: &'b [u8],
    nonce: [u8; NONCE_LEN],
    sealed: &'b [u8],
}

/// Encrypts under a version of the material of a key.
pub fn seal(
    key_arn: &str,
    version: usize,
    material: &Secret,
    context: &Context,
    plaintext: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let mut blob = vec![FORMAT];
    blob.extend(u16::try_from(key_arn.len()).map_err(|_| Unspecified)?.to_be_bytes());
    blob.extend(key_arn.as_bytes());
    blob.extend(u32::try_from(version).map_err(|_| Unspecified)?.to_be_bytes());
    blob.extend(checksum(&blob));
    let mut sealed = plaintext.to_vec();
    let key = RandomizedNonceKey::new(&AES_256_GCM, material.expose())?;
    let nonce = key.seal_in_place_append_tag(Aad::from(authenticated(&blob, context)), &mut sealed)?;
    blob.extend(nonce.as_ref());
    blob.extend(sealed);
    Ok(blob)
}

impl<'b> Envelope<'b> {
    /// Parses a ciphertext of the fake.
    pub fn read(blob: &'b [u8]) -> Option<Self> {
        let (format, rest) = blob.split_first()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (arn, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (version, rest) = rest.split_first_chunk::<4>()?;
        let named = &blob[..blob.len() - rest.len()];
        let (sum, rest) = rest.split_first_chunk::<CHECKSUM>()?;
        let header = &blob[..blob.len() - rest.len()];
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        let whole = *format == FORMAT && *sum == checksum(named);
        let version = usize::try_from(u32::from_be_bytes(*version)).ok()?;
        whole.then_some(Self {
            key_arn: std::str::from_utf8(arn).ok()?,
            version,
            header,
            nonce: *nonce,
            sealed,
        })
    }

    /// Decrypts under the same material and context.
    pub fn open(&self, material: &Secret, context: &Context) -> Result<Secret, Unspecified> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, material.expose())?;
        let mut opened = self.sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        let plaintext =
            key.open_in_place(nonce, Aad::from(authenticated(self.header, context)), &mut opened)?;
        let length = plaintext.len();
        opened.truncate(length);
        Ok(opened.into())
    }
}

fn checksum(named: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::digest(named);
    std::array::from_fn(|index| digest[index])
}

/// Returns header and context in canonical form: pairs in the order of keys, each text behind its length.
fn authenticated(header: &[u8], context: &Context) -> Vec<u8> {
    let mut bytes = header.to_vec();
    for text in context.iter().flat_map(|(key, value)| [key, value]) {
        bytes.extend((text.len() as u64).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes
}
