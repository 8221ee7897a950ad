//! Data keys, data key pairs and random bytes. Must not store a key.

use serde::{Deserialize, Serialize};

use super::authorize::{self, KeyAction, KeyScope};
use super::crypt::dry_run;
use super::envelope::Context;
use super::key::{Key, internal_failure};
use super::lookup;
use super::material::{self, Pair};
use super::secret::{Blob, Secret};
use super::spec::{DataKeyPairSpec, EncryptionAlgorithm, KeySpec, KeyUsage};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DataKeyInput {
    pub key_id: String,
    #[serde(default)]
    pub encryption_context: Context,
    pub number_of_bytes: Option<usize>,
    pub key_spec: Option<DataKeySpec>,
    pub dry_run: Option<bool>,
}

/// The length of a data key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(non_camel_case_types, reason = "the names of the service")]
pub enum DataKeySpec {
    AES_256,
    AES_128,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DataKeyOutput {
    pub ciphertext_blob: Blob,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plaintext: Option<Secret>,
    pub key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PairInput {
    key_id: String,
    #[serde(default)]
    encryption_context: Context,
    key_pair_spec: DataKeyPairSpec,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PairOutput {
    private_key_ciphertext_blob: Blob,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key_plaintext: Option<Secret>,
    public_key: Blob,
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material_id: Option<String>,
    key_pair_spec: DataKeyPairSpec,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RandomInput {
    number_of_bytes: Option<usize>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RandomOutput {
    plaintext: Secret,
}

/// Returns a new data key, in plaintext and encrypted.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn generate(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DataKeyInput,
) -> Result<DataKeyOutput, ServiceError> {
    let (sealed, plaintext) = data_key("GenerateDataKey", cloud, caller, &input)?;
    Ok(DataKeyOutput { plaintext: Some(plaintext), ..sealed })
}

/// Returns a new data key, encrypted only.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn generate_sealed(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DataKeyInput,
) -> Result<DataKeyOutput, ServiceError> {
    data_key("GenerateDataKeyWithoutPlaintext", cloud, caller, &input).map(|(sealed, _)| sealed)
}

fn data_key(
    operation: &str,
    cloud: &mut Cloud,
    caller: &Caller,
    input: &DataKeyInput,
) -> Result<(DataKeyOutput, Secret), ServiceError> {
    let length = match (input.number_of_bytes, input.key_spec) {
        (Some(length), None) => length,
        (None, Some(DataKeySpec::AES_256)) => 32,
        (None, Some(DataKeySpec::AES_128)) => 16,
        _ => {
            let text = "Please specify either number of bytes or key spec.";
            return Err(ServiceError::with("ValidationException", text));
        }
    };
    let action = KeyAction::new(operation, KeyScope::AnyName).context(&input.encryption_context);
    let key = wrapping_key(cloud, caller, &input.key_id, &action)?;
    let plaintext = material::random(length).map_err(|_| internal_failure())?;
    let ciphertext =
        key.seal(EncryptionAlgorithm::SYMMETRIC_DEFAULT, &input.encryption_context, plaintext.expose())?;
    dry_run(input.dry_run)?;
    let sealed = DataKeyOutput {
        ciphertext_blob: Blob(ciphertext),
        plaintext: None,
        key_id: key.arn.clone(),
        key_material_id: key.material_id(),
    };
    Ok((sealed, plaintext))
}

/// Returns a new key pair, with the private key in plaintext and encrypted.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn generate_pair(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PairInput,
) -> Result<PairOutput, ServiceError> {
    let (sealed, private) = pair("GenerateDataKeyPair", cloud, caller, &input)?;
    Ok(PairOutput { private_key_plaintext: Some(private), ..sealed })
}

/// Returns a new key pair, with the private key encrypted only.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn generate_sealed_pair(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PairInput,
) -> Result<PairOutput, ServiceError> {
    pair("GenerateDataKeyPairWithoutPlaintext", cloud, caller, &input).map(|(sealed, _)| sealed)
}

fn pair(
    operation: &str,
    cloud: &mut Cloud,
    caller: &Caller,
    input: &PairInput,
) -> Result<(PairOutput, Secret), ServiceError> {
    let action = KeyAction::new(operation, KeyScope::AnyName)
        .context(&input.encryption_context)
        .with("kms:DataKeyPairSpec", &input.key_pair_spec);
    wrapping_key(cloud, caller, &input.key_id, &action)?;
    let spec = KeySpec::from(input.key_pair_spec);
    if spec == KeySpec::SM2 {
        return Err(ServiceError::with(
            "UnsupportedOperationException",
            "glueproof does not implement the key pair spec SM2",
        ));
    }
    let Pair { private, public } = material::pair(cloud, spec).map_err(|_| internal_failure())?;
    let key = wrapping_key(cloud, caller, &input.key_id, &action)?;
    let ciphertext =
        key.seal(EncryptionAlgorithm::SYMMETRIC_DEFAULT, &input.encryption_context, private.expose())?;
    dry_run(input.dry_run)?;
    let sealed = PairOutput {
        private_key_ciphertext_blob: Blob(ciphertext),
        private_key_plaintext: None,
        public_key: Blob(public),
        key_id: key.arn.clone(),
        key_material_id: key.material_id(),
        key_pair_spec: input.key_pair_spec,
    };
    Ok((sealed, private))
}

/// Returns the key that encrypts data keys, which must be symmetric.
fn wrapping_key<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    name: &str,
    action: &KeyAction<'_>,
) -> Result<&'c mut Key, ServiceError> {
    let operation = action.name;
    let key = lookup::key(cloud, caller, name, action.clone())?;
    key.check_enabled()?;
    key.check_usage(KeyUsage::EncryptDecrypt, operation)?;
    if key.spec != KeySpec::SYMMETRIC_DEFAULT {
        let text = "You cannot generate a data key with an asymmetric CMK";
        return Err(ServiceError::with("InvalidKeyUsageException", text));
    }
    Ok(key)
}

/// Returns random bytes.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn random(cloud: &mut Cloud, caller: &Caller, input: RandomInput) -> Result<RandomOutput, ServiceError> {
    authorize::on_resource(cloud, caller, "GenerateRandom", "*")?;
    let required = || ServiceError::with("ValidationException", "NumberOfBytes is required.");
    let plaintext =
        material::random(input.number_of_bytes.ok_or_else(required)?).map_err(|_| internal_failure())?;
    Ok(RandomOutput { plaintext })
}
