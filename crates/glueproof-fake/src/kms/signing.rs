//! Sign, Verify and `GetPublicKey`. Must not store messages or signatures.

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::crypt::dry_run;
use super::describe::KeyIdInput;
use super::key::{Key, internal_failure};
use super::lookup;
use super::material;
use super::secret::{Blob, Secret};
use super::spec::{EncryptionAlgorithm, KeyAgreementAlgorithm, KeySpec, KeyUsage, SigningAlgorithm, name};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The kind of message: the message itself, or its digest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MessageType {
    #[default]
    Raw,
    Digest,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SignInput {
    key_id: String,
    message: Secret,
    #[serde(default)]
    message_type: MessageType,
    signing_algorithm: SigningAlgorithm,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SignOutput {
    key_id: String,
    signature: Blob,
    signing_algorithm: SigningAlgorithm,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VerifyInput {
    #[serde(flatten)]
    signed: SignInput,
    signature: Blob,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VerifyOutput {
    key_id: String,
    signature_valid: bool,
    signing_algorithm: SigningAlgorithm,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublicKeyOutput {
    key_id: String,
    public_key: Blob,
    customer_master_key_spec: KeySpec,
    key_spec: KeySpec,
    key_usage: KeyUsage,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    encryption_algorithms: &'static [EncryptionAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    signing_algorithms: &'static [SigningAlgorithm],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    key_agreement_algorithms: &'static [KeyAgreementAlgorithm],
}

/// Signs a message or a digest.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn sign(cloud: &mut Cloud, caller: &Caller, input: SignInput) -> Result<SignOutput, ServiceError> {
    let (key, digest) = ready("Sign", cloud, caller, &input)?;
    let signature = signature(key, input.signing_algorithm, &digest)?;
    dry_run(input.dry_run)?;
    let (key_id, signing_algorithm) = (key.arn.clone(), input.signing_algorithm);
    Ok(SignOutput { key_id, signature: Blob(signature), signing_algorithm })
}

/// Verifies a signature. A wrong signature is an error.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn verify(cloud: &mut Cloud, caller: &Caller, input: VerifyInput) -> Result<VerifyOutput, ServiceError> {
    let VerifyInput { signed, signature } = &input;
    let (key, digest) = ready("Verify", cloud, caller, signed)?;
    let public = material::public(key.spec, key.material()?).map_err(|_| internal_failure())?;
    let scheme = scheme(key.spec, signed.signing_algorithm).map_err(|_| internal_failure())?;
    UnparsedPublicKey::new(scheme.verification, public).verify_digest(&digest, &signature.0).map_err(
        |_| {
            ServiceError::with(
                "KMSInvalidSignatureException",
                "The signature is not a signature of the message under this key.",
            )
        },
    )?;
    dry_run(signed.dry_run)?;
    let (key_id, signing_algorithm) = (key.arn.clone(), signed.signing_algorithm);
    Ok(VerifyOutput { key_id, signature_valid: true, signing_algorithm })
}

/// Returns the public key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn public_key(
    cloud: &mut Cloud,
    caller: &Caller,
    input: KeyIdInput,
) -> Result<PublicKeyOutput, ServiceError> {
    let key = lookup::key(cloud, caller, &input.key_id, KeyAction::new("GetPublicKey", KeyScope::AnyName))?;
    key.check_enabled()?;
    if !key.spec.is_rsa() && material::curve(key.spec).is_none() {
        return Err(key.unsupported("has no public key"));
    }
    let public = material::public(key.spec, key.material()?).map_err(|_| internal_failure())?;
    let agrees = key.usage == KeyUsage::KeyAgreement;
    let (encrypts, signs) = (key.usage == KeyUsage::EncryptDecrypt, key.usage == KeyUsage::SignVerify);
    Ok(PublicKeyOutput {
        key_id: key.arn.clone(),
        public_key: Blob(public),
        customer_master_key_spec: key.spec,
        key_spec: key.spec,
        key_usage: key.usage,
        encryption_algorithms: if encrypts { key.spec.encryption_algorithms() } else { &[] },
        signing_algorithms: if signs { key.spec.signing_algorithms() } else { &[] },
        key_agreement_algorithms: if agrees { key.spec.key_agreement_algorithms() } else { &[] },
    })
}

/// Returns the key and the digest, after all checks.
fn ready<'c>(
    operation: &str,
    cloud: &'c mut Cloud,
    caller: &Caller,
    input: &SignInput,
) -> Result<(&'c mut Key, Digest), ServiceError> {
    let action = KeyAction::new(operation, KeyScope::AnyName)
        .with("kms:SigningAlgorithm", &input.signing_algorithm)
        .with("kms:MessageType", &input.message_type);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_enabled()?;
    key.check_usage(KeyUsage::SignVerify, operation)?;
    if !key.spec.signing_algorithms().contains(&input.signing_algorithm) {
        return Err(key.incompatible(&input.signing_algorithm));
    }
    let digest = digest_of(input)?;
    Ok((key, digest))
}

fn digest_of(input: &SignInput) -> Result<Digest, ServiceError> {
    let algorithm = hash(input.signing_algorithm).map_err(|_| internal_failure())?;
    let message = input.message.expose();
    if input.message_type == MessageType::Raw {
        return Ok(digest::digest(algorithm, message));
    }
    Digest::import_less_safe(message, algorithm).map_err(|_| {
        let text = format!("Digest is invalid length for algorithm {}.", name(&input.signing_algorithm));
        ServiceError::with("ValidationException", text)
    })
}

fn signature(key: &Key, algorithm: SigningAlgorithm, digest: &Digest) -> Result<Vec<u8>, ServiceError> {
    let signed = match material::curve(key.spec) {
        Some(curve) => material::ecdsa(curve, key.material()?)
            .and_then(|pair| pair.sign_digest(digest))
            .map(|signature| signature.as_ref().to_vec()),
        None => sign_with_rsa(key.material()?, algorithm, digest, key.spec),
    };
    signed.map_err(|_| internal_failure())
}

fn sign_with_rsa(
    private: &Secret,
    algorithm: SigningAlgorithm,
    digest: &Digest,
    spec: KeySpec,
) -> Result<Vec<u8>, Unspecified> {
    let padding = scheme(spec, algorithm)?.rsa.ok_or(Unspecified)?;
    let pair = rsa::KeyPair::from_pkcs8(private.expose()).map_err(|_| Unspecified)?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign_digest(padding, digest, &mut signature)?;
    Ok(signature)
}

/// The implementation of an algorithm for a kind of key.
struct Scheme {
    rsa: Option<&'static dyn RsaEncoding>,
    verification: &'static dyn VerificationAlgorithm,
}

fn scheme(spec: KeySpec, algorithm: SigningAlgorithm) -> Result<Scheme, Unspecified> {
    use SigningAlgorithm as Sign;
    let rsa = |padding, verification| Scheme { rsa: Some(padding), verification };
    let curve = |verification| Scheme { rsa: None, verification };
    Ok(match (algorithm, spec) {
        (Sign::RSASSA_PSS_SHA_256, _) => rsa(&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256),
        (Sign::RSASSA_PSS_SHA_384, _) => rsa(&RSA_PSS_SHA384, &RSA_PSS_2048_8192_SHA384),
        (Sign::RSASSA_PSS_SHA_512, _) => rsa(&RSA_PSS_SHA512, &RSA_PSS_2048_8192_SHA512),
        (Sign::RSASSA_PKCS1_V1_5_SHA_256, _) => rsa(&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256),
        (Sign::RSASSA_PKCS1_V1_5_SHA_384, _) => rsa(&RSA_PKCS1_SHA384, &RSA_PKCS1_2048_8192_SHA384),
        (Sign::RSASSA_PKCS1_V1_5_SHA_512, _) => rsa(&RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512),
        (_, KeySpec::ECC_NIST_P256) => curve(&ECDSA_P256_SHA256_ASN1),
        (_, KeySpec::ECC_SECG_P256K1) => curve(&ECDSA_P256K1_SHA256_ASN1),
        (_, KeySpec::ECC_NIST_P384) => curve(&ECDSA_P384_SHA384_ASN1),
        (_, KeySpec::ECC_NIST_P521) => curve(&ECDSA_P521_SHA512_ASN1),
        _ => return Err(Unspecified),
    })
}

fn hash(algorithm: SigningAlgorithm) -> Result<&'static digest::Algorithm, Unspecified> {
    use SigningAlgorithm as Sign;
    match algorithm {
        Sign::RSASSA_PSS_SHA_256 | Sign::RSASSA_PKCS1_V1_5_SHA_256 | Sign::ECDSA_SHA_256 => {
            Ok(&digest::SHA256)
        }
        Sign::RSASSA_PSS_SHA_384 | Sign::RSASSA_PKCS1_V1_5_SHA_384 | Sign::ECDSA_SHA_384 => {
            Ok(&digest::SHA384)
        }
        Sign::RSASSA_PSS_SHA_512 | Sign::RSASSA_PKCS1_V1_5_SHA_512 | Sign::ECDSA_SHA_512 => {
            Ok(&digest::SHA512)
        }
        Sign::SM2DSA => Err(Unspecified),
    }
}
