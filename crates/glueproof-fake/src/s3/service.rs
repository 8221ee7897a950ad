//! What S3 offers the other services of the fake: reading and writing as a role would. Must not allow anything
//! that a call over the wire would not.

use bytes::Bytes;
use s3s::dto::Checksum;

use super::checksum::{self, Algorithm};
use super::details::Details;
use super::encryption::Wanted;
use super::lookup::Place;
use super::put_object::{self, New};
use super::{get_object, permit};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Writes an object, encrypted as is wanted, or by the bucket's default where nothing is.
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    bucket: &str,
    key: &str,
    bytes: impl Into<Bytes>,
    wanted: Option<Wanted>,
) -> Result<(), ServiceError> {
    let place = Place::find(cloud, bucket, key)?;
    permit::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let bytes = bytes.into();
    let sum = checksum::checked(&bytes, &Checksum::default(), Algorithm::default())?;
    let new = New { bytes, details: Details::default(), sum, etag: None };
    put_object::store(cloud, caller, &place, wanted, new).map(|_| ())
}

/// The bytes of an object.
pub fn get(cloud: &mut Cloud, caller: &Caller, bucket: &str, key: &str) -> Result<Vec<u8>, ServiceError> {
    let place = Place::find(cloud, bucket, key)?;
    permit::on_object(cloud, caller, "s3:GetObject", &place, &[])?;
    get_object::read(cloud, caller, &place)
}
