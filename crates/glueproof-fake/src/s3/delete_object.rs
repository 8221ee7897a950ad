//! `DeleteObject` and `DeleteObjects`. What is not there is no mistake. Must not touch uploads in progress.

use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error,
};

use super::lookup::Place;
use super::permit;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The most keys of one call (Amazon S3 API Reference, `DeleteObjects`).
const MOST: usize = 1000;

/// Deletes an object.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteObjectInput,
) -> Result<DeleteObjectOutput, ServiceError> {
    remove(cloud, caller, &input.bucket, &input.key)?;
    Ok(DeleteObjectOutput::default())
}

/// Deletes many, and says of each how that went.
pub fn delete_many(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteObjectsInput,
) -> Result<DeleteObjectsOutput, ServiceError> {
    Place::find(cloud, &input.bucket, "")?;
    if input.delete.objects.is_empty() || input.delete.objects.len() > MOST {
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
    let place = Place::find(cloud, bucket, key)?;
    permit::on_object(cloud, caller, "s3:DeleteObject", &place, &[])?;
    place.bucket(cloud)?.objects.remove(key);
    Ok(())
}
