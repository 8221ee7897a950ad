//! Tags of buckets and objects (S3 User Guide, "Categorizing your objects using tags").
//! Must not touch bytes.
//! [`of_header`] reads `x-amz-tagging`; the operations are the other entry points.

use s3s::dto::{
    DeleteBucketTaggingInput, DeleteBucketTaggingOutput, DeleteObjectTaggingInput, DeleteObjectTaggingOutput,
    GetBucketTaggingInput, GetBucketTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    PutBucketTaggingInput, PutBucketTaggingOutput, PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};

use super::lookup::ObjectLocation;
use super::{authorize, error};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::{self, MAX_TAGS, TagProblem, Tags};

/// The largest number of tags of an object.
const MAX_OBJECT_TAGS: usize = 10;

/// Returns the tags of a header: a URL query.
///
/// # Errors
/// Returns an error if there are too many, or one is too long.
pub fn of_header(header: Option<&String>) -> Result<Tags, ServiceError> {
    let pairs = form_urlencoded::parse(header.map(String::as_str).unwrap_or_default().as_bytes());
    let tags = pairs.map(|(key, value)| Tag { key: Some(key.into_owned()), value: Some(value.into_owned()) });
    read(tags.collect(), MAX_OBJECT_TAGS)
}

fn read(given: Vec<Tag>, limit: usize) -> Result<Tags, ServiceError> {
    if given.len() > limit {
        let text = match limit {
            MAX_OBJECT_TAGS => format!("Object tags cannot be greater than {limit}"),
            _ => format!("Bucket tag count cannot be greater than {limit}"),
        };
        return Err(ServiceError::with("BadRequest", text));
    }
    let mut read = Tags::new();
    for tag in given {
        let (key, value) = (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        let invalid = |text: &str| Err(ServiceError::with("InvalidTag", text.to_owned()));
        match tags::check_lengths(&key, &value) {
            Err(TagProblem::ValueLength(_)) => return invalid("The TagValue you have provided is invalid"),
            Err(_) => return invalid("The TagKey you have provided is invalid"),
            Ok(()) => {}
        }
        if key.starts_with("aws:") {
            return invalid("System tags cannot be added/updated by requester");
        }
        if read.insert(key, value).is_some() {
            return invalid("Cannot provide multiple Tags with the same key");
        }
    }
    Ok(read)
}

fn view(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag { key: Some(key.clone()), value: Some(value.clone()) }).collect()
}

/// Replaces the tags of a bucket.
pub fn put_bucket(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutBucketTaggingInput,
) -> Result<PutBucketTaggingOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:PutBucketTagging", &place)?;
    place.bucket(cloud)?.tags = read(input.tagging.tag_set, MAX_TAGS)?;
    Ok(PutBucketTaggingOutput::default())
}

/// Returns the tags of a bucket, which must have some.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get_bucket(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketTaggingInput,
) -> Result<GetBucketTaggingOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:GetBucketTagging", &place)?;
    let tags = &place.bucket(cloud)?.tags;
    if tags.is_empty() {
        return Err(ServiceError::with("NoSuchTagSet", "The TagSet does not exist"));
    }
    Ok(GetBucketTaggingOutput { tag_set: view(tags) })
}

/// Removes the tags of a bucket.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete_bucket(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteBucketTaggingInput,
) -> Result<DeleteBucketTaggingOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:PutBucketTagging", &place)?;
    place.bucket(cloud)?.tags.clear();
    Ok(DeleteBucketTaggingOutput::default())
}

/// Replaces the tags of an object.
pub fn put_object(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutObjectTaggingInput,
) -> Result<PutObjectTaggingOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    current_only(input.version_id.as_ref())?;
    authorize::on_object(cloud, caller, "s3:PutObjectTagging", &place, &[])?;
    let tags = read(input.tagging.tag_set, MAX_OBJECT_TAGS)?;
    set(cloud, &place, tags)?;
    Ok(PutObjectTaggingOutput::default())
}

/// Returns the tags of an object.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get_object(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetObjectTaggingInput,
) -> Result<GetObjectTaggingOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    current_only(input.version_id.as_ref())?;
    authorize::on_object(cloud, caller, "s3:GetObjectTagging", &place, &[])?;
    Ok(GetObjectTaggingOutput { tag_set: view(&place.object(cloud)?.tags), version_id: None })
}

/// Removes the tags of an object.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete_object(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteObjectTaggingInput,
) -> Result<DeleteObjectTaggingOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, &input.key)?;
    current_only(input.version_id.as_ref())?;
    authorize::on_object(cloud, caller, "s3:DeleteObjectTagging", &place, &[])?;
    set(cloud, &place, Tags::new())?;
    Ok(DeleteObjectTaggingOutput::default())
}

/// Refuses a version: tags of older versions are not simulated.
fn current_only(version: Option<&String>) -> Result<(), ServiceError> {
    version.map_or(Ok(()), |_| {
        let text = "glueproof does not implement tags of object versions";
        Err(ServiceError::with("NotImplemented", text))
    })
}

fn set(cloud: &mut Cloud, place: &ObjectLocation, tags: Tags) -> Result<(), ServiceError> {
    let object = place.bucket(cloud)?.objects.get_mut(&place.key).ok_or_else(error::no_key)?;
    object.tags = tags;
    Ok(())
}
