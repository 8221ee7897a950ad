//! The location of an object: finds a bucket by name, in any account.
//! Must not authorize.
//! [`ObjectLocation::find`] is the entry point.

use glueproof_spec::partition;

use super::error;
use super::state::{Bucket, Object, VersionRef};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The location of an object, which need not exist.
#[derive(Debug, Clone)]
pub struct ObjectLocation {
    pub bucket: String,
    pub key: String,
    /// The account of the bucket.
    pub owner: String,
    /// The region of the bucket.
    pub region: String,
    /// The version, if a request names one.
    pub version: Option<String>,
}

impl ObjectLocation {
    /// Returns the location of a key in an existing bucket.
    pub fn find(cloud: &Cloud, bucket: &str, key: &str) -> Result<Self, ServiceError> {
        let (owner, found) = owner(cloud, bucket).ok_or_else(error::no_bucket)?;
        let (bucket, key, region) = (bucket.to_owned(), key.to_owned(), found.region.clone());
        Ok(Self { bucket, key, owner: owner.to_owned(), region, version: None })
    }

    /// The same location in a version.
    #[must_use]
    pub fn in_version(self, version: Option<&str>) -> Self {
        Self { version: version.map(str::to_owned), ..self }
    }

    /// Returns an action, or another one if a version is named, such as `s3:GetObjectVersion`.
    pub fn action(&self, plain: &'static str, of_version: &'static str) -> &'static str {
        if self.version.is_some() { of_version } else { plain }
    }

    pub fn bucket_arn(&self) -> String {
        format!("arn:{}:s3:::{}", partition(&self.region), self.bucket)
    }

    pub fn object_arn(&self) -> String {
        format!("{}/{}", self.bucket_arn(), self.key)
    }

    /// Returns S3 in the bucket's region, calling for the caller.
    pub fn in_name_of(&self, caller: &Caller) -> Caller {
        Caller { region: self.region.clone(), ..caller.clone() }.through("s3")
    }

    /// Returns the bucket.
    pub fn bucket<'c>(&self, cloud: &'c mut Cloud) -> Result<&'c mut Bucket, ServiceError> {
        cloud.account_named(&self.owner).s3.buckets.get_mut(&self.bucket).ok_or_else(error::no_bucket)
    }

    /// Returns the object, in the version that is named.
    pub fn object<'c>(&self, cloud: &'c mut Cloud) -> Result<&'c Object, ServiceError> {
        let bucket = self.bucket(cloud)?;
        let Some(version) = &self.version else {
            return bucket.objects.get(&self.key).ok_or_else(error::no_key);
        };
        match bucket.versions_of(&self.key).into_iter().find(|found| found.id() == version) {
            Some(VersionRef::Object(object)) => Ok(object),
            Some(VersionRef::DeleteMarker { .. }) => {
                let text = "The specified method is not allowed against this resource.";
                Err(ServiceError::with("MethodNotAllowed", text))
            }
            None => Err(ServiceError::with("NoSuchVersion", "The specified version does not exist.")),
        }
    }
}

/// Returns the bucket of that name, with its account.
pub fn owner<'c>(cloud: &'c Cloud, bucket: &str) -> Option<(&'c str, &'c Bucket)> {
    cloud.accounts().find_map(|(account, state)| Some((account, state.s3.buckets.get(bucket)?)))
}
