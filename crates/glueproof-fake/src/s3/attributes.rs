//! `GetObjectAttributes`: size, checksum, ETag, storage class and parts of an object. Must not decrypt it.
//! [`get`] is the entry point.

use s3s::dto::{
    ETag, GetObjectAttributesInput, GetObjectAttributesOutput, GetObjectAttributesParts, ObjectPart,
    StorageClass,
};

use super::authorize;
use super::lookup::ObjectLocation;
use super::read_object::moment;
use super::state::{Object, ObjectPartRecord};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The most parts of a page.
const MAX_PARTS_PER_PAGE: usize = 1000;

/// Returns the attributes that the request names.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetObjectAttributesInput,
) -> Result<GetObjectAttributesOutput, ServiceError> {
    let place =
        ObjectLocation::find(cloud, &input.bucket, &input.key)?.in_version(input.version_id.as_deref());
    for action in [
        place.action("s3:GetObject", "s3:GetObjectVersion"),
        place.action("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"),
    ] {
        authorize::on_object(cloud, caller, action, &place, &[])?;
    }
    let object = place.object(cloud)?;
    // s3s reads the header as one value.
    let asked = input.object_attributes.iter().flat_map(|asked| asked.as_str().split(','));
    let asked: Vec<&str> = asked.map(str::trim).collect();
    let has = |name: &str| asked.contains(&name);
    let class = object.details.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
    Ok(GetObjectAttributesOutput {
        e_tag: has("ETag").then(|| ETag::Strong(object.etag.clone())),
        checksum: has("Checksum").then(|| object.sum.to_response()),
        object_size: has("ObjectSize").then(|| i64::try_from(object.size).unwrap_or(i64::MAX)),
        storage_class: has("StorageClass").then(|| StorageClass::from(class)),
        object_parts: (has("ObjectParts") && !object.parts.is_empty()).then(|| parts(object, &input)),
        version_id: object.version.clone(),
        last_modified: Some(moment(object.modified)),
        ..GetObjectAttributesOutput::default()
    })
}

fn parts(object: &Object, input: &GetObjectAttributesInput) -> GetObjectAttributesParts {
    let marker = input.part_number_marker.unwrap_or_default();
    let most = input.max_parts.and_then(|most| usize::try_from(most).ok()).unwrap_or(MAX_PARTS_PER_PAGE);
    let mut rest = object.parts.iter().filter(|part| part.number > marker);
    let page: Vec<ObjectPart> = rest.by_ref().take(most.min(MAX_PARTS_PER_PAGE)).map(view).collect();
    let last = page.last().and_then(|part| part.part_number);
    GetObjectAttributesParts {
        is_truncated: Some(rest.next().is_some()),
        max_parts: i32::try_from(most).ok(),
        next_part_number_marker: last,
        part_number_marker: Some(marker),
        // Only composite checksums have those of parts (Amazon S3 API Reference, `GetObjectAttributes`).
        parts: object.sum.composite.then_some(page),
        total_parts_count: i32::try_from(object.parts.len()).ok(),
    }
}

fn view(part: &ObjectPartRecord) -> ObjectPart {
    let sum = part.sum.to_response();
    ObjectPart {
        part_number: Some(part.number),
        size: i64::try_from(part.size).ok(),
        checksum_crc32: sum.checksum_crc32,
        checksum_crc32c: sum.checksum_crc32c,
        checksum_crc64nvme: sum.checksum_crc64nvme,
        checksum_sha1: sum.checksum_sha1,
        checksum_sha256: sum.checksum_sha256,
    }
}
