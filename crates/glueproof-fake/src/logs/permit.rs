//! Whether the caller may call an operation of CloudWatch Logs, on which resource. Must not weigh a policy.

use super::lookup;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

/// What an operation is on.
#[derive(Debug, Clone, Copy)]
pub enum On<'a> {
    /// Every group.
    All,
    /// One group and what is in it.
    Group(&'a str),
    /// One stream: group and stream.
    Stream(&'a str, &'a str),
    /// The bare ARN, as the newer tagging operations want it.
    Arn(&'a str),
}

/// Asks IAM where policies decide. Refusals of the service name groups with an empty stream behind them
/// (`…:log-group:NAME:log-stream:`), which is why policies end in `:*`.
pub fn check(cloud: &Cloud, caller: &Caller, operation: &str, on: On<'_>) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce || caller.is_service() {
        return Ok(());
    }
    let resource = match on {
        On::All => format!("{}:log-stream:", lookup::arn(caller, "")),
        On::Group(group) => format!("{}:log-stream:", lookup::arn(caller, group)),
        On::Stream(group, stream) => format!("{}:log-stream:{stream}", lookup::arn(caller, group)),
        On::Arn(arn) => arn.to_owned(),
    };
    let action = format!("logs:{operation}");
    Ok(authorize(cloud, &Authorization::new(caller, &action, &resource))?)
}
