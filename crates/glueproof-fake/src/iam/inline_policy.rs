//! Inline policies of users and roles: put, get, delete, list.
//! Must not evaluate a policy.
//! The operations are the entry points.

use serde::{Deserialize, Serialize};

use super::page::{NameMarkerInput, NameMarkerOutput, page};
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use super::state::Policies;
use super::{role, user};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The user or role that has the policy: one of the names is set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyOwner {
    user_name: Option<String>,
    role_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutInput {
    #[serde(flatten)]
    owner: PolicyOwner,
    policy_name: Option<String>,
    policy_document: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    #[serde(flatten)]
    owner: PolicyOwner,
    policy_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    #[serde(flatten)]
    owner: PolicyOwner,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<String>,
    policy_name: String,
    policy_document: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    policy_names: Vec<String>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

impl PolicyOwner {
    fn policies<'c>(&self, cloud: &'c mut Cloud, caller: &Caller) -> Result<&'c mut Policies, ServiceError> {
        if let Some(name) = &self.role_name {
            return Ok(&mut role::find(cloud, caller, name)?.policies);
        }
        let name = required(self.user_name.clone(), "userName")?;
        Ok(&mut user::find(cloud, caller, &name)?.policies)
    }

    fn missing(&self, policy: &str) -> ServiceError {
        let kind = if self.role_name.is_some() { "role" } else { "user" };
        ServiceError::with("NoSuchEntity", format!("The {kind} policy with name {policy} cannot be found."))
    }
}

/// Puts a policy, and replaces one of the same name.
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let document = PolicyDocument::of_identity(&required(input.policy_document, "policyDocument")?)?;
    input.owner.policies(cloud, caller)?.insert(name, document);
    Ok(())
}

/// Returns the URL-encoded text of a policy.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<GetOutput, ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let found = input.owner.policies(cloud, caller)?.get(&name).map(PolicyDocument::encoded);
    let policy_document = found.ok_or_else(|| input.owner.missing(&name))?;
    let PolicyOwner { user_name, role_name } = input.owner;
    Ok(GetOutput { user_name, role_name, policy_name: name, policy_document })
}

/// Deletes a policy.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let removed = input.owner.policies(cloud, caller)?.remove(&name);
    removed.map(|_| ()).ok_or_else(|| input.owner.missing(&name))
}

/// Lists the names of the policies.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let policies = input.owner.policies(cloud, caller)?;
    let (policy_names, rest) = page(policies.keys().map(|name| (name, name.clone())), &input.asked)?;
    Ok(ListOutput { policy_names, rest })
}
