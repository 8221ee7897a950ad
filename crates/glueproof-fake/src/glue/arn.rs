//! ARNs of Glue. Must not know if a resource exists.
//! [`arn`] is the entry point.

use crate::caller::Caller;

/// Returns the ARN of a resource of the caller, such as `job/nightly`.
pub fn arn(caller: &Caller, resource: &str) -> String {
    format!("arn:{}:glue:{}:{}:{resource}", caller.partition(), caller.region, caller.account)
}
