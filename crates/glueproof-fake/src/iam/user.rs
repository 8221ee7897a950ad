//! Users. Must not know their policies and keys but to see that none are left behind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::page::{Asked, Rest, page};
use super::parameter;
use super::state::{Policies, User};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// A user as answers show it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    user_id: String,
    arn: String,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
}

impl Shown {
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
    asked: Asked,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserOutput {
    user: Shown,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    users: Vec<Shown>,
    #[serde(flatten)]
    rest: Rest,
}

/// Makes a user.
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
    let user = User::new(cloud, &caller.account, path, &name);
    let shown = Shown::of(&name, &user);
    cloud.account(caller).iam.users.insert(name, user);
    Ok(UserOutput { user: shown })
}

/// The user of that name, or who calls.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<UserOutput, ServiceError> {
    if input.user_name.is_none() && caller.principal.ends_with(":root") {
        return Ok(UserOutput { user: root(cloud, caller) });
    }
    let name = name_or_own(cloud, caller, input.user_name)?;
    let user = find(cloud, caller, &name)?;
    Ok(UserOutput { user: Shown::of(&name, user) })
}

/// Removes a user who has neither policies nor keys.
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

/// Users by name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let users = &cloud.account(caller).iam.users;
    let all = users.iter().filter(|(_, user)| user.path.starts_with(prefix));
    let (users, rest) = page(all.map(|(name, user)| (name, Shown::of(name, user))), &input.asked)?;
    Ok(ListOutput { users, rest })
}

/// The user of that name.
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut User, ServiceError> {
    let user = cloud.account(caller).iam.users.get_mut(name);
    user.ok_or_else(|| {
        ServiceError::with("NoSuchEntity", format!("The user with name {name} cannot be found."))
    })
}

/// The name that is given, or else that of the user who calls.
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

fn root(cloud: &Cloud, caller: &Caller) -> Shown {
    Shown {
        path: "/".to_owned(),
        user_name: None,
        user_id: caller.account.clone(),
        arn: caller.principal.clone(),
        create_date: cloud.now(),
    }
}

impl User {
    /// A user with nothing yet.
    pub fn new(cloud: &mut Cloud, account: &str, path: String, name: &str) -> Self {
        Self {
            id: format!("AIDA{}", cloud.random.letters(17)),
            arn: format!("arn:aws:iam::{account}:user{path}{name}"),
            path,
            created: cloud.now(),
            policies: Policies::new(),
            keys: BTreeMap::new(),
        }
    }
}
