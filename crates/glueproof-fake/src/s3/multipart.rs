//! Multipart uploads: create, fill, complete, abort and list. Each part is encrypted under the key of the object.
//! Must not return a part before the object is complete.
//! The operations are the entry points.

use bytes::Bytes;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, Checksum, ChecksumAlgorithm,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, CopyPartResult,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Part as ShownPart,
    StorageClass, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};

use super::bucket::owner;
use super::checksum::{self, Algorithm, ObjectChecksum};
use super::encryption::{Encryption, RequestedEncryption};
use super::listing::encoded;
use super::lookup::ObjectLocation;
use super::metadata::ObjectMetadata;
use super::read_object::{ReadPreconditions, check_write, moment, read};
use super::state::{ObjectPartRecord, Upload, UploadedPart};
use super::write_object::{NewObject, keep};
use super::{authorize, error, object_key, tagging, write_object};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{Blob, Secret};
use crate::sealed;
use crate::store::Table;

/// The smallest size of every part but the last, in bytes (S3 User Guide, "Multipart upload limits").
const MIN_PART_BYTES: usize = 5 * 1024 * 1024;

/// Creates an upload.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateMultipartUploadInput,
) -> Result<CreateMultipartUploadOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    let conditions =
        authorize::encryption_conditions(input.server_side_encryption.as_ref(), input.ssekms_key_id.as_ref());
    authorize::on_object(cloud, caller, "s3:PutObject", &place, &conditions)?;
    let tags = tagging::of_header(input.tagging.as_ref())?;
    let wanted = RequestedEncryption::read(
        input.server_side_encryption.as_ref(),
        input.ssekms_key_id.as_ref(),
        input.ssekms_encryption_context.as_ref(),
        input.bucket_key_enabled,
    )?;
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => place.bucket(cloud)?.encryption.clone(),
    };
    let (encryption, _) = object_key::begin(cloud, caller, &place, wanted)?;
    let upload = Upload {
        key: place.key.clone(),
        started: cloud.now(),
        details: ObjectMetadata::from(&input),
        algorithm: input.checksum_algorithm.as_ref().and_then(|name| Algorithm::read(name.as_str())),
        encryption: encryption.clone(),
        tags,
        parts: Table::new(),
    };
    let upload_id = cloud.random.uuid().replace('-', "");
    place.bucket(cloud)?.uploads.insert(upload_id.clone(), upload);
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(upload_id),
        checksum_algorithm: input.checksum_algorithm,
        server_side_encryption: Some(encryption.name()),
        ssekms_key_id: encryption.key_arn(),
        bucket_key_enabled: encryption.bucket_key(),
        ..CreateMultipartUploadOutput::default()
    })
}

/// Stores a part, and replaces the part of the same number.
pub fn upload_part(
    cloud: &mut Cloud,
    caller: &Caller,
    (input, bytes): (UploadPartInput, Bytes),
) -> Result<UploadPartOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    authorize::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    checksum::check_md5(&bytes, input.content_md5.as_ref())?;
    let slot = PartSlot { place: &place, upload: &input.upload_id, number: input.part_number };
    let (part, encryption) = slot.store(cloud, caller, &bytes, &claim(&input))?;
    let sum = part.sum.to_response();
    Ok(UploadPartOutput {
        e_tag: Some(ETag::Strong(part.etag)),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
        server_side_encryption: Some(encryption.name()),
        ssekms_key_id: encryption.key_arn(),
        bucket_key_enabled: encryption.bucket_key(),
        ..UploadPartOutput::default()
    })
}

/// Stores a part with bytes of an object.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn upload_part_copy(
    cloud: &mut Cloud,
    caller: &Caller,
    input: UploadPartCopyInput,
) -> Result<UploadPartCopyOutput, ServiceError> {
    let from = write_object::source(cloud, &input.copy_source)?;
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    let action = from.action("s3:GetObject", "s3:GetObjectVersion");
    authorize::on_object(cloud, caller, action, &from, &[])?;
    authorize::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let demands = ReadPreconditions {
        if_match: input.copy_source_if_match.as_ref(),
        if_none_match: input.copy_source_if_none_match.as_ref(),
        if_modified_since: input.copy_source_if_modified_since.as_ref(),
        if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
    };
    demands.check(from.object(cloud)?).map_err(|_| error::precondition_failed())?;
    let whole = Bytes::from(read(cloud, caller, &from)?);
    let bytes = match &input.copy_source_range {
        Some(range) => whole.slice(copied_range(range, whole.len())?),
        None => whole,
    };
    let slot = PartSlot { place: &place, upload: &input.upload_id, number: input.part_number };
    let (part, encryption) = slot.store(cloud, caller, &bytes, &Checksum::default())?;
    let sum = part.sum.to_response();
    let result = CopyPartResult {
        e_tag: Some(ETag::Strong(part.etag)),
        last_modified: Some(moment(part.modified)),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
    };
    Ok(UploadPartCopyOutput {
        copy_part_result: Some(result),
        server_side_encryption: Some(encryption.name()),
        ssekms_key_id: encryption.key_arn(),
        bucket_key_enabled: encryption.bucket_key(),
        ..UploadPartCopyOutput::default()
    })
}

/// Reads `bytes=FIRST-LAST` within an object of that size.
fn copied_range(range: &str, size: usize) -> Result<std::ops::Range<usize>, ServiceError> {
    let ends = range.strip_prefix("bytes=").and_then(|ends| ends.split_once('-'));
    let ends =
        ends.and_then(|(first, last)| Some((first.parse::<usize>().ok()?, last.parse::<usize>().ok()?)));
    match ends {
        Some((first, last)) if first <= last && last < size => Ok(first..last + 1),
        Some((first, last)) if first <= last => {
            let text = format!("Range specified is not valid for source object of size: {size}");
            Err(ServiceError::with("InvalidArgument", text))
        }
        _ => {
            let text = "The x-amz-copy-source-range value must be of the form bytes=first-last where first \
                        and last are the zero-based offsets of the first and last bytes to copy";
            Err(ServiceError::with("InvalidArgument", text))
        }
    }
}

/// The place of a part in an upload.
struct PartSlot<'a> {
    place: &'a ObjectLocation,
    upload: &'a str,
    number: i32,
}

impl PartSlot<'_> {
    /// Encrypts and stores a part. Returns the part and the encryption of the object.
    fn store(
        &self,
        cloud: &mut Cloud,
        caller: &Caller,
        bytes: &Bytes,
        claim: &Checksum,
    ) -> Result<(UploadedPart, Encryption), ServiceError> {
        if !(1..=10_000).contains(&self.number) {
            let text = "Part number must be an integer between 1 and 10000, inclusive";
            return Err(ServiceError::with("InvalidArgument", text));
        }
        let upload = find(cloud, self.place, self.upload)?;
        let (encryption, algorithm) = (upload.encryption.clone(), upload.algorithm.unwrap_or_default());
        let sum = checksum::checked(bytes, claim, algorithm)?;
        let key = object_key::open(cloud, caller, self.place, &encryption)?;
        let digest = checksum::md5(bytes);
        let part = UploadedPart {
            modified: cloud.now(),
            etag: checksum::hex(&digest),
            digest: Blob(digest),
            size: bytes.len(),
            sum,
            stored: sealed::seal(&key, &name(self.place, self.upload, self.number), bytes)?,
        };
        find(cloud, self.place, self.upload)?.parts.insert(self.number, part.clone());
        Ok((part, encryption))
    }
}

/// Creates the object from the named parts.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn complete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CompleteMultipartUploadInput,
) -> Result<CompleteMultipartUploadOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    authorize::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let upload = find(cloud, &place, &input.upload_id)?.clone();
    let named = input.multipart_upload.as_ref().and_then(|named| named.parts.as_deref()).unwrap_or_default();
    let parts = chosen(&upload, named)?;
    let present = place.bucket(cloud)?.objects.get(&place.key);
    check_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let key = object_key::open(cloud, caller, &place, &upload.encryption)?;
    let new = joined(&place, &input.upload_id, &upload, &parts, &key)?;
    let object = keep(cloud, &place, upload.encryption.clone(), &key, new)?;
    let (etag, sum, encryption) = (object.etag.clone(), object.sum.to_response(), object.encryption.clone());
    let version_id = object.version.clone();
    place.bucket(cloud)?.uploads.remove(&input.upload_id);
    Ok(CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", place.bucket, place.key)),
        version_id,
        bucket: Some(place.bucket),
        key: Some(place.key),
        e_tag: Some(ETag::Strong(etag)),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
        checksum_type: sum.checksum_type,
        server_side_encryption: Some(encryption.name()),
        ssekms_key_id: encryption.key_arn(),
        bucket_key_enabled: encryption.bucket_key(),
        ..CompleteMultipartUploadOutput::default()
    })
}

/// Aborts an upload, and deletes its parts.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn abort(
    cloud: &mut Cloud,
    caller: &Caller,
    input: AbortMultipartUploadInput,
) -> Result<AbortMultipartUploadOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    authorize::on_object(cloud, caller, "s3:AbortMultipartUpload", &place, &[])?;
    find(cloud, &place, &input.upload_id)?;
    place.bucket(cloud)?.uploads.remove(&input.upload_id);
    Ok(AbortMultipartUploadOutput::default())
}

/// The upload of that id, if it is of that key.
pub fn find<'c>(
    cloud: &'c mut Cloud,
    place: &ObjectLocation,
    id: &str,
) -> Result<&'c mut Upload, ServiceError> {
    let upload = place.bucket(cloud)?.uploads.get_mut(id).filter(|upload| upload.key == place.key);
    upload.ok_or_else(error::no_upload)
}

/// The parts that the writer names, in order.
fn chosen<'u>(
    upload: &'u Upload,
    named: &[CompletedPart],
) -> Result<Vec<(i32, &'u UploadedPart)>, ServiceError> {
    if named.is_empty() {
        return Err(error::malformed_xml());
    }
    let mut parts: Vec<(i32, &UploadedPart)> = Vec::with_capacity(named.len());
    for name in named {
        let number = name.part_number.unwrap_or_default();
        if parts.last().is_some_and(|(last, _)| *last >= number) {
            let text = "The list of parts was not in ascending order. Parts must be ordered by part number.";
            return Err(ServiceError::with("InvalidPartOrder", text));
        }
        let part = upload.parts.get(&number);
        let right = part.filter(|part| name.e_tag.as_ref().is_none_or(|etag| etag.value() == part.etag));
        let part = right.ok_or_else(|| {
            let text = "One or more of the specified parts could not be found. The part may not have been \
                        uploaded, or the specified entity tag may not match the part's entity tag.";
            ServiceError::with("InvalidPart", text)
        })?;
        parts.push((number, part));
    }
    if parts.iter().rev().skip(1).any(|(_, part)| part.size < MIN_PART_BYTES) {
        let text = "Your proposed upload is smaller than the minimum allowed size";
        return Err(ServiceError::with("EntityTooSmall", text));
    }
    Ok(parts)
}

fn joined(
    place: &ObjectLocation,
    id: &str,
    upload: &Upload,
    parts: &[(i32, &UploadedPart)],
    key: &Secret,
) -> Result<NewObject, ServiceError> {
    let mut whole = Vec::with_capacity(parts.iter().map(|(_, part)| part.size).sum());
    let mut digests = Vec::new();
    for (number, part) in parts {
        whole.extend(sealed::open(key, &name(place, id, *number), &part.stored)?);
        digests.extend(&part.digest.0);
    }
    let sums: Vec<&ObjectChecksum> = parts.iter().map(|(_, part)| &part.sum).collect();
    let sum = checksum::of_parts(&whole, &sums, upload.algorithm.unwrap_or_default());
    let etag = format!("{}-{}", checksum::hex(&checksum::md5(&digests)), parts.len());
    let record = |(number, part): &(i32, &UploadedPart)| ObjectPartRecord {
        number: *number,
        size: part.size,
        sum: part.sum.clone(),
    };
    let multipart = Some((etag, parts.iter().map(record).collect()));
    let (details, tags) = (upload.details.clone(), upload.tags.clone());
    Ok(NewObject { bytes: whole.into(), details, tags, sum, multipart })
}

/// Returns the name that binds a stored part to its place.
fn name(place: &ObjectLocation, id: &str, number: i32) -> String {
    format!("{}#{id}#{number}", place.object_arn())
}

fn claim(input: &UploadPartInput) -> Checksum {
    Checksum {
        checksum_crc32: input.checksum_crc32.clone(),
        checksum_crc32c: input.checksum_crc32c.clone(),
        checksum_crc64nvme: input.checksum_crc64nvme.clone(),
        checksum_sha1: input.checksum_sha1.clone(),
        checksum_sha256: input.checksum_sha256.clone(),
        checksum_type: None,
    }
}

/// Returns the name of the algorithm in responses.
pub fn algorithm_name(algorithm: Algorithm) -> ChecksumAlgorithm {
    ChecksumAlgorithm::from(algorithm.name().to_owned())
}

/// The largest number of entries of a page.
const MAX_PAGE_ENTRIES: usize = 1000;

/// Lists the parts of an upload by number.
pub fn parts(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListPartsInput,
) -> Result<ListPartsOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    authorize::on_object(cloud, caller, "s3:ListMultipartUploadParts", &place, &[])?;
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

/// Lists the uploads of a bucket, by key and id.
pub fn uploads(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListMultipartUploadsInput,
) -> Result<ListMultipartUploadsOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:ListBucketMultipartUploads", &place)?;
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
    asked.and_then(|most| usize::try_from(most).ok()).unwrap_or(MAX_PAGE_ENTRIES).min(MAX_PAGE_ENTRIES)
}

/// Returns true if a page that continues after a key, or after an upload of that key, has the upload.
fn is_behind(id: &str, upload: &Upload, (key, upload_id): &(String, Option<String>)) -> bool {
    let of_same_key = upload.key == *key && upload_id.as_deref().is_some_and(|marker| id > marker);
    key.is_empty() || upload.key > *key || of_same_key
}

fn shown_part((number, part): (&i32, &UploadedPart)) -> ShownPart {
    let sum = part.sum.to_response();
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
