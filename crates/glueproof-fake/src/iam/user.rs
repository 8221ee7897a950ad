//! Users and their access keys.
//! Must not know policies, except that a user with policies cannot be deleted.
//! The operations are the entry points, from [`create`] to [`list_keys`].

use std::collections::BTreeSet;

use glueproof_spec::Partition;
use serde::{Deserialize, Serialize};

use super::page::{NameMarkerInput, NameMarkerOutput, PathPrefixInput, page};
use super::parameter::{self, required};
use super::role::deletable;
use super::secret::random_secret;
use super::state::{AccessKey, Policies, User};
use super::tag::{self, Tag};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::store::Table;
use crate::tags::Tags;

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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

impl UserView {
    fn of(name: &str, user: &User) -> Self {
        Self {
            path: user.path.clone(),
            user_name: Some(name.to_owned()),
            user_id: user.id.clone(),
            arn: user.arn.clone(),
            create_date: user.created,
            tags: tag::view(&user.tags),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateUserInput {
    path: Option<String>,
    user_name: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserNameInput {
    user_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserOutput {
    user: UserView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListUsersOutput {
    users: Vec<UserView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GroupsOutput {
    groups: [(); 0],
    is_truncated: bool,
}

/// Creates a user.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateUserInput,
) -> Result<UserOutput, ServiceError> {
    let name = parameter::named(input.user_name, "userName", 1..=64)?;
    let path = parameter::path(input.path)?;
    let tags = tag::read(input.tags)?;
    let taken = cloud.account(caller).iam.users.keys().any(|known| known.eq_ignore_ascii_case(&name));
    if taken {
        return Err(ServiceError::with(
            "EntityAlreadyExists",
            format!("User with name {name} already exists."),
        ));
    }
    let mut user = User::new(cloud, (caller.partition(), &caller.account), path, &name);
    user.tags = tags;
    let shown = UserView::of(&name, &user);
    cloud.account(caller).iam.users.insert(name, user);
    Ok(UserOutput { user: shown })
}

/// Returns the user of that name, or the caller.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: UserNameInput) -> Result<UserOutput, ServiceError> {
    if input.user_name.is_none() && caller.principal.ends_with(":root") {
        return Ok(UserOutput { user: root(cloud, caller) });
    }
    let name = name_or_own(cloud, caller, input.user_name)?;
    let user = find(cloud, caller, &name)?;
    Ok(UserOutput { user: UserView::of(&name, user) })
}

/// Deletes a user without policies and access keys.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: UserNameInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.user_name, "userName", 1..=64)?;
    let user = find(cloud, caller, &name)?;
    deletable(&[
        (user.keys.is_empty(), "delete access keys"),
        (user.policies.is_empty(), "delete policies"),
        (user.attached.is_empty(), "detach all policies"),
    ])?;
    cloud.account(caller).iam.users.remove(&name);
    Ok(())
}

/// Lists the users by name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PathPrefixInput,
) -> Result<ListUsersOutput, ServiceError> {
    let users = cloud.account(caller).iam.users.iter();
    let users = users.map(|(name, user)| (name, user.path.as_str(), UserView::of(name, user)));
    let (users, rest) = input.page_of(users)?;
    Ok(ListUsersOutput { users, rest })
}

/// Returns the password of a user for the console: the fake has no console, so no user has one.
pub fn login_profile(cloud: &mut Cloud, caller: &Caller, input: UserNameInput) -> Result<(), ServiceError> {
    let name = name_or_own(cloud, caller, input.user_name)?;
    find(cloud, caller, &name)?;
    let text = format!("Login Profile for User {name} cannot be found.");
    Err(ServiceError::with("NoSuchEntity", text))
}

/// Lists the groups of a user: none, for the fake has none.
pub fn list_groups(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UserNameInput,
) -> Result<GroupsOutput, ServiceError> {
    let name = parameter::named(input.user_name, "userName", 1..=64)?;
    find(cloud, caller, &name)?;
    Ok(GroupsOutput { groups: [], is_truncated: false })
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
        tags: Vec::new(),
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
            attached: BTreeSet::new(),
            tags: Tags::new(),
            keys: Table::new(),
        }
    }
}

/// The number of access keys of a user (IAM User Guide, "IAM and AWS STS quotas").
const MAX_KEYS_PER_USER: usize = 2;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccessKeyInput {
    user_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteAccessKeyInput {
    user_name: Option<String>,
    access_key_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListAccessKeysInput {
    user_name: Option<String>,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

/// The output with the secret in plain text, so without `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateAccessKeyOutput {
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
pub struct ListAccessKeysOutput {
    access_key_metadata: Vec<KeyView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

/// Creates an access key. The secret leaves with this response only.
pub fn create_key(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateAccessKeyInput,
) -> Result<CreateAccessKeyOutput, ServiceError> {
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
    Ok(CreateAccessKeyOutput { access_key: created })
}

/// Deletes an access key.
pub fn delete_key(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteAccessKeyInput,
) -> Result<(), ServiceError> {
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
    input: ListAccessKeysInput,
) -> Result<ListAccessKeysOutput, ServiceError> {
    let name = name_or_own(cloud, caller, input.user_name)?;
    let keys = find(cloud, caller, &name)?.keys.iter().map(|(id, key)| (id, key_view(&name, id, key)));
    let (access_key_metadata, rest) = page(keys, &input.asked)?;
    Ok(ListAccessKeysOutput { access_key_metadata, rest })
}

fn key_view(user: &str, id: &str, key: &AccessKey) -> KeyView {
    KeyView {
        user_name: user.to_owned(),
        access_key_id: id.to_owned(),
        status: if key.active { "Active" } else { "Inactive" },
        create_date: key.created,
    }
}
