//! From an operation's name to its handler, and between JSON values and the handler's types. Must not
//! decide anything about an operation.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{encryption_settings as settings, resource_policy as policy, security_configuration as security};
use crate::fake::cloud::{AccountState, Context};
use crate::fake::error::ServiceError;
use crate::fake::validate::Input;

type Answer = Result<Value, ServiceError>;

/// Lets the operation's handler answer.
pub fn dispatch(operation: &str, state: &mut AccountState, context: &Context<'_>, input: Input) -> Answer {
    match operation {
        "PutResourcePolicy" => call(policy::put, state, context, input),
        "GetResourcePolicy" => call(policy::get, state, context, input),
        "GetResourcePolicies" => call(policy::list, state, context, input),
        "DeleteResourcePolicy" => call(policy::delete, state, context, input),
        "PutDataCatalogEncryptionSettings" => call(settings::put, state, context, input),
        "GetDataCatalogEncryptionSettings" => call(settings::get, state, context, input),
        "CreateSecurityConfiguration" => call(security::create, state, context, input),
        "GetSecurityConfiguration" => call(security::get, state, context, input),
        "GetSecurityConfigurations" => call(security::list, state, context, input),
        "DeleteSecurityConfiguration" => call(security::delete, state, context, input),
        unknown => Err(ServiceError::internal(format!("the fake has no handler for {unknown}"))),
    }
}

fn call<I: DeserializeOwned, O: Serialize>(
    handler: fn(&mut AccountState, &Context<'_>, I) -> Result<O, ServiceError>,
    state: &mut AccountState,
    context: &Context<'_>,
    input: Input,
) -> Answer {
    // The input has passed the model: if a handler cannot read it, specs and handler have parted ways.
    let parted = |e: serde_json::Error| ServiceError::internal(format!("the fake and its specs differ: {e}"));
    let input = serde_json::from_value(Value::Object(input)).map_err(parted)?;
    let output = handler(state, context, input)?;
    serde_json::to_value(output).map_err(parted)
}
