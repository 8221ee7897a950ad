//! `PutObject`, and storing an object wherever it comes from. Must not read what was there.

use bytes::Bytes;
use s3s::dto::{Checksum, ETag, PutObjectInput, PutObjectOutput};

use super::checksum::{self, Algorithm, Sum};
use super::details::Details;
use super::encryption::{self, Encryption, Wanted};
use super::lookup::Place;
use super::state::Object;
use super::{permit, precondition};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::Secret;
use crate::sealed;

/// An object to be: everything but where and under which key.
#[derive(Debug)]
pub struct New {
    pub bytes: Bytes,
    pub details: Details,
    pub sum: Sum,
    /// Of an object in parts; that of another follows from its bytes.
    pub etag: Option<String>,
}

/// Writes an object.
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    (input, bytes): (PutObjectInput, Bytes),
) -> Result<PutObjectOutput, ServiceError> {
    let place = Place::find(cloud, &input.bucket, &input.key)?;
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
    precondition::check_write(present, input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let wanted = Wanted::read(
        input.server_side_encryption.as_ref(),
        input.ssekms_key_id.as_ref(),
        input.ssekms_encryption_context.as_ref(),
        input.bucket_key_enabled,
    )?;
    let new = New { bytes, details: Details::from(&input), sum, etag: None };
    store(cloud, caller, &place, wanted, new).map(shown)
}

/// The conditions that policies put on how an object is to be encrypted.
fn may_write(
    cloud: &Cloud,
    caller: &Caller,
    place: &Place,
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

/// Encrypts and keeps a new object, as is wanted or as the bucket has it by default.
pub fn store<'c>(
    cloud: &'c mut Cloud,
    caller: &Caller,
    place: &Place,
    wanted: Option<Wanted>,
    new: New,
) -> Result<&'c Object, ServiceError> {
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => place.bucket(cloud)?.encryption.clone(),
    };
    let (encryption, key) = encryption::begin(cloud, caller, place, wanted)?;
    keep(cloud, place, encryption, &key, new)
}

/// Keeps a new object under a key that is there already.
pub fn keep<'c>(
    cloud: &'c mut Cloud,
    place: &Place,
    encryption: Encryption,
    key: &Secret,
    new: New,
) -> Result<&'c Object, ServiceError> {
    let modified = cloud.now();
    let etag = match (new.etag, &encryption) {
        (Some(etag), _) => etag,
        (None, Encryption::S3) => checksum::hex(&checksum::md5(&new.bytes)),
        // Of an object under a key of KMS the ETag is no digest (Amazon S3 API Reference, `Object`).
        (None, Encryption::Kms { .. }) => cloud.random.uuid().replace('-', ""),
    };
    let stored = sealed::seal(key, &place.object_arn(), &new.bytes)?;
    let (size, details, sum) = (new.bytes.len(), new.details, new.sum);
    let object = Object { modified, etag, size, details, sum, encryption, stored };
    let objects = &mut place.bucket(cloud)?.objects;
    objects.insert(place.key.clone(), object);
    objects.get(&place.key).ok_or_else(super::refusal::no_key)
}

fn shown(object: &Object) -> PutObjectOutput {
    let sum = object.sum.shown();
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
