//! Uploads in progress, and the parts that are there of one. Must not change anything.

use s3s::dto::{
    ETag, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput,
    MultipartUpload, Part as ShownPart, StorageClass,
};

use super::bucket::owner;
use super::get_object::moment;
use super::listing::encoded;
use super::lookup::Place;
use super::multipart::{algorithm_name, find};
use super::permit;
use super::state::{Part, Upload};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The most entries of a page.
const MOST: usize = 1000;

/// The parts of one upload, by number.
pub fn parts(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListPartsInput,
) -> Result<ListPartsOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    permit::on_object(cloud, caller, "s3:ListMultipartUploadParts", &place, &[])?;
    let upload = find(cloud, &place, &input.upload_id)?;
    let (marker, most) = (input.part_number_marker.unwrap_or(0), most(input.max_parts));
    let mut rest = upload.parts.range(marker.saturating_add(1)..);
    let parts: Vec<ShownPart> = rest.by_ref().take(most).map(shown_part).collect();
    let truncated = rest.next().is_some();
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        part_number_marker: Some(marker),
        next_part_number_marker: parts.last().and_then(|part| part.part_number),
        max_parts: i32::try_from(most).ok(),
        is_truncated: Some(truncated),
        parts: Some(parts),
        owner: Some(owner(&place.owner)),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: upload.algorithm.map(algorithm_name),
        ..ListPartsOutput::default()
    })
}

/// The uploads in progress in a bucket, by key and then by id.
pub fn uploads(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListMultipartUploadsInput,
) -> Result<ListMultipartUploadsOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, "")?;
    permit::on_bucket(cloud, caller, "s3:ListBucketMultipartUploads", &place)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let behind = (input.key_marker.clone().unwrap_or_default(), input.upload_id_marker.clone());
    let mut found: Vec<(&String, &Upload)> = place.bucket(cloud)?.uploads.iter().collect();
    found.retain(|(id, upload)| upload.key.starts_with(&prefix) && is_behind(id, upload, &behind));
    found.sort_by_key(|(id, upload)| (&upload.key, *id));
    let most = most(input.max_uploads);
    let truncated = found.len() > most;
    found.truncate(most);
    let last = found.last().filter(|_| truncated).map(|(id, upload)| ((*id).clone(), upload.key.clone()));
    let encoding = input.encoding_type.as_ref();
    let uploads =
        found.into_iter().map(|(id, upload)| shown_upload(id, upload, |key| encoded(key, encoding)));
    let uploads = uploads.collect();
    let (next_upload_id_marker, next_key_marker) = last.unzip();
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        prefix: input.prefix.map(|prefix| encoded(prefix, encoding)),
        key_marker: Some(encoded(behind.0, encoding)),
        upload_id_marker: input.upload_id_marker,
        next_key_marker: next_key_marker.map(|key| encoded(key, encoding)),
        next_upload_id_marker,
        max_uploads: i32::try_from(most).ok(),
        is_truncated: Some(truncated),
        uploads: Some(uploads),
        encoding_type: input.encoding_type.clone(),
        ..ListMultipartUploadsOutput::default()
    })
}

fn most(asked: Option<i32>) -> usize {
    asked.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST).min(MOST)
}

/// Whether a page that goes on behind that key, or behind that upload of it, has the upload.
fn is_behind(id: &str, upload: &Upload, (key, upload_id): &(String, Option<String>)) -> bool {
    let of_same_key = upload.key == *key && upload_id.as_deref().is_some_and(|marker| id > marker);
    key.is_empty() || upload.key > *key || of_same_key
}

fn shown_part((number, part): (&i32, &Part)) -> ShownPart {
    let sum = part.sum.shown();
    ShownPart {
        part_number: Some(*number),
        e_tag: Some(ETag::Strong(part.etag.clone())),
        last_modified: Some(moment(part.modified)),
        size: i64::try_from(part.size).ok(),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
    }
}

fn shown_upload(id: &str, upload: &Upload, encoded: impl Fn(String) -> String) -> MultipartUpload {
    MultipartUpload {
        key: Some(encoded(upload.key.clone())),
        upload_id: Some(id.to_owned()),
        initiated: Some(moment(upload.started)),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: upload.algorithm.map(algorithm_name),
        ..MultipartUpload::default()
    }
}
