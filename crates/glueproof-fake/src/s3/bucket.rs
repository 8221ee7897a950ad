//! Buckets, made, found and deleted. Must not touch objects.

use std::collections::BTreeMap;

use s3s::dto::{
    self, BucketLocationConstraint, CreateBucketInput, CreateBucketOutput, DeleteBucketInput,
    DeleteBucketOutput, GetBucketLocationInput, GetBucketLocationOutput, HeadBucketInput, HeadBucketOutput,
    ListBucketsInput, ListBucketsOutput, Owner,
};

use super::encryption::Wanted;
use super::get_object::moment;
use super::lookup::{self, Place};
use super::permit;
use super::state::Bucket;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::partition;
use crate::page_token;

/// The region that has no location constraint.
const HOME: &str = "us-east-1";

/// Makes a bucket where the request or its region says.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateBucketInput,
) -> Result<CreateBucketOutput, ServiceError> {
    let name = input.bucket;
    let arn = format!("arn:{}:s3:::{name}", partition(&caller.region));
    permit::on(cloud, caller, "s3:CreateBucket", &arn)?;
    let constraint = input.create_bucket_configuration.and_then(|one| one.location_constraint);
    let region = region(caller, constraint.as_ref().map(BucketLocationConstraint::as_str))?;
    match lookup::owner(cloud, &name) {
        // In its first region S3 lets an owner make a bucket again (Amazon S3 API Reference, `CreateBucket`).
        Some((owner, bucket)) if owner == caller.account && bucket.region == HOME && region == HOME => {}
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
            let (objects, uploads) = (BTreeMap::new(), BTreeMap::new());
            let bucket = Bucket { region, created, encryption: Wanted::S3, objects, uploads };
            cloud.account(caller).s3.buckets.insert(name.clone(), bucket);
        }
    }
    Ok(CreateBucketOutput { location: Some(format!("/{name}")) })
}

fn region(caller: &Caller, constraint: Option<&str>) -> Result<String, ServiceError> {
    let said = match constraint.filter(|constraint| !constraint.is_empty()) {
        None => HOME,
        Some("EU") => "eu-west-1",
        Some(HOME) => {
            let text = "The specified location-constraint is not valid";
            return Err(ServiceError::with("InvalidLocationConstraint", text));
        }
        Some(region) => region,
    };
    if caller.region == HOME || caller.region == said {
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
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:DeleteBucket", &place)?;
    if !place.bucket(cloud)?.objects.is_empty() {
        return Err(ServiceError::with("BucketNotEmpty", "The bucket you tried to delete is not empty"));
    }
    cloud.account_named(&place.owner).s3.buckets.remove(&place.bucket);
    Ok(DeleteBucketOutput {})
}

/// Says where a bucket is, if it is there.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn head(
    cloud: &mut Cloud,
    caller: &Caller,
    input: HeadBucketInput,
) -> Result<HeadBucketOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:ListBucket", &place)?;
    Ok(HeadBucketOutput { bucket_region: Some(place.region), ..HeadBucketOutput::default() })
}

/// The region, or nothing for the first one.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn location(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketLocationInput,
) -> Result<GetBucketLocationOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:GetBucketLocation", &place)?;
    let constraint = Some(place.region).filter(|region| region != HOME).map(BucketLocationConstraint::from);
    Ok(GetBucketLocationOutput { location_constraint: constraint })
}

/// The caller's own buckets.
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListBucketsInput,
) -> Result<ListBucketsOutput, ServiceError> {
    permit::on(cloud, caller, "s3:ListAllMyBuckets", "*")?;
    let behind = match &input.continuation_token {
        Some(token) => {
            let invalid = || ServiceError::bare("InvalidArgument");
            Some(page_token::open("ListBuckets", caller, token).ok_or_else(invalid)?)
        }
        None => None,
    };
    let most = input.max_buckets.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let mut chosen = cloud.account(caller).s3.buckets.iter().filter(|(name, bucket)| {
        input.prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
            && input.bucket_region.as_ref().is_none_or(|region| bucket.region == *region)
            && behind.as_ref().is_none_or(|behind| *name > behind)
    });
    let buckets: Vec<dto::Bucket> = chosen.by_ref().take(most).map(shown).collect();
    let last = buckets.last().and_then(|bucket| bucket.name.clone()).filter(|_| chosen.next().is_some());
    Ok(ListBucketsOutput {
        buckets: Some(buckets),
        continuation_token: last.map(|last| page_token::seal("ListBuckets", caller, &last)),
        owner: Some(owner(&caller.account)),
        prefix: input.prefix,
    })
}

fn shown((name, bucket): (&String, &Bucket)) -> dto::Bucket {
    dto::Bucket {
        bucket_region: Some(bucket.region.clone()),
        creation_date: Some(moment(bucket.created)),
        name: Some(name.clone()),
    }
}

/// An account as owner: S3 has ids of its own for accounts, 64 hexadecimal digits.
pub fn owner(account: &str) -> Owner {
    use sha2::Digest;
    Owner { display_name: None, id: Some(super::checksum::hex(&sha2::Sha256::digest(account))) }
}
