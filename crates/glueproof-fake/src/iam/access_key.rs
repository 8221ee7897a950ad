//! Users' long-term access keys. A secret leaves once, with the answer to the call that made it.

use serde::{Deserialize, Serialize};

use super::page::{Asked, Rest, page};
use super::parameter::required;
use super::secret;
use super::state::AccessKey;
use super::user::{find, name_or_own};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// How many a user may have (IAM User Guide, "IAM and AWS STS quotas").
const QUOTA: usize = 2;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    user_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteInput {
    user_name: Option<String>,
    access_key_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    user_name: Option<String>,
    #[serde(flatten)]
    asked: Asked,
}

/// No `Debug`: it holds the secret in the open.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateOutput {
    access_key: Made,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Made {
    #[serde(flatten)]
    shown: Shown,
    secret_access_key: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    user_name: String,
    access_key_id: String,
    status: &'static str,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    access_key_metadata: Vec<Shown>,
    #[serde(flatten)]
    rest: Rest,
}

/// Makes a key.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<CreateOutput, ServiceError> {
    let name = name_or_own(cloud, caller, input.user_name)?;
    if find(cloud, caller, &name)?.keys.len() >= QUOTA {
        let text = format!("Cannot exceed quota for AccessKeysPerUser: {QUOTA}");
        return Err(ServiceError::with("LimitExceeded", text));
    }
    let id = format!("AKIA{}", cloud.random.letters(16));
    let key = AccessKey { secret: secret::text(30)?, active: true, created: cloud.now() };
    let made = Made { shown: shown(&name, &id, &key), secret_access_key: key.secret.reveal().to_owned() };
    find(cloud, caller, &name)?.keys.insert(id, key);
    Ok(CreateOutput { access_key: made })
}

/// Removes a key.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: DeleteInput) -> Result<(), ServiceError> {
    let id = required(input.access_key_id, "accessKeyId")?;
    let name = name_or_own(cloud, caller, input.user_name)?;
    let removed = find(cloud, caller, &name)?.keys.remove(&id);
    let missing =
        || ServiceError::with("NoSuchEntity", format!("The Access Key with id {id} cannot be found."));
    removed.map(|_| ()).ok_or_else(missing)
}

/// A user's keys without their secrets.
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let name = name_or_own(cloud, caller, input.user_name)?;
    let keys = find(cloud, caller, &name)?.keys.iter().map(|(id, key)| (id, shown(&name, id, key)));
    let (access_key_metadata, rest) = page(keys, &input.asked)?;
    Ok(ListOutput { access_key_metadata, rest })
}

fn shown(user: &str, id: &str, key: &AccessKey) -> Shown {
    Shown {
        user_name: user.to_owned(),
        access_key_id: id.to_owned(),
        status: if key.active { "Active" } else { "Inactive" },
        create_date: key.created,
    }
}
