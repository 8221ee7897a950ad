//! `GetObject` and `HeadObject`: an object's bytes, whole or in part, its metadata, and the preconditions on reads and
//! writes (RFC 9110, section 13). Must not change anything.
//! [`get`], [`head`] and [`read`] are the entry points.

use bytes::Bytes;
use s3s::Body;
use s3s::dto::{
    Checksum, ChecksumMode, ETag, ETagCondition, GetObjectInput, GetObjectOutput, HeadObjectInput,
    HeadObjectOutput, Range, StorageClass, StreamingBlob, Timestamp,
};

use super::error::precondition_failed;
use super::lookup::ObjectLocation;
use super::state::Object;
use super::{authorize, object_key};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::sealed;

/// The preconditions of a request. The inputs of reads have the same members, but no common type.
macro_rules! read_preconditions {
    ($input:expr) => {
        ReadPreconditions {
            if_match: $input.if_match.as_ref(),
            if_none_match: $input.if_none_match.as_ref(),
            if_modified_since: $input.if_modified_since.as_ref(),
            if_unmodified_since: $input.if_unmodified_since.as_ref(),
        }
    };
}

/// Returns the bytes of an object, if the caller can use its key.
pub fn read(cloud: &mut Cloud, caller: &Caller, place: &ObjectLocation) -> Result<Vec<u8>, ServiceError> {
    let object = place.object(cloud)?;
    let (encryption, stored) = (object.encryption.clone(), object.stored.clone());
    let key = object_key::open(cloud, caller, place, &encryption)?;
    sealed::open(&key, &place.object_arn(), &stored)
}

/// Returns an object, or a range of it.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetObjectInput,
) -> Result<GetObjectOutput, ServiceError> {
    let place =
        ObjectLocation::find(cloud, &input.bucket, &input.key)?.in_version(input.version_id.as_deref());
    may_read(cloud, caller, &place)?;
    let object = place.object(cloud)?;
    read_preconditions!(input).check(object)?;
    let part = chosen(object, input.range, input.part_number)?;
    let with_sum = input.checksum_mode.is_some() && part.is_none();
    let mut head = head_output(object, with_sum);
    head.parts_count = parts_count(object, input.part_number);
    let tag_count = i32::try_from(object.tags.len()).ok().filter(|count| *count > 0);
    let bytes = Bytes::from(read(cloud, caller, &place)?);
    let (bytes, content_range) = match part {
        None => (bytes, None),
        Some(part) => {
            let said = content_range(&part, bytes.len());
            (bytes.slice(part), Some(said))
        }
    };
    Ok(GetObjectOutput {
        tag_count,
        content_length: i64::try_from(bytes.len()).ok(),
        content_range,
        body: Some(StreamingBlob::from(Body::http_body(http_body_util::Full::new(bytes)))),
        ..get_output(head)
    })
}

/// Returns the metadata of an object. This needs no key.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn head(
    cloud: &mut Cloud,
    caller: &Caller,
    input: HeadObjectInput,
) -> Result<HeadObjectOutput, ServiceError> {
    let place =
        ObjectLocation::find(cloud, &input.bucket, &input.key)?.in_version(input.version_id.as_deref());
    may_read(cloud, caller, &place)?;
    let object = place.object(cloud)?;
    read_preconditions!(input).check(object)?;
    let part = chosen(object, input.range, input.part_number)?;
    let with_sum = input.checksum_mode.as_ref().map(ChecksumMode::as_str) == Some(ChecksumMode::ENABLED);
    let mut head = head_output(object, with_sum && part.is_none());
    head.parts_count = parts_count(object, input.part_number);
    if let Some(part) = part {
        head.content_range = Some(content_range(&part, object.size));
        head.content_length = i64::try_from(part.len()).ok();
    }
    Ok(head)
}

fn content_range(part: &std::ops::Range<usize>, size: usize) -> String {
    format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1))
}

/// Returns the number of parts, which is part of the response only if the request names a part (E255).
fn parts_count(object: &Object, asked: Option<i32>) -> Option<i32> {
    asked.and_then(|_| i32::try_from(object.parts.len()).ok()).filter(|count| *count > 0)
}

/// Refuses callers who may not read the object. A caller who may not list the bucket cannot learn if a key exists (Amazon S3 API Reference, `GetObject`).
fn may_read(cloud: &mut Cloud, caller: &Caller, place: &ObjectLocation) -> Result<(), ServiceError> {
    let action = place.action("s3:GetObject", "s3:GetObjectVersion");
    authorize::on_object(cloud, caller, action, place, &[])?;
    if place.object(cloud).is_err() {
        authorize::on_bucket(cloud, caller, "s3:ListBucket", place)?;
    }
    Ok(())
}

/// Returns the bytes that a request names by range or by part. Part 1 of an object without parts is the whole object.
fn chosen(
    object: &Object,
    range: Option<Range>,
    part: Option<i32>,
) -> Result<Option<std::ops::Range<usize>>, ServiceError> {
    let unsatisfiable = || ServiceError::with("InvalidRange", "The requested range is not satisfiable");
    if let Some(number) = part {
        if range.is_some() {
            let text = "Cannot specify both Range header and partNumber query parameter";
            return Err(ServiceError::with("InvalidRequest", text));
        }
        let before = object.parts.iter().take_while(|part| part.number < number).map(|part| part.size);
        let start: usize = before.sum();
        let size = object.parts.iter().find(|part| part.number == number).map(|part| part.size);
        let size = size.or((object.parts.is_empty() && number == 1).then_some(object.size));
        let out_of_range =
            || ServiceError::with("InvalidPartNumber", "The requested partnumber is not satisfiable");
        return size.map(|size| Some(start..start + size)).ok_or_else(out_of_range);
    }
    let Some(range) = range else { return Ok(None) };
    let part = range.check(object.size as u64).ok().filter(|part| !part.is_empty());
    let part = part.ok_or_else(unsatisfiable)?;
    let place = |offset: u64| usize::try_from(offset).map_err(|_| unsatisfiable());
    Ok(Some(place(part.start)?..place(part.end)?))
}

fn head_output(object: &Object, with_sum: bool) -> HeadObjectOutput {
    let sum = if with_sum { object.sum.to_response() } else { Checksum::default() };
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
        version_id: object.version.clone(),
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

fn get_output(head: HeadObjectOutput) -> GetObjectOutput {
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
        version_id: head.version_id,
        parts_count: head.parts_count,
        expires: head.expires,
        last_modified: head.last_modified,
        metadata: head.metadata,
        server_side_encryption: head.server_side_encryption,
        ssekms_key_id: head.ssekms_key_id,
        storage_class: head.storage_class,
        ..GetObjectOutput::default()
    }
}

/// Returns a timestamp of s3s.
pub fn moment(at: crate::clock::Timestamp) -> Timestamp {
    let millis = u64::try_from(at.millis()).unwrap_or_default();
    Timestamp::from(std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis))
}

/// Reads an object for another service of the fake, with the authorization of a call over HTTP.
pub fn get_for_service(
    cloud: &mut Cloud,
    caller: &Caller,
    bucket: &str,
    key: &str,
) -> Result<Vec<u8>, ServiceError> {
    let place = ObjectLocation::find(cloud, bucket, key)?;
    authorize::on_object(cloud, caller, "s3:GetObject", &place, &[])?;
    read(cloud, caller, &place)
}

/// The preconditions of a read.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "as the headers are named")]
pub struct ReadPreconditions<'a> {
    pub if_match: Option<&'a ETagCondition>,
    pub if_none_match: Option<&'a ETagCondition>,
    pub if_modified_since: Option<&'a Timestamp>,
    pub if_unmodified_since: Option<&'a Timestamp>,
}

impl ReadPreconditions<'_> {
    /// Checks the preconditions. An ETag takes precedence over a time (RFC 9110).
    pub fn check(&self, object: &Object) -> Result<(), ServiceError> {
        let modified = whole_second(object);
        match (self.if_match, self.if_unmodified_since) {
            (Some(wanted), _) if !matches(wanted, &object.etag) => return Err(precondition_failed()),
            (None, Some(moment)) if modified > *moment => return Err(precondition_failed()),
            _ => {}
        }
        match (self.if_none_match, self.if_modified_since) {
            (Some(unwanted), _) if matches(unwanted, &object.etag) => {
                Err(ServiceError::without_text("NotModified"))
            }
            (None, Some(moment)) if modified <= *moment => Err(ServiceError::without_text("NotModified")),
            _ => Ok(()),
        }
    }
}

/// Checks the preconditions of a write on the present object.
pub fn check_write(
    present: Option<&Object>,
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> Result<(), ServiceError> {
    if let Some(wanted) = if_match {
        let object = present.ok_or_else(super::error::no_key)?;
        if !matches(wanted, &object.etag) {
            return Err(precondition_failed());
        }
    }
    let unwanted =
        if_none_match.zip(present).is_some_and(|(unwanted, object)| matches(unwanted, &object.etag));
    if unwanted { Err(precondition_failed()) } else { Ok(()) }
}

fn matches(condition: &ETagCondition, etag: &str) -> bool {
    condition.is_any() || condition.as_etag().map(ETag::value) == Some(etag)
}

/// Returns the time of modification in whole seconds, as headers have it.
fn whole_second(object: &Object) -> Timestamp {
    let seconds = u64::try_from(object.modified.seconds()).unwrap_or_default();
    Timestamp::from(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
}
