//! The handlers of IAM and STS, by action, and the conversion between JSON and their types. Authorizes the actions of IAM in
//! [`Mode::Enforce`]; the handlers of STS authorize themselves.
//! [`dispatch`] is the entry point.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::authenticate::Mode;
use super::authorize::{Authorization, authorize};
use super::{inline_policy, role, simulate, sts, user};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::wire::query::{Query, QueryService};

/// IAM in the query protocol.
pub const IAM: QueryService =
    QueryService { name: "iam", namespace: "https://iam.amazonaws.com/doc/2010-05-08/" };
/// STS in the query protocol.
pub const STS: QueryService =
    QueryService { name: "sts", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" };

type Answer = Result<Value, ServiceError>;

/// Returns the service of an action: IAM, unless STS has the action.
pub fn service(action: &str) -> QueryService {
    match action {
        "GetCallerIdentity" | "AssumeRole" | "GetSessionToken" => STS,
        _ => IAM,
    }
}

/// Authorizes an action and runs its handler.
pub fn dispatch(cloud: &mut Cloud, caller: &Caller, query: Query) -> Answer {
    let Query { action, parameters: input } = query;
    may(cloud, caller, &action, &input)?;
    match action.as_str() {
        "GetCallerIdentity" => call(sts::caller_identity, cloud, caller, input),
        "AssumeRole" => call(sts::assume_role, cloud, caller, input),
        "GetSessionToken" => call(sts::session_token, cloud, caller, input),
        "CreateUser" => call(user::create, cloud, caller, input),
        "GetUser" => call(user::get, cloud, caller, input),
        "DeleteUser" => call(user::delete, cloud, caller, input),
        "ListUsers" => call(user::list, cloud, caller, input),
        "CreateAccessKey" => call(user::create_key, cloud, caller, input),
        "DeleteAccessKey" => call(user::delete_key, cloud, caller, input),
        "ListAccessKeys" => call(user::list_keys, cloud, caller, input),
        "CreateRole" => call(role::create, cloud, caller, input),
        "GetRole" => call(role::get, cloud, caller, input),
        "DeleteRole" => call(role::delete, cloud, caller, input),
        "ListRoles" => call(role::list, cloud, caller, input),
        "UpdateAssumeRolePolicy" => call(role::update_trust, cloud, caller, input),
        "PutUserPolicy" => call(inline_policy::put, cloud, caller, only(input, "RoleName")),
        "GetUserPolicy" => call(inline_policy::get, cloud, caller, only(input, "RoleName")),
        "DeleteUserPolicy" => call(inline_policy::delete, cloud, caller, only(input, "RoleName")),
        "ListUserPolicies" => call(inline_policy::list, cloud, caller, only(input, "RoleName")),
        "PutRolePolicy" => call(inline_policy::put, cloud, caller, role_only(input)?),
        "GetRolePolicy" => call(inline_policy::get, cloud, caller, role_only(input)?),
        "DeleteRolePolicy" => call(inline_policy::delete, cloud, caller, role_only(input)?),
        "ListRolePolicies" => call(inline_policy::list, cloud, caller, role_only(input)?),
        "SimulatePrincipalPolicy" => call(simulate::principal_policy, cloud, caller, input),
        unknown => Err(ServiceError::with("InvalidAction", format!("Could not find operation {unknown}"))),
    }
}

/// Authorizes an action of IAM on the user or role that it names. Lists are on all users or roles.
fn may(cloud: &Cloud, caller: &Caller, action: &str, input: &Map<String, Value>) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce || service(action) == STS {
        return Ok(());
    }
    let resource = resource(cloud, caller, action, input);
    let action = format!("iam:{action}");
    let request = Authorization::new(caller, &action, &resource);
    authorize(cloud, &request).map_err(|denied| ServiceError::with("AccessDenied", denied.to_string()))
}

fn resource(cloud: &Cloud, caller: &Caller, action: &str, input: &Map<String, Value>) -> String {
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
    match action {
        "ListUsers" => made("user", ""),
        "ListRoles" => made("role", ""),
        "SimulatePrincipalPolicy" => text("PolicySourceArn").unwrap_or("*").to_owned(),
        // Without a name, the resource is the caller.
        _ => caller.principal.clone(),
    }
}

/// Returns the parameters without one that belongs to another action.
fn only(mut input: Map<String, Value>, stranger: &str) -> Map<String, Value> {
    input.remove(stranger);
    input
}

fn role_only(input: Map<String, Value>) -> Result<Map<String, Value>, ServiceError> {
    let name = input.get("RoleName").and_then(Value::as_str).map(str::to_owned);
    super::parameter::required(name, "roleName").map(|_| only(input, "UserName"))
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    cloud: &mut Cloud,
    caller: &Caller,
    input: Map<String, Value>,
) -> Answer {
    let malformed = |_| ServiceError::with("MalformedInput", "A parameter has the wrong form");
    let input = serde_json::from_value(Value::Object(input)).map_err(malformed)?;
    let output = handler(cloud, caller, input)?;
    let internal = |e: serde_json::Error| ServiceError::with("InternalFailure", e.to_string());
    serde_json::to_value(output).map_err(internal)
}
