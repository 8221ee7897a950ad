//! Whether the caller may do something with a bucket or an object. Must not weigh a policy itself.

use super::lookup::Place;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

/// Asks IAM whether the caller may do that with the bucket.
pub fn on_bucket(cloud: &Cloud, caller: &Caller, action: &str, place: &Place) -> Result<(), ServiceError> {
    check(cloud, &Authorization::new(caller, action, &place.bucket_arn()).owner(&place.owner))
}

/// The same with conditions on the request.
pub fn on_bucket_with(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &Place,
    conditions: &[(&str, Option<String>)],
) -> Result<(), ServiceError> {
    let arn = place.bucket_arn();
    check(cloud, &with(Authorization::new(caller, action, &arn).owner(&place.owner), conditions))
}

/// Asks IAM whether the caller may do that with the object, there or not.
pub fn on_object(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &Place,
    conditions: &[(&str, Option<String>)],
) -> Result<(), ServiceError> {
    let arn = place.object_arn();
    check(cloud, &with(Authorization::new(caller, action, &arn).owner(&place.owner), conditions))
}

/// Asks IAM whether the caller may do what is on no bucket of theirs yet.
pub fn on(cloud: &Cloud, caller: &Caller, action: &str, resource: &str) -> Result<(), ServiceError> {
    check(cloud, &Authorization::new(caller, action, resource).owner(&caller.account))
}

fn with<'a>(request: Authorization<'a>, conditions: &[(&str, Option<String>)]) -> Authorization<'a> {
    conditions.iter().fold(request, |request, (key, value)| match value {
        Some(value) => request.with(key, value),
        None => request,
    })
}

fn check(cloud: &Cloud, request: &Authorization<'_>) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce {
        return Ok(());
    }
    authorize(cloud, request).map_err(|denied| ServiceError::with("AccessDenied", denied.to_string()))
}
