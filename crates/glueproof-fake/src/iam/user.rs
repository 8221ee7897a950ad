//! Users and their access keys.
//! Must not know policies, except that a user with policies cannot be deleted.
//! The operations are the entry points, from [`create`] to [`list_keys`].

use std::collections::BTreeMap;

use glueproof_spec::Partition;
use serde::{Deserialize, Serialize};

use super::page::{NameMarkerInput, NameMarkerOutput, page};
use super::parameter::{self, required};
use super::state::{AccessKey, Policies, User};
use super::sts::random_secret;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A user in responses.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserView {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    user_id: String,
    arn: String,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
}

impl UserView {
    fn of(name: &str, user: &User) -> Self {
        Self {
            path: user.path.clone(),
            user_name: Some(name.to_owned()),
            user_id: user.id.clone(),
            arn: user.arn.clone(),
            create_date: user.created,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    path: Option<String>,
    user_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    user_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    path_prefix: Option<String>,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserOutput {
    user: UserView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    users: Vec<UserView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

/// Creates a user.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<UserOutput, ServiceError> {
    let name = parameter::named(input.user_name, "userName", 1..=64)?;
    let path = parameter::path(input.path)?;
    let taken = cloud.account(caller).iam.users.keys().any(|known| known.eq_ignore_ascii_case(&name));
    if taken {
        return Err(ServiceError::with(
            "EntityAlreadyExists",
            format!("User with name {name} already exists."),
        ));
    }
    let user = User::new(cloud, (caller.partition(), &caller.account), path, &name);
    let shown = UserView::of(&name, &user);
    cloud.account(caller).iam.users.insert(name, user);
    Ok(UserOutput { user: shown })
}

/// Returns the user of that name, or the caller.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<UserOutput, ServiceError> {
    if input.user_name.is_none() && caller.principal.ends_with(":root") {
        return Ok(UserOutput { user: root(cloud, caller) });
    }
    let name = name_or_own(cloud, caller, input.user_name)?;
    let user = find(cloud, caller, &name)?;
    Ok(UserOutput { user: UserView::of(&name, user) })
}

/// Deletes a user without policies and access keys.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.user_name, "userName", 1..=64)?;
    let user = find(cloud, caller, &name)?;
    let left = [(user.keys.is_empty(), "access keys"), (user.policies.is_empty(), "policies")];
    if let Some((_, what)) = left.into_iter().find(|(none, _)| !none) {
        return Err(ServiceError::with(
            "DeleteConflict",
            format!("Cannot delete entity, must delete {what} first."),
        ));
    }
    cloud.account(caller).iam.users.remove(&name);
    Ok(())
}

/// Lists the users by name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let users = &cloud.account(caller).iam.users;
    let all = users.iter().filter(|(_, user)| user.path.starts_with(prefix));
    let (users, rest) = page(all.map(|(name, user)| (name, UserView::of(name, user))), &input.asked)?;
    Ok(ListOutput { users, rest })
}

/// Returns the user of that name.
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut User, ServiceError> {
    let user = cloud.account(caller).iam.users.get_mut(name);
    user.ok_or_else(|| {
        ServiceError::with("NoSuchEntity", format!("The user with name {name} cannot be found."))
    })
}

/// Returns the given name, or the name of the caller.
pub fn name_or_own(
    cloud: &mut Cloud,
    caller: &Caller,
    given: Option<String>,
) -> Result<String, ServiceError> {
    if given.is_some() {
        return parameter::named(given, "userName", 1..=64);
    }
    let mut users = cloud.account(caller).iam.users.iter();
    let own = users.find(|(_, user)| user.arn == caller.principal).map(|(name, _)| name.clone());
    let text = "Must specify userName when calling with non-User credentials";
    own.ok_or_else(|| ServiceError::with("ValidationError", text))
}

fn root(cloud: &Cloud, caller: &Caller) -> UserView {
    UserView {
        path: "/".to_owned(),
        user_name: None,
        user_id: caller.account.clone(),
        arn: caller.principal.clone(),
        create_date: cloud.now(),
    }
}

impl User {
    /// Returns a user without policies and keys.
    pub fn new(cloud: &mut Cloud, (partition, account): (Partition, &str), path: String, name: &str) -> Self {
        Self {
            id: format!("AIDA{}", cloud.random.letters(17)),
            arn: format!("arn:{partition}:iam::{account}:user{path}{name}"),
            path,
            created: cloud.now(),
            policies: Policies::new(),
            keys: BTreeMap::new(),
        }
    }
}

/// The number of access keys of a user (IAM User Guide, "IAM and AWS STS quotas").
const MAX_KEYS_PER_USER: usize = 2;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateKeyInput {
    user_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteKeyInput {
    user_name: Option<String>,
    access_key_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListKeysInput {
    user_name: Option<String>,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

/// The output with the secret in plain text, so without `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateKeyOutput {
    access_key: CreatedKey,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CreatedKey {
    #[serde(flatten)]
    view: KeyView,
    secret_access_key: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyView {
    user_name: String,
    access_key_id: String,
    status: &'static str,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListKeysOutput {
    access_key_metadata: Vec<KeyView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

/// Creates an access key. The secret leaves with this response only.
pub fn create_key(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateKeyInput,
) -> Result<CreateKeyOutput, ServiceError> {
    let name = name_or_own(cloud, caller, input.user_name)?;
    if find(cloud, caller, &name)?.keys.len() >= MAX_KEYS_PER_USER {
        let text = format!("Cannot exceed quota for AccessKeysPerUser: {MAX_KEYS_PER_USER}");
        return Err(ServiceError::with("LimitExceeded", text));
    }
    let id = format!("AKIA{}", cloud.random.letters(16));
    let key = AccessKey { secret: random_secret(30)?, active: true, created: cloud.now() };
    let created =
        CreatedKey { view: key_view(&name, &id, &key), secret_access_key: key.secret.reveal().to_owned() };
    find(cloud, caller, &name)?.keys.insert(id, key);
    Ok(CreateKeyOutput { access_key: created })
}

/// Deletes an access key.
pub fn delete_key(cloud: &mut Cloud, caller: &Caller, input: DeleteKeyInput) -> Result<(), ServiceError> {
    let id = required(input.access_key_id, "accessKeyId")?;
    let name = name_or_own(cloud, caller, input.user_name)?;
    let removed = find(cloud, caller, &name)?.keys.remove(&id);
    let missing =
        || ServiceError::with("NoSuchEntity", format!("The Access Key with id {id} cannot be found."));
    removed.map(|_| ()).ok_or_else(missing)
}

/// Lists the access keys of a user, without their secrets.
pub fn list_keys(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListKeysInput,
) -> Result<ListKeysOutput, ServiceError> {
    let name = name_or_own(cloud, caller, input.user_name)?;
    let keys = find(cloud, caller, &name)?.keys.iter().map(|(id, key)| (id, key_view(&name, id, key)));
    let (access_key_metadata, rest) = page(keys, &input.asked)?;
    Ok(ListKeysOutput { access_key_metadata, rest })
}

fn key_view(user: &str, id: &str, key: &AccessKey) -> KeyView {
    KeyView {
        user_name: user.to_owned(),
        access_key_id: id.to_owned(),
        status: if key.active { "Active" } else { "Inactive" },
        create_date: key.created,
    }
}
