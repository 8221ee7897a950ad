//! `GenerateMac` and `VerifyMac`. Must not store messages or codes.

use aws_lc_rs::hmac;
use serde::{Deserialize, Serialize};

use super::authorize::{KeyAction, KeyScope};
use super::crypt::dry_run;
use super::key::Key;
use super::lookup;
use super::secret::{Blob, Secret};
use super::spec::{KeyUsage, MacAlgorithm};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GenerateInput {
    key_id: String,
    message: Secret,
    mac_algorithm: MacAlgorithm,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GenerateOutput {
    key_id: String,
    mac: Blob,
    mac_algorithm: MacAlgorithm,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VerifyInput {
    #[serde(flatten)]
    made: GenerateInput,
    mac: Blob,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VerifyOutput {
    key_id: String,
    mac_algorithm: MacAlgorithm,
    mac_valid: bool,
}

/// Returns the MAC of a message.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn generate(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GenerateInput,
) -> Result<GenerateOutput, ServiceError> {
    let key = ready("GenerateMac", cloud, caller, &input)?;
    let mac = hmac::sign(&opened(key, input.mac_algorithm)?, input.message.expose());
    dry_run(input.dry_run)?;
    let (key_id, mac_algorithm) = (key.arn.clone(), input.mac_algorithm);
    Ok(GenerateOutput { key_id, mac: Blob(mac.as_ref().to_vec()), mac_algorithm })
}

/// Verifies the MAC of a message. A wrong MAC is an error.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn verify(cloud: &mut Cloud, caller: &Caller, input: VerifyInput) -> Result<VerifyOutput, ServiceError> {
    let VerifyInput { made, mac } = &input;
    let key = ready("VerifyMac", cloud, caller, made)?;
    hmac::verify(&opened(key, made.mac_algorithm)?, made.message.expose(), &mac.0).map_err(|_| {
        ServiceError::with("KMSInvalidMacException", "The MAC is not the MAC of the message under this key.")
    })?;
    dry_run(made.dry_run)?;
    Ok(VerifyOutput { key_id: key.arn.clone(), mac_algorithm: made.mac_algorithm, mac_valid: true })
}

fn ready<'c>(
    operation: &str,
    cloud: &'c mut Cloud,
    caller: &Caller,
    input: &GenerateInput,
) -> Result<&'c mut Key, ServiceError> {
    let action = KeyAction::new(operation, KeyScope::AnyName).with("kms:MacAlgorithm", &input.mac_algorithm);
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    key.check_enabled()?;
    key.check_usage(KeyUsage::GenerateVerifyMac, operation)?;
    if key.spec.mac_algorithms().contains(&input.mac_algorithm) {
        return Ok(key);
    }
    Err(key.incompatible(&input.mac_algorithm))
}

fn opened(key: &Key, algorithm: MacAlgorithm) -> Result<hmac::Key, ServiceError> {
    let algorithm = match algorithm {
        MacAlgorithm::HMAC_SHA_224 => hmac::HMAC_SHA224,
        MacAlgorithm::HMAC_SHA_256 => hmac::HMAC_SHA256,
        MacAlgorithm::HMAC_SHA_384 => hmac::HMAC_SHA384,
        MacAlgorithm::HMAC_SHA_512 => hmac::HMAC_SHA512,
    };
    Ok(hmac::Key::new(algorithm, key.material()?.expose()))
}
