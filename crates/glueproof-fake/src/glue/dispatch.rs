//! From an operation's name to its handler, and between JSON values and the handler's types. Must not
//! decide anything about an operation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    connection, encryption_settings as settings, permission, resource_policy as policy,
    security_configuration as security, workload_dispatch,
};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::validate::Input;
use crate::wire::json_text;

/// The text of an output.
type Answer = Result<Vec<u8>, ServiceError>;

/// Whether the operation is one that the fake answers without a spec of it.
pub fn needs_no_spec(operation: &str) -> bool {
    workload_dispatch::operation(operation).is_some()
}

/// Lets the operation's handler answer.
pub fn dispatch(operation: &str, cloud: &mut Cloud, caller: &Caller, input: Input) -> Answer {
    permission::check(cloud, caller, operation, &input)?;
    if let Some(workload) = workload_dispatch::operation(operation) {
        return workload(cloud, caller, input);
    }
    match operation {
        "PutResourcePolicy" => call(policy::put, cloud, caller, input),
        "GetResourcePolicy" => call(policy::get, cloud, caller, input),
        "GetResourcePolicies" => call(policy::list, cloud, caller, input),
        "DeleteResourcePolicy" => call(policy::delete, cloud, caller, input),
        "PutDataCatalogEncryptionSettings" => call(settings::put, cloud, caller, input),
        "GetDataCatalogEncryptionSettings" => call(settings::get, cloud, caller, input),
        "CreateSecurityConfiguration" => call(security::create, cloud, caller, input),
        "GetSecurityConfiguration" => call(security::get, cloud, caller, input),
        "GetSecurityConfigurations" => call(security::list, cloud, caller, input),
        "CreateConnection" => call(connection::create, cloud, caller, input),
        "GetConnection" => call(connection::get, cloud, caller, input),
        "GetConnections" => call(connection::list, cloud, caller, input),
        "UpdateConnection" => call(connection::update, cloud, caller, input),
        "DeleteConnection" => call(connection::delete, cloud, caller, input),
        "DeleteSecurityConfiguration" => call(security::delete, cloud, caller, input),
        unknown => Err(ServiceError::internal(format!("the fake has no handler for {unknown}"))),
    }
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut Cloud, &Caller, I) -> Result<O, ServiceError>,
    cloud: &mut Cloud,
    caller: &Caller,
    input: Input,
) -> Answer {
    // The input has passed the model: if a handler cannot read it, specs and handler have parted ways.
    let parted = |e: serde_json::Error| ServiceError::internal(format!("the fake and its specs differ: {e}"));
    let input = serde_json::from_value(Value::Object(input)).map_err(parted)?;
    let output = handler(cloud, caller, input)?;
    json_text::sorted(&output).map_err(parted)
}
