//! `GetObject` and `HeadObject`: an object's bytes, whole or in part, and what is said of them. Must not change
//! anything.

use bytes::Bytes;
use s3s::Body;
use s3s::dto::{
    Checksum, ChecksumMode, ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, Range,
    StorageClass, StreamingBlob, Timestamp,
};

use super::encryption;
use super::lookup::Place;
use super::permit;
use super::precondition::Reading;
use super::state::Object;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::sealed;

/// The bytes of an object, if the caller may have its key.
pub fn read(cloud: &mut Cloud, caller: &Caller, place: &Place) -> Result<Vec<u8>, ServiceError> {
    let object = place.object(cloud)?;
    let (encryption, stored) = (object.encryption.clone(), object.stored.clone());
    let key = encryption::open(cloud, caller, place, &encryption)?;
    sealed::open(&key, &place.object_arn(), &stored)
}

/// An object, or a range of it.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetObjectInput,
) -> Result<GetObjectOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    may_read(cloud, caller, &place)?;
    let demands = Reading {
        if_match: input.if_match.as_ref(),
        if_none_match: input.if_none_match.as_ref(),
        if_modified_since: input.if_modified_since.as_ref(),
        if_unmodified_since: input.if_unmodified_since.as_ref(),
    };
    let object = place.object(cloud)?;
    demands.check(object)?;
    let part = chosen(object, input.range)?;
    let with_sum = input.checksum_mode.is_some() && part.is_none();
    let head = shown(object, with_sum);
    let bytes = Bytes::from(read(cloud, caller, &place)?);
    let (bytes, content_range) = match part {
        None => (bytes, None),
        Some(part) => {
            let said = format!("bytes {}-{}/{}", part.start, part.end - 1, bytes.len());
            (bytes.slice(part), Some(said))
        }
    };
    Ok(GetObjectOutput {
        content_length: i64::try_from(bytes.len()).ok(),
        content_range,
        body: Some(StreamingBlob::from(Body::http_body(http_body_util::Full::new(bytes)))),
        ..of_head(head)
    })
}

/// The same without the bytes, for which no key is needed.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn head(
    cloud: &mut Cloud,
    caller: &Caller,
    input: HeadObjectInput,
) -> Result<HeadObjectOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    may_read(cloud, caller, &place)?;
    let demands = Reading {
        if_match: input.if_match.as_ref(),
        if_none_match: input.if_none_match.as_ref(),
        if_modified_since: input.if_modified_since.as_ref(),
        if_unmodified_since: input.if_unmodified_since.as_ref(),
    };
    let object = place.object(cloud)?;
    demands.check(object)?;
    let part = chosen(object, input.range)?;
    let with_sum = input.checksum_mode.as_ref().map(ChecksumMode::as_str) == Some(ChecksumMode::ENABLED);
    let mut head = shown(object, with_sum && part.is_none());
    if let Some(part) = part {
        head.content_range = Some(format!("bytes {}-{}/{}", part.start, part.end - 1, object.size));
        head.content_length = i64::try_from(part.len()).ok();
    }
    Ok(head)
}

/// Who may not list a bucket is not told whether a key is there (Amazon S3 API Reference, `GetObject`).
fn may_read(cloud: &mut Cloud, caller: &Caller, place: &Place) -> Result<(), ServiceError> {
    permit::on_object(cloud, caller, "s3:GetObject", place, &[])?;
    if place.object(cloud).is_err() {
        permit::on_bucket(cloud, caller, "s3:ListBucket", place)?;
    }
    Ok(())
}

fn chosen(object: &Object, range: Option<Range>) -> Result<Option<std::ops::Range<usize>>, ServiceError> {
    let Some(range) = range else { return Ok(None) };
    let unsatisfiable = || ServiceError::with("InvalidRange", "The requested range is not satisfiable");
    let part = range.check(object.size as u64).ok().filter(|part| !part.is_empty());
    let part = part.ok_or_else(unsatisfiable)?;
    let place = |offset: u64| usize::try_from(offset).map_err(|_| unsatisfiable());
    Ok(Some(place(part.start)?..place(part.end)?))
}

fn shown(object: &Object, with_sum: bool) -> HeadObjectOutput {
    let sum = if with_sum { object.sum.shown() } else { Checksum::default() };
    let details = &object.details;
    HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        bucket_key_enabled: object.encryption.bucket_key(),
        cache_control: details.cache_control.clone(),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
        checksum_type: sum.checksum_type,
        content_disposition: details.content_disposition.clone(),
        content_encoding: details.content_encoding.clone(),
        content_language: details.content_language.clone(),
        content_length: i64::try_from(object.size).ok(),
        content_type: Some(details.content_type()),
        e_tag: Some(ETag::Strong(object.etag.clone())),
        expires: details.expires.clone(),
        last_modified: Some(moment(object.modified)),
        metadata: details.metadata(),
        server_side_encryption: Some(object.encryption.name()),
        ssekms_key_id: object.encryption.key_arn(),
        storage_class: details
            .storage_class
            .clone()
            .filter(|name| name != "STANDARD")
            .map(StorageClass::from),
        ..HeadObjectOutput::default()
    }
}

fn of_head(head: HeadObjectOutput) -> GetObjectOutput {
    GetObjectOutput {
        accept_ranges: head.accept_ranges,
        bucket_key_enabled: head.bucket_key_enabled,
        cache_control: head.cache_control,
        checksum_crc32: head.checksum_crc32,
        checksum_crc32c: head.checksum_crc32c,
        checksum_crc64nvme: head.checksum_crc64nvme,
        checksum_sha1: head.checksum_sha1,
        checksum_sha256: head.checksum_sha256,
        checksum_type: head.checksum_type,
        content_disposition: head.content_disposition,
        content_encoding: head.content_encoding,
        content_language: head.content_language,
        content_length: head.content_length,
        content_type: head.content_type,
        e_tag: head.e_tag,
        expires: head.expires,
        last_modified: head.last_modified,
        metadata: head.metadata,
        server_side_encryption: head.server_side_encryption,
        ssekms_key_id: head.ssekms_key_id,
        storage_class: head.storage_class,
        ..GetObjectOutput::default()
    }
}

/// A moment as s3s has it.
pub fn moment(at: crate::clock::Timestamp) -> Timestamp {
    let millis = u64::try_from(at.millis()).unwrap_or_default();
    Timestamp::from(std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis))
}
