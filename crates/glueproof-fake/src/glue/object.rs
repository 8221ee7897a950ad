//! Objects that workloads read and write in S3 as their role, by `s3://bucket/key`. Must not decide how they
//! are encrypted.

use super::workload_encryption::Objects;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};
use crate::s3::{self, Wanted};

/// The bytes of an object.
pub fn read(cloud: &mut Cloud, worker: &Caller, uri: &str) -> Result<Vec<u8>, ServiceError> {
    let (bucket, key) = taken_apart(uri)?;
    s3::get(cloud, worker, bucket, key)
}

/// Writes an object.
pub fn write(
    cloud: &mut Cloud,
    worker: &Caller,
    uri: &str,
    bytes: Vec<u8>,
    protection: &Objects,
) -> Result<(), ServiceError> {
    let (bucket, key) = taken_apart(uri)?;
    let wanted = match protection {
        Objects::AsTheBucket => None,
        Objects::SseS3 => Some(Wanted::S3),
        Objects::SseKms(key) => Some(Wanted::kms(key.as_deref())),
    };
    s3::put(cloud, worker, bucket, key, bytes, wanted)
}

/// The first object whose name begins so, if there is one.
pub fn first(cloud: &mut Cloud, worker: &Caller, uri: &str) -> Result<Option<String>, ServiceError> {
    let (bucket, prefix) = taken_apart(uri)?;
    if cloud.settings.mode == Mode::Enforce {
        let arn = format!("arn:aws:s3:::{bucket}");
        authorize(cloud, &Authorization::new(worker, "s3:ListBucket", &arn).with("s3:prefix", prefix))?;
    }
    let found = cloud.accounts().find_map(|(_, account)| account.s3.buckets.get(bucket));
    let missing = || ServiceError::with("NoSuchBucket", "The specified bucket does not exist");
    let keys = found.ok_or_else(missing)?.objects.keys();
    let mut within = keys.filter(|key| key.starts_with(prefix) && !key.ends_with('/'));
    Ok(within.next().map(|key| format!("s3://{bucket}/{key}")))
}

fn taken_apart(uri: &str) -> Result<(&str, &str), ServiceError> {
    let place = uri.strip_prefix("s3://").or_else(|| uri.strip_prefix("s3a://"));
    let no_place = || ServiceError::invalid_input(format!("{uri} is no place in Amazon S3"));
    place.map(|place| place.split_once('/').unwrap_or((place, ""))).ok_or_else(no_place)
}
