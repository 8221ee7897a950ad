//! RSA encryption with OAEP padding. Must not know the owner of a key.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey,
};

use super::material;
use super::secret::Secret;
use super::spec::EncryptionAlgorithm;

fn padding(algorithm: EncryptionAlgorithm) -> Result<&'static OaepAlgorithm, Unspecified> {
    match algorithm {
        EncryptionAlgorithm::RSAES_OAEP_SHA_1 => Ok(&OAEP_SHA1_MGF1SHA1),
        EncryptionAlgorithm::RSAES_OAEP_SHA_256 => Ok(&OAEP_SHA256_MGF1SHA256),
        EncryptionAlgorithm::SYMMETRIC_DEFAULT | EncryptionAlgorithm::SM2PKE => Err(Unspecified),
    }
}

/// Returns the largest size of a plaintext under a padding.
pub fn capacity(algorithm: EncryptionAlgorithm, private: &Secret) -> Result<usize, Unspecified> {
    Ok(public(private)?.max_plaintext_size(padding(algorithm)?))
}

pub fn encrypt(
    algorithm: EncryptionAlgorithm,
    private: &Secret,
    plaintext: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let key = public(private)?;
    let mut ciphertext = vec![0; key.ciphertext_size()];
    let length = key.encrypt(padding(algorithm)?, plaintext, &mut ciphertext, None)?.len();
    ciphertext.truncate(length);
    Ok(ciphertext)
}

pub fn decrypt(
    algorithm: EncryptionAlgorithm,
    private: &Secret,
    ciphertext: &[u8],
) -> Result<Secret, Unspecified> {
    let key = OaepPrivateDecryptingKey::new(material::rsa(private)?)?;
    let mut plaintext = vec![0; key.min_output_size()];
    let length = key.decrypt(padding(algorithm)?, ciphertext, &mut plaintext, None)?.len();
    plaintext.truncate(length);
    Ok(plaintext.into())
}

fn public(private: &Secret) -> Result<OaepPublicEncryptingKey, Unspecified> {
    OaepPublicEncryptingKey::new(material::rsa(private)?.public_key())
}
