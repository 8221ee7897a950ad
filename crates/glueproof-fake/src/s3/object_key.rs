//! The keys of objects: S3's own, or a data key of KMS. Every object is encrypted, as in S3 since 2023. Must not read or write
//! objects.
//! [`begin`] and [`open`] are the entry points.

use aws_lc_rs::rand;

use super::encryption::{Encryption, RequestedEncryption, RequestedKmsEncryption};
use super::error::of_kms;
use super::lookup::ObjectLocation;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Secret};

/// Returns a key for a new object, with the encryption to store.
pub fn begin(
    cloud: &mut Cloud,
    caller: &Caller,
    place: &ObjectLocation,
    wanted: RequestedEncryption,
) -> Result<(Encryption, Secret), ServiceError> {
    let RequestedEncryption::Kms(wanted) = wanted else {
        return own_key(cloud, &place.owner).map(|key| (Encryption::S3, key));
    };
    let RequestedKmsEncryption { key, mut context, bucket_key, dual } = wanted;
    // With a bucket key, the context is the bucket's (S3 User Guide, "Using Amazon S3 Bucket Keys").
    let arn = if bucket_key { place.bucket_arn() } else { place.object_arn() };
    context.insert("aws:s3:arn".to_owned(), arn);
    let key = key.unwrap_or_else(|| "alias/aws/s3".to_owned());
    let made = kms::generate_data_key(cloud, &place.in_name_of(caller), &key, &context).map_err(of_kms)?;
    let (key_arn, data_key) = (made.key_arn, Blob(made.sealed));
    Ok((Encryption::Kms { key_arn, data_key, context, bucket_key, dual }, made.plaintext))
}

/// Returns the key of a stored object.
pub fn open(
    cloud: &mut Cloud,
    caller: &Caller,
    place: &ObjectLocation,
    encryption: &Encryption,
) -> Result<Secret, ServiceError> {
    match encryption {
        Encryption::S3 => own_key(cloud, &place.owner),
        Encryption::Kms { key_arn, data_key, context, .. } => {
            let caller = place.in_name_of(caller);
            kms::decrypt(cloud, &caller, &data_key.0, context, Some(key_arn)).map_err(of_kms)
        }
    }
}

/// Returns the key of S3's own in an account.
fn own_key(cloud: &mut Cloud, account: &str) -> Result<Secret, ServiceError> {
    let state = &mut cloud.account_named(account).s3;
    if let Some(key) = &state.own_key {
        return Ok(key.clone());
    }
    let mut bytes = vec![0; 32];
    rand::fill(&mut bytes).map_err(|_| ServiceError::internal("there is no randomness"))?;
    Ok(state.own_key.insert(bytes.into()).clone())
}
