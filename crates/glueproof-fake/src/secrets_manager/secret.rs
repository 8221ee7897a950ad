//! `CreateSecret` and `GetSecretValue` (Secrets Manager API Reference). A value is encrypted under a data key of KMS with the
//! encryption context `SecretARN`, `SecretVersionId` (User Guide, "Secret encryption and decryption"). Must not store a
//! value in the clear.

use serde::{Deserialize, Serialize};

use super::state::{StoredSecret, StoredVersion};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};
use crate::kms::{self, Blob, Context, Secret};
use crate::sealed;

/// The service in `kms:ViaService`.
const VIA: &str = "secretsmanager";
const DEFAULT_KEY: &str = "alias/aws/secretsmanager";
const CURRENT: &str = "AWSCURRENT";
const MAX_NAME_LENGTH: usize = 512;
const MAX_VALUE_BYTES: usize = 65_536;
const TOKEN_LENGTHS: std::ops::RangeInclusive<usize> = 32..=64;
const ARN_SUFFIX_LENGTH: usize = 6;

/// The input of `CreateSecret`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    name: String,
    client_request_token: Option<String>,
    kms_key_id: Option<String>,
    secret_string: Option<Text>,
    secret_binary: Option<Secret>,
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

/// A text that no log may show.
#[derive(Deserialize)]
struct Text(String);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

/// The output of `CreateSecret`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateOutput {
    #[serde(rename = "ARN")]
    arn: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<String>,
}

/// The input of `GetSecretValue`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetValueInput {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

/// The output of `GetSecretValue`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetValueOutput {
    #[serde(rename = "ARN")]
    arn: String,
    created_date: Timestamp,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_binary: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_string: Option<String>,
    version_id: String,
    version_stages: [&'static str; 1],
}

/// The value of a new version.
struct NewValue {
    bytes: Secret,
    is_binary: bool,
}

/// Creates a secret, with a first version if a value is given.
///
/// # Errors
/// Returns an error if the name is invalid or taken, if the call has a member that the fake does not implement, or if KMS refuses.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let CreateInput { name, client_request_token, kms_key_id, secret_string, secret_binary, others } = input;
    check_name(&name)?;
    check_implemented(&others)?;
    let value = new_value(secret_string, secret_binary)?;
    let suffix = cloud.random.letters(ARN_SUFFIX_LENGTH);
    let arn = format!("{}{name}-{suffix}", arn_prefix(caller));
    authorize_call(cloud, caller, "secretsmanager:CreateSecret", &arn)?;
    if cloud.region(caller).secrets_manager.secrets.contains_key(&name) {
        let text = format!("The operation failed because the secret {name} already exists.");
        return Err(ServiceError::with("ResourceExistsException", text));
    }
    let kms_key_id = kms_key_id.unwrap_or_else(|| DEFAULT_KEY.to_owned());
    let version_id = version_id(cloud, client_request_token)?;
    let current = match value {
        Some(value) => Some(encrypt(cloud, caller, (&arn, &kms_key_id), version_id, &value)?),
        None => None,
    };
    let version_id = current.as_ref().map(|version| version.id.clone());
    let secret = StoredSecret { arn: arn.clone(), created: cloud.now(), kms_key_id, current };
    cloud.region(caller).secrets_manager.secrets.insert(name.clone(), secret);
    Ok(CreateOutput { arn, name, version_id })
}

/// Returns the current value of a secret, decrypted as the caller.
///
/// # Errors
/// Returns an error if the secret or the version does not exist, if policies do not allow the call, or if KMS refuses.
#[expect(clippy::needless_pass_by_value, reason = "handlers own their input")]
pub fn get_value(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetValueInput,
) -> Result<GetValueOutput, ServiceError> {
    let found = find(cloud, caller, &input.secret_id);
    let arn = found.as_ref().map_or_else(|| arn_prefix(caller) + &input.secret_id, |(_, s)| s.arn.clone());
    authorize_call(cloud, caller, "secretsmanager:GetSecretValue", &arn)?;
    let not_found = |text: &str| ServiceError::with("ResourceNotFoundException", text);
    let (name, secret) =
        found.ok_or_else(|| not_found("Secrets Manager can't find the specified secret."))?;
    let stage = input.version_stage.as_deref().unwrap_or(CURRENT);
    let is_wanted = |version: &StoredVersion| {
        stage == CURRENT && input.version_id.as_ref().is_none_or(|id| *id == version.id)
    };
    let missing = || {
        let text = "Secrets Manager can't find the specified secret value for staging label: ";
        not_found(&format!("{text}{stage}"))
    };
    let version = secret.current.filter(is_wanted).ok_or_else(missing)?;
    let value = decrypt(cloud, caller, &secret.arn, &version)?;
    let (secret_binary, secret_string) = if version.is_binary {
        (Some(Secret::from(value)), None)
    } else {
        (None, Some(String::from_utf8_lossy(&value).into_owned()))
    };
    Ok(GetValueOutput {
        arn: secret.arn,
        created_date: secret.created,
        name,
        secret_binary,
        secret_string,
        version_id: version.id,
        version_stages: [CURRENT],
    })
}

fn check_name(name: &str) -> Result<(), ServiceError> {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "-/_+=.@!".contains(c);
    if !name.is_empty() && name.len() <= MAX_NAME_LENGTH && name.chars().all(is_valid) {
        return Ok(());
    }
    let text = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: \
                -/_+=.@!";
    Err(ServiceError::with("ValidationException", text))
}

/// Refuses the members that would otherwise have no effect. `Description` is not read back by any operation here.
fn check_implemented(others: &serde_json::Map<String, serde_json::Value>) -> Result<(), ServiceError> {
    match others.keys().find(|member| *member != "Description") {
        Some(member) => {
            let text = format!("glueproof does not implement the member {member} of CreateSecret");
            Err(ServiceError::with("InvalidParameterException", text))
        }
        None => Ok(()),
    }
}

fn new_value(text: Option<Text>, binary: Option<Secret>) -> Result<Option<NewValue>, ServiceError> {
    let invalid = |text: &str| Err(ServiceError::with("InvalidParameterException", text));
    let value = match (text, binary) {
        (Some(_), Some(_)) => {
            return invalid(
                "You can't specify both a binary secret value and a string secret value in the same secret.",
            );
        }
        (Some(text), None) => NewValue { bytes: text.0.into_bytes().into(), is_binary: false },
        (None, Some(bytes)) => NewValue { bytes, is_binary: true },
        (None, None) => return Ok(None),
    };
    if value.bytes.expose().len() > MAX_VALUE_BYTES {
        return invalid("The secret value is larger than 65536 bytes.");
    }
    Ok(Some(value))
}

fn version_id(cloud: &mut Cloud, token: Option<String>) -> Result<String, ServiceError> {
    match token {
        Some(token) if TOKEN_LENGTHS.contains(&token.len()) => Ok(token),
        Some(_) => {
            let text = "ClientRequestToken must be 32-64 characters long.";
            Err(ServiceError::with("InvalidParameterException", text))
        }
        None => Ok(cloud.random.uuid()),
    }
}

fn arn_prefix(caller: &Caller) -> String {
    let partition = caller.partition();
    format!("arn:{partition}:secretsmanager:{}:{}:secret:", caller.region, caller.account)
}

/// Returns the secret with that name, ARN, or ARN without the random suffix.
fn find(cloud: &mut Cloud, caller: &Caller, id: &str) -> Option<(String, StoredSecret)> {
    let prefix = arn_prefix(caller);
    let secrets = &cloud.region(caller).secrets_manager.secrets;
    let is_named = |name: &str, secret: &StoredSecret| {
        name == id || secret.arn == id || id.strip_prefix(&prefix) == Some(name)
    };
    let found = secrets.iter().find(|(name, secret)| is_named(name, secret))?;
    Some((found.0.clone(), found.1.clone()))
}

fn authorize_call(cloud: &Cloud, caller: &Caller, action: &str, arn: &str) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce {
        return Ok(());
    }
    Ok(authorize(cloud, &Authorization::new(caller, action, arn))?)
}

fn context(arn: &str, version_id: &str) -> Context {
    let pairs = [("SecretARN", arn), ("SecretVersionId", version_id)];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn encrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    (arn, key_id): (&str, &str),
    id: String,
    value: &NewValue,
) -> Result<StoredVersion, ServiceError> {
    let context = context(arn, &id);
    let data_key = kms::generate_data_key(cloud, &caller.through(VIA), key_id, &context)
        .map_err(|refusal| kms_refusal(&refusal, "EncryptionFailure"))?;
    let stored = sealed::seal(&data_key.plaintext, arn, value.bytes.expose())?;
    Ok(StoredVersion { id, is_binary: value.is_binary, data_key: Blob(data_key.sealed), value: stored })
}

fn decrypt(
    cloud: &mut Cloud,
    caller: &Caller,
    arn: &str,
    version: &StoredVersion,
) -> Result<Vec<u8>, ServiceError> {
    let context = context(arn, &version.id);
    let key = kms::decrypt(cloud, &caller.through(VIA), &version.data_key.0, &context, None)
        .map_err(|refusal| kms_refusal(&refusal, "DecryptionFailure"))?;
    sealed::open(&key, arn, &version.value)
}

/// Returns the error of Secrets Manager for a refusal of KMS.
fn kms_refusal(refusal: &ServiceError, failure: &'static str) -> ServiceError {
    match &*refusal.code {
        "AccessDeniedException" => {
            ServiceError::with("AccessDeniedException", "Access to KMS is not allowed")
        }
        _ => ServiceError::with(failure, refusal.message.clone().unwrap_or_else(|| refusal.code.to_string())),
    }
}
