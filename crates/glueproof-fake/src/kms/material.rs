//! Key material, from the random generator of the cryptographic library, and public keys. Must not know
//! ids, states or policies.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};

use serde_json::{Map, Value};

use super::secret::Secret;
use super::spec::KeySpec;
use crate::cloud::Cloud;

/// A private key in PKCS #8, and its public key in X.509.
#[derive(Debug, Clone)]
pub struct Pair {
    pub private: Secret,
    pub public: Vec<u8>,
}

/// Returns random bytes.
pub fn random(length: usize) -> Result<Secret, Unspecified> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes)?;
    Ok(bytes.into())
}

/// Returns new material: 256 bits for symmetric keys, the length of the digest for HMAC, PKCS #8 for others.
pub fn generate(spec: KeySpec) -> Result<Secret, Unspecified> {
    match spec {
        KeySpec::SYMMETRIC_DEFAULT | KeySpec::HMAC_256 => random(32),
        KeySpec::HMAC_224 => random(28),
        KeySpec::HMAC_384 => random(48),
        KeySpec::HMAC_512 => random(64),
        asymmetric => private_half(asymmetric),
    }
}

/// RSA material that was generated before the call took the lock, because that takes long.
#[derive(Debug)]
pub struct PreparedMaterial {
    spec: KeySpec,
    material: Secret,
}

/// Generates the RSA material that an operation will need, if any.
pub fn prepare(operation: &str, members: &Map<String, Value>) -> Option<PreparedMaterial> {
    let spec = match operation {
        "CreateKey" => members.get("KeySpec").or_else(|| members.get("CustomerMasterKeySpec")),
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => members.get("KeyPairSpec"),
        "GetParametersForImport" => members.get("WrappingKeySpec"),
        _ => None,
    }?;
    let is_external = members.get("Origin").is_some_and(|origin| origin == "EXTERNAL");
    let spec: KeySpec = serde_json::from_value(spec.clone()).ok()?;
    let material = (spec.is_rsa() && !is_external).then(|| generate(spec).ok())??;
    Some(PreparedMaterial { spec, material })
}

/// Returns true if a call can generate an RSA key, which takes seconds.
#[cfg(feature = "server")]
pub fn can_generate_rsa_key(operation: &str, body: &[u8]) -> bool {
    const OPERATIONS: [&str; 4] =
        ["CreateKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GetParametersForImport"];
    OPERATIONS.contains(&operation) && body.windows(4).any(|text| text == b"RSA_")
}

/// Returns the prepared material of the call if it is of that kind, and new material otherwise.
pub fn prepared_or_new(cloud: &mut Cloud, spec: KeySpec) -> Result<Secret, Unspecified> {
    match cloud.prepared.take() {
        Some(prepared) if prepared.spec == spec => Ok(prepared.material),
        _ => generate(spec),
    }
}

/// Returns a new key pair, with the prepared material of the call if there is any.
pub fn pair(cloud: &mut Cloud, spec: KeySpec) -> Result<Pair, Unspecified> {
    let private = prepared_or_new(cloud, spec)?;
    let public = public(spec, &private)?;
    Ok(Pair { private, public })
}

/// Returns the private half of a new key pair. Symmetric kinds have none.
fn private_half(spec: KeySpec) -> Result<Secret, Unspecified> {
    match (rsa_size(spec), curve(spec)) {
        (Some(size), _) => {
            let key = PrivateDecryptingKey::generate(size)?;
            Ok(AsDer::<Pkcs8V1Der<'_>>::as_der(&key)?.as_ref().to_vec().into())
        }
        (_, Some(curve)) => Ok(EcdsaKeyPair::generate(curve)?.to_pkcs8v1()?.as_ref().to_vec().into()),
        _ => Err(Unspecified),
    }
}

/// Returns true if bytes from outside can be material of that kind.
pub fn is_valid(spec: KeySpec, material: &Secret) -> bool {
    match spec {
        KeySpec::SYMMETRIC_DEFAULT => material.expose().len() == 32,
        KeySpec::HMAC_224 => (28..=128).contains(&material.expose().len()),
        KeySpec::HMAC_256 => (32..=128).contains(&material.expose().len()),
        KeySpec::HMAC_384 => (48..=128).contains(&material.expose().len()),
        KeySpec::HMAC_512 => (64..=128).contains(&material.expose().len()),
        asymmetric => public(asymmetric, material).is_ok(),
    }
}

/// Returns the public key as a DER `SubjectPublicKeyInfo`.
pub fn public(spec: KeySpec, private: &Secret) -> Result<Vec<u8>, Unspecified> {
    let der: PublicKeyX509Der<'_> = match curve(spec) {
        Some(curve) => ecdsa(curve, private)?.public_key().as_der()?,
        None => rsa(private)?.public_key().as_der()?,
    };
    Ok(der.as_ref().to_vec())
}

/// Returns the RSA key.
pub fn rsa(private: &Secret) -> Result<PrivateDecryptingKey, Unspecified> {
    PrivateDecryptingKey::from_pkcs8(private.expose()).map_err(|_| Unspecified)
}

/// Returns the key on a curve.
pub fn ecdsa(curve: &'static EcdsaSigningAlgorithm, private: &Secret) -> Result<EcdsaKeyPair, Unspecified> {
    EcdsaKeyPair::from_pkcs8(curve, private.expose()).map_err(|_| Unspecified)
}

/// Returns the curve of a kind of key, with its digest.
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
