//! Authorization in CloudWatch Logs: the resource of an operation, and the question to IAM. Must not evaluate a policy.
//! [`check`] is the entry point.

use super::lookup;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

/// The resource of an operation.
#[derive(Debug, Clone, Copy)]
pub enum LogResource<'a> {
    /// All log groups.
    AllGroups,
    /// A log group with its contents.
    Group(&'a str),
    /// A log stream: the names of group and stream.
    Stream(&'a str, &'a str),
    /// An ARN as it was sent, which the newer operations on tags use.
    Arn(&'a str),
}

/// Checks that the caller may call the operation. Refusals of the service name groups with an empty stream behind them
/// (`…:log-group:NAME:log-stream:`), which is why policies end in `:*`.
///
/// # Errors
/// No policy allows the call, in [`Mode::Enforce`].
pub fn check(
    cloud: &Cloud,
    caller: &Caller,
    operation: &str,
    resource: LogResource<'_>,
) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce || caller.is_service() {
        return Ok(());
    }
    let resource = match resource {
        LogResource::AllGroups => format!("{}:log-stream:", lookup::arn(caller, "")),
        LogResource::Group(group) => format!("{}:log-stream:", lookup::arn(caller, group)),
        LogResource::Stream(group, stream) => format!("{}:log-stream:{stream}", lookup::arn(caller, group)),
        LogResource::Arn(arn) => arn.to_owned(),
    };
    let action = format!("logs:{operation}");
    Ok(authorize(cloud, &Authorization::new(caller, &action, &resource))?)
}
