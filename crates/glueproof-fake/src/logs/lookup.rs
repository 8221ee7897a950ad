//! Finds groups and streams by name or ARN, after events have expired. Must not authorize.

use glueproof_spec::partition;

use super::state::{Group, Stream};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Returns the ARN of a group of the caller, without `:*`.
pub fn arn(caller: &Caller, group: &str) -> String {
    let Caller { account, region, .. } = caller;
    format!("arn:{}:logs:{region}:{account}:log-group:{group}", partition(region))
}

/// Returns the group of that name.
pub fn group<'c>(cloud: &'c mut Cloud, caller: &Caller, name: &str) -> Result<&'c mut Group, ServiceError> {
    let now = cloud.now().millis();
    let group = cloud.region(caller).logs.groups.get_mut(name).ok_or_else(no_group)?;
    group.expire(now);
    Ok(group)
}

/// Returns the stream of that name.
pub fn stream<'g>(group: &'g Group, name: &str) -> Result<&'g Stream, ServiceError> {
    group.streams.get(name).ok_or_else(no_stream)
}

/// Returns the name in `logGroupName` or `logGroupIdentifier`, of which exactly one must be present. An identifier is a name
/// or the ARN of a group.
pub fn name(group_name: Option<String>, identifier: Option<String>) -> Result<String, ServiceError> {
    match (group_name, identifier) {
        (Some(name), None) => Ok(name),
        (None, Some(identifier)) => Ok(within_arn(&identifier).unwrap_or(&identifier).to_owned()),
        _ => {
            let text = "Exactly one of logGroupName and logGroupIdentifier must be specified.";
            Err(ServiceError::with("InvalidParameterException", text))
        }
    }
}

/// Returns the name of the group in an ARN.
pub fn within_arn(arn: &str) -> Option<&str> {
    let name = arn.strip_prefix("arn:")?.splitn(6, ':').nth(5)?;
    Some(name.strip_suffix(":*").unwrap_or(name))
}

fn no_group() -> ServiceError {
    ServiceError::with("ResourceNotFoundException", "The specified log group does not exist.")
}

/// Returns the error for a missing stream.
pub fn no_stream() -> ServiceError {
    ServiceError::with("ResourceNotFoundException", "The specified log stream does not exist.")
}
