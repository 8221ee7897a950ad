//! `CopyObject`: read as one object, written as another, encrypted anew. Must not copy ciphertexts.

use bytes::Bytes;
use s3s::dto::{
    Checksum, CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETag, MetadataDirective,
};

use super::checksum;
use super::details::Details;
use super::encryption::Wanted;
use super::get_object::{self, moment};
use super::lookup::Place;
use super::permit;
use super::precondition::Reading;
use super::put_object::{self, New};
use super::state::Object;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Copies an object; who copies needs the keys of both.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn copy(
    cloud: &mut Cloud,
    caller: &Caller,
    input: CopyObjectInput,
) -> Result<CopyObjectOutput, ServiceError> {
    let CopySource::Bucket { bucket, key, .. } = &input.copy_source else {
        return Err(ServiceError::bare("NotImplemented"));
    };
    let (from, to) = (Place::find(cloud, bucket, key)?, Place::find(cloud, &input.bucket, &input.key)?);
    permit::on_object(cloud, caller, "s3:GetObject", &from, &[])?;
    permit::on_object(cloud, caller, "s3:PutObject", &to, &[])?;
    let source = from.object(cloud)?;
    demands(&input).check(source).map_err(|_| super::refusal::precondition_failed())?;
    let replaces =
        input.metadata_directive.as_ref().map(MetadataDirective::as_str) == Some(MetadataDirective::REPLACE);
    let wanted = wanted(&input)?;
    let onto_itself = from.bucket == to.bucket && from.key == to.key;
    if onto_itself && !replaces && wanted.is_none() && input.storage_class.is_none() {
        let text = "This copy request is illegal because it is trying to copy an object to itself without \
                    changing the object's metadata, storage class, website redirect location or encryption \
                    attributes.";
        return Err(ServiceError::with("InvalidRequest", text));
    }
    let details = if replaces { Details::from(&input) } else { source.details.clone() };
    let algorithm = source.sum.algorithm;
    let bytes = Bytes::from(get_object::read(cloud, caller, &from)?);
    let sum = checksum::checked(&bytes, &Checksum::default(), algorithm)?;
    put_object::store(cloud, caller, &to, wanted, New { bytes, details, sum, etag: None }).map(shown)
}

fn demands(input: &CopyObjectInput) -> Reading<'_> {
    Reading {
        if_match: input.copy_source_if_match.as_ref(),
        if_none_match: input.copy_source_if_none_match.as_ref(),
        if_modified_since: input.copy_source_if_modified_since.as_ref(),
        if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
    }
}

fn wanted(input: &CopyObjectInput) -> Result<Option<Wanted>, ServiceError> {
    Wanted::read(
        input.server_side_encryption.as_ref(),
        input.ssekms_key_id.as_ref(),
        input.ssekms_encryption_context.as_ref(),
        input.bucket_key_enabled,
    )
}

fn shown(object: &Object) -> CopyObjectOutput {
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
