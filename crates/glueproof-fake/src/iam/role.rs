//! Roles and their trust policies.
//! Must not know sessions, nor policies, except that a role with policies cannot be deleted. Instance profiles are not
//! simulated: no role has one.
//! The operations are the entry points.

use std::collections::BTreeSet;

use glueproof_spec::Partition;
use serde::{Deserialize, Serialize};

use super::page::{NameMarkerOutput, PathPrefixInput};
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use super::state::{Policies, Role};
use super::tag::{self, Tag};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;

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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
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
            tags: tag::view(&role.tags),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateRoleInput {
    path: Option<String>,
    role_name: Option<String>,
    assume_role_policy_document: Option<String>,
    description: Option<String>,
    max_session_duration: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoleNameInput {
    role_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateTrustInput {
    role_name: Option<String>,
    policy_document: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoleOutput {
    role: RoleView,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListRolesOutput {
    roles: Vec<RoleView>,
    #[serde(flatten)]
    rest: NameMarkerOutput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceProfilesOutput {
    instance_profiles: [(); 0],
    is_truncated: bool,
}

/// Creates a role.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateRoleInput,
) -> Result<RoleOutput, ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    let path = parameter::path(input.path)?;
    let trust = required(input.assume_role_policy_document, "assumeRolePolicyDocument")?;
    let trust = PolicyDocument::of_trust(&trust)?;
    let range = AN_HOUR..=TWELVE_HOURS;
    let longest = parameter::number(input.max_session_duration.as_deref(), "maxSessionDuration", range)?;
    let tags = tag::read(input.tags)?;
    let taken = cloud.account(caller).iam.roles.keys().any(|known| known.eq_ignore_ascii_case(&name));
    if taken {
        return Err(ServiceError::with(
            "EntityAlreadyExists",
            format!("Role with name {name} already exists."),
        ));
    }
    let mut role = Role::new(cloud, (caller.partition(), &caller.account), path, &name, trust);
    role.tags = tags;
    role.description = input.description;
    role.longest = longest.unwrap_or(AN_HOUR);
    let shown = RoleView::of(&name, &role);
    cloud.account(caller).iam.roles.insert(name, role);
    Ok(RoleOutput { role: shown })
}

/// Returns the role of that name.
pub fn get(cloud: &mut Cloud, caller: &Caller, input: RoleNameInput) -> Result<RoleOutput, ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    let role = find(cloud, caller, &name)?;
    Ok(RoleOutput { role: RoleView::of(&name, role) })
}

/// Deletes a role without policies.
pub fn delete(cloud: &mut Cloud, caller: &Caller, input: RoleNameInput) -> Result<(), ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    let role = find(cloud, caller, &name)?;
    deletable(&[
        (role.policies.is_empty(), "delete policies"),
        (role.attached.is_empty(), "detach all policies"),
    ])?;
    cloud.account(caller).iam.roles.remove(&name);
    Ok(())
}

/// Checks that a user or role has nothing left.
///
/// # Errors
/// Returns an error if one of the parts is not empty. The error names what to do.
pub fn deletable(empty: &[(bool, &str)]) -> Result<(), ServiceError> {
    let left = empty.iter().find(|(is_empty, _)| !is_empty);
    left.map_or(Ok(()), |(_, to_do)| {
        let text = format!("Cannot delete entity, must {to_do} first.");
        Err(ServiceError::with("DeleteConflict", text))
    })
}

/// Lists the instance profiles of a role: none, for the fake has none.
pub fn list_instance_profiles(
    cloud: &mut Cloud,
    caller: &Caller,
    input: RoleNameInput,
) -> Result<InstanceProfilesOutput, ServiceError> {
    let name = parameter::named(input.role_name, "roleName", 1..=64)?;
    find(cloud, caller, &name)?;
    Ok(InstanceProfilesOutput { instance_profiles: [], is_truncated: false })
}

/// Lists the roles by name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PathPrefixInput,
) -> Result<ListRolesOutput, ServiceError> {
    let roles = cloud.account(caller).iam.roles.iter();
    let roles = roles.map(|(name, role)| (name, role.path.as_str(), RoleView::of(name, role)));
    let (roles, rest) = input.page_of(roles)?;
    Ok(ListRolesOutput { roles, rest })
}

/// Replaces the trust policy of a role.
pub fn update_trust(cloud: &mut Cloud, caller: &Caller, input: UpdateTrustInput) -> Result<(), ServiceError> {
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
            attached: BTreeSet::new(),
            tags: Tags::new(),
        }
    }
}
