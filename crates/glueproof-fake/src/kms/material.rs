//! The secret part of keys, made by the randomness of the cryptographic library, and what can be read off
//! it in public. Must not know ids, states or policies.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};

use super::secret::Secret;
use super::spec::KeySpec;

/// A private key in PKCS #8 and its public half as X.509 has it.
#[derive(Debug, Clone)]
pub struct Pair {
    pub private: Secret,
    pub public: Vec<u8>,
}

/// Bytes that nobody can foretell.
pub fn random(length: usize) -> Result<Secret, Unspecified> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes)?;
    Ok(bytes.into())
}

/// New material: 256 bits for symmetric keys, as many as the digest has for HMAC, PKCS #8 for the others.
pub fn generate(spec: KeySpec) -> Result<Secret, Unspecified> {
    match spec {
        KeySpec::SYMMETRIC_DEFAULT | KeySpec::HMAC_256 => random(32),
        KeySpec::HMAC_224 => random(28),
        KeySpec::HMAC_384 => random(48),
        KeySpec::HMAC_512 => random(64),
        asymmetric => pair(asymmetric).map(|pair| pair.private),
    }
}

/// A new key pair; kinds without halves have none.
pub fn pair(spec: KeySpec) -> Result<Pair, Unspecified> {
    let private = match (rsa_size(spec), curve(spec)) {
        (Some(size), _) => {
            let key = PrivateDecryptingKey::generate(size)?;
            AsDer::<Pkcs8V1Der<'_>>::as_der(&key)?.as_ref().to_vec().into()
        }
        (_, Some(curve)) => Secret::from(EcdsaKeyPair::generate(curve)?.to_pkcs8v1()?.as_ref().to_vec()),
        _ => return Err(Unspecified),
    };
    let public = public(spec, &private)?;
    Ok(Pair { private, public })
}

/// The public half, as a DER `SubjectPublicKeyInfo`.
pub fn public(spec: KeySpec, private: &Secret) -> Result<Vec<u8>, Unspecified> {
    let der: PublicKeyX509Der<'_> = match curve(spec) {
        Some(curve) => ecdsa(curve, private)?.public_key().as_der()?,
        None => rsa(private)?.public_key().as_der()?,
    };
    Ok(der.as_ref().to_vec())
}

/// The RSA key, to decrypt with.
pub fn rsa(private: &Secret) -> Result<PrivateDecryptingKey, Unspecified> {
    PrivateDecryptingKey::from_pkcs8(private.expose()).map_err(|_| Unspecified)
}

/// The key on that curve, to sign with.
pub fn ecdsa(curve: &'static EcdsaSigningAlgorithm, private: &Secret) -> Result<EcdsaKeyPair, Unspecified> {
    EcdsaKeyPair::from_pkcs8(curve, private.expose()).map_err(|_| Unspecified)
}

/// The curve of a kind, with the digest it signs.
pub fn curve(spec: KeySpec) -> Option<&'static EcdsaSigningAlgorithm> {
    match spec {
        KeySpec::ECC_NIST_P256 => Some(&ECDSA_P256_SHA256_ASN1_SIGNING),
        KeySpec::ECC_NIST_P384 => Some(&ECDSA_P384_SHA384_ASN1_SIGNING),
        KeySpec::ECC_NIST_P521 => Some(&ECDSA_P521_SHA512_ASN1_SIGNING),
        KeySpec::ECC_SECG_P256K1 => Some(&ECDSA_P256K1_SHA256_ASN1_SIGNING),
        _ => None,
    }
}

fn rsa_size(spec: KeySpec) -> Option<KeySize> {
    match spec {
        KeySpec::RSA_2048 => Some(KeySize::Rsa2048),
        KeySpec::RSA_3072 => Some(KeySize::Rsa3072),
        KeySpec::RSA_4096 => Some(KeySize::Rsa4096),
        _ => None,
    }
}
