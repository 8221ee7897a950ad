//! Bucket policies: puts, returns and deletes them (S3 User Guide, "Bucket policies for Amazon S3").
//! Must not evaluate a policy: `permit` passes it to IAM.
//! The operations are the entry points.

use s3s::dto::{
    DeleteBucketPolicyInput, DeleteBucketPolicyOutput, GetBucketPolicyInput, GetBucketPolicyOutput,
    GetBucketPolicyStatusInput, GetBucketPolicyStatusOutput, PolicyStatus, PutBucketPolicyInput,
    PutBucketPolicyOutput,
};
use serde_json::Value;

use super::authorize;
use super::lookup::ObjectLocation;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::PolicyDocument;

/// The most bytes of a policy.
const MAX_POLICY_BYTES: usize = 20 * 1024;

/// Puts a policy, and replaces the one before.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutBucketPolicyInput,
) -> Result<PutBucketPolicyOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket_policy(cloud, caller, "s3:PutBucketPolicy", &place)?;
    let malformed = |text: String| ServiceError::with("MalformedPolicy", text);
    if input.policy.len() > MAX_POLICY_BYTES {
        return Err(malformed(format!("The policy exceeds the maximum of {MAX_POLICY_BYTES} bytes")));
    }
    let policy = PolicyDocument::of_resource(&input.policy).map_err(|error| malformed(error.to_string()))?;
    let arn = place.bucket_arn();
    // A wildcard in the name of the bucket may stand for this one.
    let is_own = |resource: &str| {
        let bucket = resource.split('/').next().unwrap_or_default();
        bucket == arn || bucket.contains(['*', '?', '$'])
    };
    if !policy.resources().all(is_own) {
        return Err(malformed("Policy has invalid resource".to_owned()));
    }
    place.bucket(cloud)?.policy = Some(policy);
    Ok(PutBucketPolicyOutput::default())
}

/// Returns the text of the policy.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketPolicyInput,
) -> Result<GetBucketPolicyOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket_policy(cloud, caller, "s3:GetBucketPolicy", &place)?;
    let policy = find(cloud, &place)?;
    Ok(GetBucketPolicyOutput { policy: Some(policy.text().to_owned()) })
}

/// Returns if the policy makes the bucket public: it allows an action to everyone without a condition.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn status(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketPolicyStatusInput,
) -> Result<GetBucketPolicyStatusOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:GetBucketPolicyStatus", &place)?;
    let is_public = find(cloud, &place)?.statements().iter().any(is_public);
    Ok(GetBucketPolicyStatusOutput { policy_status: Some(PolicyStatus { is_public: Some(is_public) }) })
}

/// Deletes the policy, which need not exist.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteBucketPolicyInput,
) -> Result<DeleteBucketPolicyOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket_policy(cloud, caller, "s3:DeleteBucketPolicy", &place)?;
    place.bucket(cloud)?.policy = None;
    Ok(DeleteBucketPolicyOutput::default())
}

fn find<'c>(cloud: &'c mut Cloud, place: &ObjectLocation) -> Result<&'c PolicyDocument, ServiceError> {
    let missing = || ServiceError::with("NoSuchBucketPolicy", "The bucket policy does not exist");
    place.bucket(cloud)?.policy.as_ref().ok_or_else(missing)
}

fn is_public(statement: &Value) -> bool {
    let everyone = |value: &Value| match value {
        Value::Array(names) => names.iter().any(|name| name == "*"),
        name => name == "*",
    };
    statement["Effect"] == "Allow"
        && (everyone(&statement["Principal"]) || everyone(&statement["Principal"]["AWS"]))
        && statement.get("Condition").is_none()
}
