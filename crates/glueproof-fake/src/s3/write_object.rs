//! `PutObject`, `CopyObject`, `DeleteObject` and `DeleteObjects`: the operations that change objects.
//! Must not copy ciphertexts: a copy is decrypted and encrypted again.
//! The operations are the entry points; [`store`] writes an object, wherever it comes from.

use bytes::Bytes;
use s3s::dto::{
    Checksum, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, Error,
    MetadataDirective, PutObjectInput, PutObjectOutput,
};

use super::checksum::{self, Algorithm, ObjectChecksum};
use super::encryption::{self, Encryption, RequestedEncryption};
use super::lookup::ObjectLocation;
use super::metadata::ObjectMetadata;
use super::permit;
use super::read_object::{ReadPreconditions, check_write, moment, read};
use super::state::Object;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::Secret;
use crate::sealed;

/// An object to store, without its location and key.
#[derive(Debug)]
pub struct NewObject {
    pub bytes: Bytes,
    pub details: ObjectMetadata,
    pub sum: ObjectChecksum,
    /// The ETag of a multipart object. Other objects have a computed one.
    pub etag: Option<String>,
}

/// Writes an object.
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    (input, bytes): (PutObjectInput, Bytes),
) -> Result<PutObjectOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    may_write(cloud, caller, &place, &input)?;
    let claim = Checksum {
        checksum_crc32: input.checksum_crc32.clone(),
        checksum_crc32c: input.checksum_crc32c.clone(),
        checksum_crc64nvme: input.checksum_crc64nvme.clone(),
        checksum_sha1: input.checksum_sha1.clone(),
        checksum_sha256: input.checksum_sha256.clone(),
        checksum_type: None,
    };
    let sum = checksum::checked(&bytes, &claim, Algorithm::default())?;
    checksum::check_md5(&bytes, input.content_md5.as_ref())?;
    let present = place.bucket(cloud)?.objects.get(&place.key);
    check_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let wanted = RequestedEncryption::read(
        input.server_side_encryption.as_ref(),
        input.ssekms_key_id.as_ref(),
        input.ssekms_encryption_context.as_ref(),
        input.bucket_key_enabled,
    )?;
    let new = NewObject { bytes, details: ObjectMetadata::from(&input), sum, etag: None };
    store(cloud, caller, &place, wanted, new).map(put_output)
}

/// Authorizes a write, with the condition keys of the requested encryption.
fn may_write(
    cloud: &Cloud,
    caller: &Caller,
    place: &ObjectLocation,
    input: &PutObjectInput,
) -> Result<(), ServiceError> {
    let algorithm = input.server_side_encryption.as_ref().map(|name| name.as_str().to_owned());
    let key = input.ssekms_key_id.clone();
    permit::on_object(
        cloud,
        caller,
        "s3:PutObject",
        place,
        &[
            ("s3:x-amz-server-side-encryption", algorithm),
            ("s3:x-amz-server-side-encryption-aws-kms-key-id", key),
        ],
    )
}

/// Encrypts and stores an object. The default of the bucket applies if no encryption is requested.
pub fn store<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    place: &ObjectLocation,
    wanted: Option<RequestedEncryption>,
    new: NewObject,
) -> Result<&'c Object, ServiceError> {
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => place.bucket(cloud)?.encryption.clone(),
    };
    let (encryption, key) = encryption::begin(cloud, caller, place, wanted)?;
    keep(cloud, place, encryption, &key, new)
}

/// Stores an object under an existing key.
pub fn keep<'c>(
    cloud: &'c mut Cloud,
    place: &ObjectLocation,
    encryption: Encryption,
    key: &Secret,
    new: NewObject,
) -> Result<&'c Object, ServiceError> {
    let modified = cloud.now();
    let etag = match (new.etag, &encryption) {
        (Some(etag), _) => etag,
        (None, Encryption::S3) => checksum::hex(&checksum::md5(&new.bytes)),
        // The ETag of an object under a KMS key is not a digest (Amazon S3 API Reference, `Object`).
        (None, Encryption::Kms { .. }) => cloud.random.uuid().replace('-', ""),
    };
    let stored = sealed::seal(key, &place.object_arn(), &new.bytes)?;
    let (size, details, sum) = (new.bytes.len(), new.details, new.sum);
    let object = Object { modified, etag, size, details, sum, encryption, stored };
    let objects = &mut place.bucket(cloud)?.objects;
    objects.insert(place.key.clone(), object);
    objects.get(&place.key).ok_or_else(super::error::no_key)
}

fn put_output(object: &Object) -> PutObjectOutput {
    let sum = object.sum.to_response();
    PutObjectOutput {
        e_tag: Some(ETag::Strong(object.etag.clone())),
        server_side_encryption: Some(object.encryption.name()),
        ssekms_key_id: object.encryption.key_arn(),
        bucket_key_enabled: object.encryption.bucket_key(),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
        checksum_type: sum.checksum_type,
        ..PutObjectOutput::default()
    }
}

/// Writes an object for another service of the fake, with the authorization of a call over HTTP. Without a requested
/// encryption, the default of the bucket applies.
pub fn put_for_service(
    cloud: &mut Cloud,
    caller: &Caller,
    bucket: &str,
    key: &str,
    bytes: impl Into<Bytes>,
    wanted: Option<RequestedEncryption>,
) -> Result<(), ServiceError> {
    let place = ObjectLocation::find(cloud, bucket, key)?;
    permit::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let bytes = bytes.into();
    let sum = checksum::checked(&bytes, &Checksum::default(), Algorithm::default())?;
    let new = NewObject { bytes, details: ObjectMetadata::default(), sum, etag: None };
    store(cloud, caller, &place, wanted, new).map(|_| ())
}

/// Copies an object. The caller must be able to use the keys of both.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn copy(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CopyObjectInput,
) -> Result<CopyObjectOutput, ServiceError> {
    let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
        return Err(ServiceError::bare("NotImplemented"));
    };
    let (from, to) =
        (ObjectLocation::find(cloud, bucket, key)?, ObjectLocation::find(cloud, &input.bucket, &input.key)?);
    permit::on_object(cloud, caller, "s3:GetObject", &from, &[])?;
    permit::on_object(cloud, caller, "s3:PutObject", &to, &[])?;
    let source = from.object(cloud)?;
    preconditions(&input).check(source).map_err(|_| super::error::precondition_failed())?;
    let replaces =
        input.metadata_directive.as_ref().map(MetadataDirective::as_str) == Some(MetadataDirective::REPLACE);
    let wanted = requested_encryption(&input)?;
    let onto_itself = from.bucket == to.bucket && from.key == to.key;
    if onto_itself && !replaces && wanted.is_none() && input.storage_class.is_none() {
        let text = "This copy request is illegal because it is trying to copy an object to itself without \
                    changing the object's metadata, storage class, website redirect location or encryption \
                    attributes.";
        return Err(ServiceError::with("InvalidRequest", text));
    }
    let details = if replaces { ObjectMetadata::from(&input) } else { source.details.clone() };
    let algorithm = source.sum.algorithm;
    let bytes = Bytes::from(read(cloud, caller, &from)?);
    let sum = checksum::checked(&bytes, &Checksum::default(), algorithm)?;
    store(cloud, caller, &to, wanted, NewObject { bytes, details, sum, etag: None }).map(copy_output)
}

fn preconditions(input: &CopyObjectInput) -> ReadPreconditions<'_> {
    ReadPreconditions {
        if_match: input.copy_source_if_match.as_ref(),
        if_none_match: input.copy_source_if_none_match.as_ref(),
        if_modified_since: input.copy_source_if_modified_since.as_ref(),
        if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
    }
}

fn requested_encryption(input: &CopyObjectInput) -> Result<Option<RequestedEncryption>, ServiceError> {
    RequestedEncryption::read(
        input.server_side_encryption.as_ref(),
        input.ssekms_key_id.as_ref(),
        input.ssekms_encryption_context.as_ref(),
        input.bucket_key_enabled,
    )
}

fn copy_output(object: &Object) -> CopyObjectOutput {
    let result = CopyObjectResult {
        e_tag: Some(ETag::Strong(object.etag.clone())),
        last_modified: Some(moment(object.modified)),
        ..CopyObjectResult::default()
    };
    CopyObjectOutput {
        copy_object_result: Some(result),
        server_side_encryption: Some(object.encryption.name()),
        ssekms_key_id: object.encryption.key_arn(),
        bucket_key_enabled: object.encryption.bucket_key(),
        ..CopyObjectOutput::default()
    }
}

/// The largest number of keys of one call (Amazon S3 API Reference, `DeleteObjects`).
const MAX_KEYS_PER_DELETE: usize = 1000;

/// Deletes an object, which need not exist.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteObjectInput,
) -> Result<DeleteObjectOutput, ServiceError> {
    remove(cloud, caller, &input.bucket, &input.key)?;
    Ok(DeleteObjectOutput::default())
}

/// Deletes several objects, and returns the outcome of each.
pub fn delete_many(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteObjectsInput,
) -> Result<DeleteObjectsOutput, ServiceError> {
    ObjectLocation::find(cloud, &input.bucket, "")?;
    if input.delete.objects.is_empty() || input.delete.objects.len() > MAX_KEYS_PER_DELETE {
        return Err(ServiceError::bare("MalformedXML"));
    }
    let quiet = input.delete.quiet.unwrap_or(false);
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for object in input.delete.objects {
        match remove(cloud, caller, &input.bucket, &object.key) {
            Ok(()) if quiet => {}
            Ok(()) => deleted.push(DeletedObject { key: Some(object.key), ..DeletedObject::default() }),
            Err(error) => errors.push(Error {
                code: Some(error.code.into_owned()),
                key: Some(object.key),
                message: error.message,
                version_id: None,
            }),
        }
    }
    let some = |errors: Vec<Error>| (!errors.is_empty()).then_some(errors);
    Ok(DeleteObjectsOutput { deleted: Some(deleted), errors: some(errors), ..DeleteObjectsOutput::default() })
}

fn remove(cloud: &mut Cloud, caller: &Caller, bucket: &str, key: &str) -> Result<(), ServiceError> {
    let place = ObjectLocation::find(cloud, bucket, key)?;
    permit::on_object(cloud, caller, "s3:DeleteObject", &place, &[])?;
    place.bucket(cloud)?.objects.remove(key);
    Ok(())
}
