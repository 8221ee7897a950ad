//! Encryption of log groups: data keys that KMS issues to the service, and the texts of events under them. KMS is called
//! once per data key, not once per event. Must not use the permissions of the caller.

use std::collections::BTreeMap;

use super::event::Stored;
use super::state::Group;
use crate::caller::{Caller, service_host};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};
use crate::sealed;

/// All data keys of one group, as KMS encrypted them.
#[derive(Debug)]
pub struct SealedDataKeys {
    group_arn: String,
    keys: Vec<Blob>,
}

/// Decrypted data keys of one group, for the duration of one call.
#[derive(Debug)]
pub struct OpenDataKeys {
    group_arn: String,
    keys: BTreeMap<usize, Secret>,
}

/// Returns a new data key for a group under a KMS key, as KMS encrypted it.
pub fn data_key(
    cloud: &mut Cloud,
    caller: &Caller,
    group_arn: &str,
    key: &str,
) -> Result<Blob, ServiceError> {
    if !key.starts_with("arn:") {
        return Err(not_found(group_arn));
    }
    let made = kms::generate_data_key(cloud, &itself(caller), key, &context(group_arn));
    made.map(|made| Blob(made.sealed)).map_err(|refusal| unusable(&refusal, group_arn))
}

/// Decrypts the given data keys of a group.
pub fn open_keys(
    cloud: &mut Cloud,
    caller: &Caller,
    sealed: &SealedDataKeys,
    wanted: impl IntoIterator<Item = usize>,
) -> Result<OpenDataKeys, ServiceError> {
    let (context, caller) = (context(&sealed.group_arn), itself(caller));
    let mut keys = BTreeMap::new();
    for number in wanted {
        if let Some(key) = sealed.keys.get(number).filter(|_| !keys.contains_key(&number)) {
            let opened = kms::decrypt(cloud, &caller, &key.0, &context, None);
            keys.insert(number, opened.map_err(|refusal| unusable(&refusal, &sealed.group_arn))?);
        }
    }
    Ok(OpenDataKeys { group_arn: sealed.group_arn.clone(), keys })
}

impl Group {
    /// Returns the data keys of the group, as KMS encrypted them.
    pub fn sealed_data_keys(&self) -> SealedDataKeys {
        SealedDataKeys { group_arn: self.arn.clone(), keys: self.data_keys.clone() }
    }

    /// Returns the number of the data key that encrypts new events.
    pub fn current_key(&self) -> Option<usize> {
        self.kms_key.as_ref().and_then(|_| self.data_keys.len().checked_sub(1))
    }
}

impl OpenDataKeys {
    /// Encrypts the text of an event.
    pub fn seal(&self, data_key: Option<usize>, text: String) -> Result<Stored, ServiceError> {
        let Some(data_key) = data_key else { return Ok(Stored::Plain(text)) };
        let bytes = sealed::seal(self.key(data_key)?, &self.group_arn, text.as_bytes())?;
        Ok(Stored::Sealed { data_key, bytes })
    }

    /// Decrypts the text of an event.
    pub fn open(&self, stored: &Stored) -> Result<String, ServiceError> {
        match stored {
            Stored::Plain(text) => Ok(text.clone()),
            Stored::Sealed { data_key, bytes } => {
                let opened = sealed::open(self.key(*data_key)?, &self.group_arn, bytes)?;
                String::from_utf8(opened).map_err(|_| broken())
            }
        }
    }

    fn key(&self, number: usize) -> Result<&Secret, ServiceError> {
        self.keys.get(&number).ok_or_else(broken)
    }
}

/// Returns the service as a principal, under the name that key policies use.
fn itself(caller: &Caller) -> Caller {
    Caller::named(&caller.account, &caller.region, service_host("logs", &caller.region))
}

/// Returns the encryption context of a group (E095).
fn context(group_arn: &str) -> Context {
    Context::from([("aws:logs:arn".to_owned(), group_arn.to_owned())])
}

/// Returns the error for a key that KMS does not allow the service to use. A key policy without the service:
/// recorded in hashicorp/terraform-provider-aws issue 29282. No such key, or one that is disabled:
/// `InvalidParameterException` by the API Reference of `AssociateKmsKey`, the text in
/// hashicorp/terraform issue 24194.
fn unusable(refusal: &ServiceError, group_arn: &str) -> ServiceError {
    match &*refusal.code {
        "AccessDeniedException" => ServiceError::with(
            "AccessDeniedException",
            format!(
                "The specified KMS key does not exist or is not allowed to be used with Arn '{group_arn}'"
            ),
        ),
        "NotFoundException" | "InvalidArnException" => not_found(group_arn),
        _ => {
            let text = format!("The specified KMS key cannot be used with Arn '{group_arn}'");
            ServiceError::with("InvalidParameterException", text)
        }
    }
}

fn not_found(group_arn: &str) -> ServiceError {
    let name = group_arn.rsplit(':').next().unwrap_or_default();
    let text = format!("The specified KMS Key Id could not be found. '{name}'");
    ServiceError::with("InvalidParameterException", text)
}

fn broken() -> ServiceError {
    ServiceError::internal("a data key of the log group is missing")
}
