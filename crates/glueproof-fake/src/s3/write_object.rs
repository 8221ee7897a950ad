//! `PutObject`, `CopyObject`, `DeleteObject` and `DeleteObjects`: the operations that change objects.
//! Must not copy ciphertexts: a copy is decrypted and encrypted again.
//! The operations are the entry points; [`store`] writes an object, wherever it comes from.

use bytes::Bytes;
use s3s::dto::{
    Checksum, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, Error,
    MetadataDirective, PutObjectInput, PutObjectOutput, TaggingDirective,
};

use super::checksum::{self, Algorithm, ObjectChecksum};
use super::encryption::{Encryption, RequestedEncryption};
use super::lookup::ObjectLocation;
use super::metadata::ObjectMetadata;
use super::read_object::{ReadPreconditions, check_write, moment, read};
use super::state::{Object, ObjectPartRecord, Versioning};
use super::{authorize, object_key, tagging};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::Secret;
use crate::sealed;
use crate::tags::Tags;

/// An object to store, without its location and key.
#[derive(Debug)]
pub struct NewObject {
    pub bytes: Bytes,
    pub details: ObjectMetadata,
    pub tags: Tags,
    pub sum: ObjectChecksum,
    /// The ETag and the parts of a multipart object. The ETag of other objects is computed.
    pub multipart: Option<(String, Vec<ObjectPartRecord>)>,
}

/// Writes an object.
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    (input, bytes): (PutObjectInput, Bytes),
) -> Result<PutObjectOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    let conditions =
        authorize::encryption_conditions(input.server_side_encryption.as_ref(), input.ssekms_key_id.as_ref());
    authorize::on_object(cloud, caller, "s3:PutObject", &place, &conditions)?;
    let tags = tagging::of_header(input.tagging.as_ref())?;
    if !tags.is_empty() {
        authorize::on_object(cloud, caller, "s3:PutObjectTagging", &place, &[])?;
    }
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
    let new = NewObject { bytes, details: ObjectMetadata::from(&input), tags, sum, multipart: None };
    store(cloud, caller, &place, wanted, new).map(put_output)
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
    let (encryption, key) = object_key::begin(cloud, caller, place, wanted)?;
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
    let (etag, parts) = match (new.multipart, &encryption) {
        (Some(multipart), _) => multipart,
        (None, Encryption::S3) => (checksum::hex(&checksum::md5(&new.bytes)), Vec::new()),
        // The ETag of an object under a KMS key is not a digest (Amazon S3 API Reference, `Object`).
        (None, Encryption::Kms { .. }) => (cloud.random.uuid().replace('-', ""), Vec::new()),
    };
    let stored = sealed::seal(key, &place.object_arn(), &new.bytes)?;
    let NewObject { bytes, details, tags, sum, .. } = new;
    let (version, size) = (new_version(cloud, place)?, bytes.len());
    let object = Object { modified, etag, size, details, sum, encryption, stored, tags, parts, version };
    let bucket = place.bucket(cloud)?;
    bucket.put(&place.key, object);
    bucket.objects.get(&place.key).ok_or_else(super::error::no_key)
}

/// Returns an id for a new version, if the bucket has versioning enabled.
fn new_version(cloud: &mut Cloud, place: &ObjectLocation) -> Result<Option<String>, ServiceError> {
    let is_enabled = place.bucket(cloud)?.versioning == Versioning::Enabled;
    Ok(is_enabled.then(|| cloud.random.letters(32)))
}

fn put_output(object: &Object) -> PutObjectOutput {
    let sum = object.sum.to_response();
    PutObjectOutput {
        e_tag: Some(ETag::Strong(object.etag.clone())),
        server_side_encryption: Some(object.encryption.name()),
        ssekms_key_id: object.encryption.key_arn(),
        bucket_key_enabled: object.encryption.bucket_key(),
        version_id: object.version.clone(),
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
    authorize::on_object(cloud, caller, "s3:PutObject", &place, &[])?;
    let bytes = bytes.into();
    let sum = checksum::checked(&bytes, &Checksum::default(), Algorithm::default())?;
    let details = ObjectMetadata::default();
    let new = NewObject { bytes, details, tags: Tags::new(), sum, multipart: None };
    store(cloud, caller, &place, wanted, new).map(|_| ())
}

/// Copies an object. The caller must be able to use the keys of both.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn copy(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CopyObjectInput,
) -> Result<CopyObjectOutput, ServiceError> {
    let from = source(cloud, &input.copy_source)?;
    let to = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    let conditions =
        authorize::encryption_conditions(input.server_side_encryption.as_ref(), input.ssekms_key_id.as_ref());
    let action = from.action("s3:GetObject", "s3:GetObjectVersion");
    authorize::on_object(cloud, caller, action, &from, &[])?;
    authorize::on_object(cloud, caller, "s3:PutObject", &to, &conditions)?;
    let replaces_tags =
        input.tagging_directive.as_ref().map(TaggingDirective::as_str) == Some(TaggingDirective::REPLACE);
    let new_tags = tagging::of_header(input.tagging.as_ref())?;
    let source = from.object(cloud)?;
    preconditions(&input).check(source).map_err(|_| super::error::precondition_failed())?;
    let replaces =
        input.metadata_directive.as_ref().map(MetadataDirective::as_str) == Some(MetadataDirective::REPLACE);
    let wanted = requested_encryption(&input)?;
    let onto_itself = from.bucket == to.bucket && from.key == to.key;
    let source = source.clone();
    let unchanged = onto_itself && !replaces && wanted.is_none() && input.storage_class.is_none();
    // A copy onto itself may take over a default encryption that the bucket has got since.
    if unchanged && source.encryption.is_of_kind(&to.bucket(cloud)?.encryption) {
        let text = "This copy request is illegal because it is trying to copy an object to itself without \
                    changing the object's metadata, storage class, website redirect location or encryption \
                    attributes.";
        return Err(ServiceError::with("InvalidRequest", text));
    }
    let mut details = if replaces { ObjectMetadata::from(&input) } else { source.details.clone() };
    // The storage class is never copied (Amazon S3 API Reference, `CopyObject`).
    details.storage_class = input.storage_class.as_ref().map(|class| class.as_str().to_owned());
    let tags = if replaces_tags { new_tags } else { source.tags.clone() };
    let algorithm = source.sum.algorithm;
    let bytes = Bytes::from(read(cloud, caller, &from)?);
    let sum = checksum::checked(&bytes, &Checksum::default(), algorithm)?;
    store(cloud, caller, &to, wanted, NewObject { bytes, details, tags, sum, multipart: None })
        .map(copy_output)
}

/// Returns the location of the source of a copy.
pub fn source(cloud: &Cloud, source: &CopySource) -> Result<ObjectLocation, ServiceError> {
    let CopySource::Bucket { bucket, key, version_id } = source else {
        let text = "glueproof does not implement copies from access points";
        return Err(ServiceError::with("NotImplemented", text));
    };
    Ok(ObjectLocation::find(cloud, bucket, key)?.in_version(version_id.as_deref()))
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
    // E255: the answer of a copy has its checksum.
    let sum = object.sum.to_response();
    let result = CopyObjectResult {
        e_tag: Some(ETag::Strong(object.etag.clone())),
        last_modified: Some(moment(object.modified)),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
        checksum_type: sum.checksum_type,
    };
    CopyObjectOutput {
        copy_object_result: Some(result),
        server_side_encryption: Some(object.encryption.name()),
        ssekms_key_id: object.encryption.key_arn(),
        bucket_key_enabled: object.encryption.bucket_key(),
        version_id: object.version.clone(),
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
    let deletion = remove(cloud, caller, &input.bucket, &input.key, input.version_id.as_deref())?;
    Ok(DeleteObjectOutput {
        delete_marker: deletion.is_marker.then_some(true),
        version_id: deletion.version,
        ..DeleteObjectOutput::default()
    })
}

/// Deletes several objects, and returns the outcome of each.
pub fn delete_many(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteObjectsInput,
) -> Result<DeleteObjectsOutput, ServiceError> {
    ObjectLocation::find(cloud, &input.bucket, "")?;
    if input.delete.objects.is_empty() || input.delete.objects.len() > MAX_KEYS_PER_DELETE {
        return Err(super::error::malformed_xml());
    }
    let quiet = input.delete.quiet.unwrap_or(false);
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for object in input.delete.objects {
        match remove(cloud, caller, &input.bucket, &object.key, object.version_id.as_deref()) {
            Ok(_) if quiet => {}
            Ok(Deletion { is_marker, version }) => deleted.push(DeletedObject {
                key: Some(object.key),
                delete_marker: is_marker.then_some(true),
                delete_marker_version_id: version.filter(|_| is_marker),
                version_id: object.version_id,
            }),
            Err(error) => errors.push(Error {
                code: Some(error.code.into_owned()),
                key: Some(object.key),
                message: error.message,
                version_id: object.version_id,
            }),
        }
    }
    let some = |errors: Vec<Error>| (!errors.is_empty()).then_some(errors);
    Ok(DeleteObjectsOutput { deleted: Some(deleted), errors: some(errors), ..DeleteObjectsOutput::default() })
}

/// The outcome of a deletion in a bucket with versions.
struct Deletion {
    /// True if a delete marker was created, or removed.
    is_marker: bool,
    /// The version of the delete marker, or the version that was removed.
    version: Option<String>,
}

fn remove(
    cloud: &mut Cloud,
    caller: &Caller,
    bucket: &str,
    key: &str,
    version: Option<&str>,
) -> Result<Deletion, ServiceError> {
    let place = ObjectLocation::find(cloud, bucket, key)?.in_version(version);
    let action = place.action("s3:DeleteObject", "s3:DeleteObjectVersion");
    authorize::on_object(cloud, caller, action, &place, &[])?;
    let now = cloud.now();
    if let Some(version) = place.version.clone() {
        let is_marker = place.bucket(cloud)?.remove_version(key, &version);
        return Ok(Deletion { is_marker, version: Some(version) });
    }
    let version = new_version(cloud, &place)?;
    let bucket = place.bucket(cloud)?;
    bucket.put_delete_marker(key, version.clone(), now);
    let is_marker = bucket.versioning != Versioning::Off;
    Ok(Deletion { is_marker, version: version.or_else(|| is_marker.then(|| "null".to_owned())) })
}
