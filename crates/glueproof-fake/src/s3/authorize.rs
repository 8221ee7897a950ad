//! Authorization of calls on buckets and objects.
//! Must not evaluate a policy: IAM does.
//! [`on_bucket`], [`on_object`] and [`on`] are the entry points.

use s3s::dto::ServerSideEncryption;

use super::lookup::{self, ObjectLocation};
use super::state::Bucket;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, PolicyDocument, authorize};

/// Authorizes an action on a bucket.
pub fn on_bucket(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &ObjectLocation,
) -> Result<(), ServiceError> {
    on_bucket_with(cloud, caller, action, place, &[])
}

/// Authorizes an action on the policy of a bucket. The root user of the owner always has this permission.
pub fn on_bucket_policy(
    cloud: &Cloud,
    caller: &Caller,
    action: &str,
    place: &ObjectLocation,
) -> Result<(), ServiceError> {
    if caller.account == place.owner && caller.principal.ends_with(":root") && caller.session.is_none() {
        return Ok(());
    }
    on_bucket(cloud, caller, action, place)
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
    let (request, bucket) = under_bucket_policy(cloud, caller, action, &arn, place);
    let tags = bucket.into_iter().flat_map(|bucket| &bucket.tags);
    check(cloud, &with(request.resource_tags("s3", tags), conditions))
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
    let (mut request, bucket) = under_bucket_policy(cloud, caller, action, &arn, place);
    let object = bucket.and_then(|bucket| bucket.objects.get(&place.key));
    for (key, value) in object.into_iter().flat_map(|object| &object.tags) {
        request = request.with(&format!("s3:ExistingObjectTag/{key}"), value);
    }
    check(cloud, &with(request, conditions))
}

/// Authorizes an action on a resource of the caller's account.
pub fn on(cloud: &Cloud, caller: &Caller, action: &str, resource: &str) -> Result<(), ServiceError> {
    check(cloud, &Authorization::new(caller, action, resource).owner(&caller.account))
}

/// Returns the request for an action on a bucket or an object in it, under the policy of the bucket, and the bucket.
fn under_bucket_policy<'a>(
    cloud: &'a Cloud,
    caller: &'a Caller,
    action: &'a str,
    arn: &'a str,
    place: &'a ObjectLocation,
) -> (Authorization<'a>, Option<&'a Bucket>) {
    let bucket = lookup::owner(cloud, &place.bucket).map(|(_, bucket)| bucket);
    let policy = bucket.and_then(|bucket| bucket.policy.as_ref()).map(PolicyDocument::content);
    (Authorization::new(caller, action, arn).owner(&place.owner).resource_policy(policy), bucket)
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

/// Returns the condition keys of the encryption that a write asks for.
pub fn encryption_conditions(
    algorithm: Option<&ServerSideEncryption>,
    key: Option<&String>,
) -> [(&'static str, Option<String>); 2] {
    [
        ("s3:x-amz-server-side-encryption", algorithm.map(|name| name.as_str().to_owned())),
        ("s3:x-amz-server-side-encryption-aws-kms-key-id", key.cloned()),
    ]
}
