//! IAM and STS as services: their names, and a row for each operation. Authorizes the actions of IAM; the handlers of STS
//! authorize themselves. Must not decide anything else about an operation.
//! [`find`] is the entry point.

use std::sync::LazyLock;

use serde_json::Value;

use super::authenticate::Mode;
use super::authorize::{Authorization, authorize};
use super::owner::{RoleOwner, UserOwner};
use super::{inline_policy, managed_policy, role, simulate, sts, tag, tag_owner, user};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::service::{Members, Operation, OperationTable, Service};
use crate::wire::json11::Dialect;
use crate::wire::query::QueryService;

/// AWS Identity and Access Management.
struct Iam;

/// AWS Security Token Service.
struct Sts;

const IAM_NAMES: QueryService =
    QueryService { name: "iam", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" };
const STS_NAMES: QueryService =
    QueryService { name: "sts", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" };

/// The services with their names.
pub const SERVICES: [(QueryService, &dyn Service); 2] = [(STS_NAMES, &Sts), (IAM_NAMES, &Iam)];

/// The names in AWS JSON 1.1, a protocol that neither service speaks: no target has the prefix.
const fn dialect(service: &'static str) -> Dialect {
    Dialect { service, prefix: "", message: "Message", faults: &[] }
}

/// Returns the operation of an action, with its service and the names of the service.
pub fn find(action: &str) -> Option<(QueryService, &'static dyn Service, &'static Operation)> {
    SERVICES
        .into_iter()
        .find_map(|(names, service)| Some((names, service, service.operations().get(action)?)))
}

/// Returns the names of the service that answers requests without a known action.
pub fn default_names() -> QueryService {
    IAM_NAMES
}

impl Service for Iam {
    fn dialect(&self) -> &'static Dialect {
        static DIALECT: Dialect = dialect("iam");
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(iam_operations);
        &OPERATIONS
    }

    fn unimplemented_code(&self) -> &'static str {
        "ValidationError"
    }

    fn authorize(
        &self,
        cloud: &mut Cloud,
        caller: &Caller,
        operation: &Operation,
        members: &Members,
    ) -> Result<(), ServiceError> {
        if cloud.settings.mode != Mode::Enforce {
            return Ok(());
        }
        let resource = resource(cloud, caller, operation.name, members);
        let action = format!("iam:{}", operation.name);
        let mut request = Authorization::new(caller, &action, &resource);
        if let Some(tags) = members.get("Tags") {
            request = request.request_tags(tag::pairs(tags));
        }
        if let Some(Value::Array(keys)) = members.get("TagKeys") {
            let keys = keys.iter().filter_map(Value::as_str).map(str::to_owned);
            request = request.with_many("aws:TagKeys", keys);
        }
        if let Some(policy) = members.get("PolicyArn").and_then(Value::as_str) {
            request = request.with("iam:PolicyARN", policy);
        }
        let iam = cloud.existing_account(&caller.account).map(|account| &account.iam);
        let tags = iam.and_then(|iam| iam.tags_of(&resource));
        request = request.resource_tags("iam", tags.into_iter().flatten());
        authorize(cloud, &request).map_err(|denied| ServiceError::with("AccessDenied", denied.to_string()))
    }
}

impl Service for Sts {
    fn dialect(&self) -> &'static Dialect {
        static DIALECT: Dialect = dialect("sts");
        &DIALECT
    }

    fn operations(&self) -> &'static OperationTable {
        static OPERATIONS: LazyLock<OperationTable> = LazyLock::new(sts_operations);
        &OPERATIONS
    }

    fn unimplemented_code(&self) -> &'static str {
        "ValidationError"
    }
}

fn sts_operations() -> OperationTable {
    OperationTable::new([
        Operation::new("AssumeRole", sts::assume_role).refuses(&[
            "SerialNumber",
            "TokenCode",
            "ProvidedContexts",
        ]),
        Operation::new("GetCallerIdentity", sts::caller_identity),
        Operation::new("GetFederationToken", sts::federation_token),
        Operation::new("GetSessionToken", sts::session_token).refuses(&["SerialNumber", "TokenCode"]),
    ])
}

fn iam_operations() -> OperationTable {
    OperationTable::new([
        Operation::new("AttachRolePolicy", managed_policy::attach::<RoleOwner>),
        Operation::new("AttachUserPolicy", managed_policy::attach::<UserOwner>),
        Operation::new("CreateAccessKey", user::create_key),
        Operation::new("CreatePolicy", managed_policy::create),
        Operation::new("CreateRole", role::create).refuses(&["PermissionsBoundary"]),
        Operation::new("CreateUser", user::create).refuses(&["PermissionsBoundary"]),
        Operation::new("DeleteAccessKey", user::delete_key),
        Operation::new("DeletePolicy", managed_policy::delete),
        Operation::new("DeleteRole", role::delete),
        Operation::new("DeleteRolePolicy", inline_policy::delete::<RoleOwner>),
        Operation::new("DeleteUser", user::delete),
        Operation::new("DeleteUserPolicy", inline_policy::delete::<UserOwner>),
        Operation::new("DetachRolePolicy", managed_policy::detach::<RoleOwner>),
        Operation::new("DetachUserPolicy", managed_policy::detach::<UserOwner>),
        Operation::new("GetLoginProfile", user::login_profile),
        Operation::new("GetPolicy", managed_policy::get),
        Operation::new("GetPolicyVersion", managed_policy::get_version),
        Operation::new("GetRole", role::get),
        Operation::new("GetRolePolicy", inline_policy::get::<RoleOwner>),
        Operation::new("GetUser", user::get),
        Operation::new("GetUserPolicy", inline_policy::get::<UserOwner>),
        Operation::new("ListAccessKeys", user::list_keys),
        Operation::new("ListAttachedRolePolicies", managed_policy::list_attached::<RoleOwner>),
        Operation::new("ListAttachedUserPolicies", managed_policy::list_attached::<UserOwner>),
        Operation::new("ListGroupsForUser", user::list_groups).without_effect_of(&["Marker", "MaxItems"]),
        Operation::new("ListInstanceProfilesForRole", role::list_instance_profiles)
            .without_effect_of(&["Marker", "MaxItems"]),
        Operation::new("ListPolicies", managed_policy::list).refuses(&["PolicyUsageFilter"]),
        Operation::new("ListPolicyVersions", managed_policy::list_versions)
            .without_effect_of(&["Marker", "MaxItems"]),
        Operation::new("ListRolePolicies", inline_policy::list::<RoleOwner>),
        Operation::new("ListRoleTags", tag_owner::list::<RoleOwner>),
        Operation::new("ListRoles", role::list),
        Operation::new("ListUserPolicies", inline_policy::list::<UserOwner>),
        Operation::new("ListUserTags", tag_owner::list::<UserOwner>),
        Operation::new("ListUsers", user::list),
        Operation::new("PutRolePolicy", inline_policy::put::<RoleOwner>),
        Operation::new("PutUserPolicy", inline_policy::put::<UserOwner>),
        Operation::new("SimulatePrincipalPolicy", simulate::principal_policy).refuses(&[
            "PolicyInputList",
            "PermissionsBoundaryPolicyInputList",
            "ResourceHandlingOption",
        ]),
        Operation::new("TagRole", tag_owner::add::<RoleOwner>),
        Operation::new("TagUser", tag_owner::add::<UserOwner>),
        Operation::new("UntagRole", tag_owner::remove::<RoleOwner>),
        Operation::new("UntagUser", tag_owner::remove::<UserOwner>),
        Operation::new("UpdateAssumeRolePolicy", role::update_trust),
    ])
}

/// Returns the ARN of the user, role or policy that a request names. Lists are on all users, roles or policies.
fn resource(cloud: &Cloud, caller: &Caller, action: &str, input: &Members) -> String {
    let text = |name: &str| input.get(name).and_then(Value::as_str);
    let iam = cloud.existing_account(&caller.account).map(|account| &account.iam);
    let made = |kind: &str, name: &str| {
        let path = text("Path").unwrap_or("/");
        format!("arn:{}:iam::{}:{kind}{path}{name}", caller.partition(), caller.account)
    };
    if let Some(name) = text("RoleName") {
        let known = iam.and_then(|iam| iam.roles.get(name)).map(|role| role.arn.clone());
        return known.unwrap_or_else(|| made("role", name));
    }
    if let Some(name) = text("UserName") {
        let known = iam.and_then(|iam| iam.users.get(name)).map(|user| user.arn.clone());
        return known.unwrap_or_else(|| made("user", name));
    }
    if let Some(arn) = text("PolicyArn") {
        return arn.to_owned();
    }
    match action {
        "ListUsers" => made("user", ""),
        "ListRoles" => made("role", ""),
        "ListPolicies" => made("policy", ""),
        "CreatePolicy" => made("policy", text("PolicyName").unwrap_or_default()),
        "SimulatePrincipalPolicy" => text("PolicySourceArn").unwrap_or("*").to_owned(),
        // Without a name, the resource is the caller.
        _ => caller.principal.clone(),
    }
}
