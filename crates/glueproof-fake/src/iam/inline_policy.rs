//! Inline policies of users and roles: put, get, delete, list.
//! Must not evaluate a policy.
//! The operations are the entry points.

use serde::{Deserialize, Serialize};

use super::owner::Owner;
use super::page::{NameMarkerInput, NameMarkerOutput, page};
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct PutInlineInput<O> {
    #[serde(flatten)]
    owner: O,
    policy_name: Option<String>,
    policy_document: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct InlinePolicyInput<O> {
    #[serde(flatten)]
    owner: O,
    policy_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct ListInlineInput<O> {
    #[serde(flatten)]
    owner: O,
    #[serde(flatten)]
    asked: NameMarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase", bound = "O: Owner")]
pub struct InlinePolicyOutput<O> {
    #[serde(flatten)]
    owner: O,
    policy_name: String,
    policy_document: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInlineOutput {
    policy_names: Vec<String>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

/// Puts a policy, and replaces one of the same name.
pub fn put<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutInlineInput<O>,
) -> Result<(), ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let document = PolicyDocument::of_identity(&required(input.policy_document, "policyDocument")?)?;
    input.owner.parts(cloud, caller)?.policies.insert(name, document);
    Ok(())
}

/// Returns the URL-encoded text of a policy.
pub fn get<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: InlinePolicyInput<O>,
) -> Result<InlinePolicyOutput<O>, ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let found = input.owner.parts(cloud, caller)?.policies.get(&name).map(PolicyDocument::encoded);
    let policy_document = found.ok_or_else(|| missing::<O>(&name))?;
    Ok(InlinePolicyOutput { owner: input.owner, policy_name: name, policy_document })
}

/// Deletes a policy.
pub fn delete<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: InlinePolicyInput<O>,
) -> Result<(), ServiceError> {
    let name = parameter::named(input.policy_name, "policyName", 1..=128)?;
    let removed = input.owner.parts(cloud, caller)?.policies.remove(&name);
    removed.map(|_| ()).ok_or_else(|| missing::<O>(&name))
}

/// Lists the names of the policies.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list<O: Owner>(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListInlineInput<O>,
) -> Result<ListInlineOutput, ServiceError> {
    let policies = input.owner.parts(cloud, caller)?.policies;
    let (policy_names, rest) = page(policies.keys().map(|name| (name, name.clone())), &input.asked)?;
    Ok(ListInlineOutput { policy_names, rest })
}

fn missing<O: Owner>(policy: &str) -> ServiceError {
    let text = format!("The {} policy with name {policy} cannot be found.", O::KIND);
    ServiceError::with("NoSuchEntity", text)
}
