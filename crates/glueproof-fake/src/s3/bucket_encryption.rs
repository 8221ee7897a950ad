//! How a bucket has objects encrypted whose writers say nothing: SSE-S3, or what is set here. Must not touch
//! objects that are there.

use s3s::dto::{
    DeleteBucketEncryptionInput, DeleteBucketEncryptionOutput, GetBucketEncryptionInput,
    GetBucketEncryptionOutput, PutBucketEncryptionInput, PutBucketEncryptionOutput, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};

use super::encryption::{KmsWanted, Wanted};
use super::lookup::Place;
use super::permit;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Sets it for later writes.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutBucketEncryptionInput,
) -> Result<PutBucketEncryptionOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:PutEncryptionConfiguration", &place)?;
    let malformed = || ServiceError::bare("MalformedXML");
    let [rule] = &input.server_side_encryption_configuration.rules[..] else { return Err(malformed()) };
    let default = rule.apply_server_side_encryption_by_default.as_ref().ok_or_else(malformed)?;
    let algorithm = default.sse_algorithm.as_str();
    let wanted = match (algorithm, &default.kms_master_key_id) {
        (ServerSideEncryption::AES256, None) => Wanted::S3,
        (ServerSideEncryption::AES256, Some(_)) => {
            let text = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
                        aws:kms:dsse";
            return Err(ServiceError::with("InvalidArgument", text));
        }
        (ServerSideEncryption::AWS_KMS | ServerSideEncryption::AWS_KMS_DSSE, key) => Wanted::Kms(KmsWanted {
            key: key.clone(),
            bucket_key: rule.bucket_key_enabled.unwrap_or(false),
            dual: algorithm == ServerSideEncryption::AWS_KMS_DSSE,
            ..KmsWanted::default()
        }),
        _ => return Err(malformed()),
    };
    place.bucket(cloud)?.encryption = wanted;
    Ok(PutBucketEncryptionOutput::default())
}

/// What is set; there is always something.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketEncryptionInput,
) -> Result<GetBucketEncryptionOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:GetEncryptionConfiguration", &place)?;
    let (algorithm, key, bucket_key) = match &place.bucket(cloud)?.encryption {
        Wanted::S3 => (ServerSideEncryption::AES256, None, false),
        Wanted::Kms(KmsWanted { dual: false, key, bucket_key, .. }) => {
            (ServerSideEncryption::AWS_KMS, key.clone(), *bucket_key)
        }
        Wanted::Kms(KmsWanted { key, bucket_key, .. }) => {
            (ServerSideEncryption::AWS_KMS_DSSE, key.clone(), *bucket_key)
        }
    };
    let default = ServerSideEncryptionByDefault {
        kms_master_key_id: key,
        sse_algorithm: ServerSideEncryption::from_static(algorithm),
    };
    let rule = ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(default),
        bucket_key_enabled: Some(bucket_key),
    };
    let configuration = ServerSideEncryptionConfiguration { rules: vec![rule] };
    Ok(GetBucketEncryptionOutput { server_side_encryption_configuration: Some(configuration) })
}

/// Goes back to SSE-S3.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteBucketEncryptionInput,
) -> Result<DeleteBucketEncryptionOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:PutEncryptionConfiguration", &place)?;
    place.bucket(cloud)?.encryption = Wanted::S3;
    Ok(DeleteBucketEncryptionOutput {})
}
