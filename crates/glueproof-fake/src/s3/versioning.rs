//! Versions of objects (S3 User Guide, "Retaining multiple versions of objects with S3 Versioning"): sets and returns the
//! versioning of a bucket, and lists versions. Must not decrypt an object.
//! The operations are the entry points.

use s3s::dto::{
    BucketVersioningStatus, ChecksumAlgorithm, CommonPrefix, DeleteMarkerEntry, ETag,
    GetBucketVersioningInput, GetBucketVersioningOutput, ListObjectVersionsInput, ListObjectVersionsOutput,
    MFADelete, ObjectVersion, ObjectVersionStorageClass, PutBucketVersioningInput, PutBucketVersioningOutput,
};

use super::bucket::owner;
use super::listing::{encoded, most};
use super::lookup::ObjectLocation;
use super::read_object::moment;
use super::state::{Bucket, VersionRef, Versioning};
use super::{authorize, error};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// Sets the versioning of a bucket.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn put(
    cloud: &mut Cloud,
    caller: &Caller,
    input: PutBucketVersioningInput,
) -> Result<PutBucketVersioningOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:PutBucketVersioning", &place)?;
    let configuration = &input.versioning_configuration;
    if configuration.mfa_delete.as_ref().map(MFADelete::as_str) == Some(MFADelete::ENABLED) {
        return Err(ServiceError::with("NotImplemented", "glueproof does not implement MFA delete"));
    }
    let status = configuration.status.as_ref().map(BucketVersioningStatus::as_str);
    place.bucket(cloud)?.versioning = match status {
        Some(BucketVersioningStatus::ENABLED) => Versioning::Enabled,
        Some(BucketVersioningStatus::SUSPENDED) => Versioning::Suspended,
        _ => return Err(error::malformed_xml()),
    };
    Ok(PutBucketVersioningOutput::default())
}

/// Returns the versioning of a bucket. A bucket that never had versions has none.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(
    cloud: &mut Cloud,
    caller: &Caller,
    input: GetBucketVersioningInput,
) -> Result<GetBucketVersioningOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    authorize::on_bucket(cloud, caller, "s3:GetBucketVersioning", &place)?;
    let status = match place.bucket(cloud)?.versioning {
        Versioning::Off => None,
        Versioning::Enabled => Some(BucketVersioningStatus::ENABLED),
        Versioning::Suspended => Some(BucketVersioningStatus::SUSPENDED),
    };
    let status = status.map(BucketVersioningStatus::from_static);
    Ok(GetBucketVersioningOutput { status, mfa_delete: None })
}

/// An entry of a listing.
enum ListEntry<'b> {
    Version { key: &'b str, version: VersionRef<'b>, is_latest: bool },
    Prefix(String),
}

/// Lists all versions and delete markers: by key, the newest first.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(
    cloud: &mut Cloud,
    caller: &Caller,
    input: ListObjectVersionsInput,
) -> Result<ListObjectVersionsOutput, ServiceError> {
    let place = ObjectLocation::find(cloud, &input.bucket, "")?;
    let conditions = [("s3:prefix", input.prefix.clone()), ("s3:delimiter", input.delimiter.clone())];
    authorize::on_bucket_with(cloud, caller, "s3:ListBucketVersions", &place, &conditions)?;
    let most = most(input.max_keys)?;
    let account = place.owner.clone();
    let mut entries = entries(place.bucket(cloud)?, &input).into_iter();
    let page: Vec<ListEntry<'_>> = entries.by_ref().take(most).collect();
    let truncated = most > 0 && entries.next().is_some();
    let encoded = |text: &str| encoded(text.to_owned(), input.encoding_type.as_ref());
    let mut output = ListObjectVersionsOutput {
        name: Some(input.bucket.clone()),
        prefix: Some(encoded(input.prefix.as_deref().unwrap_or_default())),
        delimiter: input.delimiter.as_deref().map(encoded),
        key_marker: Some(encoded(input.key_marker.as_deref().unwrap_or_default())),
        version_id_marker: input.version_id_marker.clone(),
        max_keys: i32::try_from(most).ok(),
        encoding_type: input.encoding_type.clone(),
        is_truncated: Some(truncated),
        ..ListObjectVersionsOutput::default()
    };
    if truncated {
        let (key, version) = match page.last() {
            Some(ListEntry::Version { key, version, .. }) => (Some(*key), Some(version.id())),
            Some(ListEntry::Prefix(prefix)) => (Some(prefix.as_str()), None),
            None => (None, None),
        };
        output.next_key_marker = key.map(encoded);
        output.next_version_id_marker = version.map(str::to_owned);
    }
    let (mut versions, mut markers, mut prefixes) = (Vec::new(), Vec::new(), Vec::new());
    for entry in &page {
        match entry {
            ListEntry::Prefix(prefix) => prefixes.push(CommonPrefix { prefix: Some(encoded(prefix)) }),
            ListEntry::Version { key, version: VersionRef::DeleteMarker { id, modified }, is_latest } => {
                markers.push(DeleteMarkerEntry {
                    is_latest: Some(*is_latest),
                    key: Some(encoded(key)),
                    last_modified: Some(moment(*modified)),
                    owner: Some(owner(&account)),
                    version_id: Some((*id).to_owned()),
                });
            }
            ListEntry::Version { key, version: VersionRef::Object(object), is_latest } => {
                let class = object.details.storage_class.clone();
                let class = class.unwrap_or_else(|| "STANDARD".to_owned());
                versions.push(ObjectVersion {
                    checksum_algorithm: Some(vec![ChecksumAlgorithm::from_static(
                        object.sum.algorithm.name(),
                    )]),
                    checksum_type: object.sum.to_response().checksum_type,
                    e_tag: Some(ETag::Strong(object.etag.clone())),
                    is_latest: Some(*is_latest),
                    key: Some(encoded(key)),
                    last_modified: Some(moment(object.modified)),
                    owner: Some(owner(&account)),
                    size: i64::try_from(object.size).ok(),
                    storage_class: Some(ObjectVersionStorageClass::from(class)),
                    version_id: Some(object.version_id().to_owned()),
                    ..ObjectVersion::default()
                });
            }
        }
    }
    output.versions = Some(versions);
    output.delete_markers = Some(markers);
    output.common_prefixes = Some(prefixes);
    Ok(output)
}

/// Returns the entries behind the markers.
fn entries<'b>(bucket: &'b Bucket, input: &ListObjectVersionsInput) -> Vec<ListEntry<'b>> {
    let prefix = input.prefix.as_deref().unwrap_or_default();
    let delimiter = input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
    let key_marker = input.key_marker.as_deref().unwrap_or_default();
    let mut entries = Vec::new();
    let mut last_prefix = String::new();
    for key in bucket.keys().filter(|key| key.starts_with(prefix)) {
        let below = &key[prefix.len()..];
        if let Some((delimiter, at)) = delimiter.and_then(|text| Some((text, below.find(text)?))) {
            let common = &key[..prefix.len() + at + delimiter.len()];
            if common > key_marker && common != last_prefix {
                common.clone_into(&mut last_prefix);
                entries.push(ListEntry::Prefix(common.to_owned()));
            }
            continue;
        }
        if key < key_marker
            || key == key_marker && input.version_id_marker.is_none() && !key_marker.is_empty()
        {
            continue;
        }
        let mut behind_marker = key != key_marker || key_marker.is_empty();
        for (index, version) in bucket.versions_of(key).into_iter().enumerate() {
            if behind_marker {
                entries.push(ListEntry::Version { key, version, is_latest: index == 0 });
            }
            behind_marker |= input.version_id_marker.as_deref() == Some(version.id());
        }
    }
    entries
}
