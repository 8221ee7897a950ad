//! Objects that come in parts: begun, filled, completed or given up. Each part lies encrypted under the key
//! that the object will have. Must not let a part be read before the whole is there.

use bytes::Bytes;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, Checksum, ChecksumAlgorithm,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, CreateMultipartUploadInput,
    CreateMultipartUploadOutput, ETag, UploadPartInput, UploadPartOutput,
};

use super::checksum::{self, Algorithm, Sum};
use super::details::Details;
use super::encryption::{self, Wanted};
use super::lookup::Place;
use super::put_object::{self, New};
use super::state::{Part, Upload};
use super::{permit, precondition, refusal};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{Blob, Secret};
use crate::sealed;

/// Every part but the last has so many bytes at least (S3 User Guide, "Multipart upload limits").
const SMALLEST: usize = 5 * 1024 * 1024;

/// Begins an object.
pub fn create(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CreateMultipartUploadInput,
) -> Result<CreateMultipartUploadOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    permit::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let wanted = Wanted::read(
        input.server_side_encryption.as_ref(),
        input.ssekms_key_id.as_ref(),
        input.ssekms_encryption_context.as_ref(),
        input.bucket_key_enabled,
    )?;
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => place.bucket(cloud)?.encryption.clone(),
    };
    let (encryption, _) = encryption::begin(cloud, caller, &place, wanted)?;
    let upload = Upload {
        key: place.key.clone(),
        started: cloud.now(),
        details: Details::from(&input),
        algorithm: input.checksum_algorithm.as_ref().and_then(|name| Algorithm::read(name.as_str())),
        encryption: encryption.clone(),
        parts: std::collections::BTreeMap::new(),
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

/// Takes a part; the same number again replaces it.
pub fn upload_part(
    cloud: &mut Cloud,
    caller: &Caller,
    (input, bytes): (UploadPartInput, Bytes),
) -> Result<UploadPartOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    permit::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let number = input.part_number;
    if !(1..=10_000).contains(&number) {
        let text = "Part number must be an integer between 1 and 10000, inclusive";
        return Err(ServiceError::with("InvalidArgument", text));
    }
    let upload = find(cloud, &place, &input.upload_id)?;
    let (encryption, algorithm) = (upload.encryption.clone(), upload.algorithm.unwrap_or_default());
    let sum = checksum::checked(&bytes, &claim(&input), algorithm)?;
    checksum::check_md5(&bytes, input.content_md5.as_ref())?;
    let key = encryption::open(cloud, caller, &place, &encryption)?;
    let digest = checksum::md5(&bytes);
    let part = Part {
        modified: cloud.now(),
        etag: checksum::hex(&digest),
        digest: Blob(digest),
        size: bytes.len(),
        sum,
        stored: sealed::seal(&key, &name(&place, &input.upload_id, number), &bytes)?,
    };
    let sum = part.sum.shown();
    let etag = part.etag.clone();
    find(cloud, &place, &input.upload_id)?.parts.insert(number, part);
    Ok(UploadPartOutput {
        e_tag: Some(ETag::Strong(etag)),
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

/// Makes the object of the parts that are named.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn complete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CompleteMultipartUploadInput,
) -> Result<CompleteMultipartUploadOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    permit::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let upload = find(cloud, &place, &input.upload_id)?.clone();
    let named = input.multipart_upload.as_ref().and_then(|named| named.parts.as_deref()).unwrap_or_default();
    let parts = chosen(&upload, named)?;
    let present = place.bucket(cloud)?.objects.get(&place.key);
    precondition::check_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let key = encryption::open(cloud, caller, &place, &upload.encryption)?;
    let new = joined(&place, &input.upload_id, &upload, &parts, &key)?;
    let object = put_object::keep(cloud, &place, upload.encryption.clone(), &key, new)?;
    let (etag, sum, encryption) = (object.etag.clone(), object.sum.shown(), object.encryption.clone());
    place.bucket(cloud)?.uploads.remove(&input.upload_id);
    Ok(CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", place.bucket, place.key)),
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

/// Forgets an object that was begun.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn abort(
    cloud: &mut Cloud,
    caller: &Caller,
    input: AbortMultipartUploadInput,
) -> Result<AbortMultipartUploadOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
    permit::on_object(cloud, caller, "s3:AbortMultipartUpload", &place, &[])?;
    find(cloud, &place, &input.upload_id)?;
    place.bucket(cloud)?.uploads.remove(&input.upload_id);
    Ok(AbortMultipartUploadOutput::default())
}

/// The upload of that id, if it is of that key.
pub fn find<'c>(cloud: &'c mut Cloud, place: &Place, id: &str) -> Result<&'c mut Upload, ServiceError> {
    let upload = place.bucket(cloud)?.uploads.get_mut(id).filter(|upload| upload.key == place.key);
    upload.ok_or_else(refusal::no_upload)
}

/// The parts that the writer names, in order.
fn chosen<'u>(upload: &'u Upload, named: &[CompletedPart]) -> Result<Vec<(i32, &'u Part)>, ServiceError> {
    if named.is_empty() {
        return Err(ServiceError::bare("MalformedXML"));
    }
    let mut parts: Vec<(i32, &Part)> = Vec::with_capacity(named.len());
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
    if parts.iter().rev().skip(1).any(|(_, part)| part.size < SMALLEST) {
        let text = "Your proposed upload is smaller than the minimum allowed size";
        return Err(ServiceError::with("EntityTooSmall", text));
    }
    Ok(parts)
}

fn joined(
    place: &Place,
    id: &str,
    upload: &Upload,
    parts: &[(i32, &Part)],
    key: &Secret,
) -> Result<New, ServiceError> {
    let mut whole = Vec::with_capacity(parts.iter().map(|(_, part)| part.size).sum());
    let mut digests = Vec::new();
    for (number, part) in parts {
        whole.extend(sealed::open(key, &name(place, id, *number), &part.stored)?);
        digests.extend(&part.digest.0);
    }
    let sums: Vec<&Sum> = parts.iter().map(|(_, part)| &part.sum).collect();
    let sum = checksum::of_parts(&whole, &sums, upload.algorithm.unwrap_or_default());
    let etag = format!("{}-{}", checksum::hex(&checksum::md5(&digests)), parts.len());
    Ok(New { bytes: whole.into(), details: upload.details.clone(), sum, etag: Some(etag) })
}

/// What a stored part is bound to.
fn name(place: &Place, id: &str, number: i32) -> String {
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

/// As answers name it.
pub fn algorithm_name(algorithm: Algorithm) -> ChecksumAlgorithm {
    ChecksumAlgorithm::from(algorithm.name().to_owned())
}
