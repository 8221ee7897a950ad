//! From an operation's name to its handler, and between JSON values and the handler's types. Must not
//! decide anything about an operation.

use serde_json::{Map, Value};

use super::get_resources;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::wire::json_text;

/// One operation, from the members of the body to those of the answer.
pub type Operation = fn(&mut Cloud, &Caller, Map<String, Value>) -> Result<Vec<u8>, ServiceError>;

/// The operation of that name.
pub fn operation(name: &str) -> Option<Operation> {
    (name == "GetResources").then_some(resources)
}

fn resources(
    cloud: &mut Cloud,
    caller: &Caller,
    mut given: Map<String, Value>,
) -> Result<Vec<u8>, ServiceError> {
    given.retain(|_, value| !value.is_null());
    let unreadable = |_| ServiceError::bare("SerializationException");
    let input = serde_json::from_value(Value::Object(given)).map_err(unreadable)?;
    let output = get_resources::get(cloud, caller, &input)?;
    json_text::sorted(&output).map_err(|error| ServiceError::internal(error.to_string()))
}
