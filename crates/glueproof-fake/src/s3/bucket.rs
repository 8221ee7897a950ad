//! Buckets: creates, finds, lists and deletes them, and sets their default encryption.
//! Must not touch objects.
//! The operations are the entry points.

use std::collections::BTreeMap;

use s3s::dto::{
    self, BucketLocationConstraint, CreateBucketInput, CreateBucketOutput, DeleteBucketEncryptionInput,
    DeleteBucketEncryptionOutput, DeleteBucketInput, DeleteBucketOutput, GetBucketEncryptionInput,
    GetBucketEncryptionOutput, GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput,
    HeadBucketOutput, ListBucketsInput, ListBucketsOutput, Owner, PutBucketEncryptionInput,
    PutBucketEncryptionOutput, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};

use super::authorize;
use super::encryption::{RequestedEncryption, RequestedKmsEncryption};
use super::lookup::{self, ObjectLocation};
use super::read_object::moment;
use super::state::{Bucket, Versioning};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::pagination::{PageRequest, paginate};
use crate::store::Table;

/// The region without a location constraint.
const HOME_REGION: &str = "us-east-1";

/// Creates a bucket in the region of the location constraint.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateBucketInput,
) -> Result<CreateBucketOutput, ServiceError> {
    let name = input.bucket;
    let arn = format!("arn:{}:s3:::{name}", caller.partition());
    authorize::on(cloud, caller, "s3:CreateBucket", &arn)?;
    let constraint = input.create_bucket_configuration.and_then(|one| one.location_constraint);
    let region = region(caller, constraint.as_ref().map(BucketLocationConstraint::as_str))?;
    match lookup::owner(cloud, &name) {
        // In this region S3 lets an owner create a bucket again (Amazon S3 API Reference, `CreateBucket`).
        Some((owner, bucket))
            if owner == caller.account && bucket.region == HOME_REGION && region == HOME_REGION => {}
        Some((owner, _)) if owner == caller.account => {
            let text = "Your previous request to create the named bucket succeeded and you already own it.";
            return Err(ServiceError::with("BucketAlreadyOwnedByYou", text));
        }
        Some(_) => {
            let text = "The requested bucket name is not available. The bucket namespace is shared by all \
                        users of the system. Please select a different name and try again.";
            return Err(ServiceError::with("BucketAlreadyExists", text));
        }
        None => {
            let created = cloud.now();
            let (objects, uploads) = (Table::new(), Table::new());
            let encryption = RequestedEncryption::S3;
            let (policy, tags) = (None, BTreeMap::new());
            let bucket = Bucket {
                region,
                created,
                encryption,
                objects,
                versioning: Versioning::Off,
                noncurrent: Table::new(),
                uploads,
                policy,
                tags,
            };
            cloud.account(caller).s3.buckets.insert(name.clone(), bucket);
        }
    }
    Ok(CreateBucketOutput { location: Some(format!("/{name}")) })
}

fn region(caller: &Caller, constraint: Option<&str>) -> Result<String, ServiceError> {
    let said = match constraint.filter(|constraint| !constraint.is_empty()) {
        None => HOME_REGION,
        Some("EU") => "eu-west-1",
        Some(HOME_REGION) => {
            let text = "The specified location-constraint is not valid";
            return Err(ServiceError::with("InvalidLocationConstraint", text));
        }
        Some(region) => region,
    };
    if caller.region == HOME_REGION || caller.region == said {
        return Ok(said.to_owned());
    }
    let constraint = constraint.unwrap_or("unspecified");
    let text = format!(
        "The {constraint} location constraint is incompatible for the region specific endpoint this request \
         was sent to."
    );
    Err(ServiceError::with("IllegalLocationConstraintException", text))
}

/// Deletes an empty bucket.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteBucketInput,
) -> Result<DeleteBucketOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:DeleteBucket", &place)?;
    let bucket = place.bucket(cloud)?;
    if !bucket.objects.is_empty() {
        return Err(ServiceError::with("BucketNotEmpty", "The bucket you tried to delete is not empty"));
    }
    if !bucket.noncurrent.is_empty() {
        let text = "The bucket you tried to delete is not empty. You must delete all versions in the bucket.";
        return Err(ServiceError::with("BucketNotEmpty", text));
    }
    cloud.account_named(&place.owner).s3.buckets.remove(&place.bucket);
    Ok(DeleteBucketOutput {})
}

/// Returns the region of an existing bucket.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn head(
    cloud: &mut Cloud,
    caller: &Caller,
    input: HeadBucketInput,
) -> Result<HeadBucketOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:ListBucket", &place)?;
    Ok(HeadBucketOutput { bucket_region: Some(place.region), ..HeadBucketOutput::default() })
}

/// Returns the location constraint, which the home region does not have.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn location(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketLocationInput,
) -> Result<GetBucketLocationOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:GetBucketLocation", &place)?;
    let constraint =
        Some(place.region).filter(|region| region != HOME_REGION).map(BucketLocationConstraint::from);
    Ok(GetBucketLocationOutput { location_constraint: constraint })
}

/// Lists the caller's buckets.
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListBucketsInput,
) -> Result<ListBucketsOutput, ServiceError> {
    authorize::on(cloud, caller, "s3:ListAllMyBuckets", "*")?;
    let size = input.max_buckets.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let buckets = cloud.account(caller).s3.buckets.iter().filter(|(name, bucket)| {
        input.prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
            && input.bucket_region.as_ref().is_none_or(|region| bucket.region == *region)
    });
    let buckets = buckets.map(|(name, bucket)| (name, bucket_output((name, bucket))));
    let request = PageRequest { listing: "ListBuckets", token: input.continuation_token.as_deref(), size };
    let page = paginate(caller, &request, buckets)
        .map_err(|_| ServiceError::with("InvalidArgument", "The continuation token provided is incorrect"))?;
    Ok(ListBucketsOutput {
        buckets: Some(page.items),
        continuation_token: page.next,
        owner: Some(owner(&caller.account)),
        prefix: input.prefix,
    })
}

fn bucket_output((name, bucket): (&String, &Bucket)) -> dto::Bucket {
    dto::Bucket {
        bucket_region: Some(bucket.region.clone()),
        creation_date: Some(moment(bucket.created)),
        name: Some(name.clone()),
    }
}

/// Returns an account as owner. S3 has its own ids for accounts: 64 hexadecimal digits.
pub fn owner(account: &str) -> Owner {
    use sha2::Digest;
    Owner { display_name: None, id: Some(super::checksum::hex(&sha2::Sha256::digest(account))) }
}

/// Sets the default encryption of later writes.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn put_encryption(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutBucketEncryptionInput,
) -> Result<PutBucketEncryptionOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:PutEncryptionConfiguration", &place)?;
    let malformed = super::error::malformed_xml;
    let [rule] = &input.server_side_encryption_configuration.rules[..] else { return Err(malformed()) };
    let default = rule.apply_server_side_encryption_by_default.as_ref().ok_or_else(malformed)?;
    let algorithm = default.sse_algorithm.as_str();
    let wanted = match (algorithm, &default.kms_master_key_id) {
        (ServerSideEncryption::AES256, None) => RequestedEncryption::S3,
        (ServerSideEncryption::AES256, Some(_)) => {
            let text = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or \
                        aws:kms:dsse";
            return Err(ServiceError::with("InvalidArgument", text));
        }
        (ServerSideEncryption::AWS_KMS | ServerSideEncryption::AWS_KMS_DSSE, key) => {
            RequestedEncryption::Kms(RequestedKmsEncryption {
                key: key.clone(),
                bucket_key: rule.bucket_key_enabled.unwrap_or(false),
                dual: algorithm == ServerSideEncryption::AWS_KMS_DSSE,
                ..RequestedKmsEncryption::default()
            })
        }
        _ => return Err(malformed()),
    };
    place.bucket(cloud)?.encryption = wanted;
    Ok(PutBucketEncryptionOutput::default())
}

/// Returns the default encryption.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get_encryption(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketEncryptionInput,
) -> Result<GetBucketEncryptionOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:GetEncryptionConfiguration", &place)?;
    let (algorithm, key, bucket_key) = match &place.bucket(cloud)?.encryption {
        RequestedEncryption::S3 => (ServerSideEncryption::AES256, None, false),
        RequestedEncryption::Kms(RequestedKmsEncryption { dual: false, key, bucket_key, .. }) => {
            (ServerSideEncryption::AWS_KMS, key.clone(), *bucket_key)
        }
        RequestedEncryption::Kms(RequestedKmsEncryption { key, bucket_key, .. }) => {
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

/// Resets the default encryption to SSE-S3.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete_encryption(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteBucketEncryptionInput,
) -> Result<DeleteBucketEncryptionOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:PutEncryptionConfiguration", &place)?;
    place.bucket(cloud)?.encryption = RequestedEncryption::S3;
    Ok(DeleteBucketEncryptionOutput {})
}
