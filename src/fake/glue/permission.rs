//! What a call to Glue has to be allowed: the action, on which resource, with the Data Catalog's own policy
//! taking part. Must not decide it.

use super::policy_document::partition;
use crate::fake::caller::Caller;
use crate::fake::cloud::Cloud;
use crate::fake::error::ServiceError;
use crate::fake::iam::{Authorization, Mode, authorize};

/// Whether the caller may call the operation.
///
/// # Errors
/// In [`Mode::Enforce`], when policies do not let them.
pub fn check(cloud: &mut Cloud, caller: &Caller, operation: &str) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce {
        return Ok(());
    }
    let action = format!("glue:{operation}");
    let resource = resource(operation, caller);
    let policy = cloud.region(caller).glue.policy.as_ref().map(|policy| policy.document());
    let request = Authorization::new(caller, &action, &resource).resource_policy(policy.as_ref());
    Ok(authorize(cloud, &request)?)
}

/// The catalog, but for operations that are on no resource: those of security configurations and of the
/// encryption settings (Service Authorization Reference, "AWS Glue").
fn resource(operation: &str, caller: &Caller) -> String {
    if operation.contains("SecurityConfiguration") || operation.contains("EncryptionSettings") {
        return "*".to_owned();
    }
    format!("arn:{}:glue:{}:{}:catalog", partition(&caller.region), caller.region, caller.account)
}
