//! The key of a log group: whether the service may use it, and texts of events under it. KMS is asked once
//! for each data key and never for each event. Must not let a caller's permissions stand in for the service's.

use std::collections::BTreeMap;

use super::event::Stored;
use super::state::Group;
use crate::caller::{Caller, service_host};
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};
use crate::sealed;

/// All data keys of one group, as KMS sealed them.
#[derive(Debug)]
pub struct Ring {
    group_arn: String,
    sealed: Vec<Blob>,
}

/// Data keys of one group, open for the time of one call.
#[derive(Debug)]
pub struct OpenKeys {
    group_arn: String,
    keys: BTreeMap<usize, Secret>,
}

/// A new data key for a group under that key, as KMS sealed it.
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

/// Opens those of a group's data keys.
pub fn open_keys(
    cloud: &mut Cloud,
    caller: &Caller,
    ring: &Ring,
    wanted: impl IntoIterator<Item = usize>,
) -> Result<OpenKeys, ServiceError> {
    let (context, caller) = (context(&ring.group_arn), itself(caller));
    let mut keys = BTreeMap::new();
    for number in wanted {
        if let Some(sealed) = ring.sealed.get(number).filter(|_| !keys.contains_key(&number)) {
            let opened = kms::decrypt(cloud, &caller, &sealed.0, &context, None);
            keys.insert(number, opened.map_err(|refusal| unusable(&refusal, &ring.group_arn))?);
        }
    }
    Ok(OpenKeys { group_arn: ring.group_arn.clone(), keys })
}

impl Group {
    /// Its data keys, to be opened when nobody looks at the group.
    pub fn ring(&self) -> Ring {
        Ring { group_arn: self.arn.clone(), sealed: self.data_keys.clone() }
    }

    /// The data key that later events go under.
    pub fn current_key(&self) -> Option<usize> {
        self.kms_key.as_ref().and_then(|_| self.data_keys.len().checked_sub(1))
    }
}

impl OpenKeys {
    /// The text as it is to be stored.
    pub fn seal(&self, data_key: Option<usize>, text: String) -> Result<Stored, ServiceError> {
        let Some(data_key) = data_key else { return Ok(Stored::Plain(text)) };
        let bytes = sealed::seal(self.key(data_key)?, &self.group_arn, text.as_bytes())?;
        Ok(Stored::Sealed { data_key, bytes })
    }

    /// The text as it was written.
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

/// The service in the caller's region and account; key policies name it so.
fn itself(caller: &Caller) -> Caller {
    Caller::named(&caller.account, &caller.region, service_host("logs", &caller.region))
}

/// E095.
fn context(group_arn: &str) -> Context {
    Context::from([("aws:logs:arn".to_owned(), group_arn.to_owned())])
}

/// What callers are told of a key that KMS does not let the service use. A key policy without the service:
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
        _ => ServiceError::bare("InvalidParameterException"),
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
