//! From the name of a bucket to the bucket, whosever it is. Must not ask who may see it.

use super::refusal;
use super::state::{Bucket, Object};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::partition;

/// Where an object is or is to be.
#[derive(Debug, Clone)]
pub struct Place {
    pub bucket: String,
    pub key: String,
    /// Account of the bucket.
    pub owner: String,
    /// Region of the bucket.
    pub region: String,
}

impl Place {
    /// In that bucket, which has to be there.
    pub fn find(cloud: &Cloud, bucket: &str, key: &str) -> Result<Self, ServiceError> {
        let (owner, found) = owner(cloud, bucket).ok_or_else(refusal::no_bucket)?;
        let (bucket, key, region) = (bucket.to_owned(), key.to_owned(), found.region.clone());
        Ok(Self { bucket, key, owner: owner.to_owned(), region })
    }

    pub fn bucket_arn(&self) -> String {
        format!("arn:{}:s3:::{}", partition(&self.region), self.bucket)
    }

    pub fn object_arn(&self) -> String {
        format!("{}/{}", self.bucket_arn(), self.key)
    }

    /// S3 in the bucket's region, calling for the caller.
    pub fn in_name_of(&self, caller: &Caller) -> Caller {
        Caller { region: self.region.clone(), ..caller.clone() }.through("s3")
    }

    /// The bucket itself.
    pub fn bucket<'c>(&self, cloud: &'c mut Cloud) -> Result<&'c mut Bucket, ServiceError> {
        cloud.account_named(&self.owner).s3.buckets.get_mut(&self.bucket).ok_or_else(refusal::no_bucket)
    }

    /// The object itself.
    pub fn object<'c>(&self, cloud: &'c mut Cloud) -> Result<&'c Object, ServiceError> {
        self.bucket(cloud)?.objects.get(&self.key).ok_or_else(refusal::no_key)
    }
}

/// The bucket of that name and whose it is.
pub fn owner<'c>(cloud: &'c Cloud, bucket: &str) -> Option<(&'c str, &'c Bucket)> {
    cloud.accounts().find_map(|(account, state)| Some((account, state.s3.buckets.get(bucket)?)))
}
