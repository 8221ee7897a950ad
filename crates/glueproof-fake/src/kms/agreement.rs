//! `DeriveSharedSecret`: key agreement on NIST curves. Must not store a secret.
//! [`derive`] is the entry point.

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::error::Unspecified;
use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::crypt::dry_run;
use super::key::{Origin, internal_failure};
use super::lookup;
use super::secret::{Blob, Secret};
use super::spec::{KeyAgreementAlgorithm, KeySpec, KeyUsage, name};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeriveInput {
    key_id: String,
    key_agreement_algorithm: KeyAgreementAlgorithm,
    public_key: Blob,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeriveOutput {
    key_id: String,
    shared_secret: Secret,
    key_agreement_algorithm: KeyAgreementAlgorithm,
    key_origin: Origin,
}

/// Returns the shared secret of the key and a public key of the same curve, in X.509 form.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn derive(cloud: &mut Cloud, caller: &Caller, input: DeriveInput) -> Result<DeriveOutput, ServiceError> {
    let action = KeyAction::new("DeriveSharedSecret", KeyScope::AnyName)
        .with("kms:KeyAgreementAlgorithm", &input.key_agreement_algorithm);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_enabled()?;
    key.check_usage(KeyUsage::KeyAgreement, "DeriveSharedSecret")?;
    let curve = curve(key.spec).ok_or_else(internal_failure)?;
    let own =
        PrivateKey::from_private_key_der(curve, key.material()?.expose()).map_err(|_| internal_failure())?;
    let peer = UnparsedPublicKey::new(curve, &input.public_key.0);
    let secret = agreement::agree(&own, peer, Unspecified, |secret| Ok(Secret::from(secret.to_vec())));
    let shared_secret = secret.map_err(|_| {
        let text = format!("The public key is not a public key of the key spec {}.", name(&key.spec));
        ServiceError::with("ValidationException", text)
    })?;
    dry_run(input.dry_run)?;
    Ok(DeriveOutput {
        key_id: key.arn.clone(),
        shared_secret,
        key_agreement_algorithm: input.key_agreement_algorithm,
        key_origin: key.origin,
    })
}

fn curve(spec: KeySpec) -> Option<&'static agreement::Algorithm> {
    match spec {
        KeySpec::ECC_NIST_P256 => Some(&ECDH_P256),
        KeySpec::ECC_NIST_P384 => Some(&ECDH_P384),
        KeySpec::ECC_NIST_P521 => Some(&ECDH_P521),
        _ => None,
    }
}
