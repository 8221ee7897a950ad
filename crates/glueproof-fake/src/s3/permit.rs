//! Authorization of calls on buckets and objects.
//! Must not evaluate a policy: IAM does.
//! [`on_bucket`], [`on_object`] and [`on`] are the entry points.

use super::lookup::ObjectLocation;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

/// Authorizes an action on a bucket.
pub fn on_bucket(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &ObjectLocation,
) -> Result<(), ServiceError> {
    check(cloud, &Authorization::new(caller, action, &place.bucket_arn()).owner(&place.owner))
}

/// Authorizes an action on a bucket, with condition keys.
pub fn on_bucket_with(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &ObjectLocation,
    conditions: &[(&str, Option<String>)],
) -> Result<(), ServiceError> {
    let arn = place.bucket_arn();
    check(cloud, &with(Authorization::new(caller, action, &arn).owner(&place.owner), conditions))
}

/// Authorizes an action on an object, present or not.
pub fn on_object(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &ObjectLocation,
    conditions: &[(&str, Option<String>)],
) -> Result<(), ServiceError> {
    let arn = place.object_arn();
    check(cloud, &with(Authorization::new(caller, action, &arn).owner(&place.owner), conditions))
}

/// Authorizes an action on a resource of the caller's account.
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
