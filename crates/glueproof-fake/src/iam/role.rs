//! Roles and their trust policies.
//! Must not know sessions, nor policies, except that a role with policies cannot be deleted.
//! The operations are the entry points.

use glueproof_spec::Partition;
use serde::{Deserialize, Serialize};

use super::page::{NameMarkerInput, NameMarkerOutput, page};
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use super::state::{Policies, Role};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The default duration of a session, in seconds.
pub const AN_HOUR: u32 = 3600;
const TWELVE_HOURS: u32 = 12 * AN_HOUR;

/// A role in responses.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RoleView {
    path: String,
    role_name: String,
    role_id: String,
    arn: String,
    #[serde(serialize_with = "Timestamp::as_text")]
    create_date: Timestamp,
    assume_role_policy_document: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    max_session_duration: u32,
}

impl RoleView {
    fn of(name: &str, role: &Role) -> Self {
        Self {
            path: role.path.clone(),
            role_name: name.to_owned(),
            role_id: role.id.clone(),
            arn: role.arn.clone(),
            create_date: role.created,
            assume_role_policy_document: role.trust.encoded(),
            description: role.description.clone(),
            max_session_duration: role.longest,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInput {
    path: Option<String>,
    role_name: Option<String>,
    assume_role_policy_document: Option<String>,
    description: Option<String>,
    max_session_duration: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    role_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TrustInput {
    role_name: Option<String>,
    policy_document: Option<String>,
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
pub struct RoleOutput {
    role: RoleView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    roles: Vec<RoleView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

/// Creates a role.
pub fn create(cloud: &mut Cloud, caller: &Caller, input: CreateInput) -> Result<RoleOutput, ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    let path = parameter::path(input.path)?;
    let trust = required(input.assume_role_policy_document, "assumeRolePolicyDocument")?;
    let trust = PolicyDocument::of_trust(&trust)?;
    let range = AN_HOUR..=TWELVE_HOURS;
    let longest = parameter::number(input.max_session_duration.as_deref(), "maxSessionDuration", range)?;
    let taken = cloud.account(caller).iam.roles.keys().any(|known| known.eq_ignore_ascii_case(&name));
    if taken {
        return Err(ServiceError::with(
            "EntityAlreadyExists",
            format!("Role with name {name} already exists."),
        ));
    }
    let mut role = Role::new(cloud, (caller.partition(), &caller.account), path, &name, trust);
    role.description = input.description;
    role.longest = longest.unwrap_or(AN_HOUR);
    let shown = RoleView::of(&name, &role);
    cloud.account(caller).iam.roles.insert(name, role);
    Ok(RoleOutput { role: shown })
}

/// Returns the role of that name.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<RoleOutput, ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    let role = find(cloud, caller, &name)?;
    Ok(RoleOutput { role: RoleView::of(&name, role) })
}

/// Deletes a role without policies.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    if !find(cloud, caller, &name)?.policies.is_empty() {
        let text = "Cannot delete entity, must delete policies first.";
        return Err(ServiceError::with("DeleteConflict", text));
    }
    cloud.account(caller).iam.roles.remove(&name);
    Ok(())
}

/// Lists the roles by name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let roles = &cloud.account(caller).iam.roles;
    let all = roles.iter().filter(|(_, role)| role.path.starts_with(prefix));
    let (roles, rest) = page(all.map(|(name, role)| (name, RoleView::of(name, role))), &input.asked)?;
    Ok(ListOutput { roles, rest })
}

/// Replaces the trust policy of a role.
pub fn update_trust(cloud: &mut Cloud, caller: &Caller, input: TrustInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    let trust = PolicyDocument::of_trust(&required(input.policy_document, "policyDocument")?)?;
    find(cloud, caller, &name)?.trust = trust;
    Ok(())
}

/// Returns the role of that name.
pub fn find<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Role, ServiceError> {
    let role = cloud.account(caller).iam.roles.get_mut(name);
    role.ok_or_else(|| {
        ServiceError::with("NoSuchEntity", format!("The role with name {name} cannot be found."))
    })
}

impl Role {
    /// Returns a role without policies.
    pub fn new(
        cloud: &mut Cloud,
        (partition, account): (Partition, &str),
        path: String,
        name: &str,
        trust: PolicyDocument,
    ) -> Self {
        Self {
            id: format!("AROA{}", cloud.random.letters(17)),
            arn: format!("arn:{partition}:iam::{account}:role{path}{name}"),
            path,
            created: cloud.now(),
            description: None,
            longest: AN_HOUR,
            trust,
            policies: Policies::new(),
        }
    }
}
