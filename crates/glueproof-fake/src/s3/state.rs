//! The state of S3 for one account. Data only.
//! Must not know any operation.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::checksum::ObjectChecksum;
use super::encryption::{Encryption, RequestedEncryption};
use super::metadata::ObjectMetadata;
use crate::clock::Timestamp;
use crate::iam::PolicyDocument;
use crate::kms::{Blob, Secret};
use crate::store::{List, Table};
use crate::tags::Tags;

/// The buckets and the key of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The buckets by name. No other account can use the names.
    pub buckets: Table<String, Bucket>,
    /// The key of SSE-S3, created when first needed.
    pub own_key: Option<Secret>,
}

/// A bucket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    pub region: String,
    pub created: Timestamp,
    /// The default encryption.
    pub encryption: RequestedEncryption,
    /// The current objects by key.
    pub objects: Table<String, Object>,
    #[serde(default)]
    pub versioning: Versioning,
    /// All other versions by key, oldest first. If a delete marker is last, the key has no current object.
    #[serde(default, rename = "older")]
    pub noncurrent: Table<String, List<StoredVersion>>,
    /// The uploads by id.
    pub uploads: Table<String, Upload>,
    /// The bucket policy.
    #[serde(default)]
    pub policy: Option<PolicyDocument>,
    #[serde(default)]
    pub tags: Tags,
}

/// An object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    pub modified: Timestamp,
    /// The ETag without quotes.
    pub etag: String,
    /// The number of bytes of plaintext.
    pub size: usize,
    pub details: ObjectMetadata,
    pub sum: ObjectChecksum,
    pub encryption: Encryption,
    /// Nonce, ciphertext and tag.
    pub stored: Blob,
    #[serde(default)]
    pub tags: Tags,
    /// The parts of a multipart upload, in order.
    #[serde(default)]
    pub parts: Vec<ObjectPartRecord>,
    /// The version id; none for `null`.
    #[serde(default)]
    pub version: Option<String>,
}

/// The versioning of a bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Versioning {
    /// The bucket never had versions.
    #[default]
    Off,
    Enabled,
    Suspended,
}

/// A version that is not the current object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoredVersion {
    Object(Box<Object>),
    DeleteMarker {
        /// The version id; none for `null`.
        version: Option<String>,
        modified: Timestamp,
    },
}

/// A version of a key, current or not.
#[derive(Debug, Clone, Copy)]
pub enum VersionRef<'b> {
    Object(&'b Object),
    DeleteMarker { id: &'b str, modified: Timestamp },
}

/// The id of a version that was written without versioning.
const NULL_VERSION: &str = "null";

impl Object {
    /// Returns the id of the version; `null` without one.
    pub fn version_id(&self) -> &str {
        self.version.as_deref().unwrap_or(NULL_VERSION)
    }
}

impl VersionRef<'_> {
    /// Returns the id of the version.
    pub fn id(&self) -> &str {
        match self {
            Self::Object(object) => object.version_id(),
            Self::DeleteMarker { id, .. } => id,
        }
    }
}

impl StoredVersion {
    fn as_ref(&self) -> VersionRef<'_> {
        match self {
            Self::Object(object) => VersionRef::Object(object),
            Self::DeleteMarker { version, modified } => VersionRef::DeleteMarker {
                id: version.as_deref().unwrap_or(NULL_VERSION),
                modified: *modified,
            },
        }
    }
}

impl Bucket {
    /// Returns every key that has a version, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let keys: BTreeSet<&String> = self.objects.keys().chain(self.noncurrent.keys()).collect();
        keys.into_iter().map(String::as_str)
    }

    /// Returns the versions of a key, newest first.
    pub fn versions_of(&self, key: &str) -> Vec<VersionRef<'_>> {
        let current = self.objects.get(key).map(VersionRef::Object);
        let noncurrent = self.noncurrent.get(key).into_iter().flatten().rev().map(StoredVersion::as_ref);
        current.into_iter().chain(noncurrent).collect()
    }

    /// Makes an object the current one. With versioning, the one before is kept.
    pub fn put(&mut self, key: &str, object: Object) {
        self.move_current_to_noncurrent(key);
        self.objects.insert(key.to_owned(), object);
    }

    /// Removes the current object. With versioning, the object is kept behind a delete marker of that id.
    pub fn put_delete_marker(&mut self, key: &str, version: Option<String>, modified: Timestamp) {
        self.move_current_to_noncurrent(key);
        if self.versioning != Versioning::Off {
            let marker = StoredVersion::DeleteMarker { version, modified };
            self.noncurrent.entry(key.to_owned()).or_default().push(marker);
        }
    }

    /// Moves the current object to the noncurrent versions, if it has to be kept.
    fn move_current_to_noncurrent(&mut self, key: &str) {
        let current = self.objects.remove(key);
        let is_kept = |object: &Object| match self.versioning {
            Versioning::Off => false,
            Versioning::Enabled => true,
            // The new version takes the place of the one with the id `null`.
            Versioning::Suspended => object.version.is_some(),
        };
        if let Some(current) = current.filter(is_kept) {
            self.noncurrent.entry(key.to_owned()).or_default().push(StoredVersion::Object(Box::new(current)));
        }
        if self.versioning == Versioning::Suspended {
            self.remove_noncurrent(key, NULL_VERSION);
        }
    }

    /// Removes a version for good. Returns true if it was a delete marker. The newest version that is left becomes the current one.
    pub fn remove_version(&mut self, key: &str, id: &str) -> bool {
        if self.objects.get(key).is_some_and(|object| object.version_id() == id) {
            self.objects.remove(key);
        }
        let was_marker = self.remove_noncurrent(key, id);
        let newest = self.noncurrent.get(key).and_then(List::last);
        if !self.objects.contains_key(key) && matches!(newest, Some(StoredVersion::Object(_))) {
            let newest = self.noncurrent.get_mut(key).and_then(List::pop);
            if let Some(StoredVersion::Object(object)) = newest {
                self.objects.insert(key.to_owned(), *object);
            }
        }
        self.noncurrent.retain(|_, noncurrent| !noncurrent.is_empty());
        was_marker
    }

    fn remove_noncurrent(&mut self, key: &str, id: &str) -> bool {
        let Some(noncurrent) = self.noncurrent.get_mut(key) else { return false };
        let removed = noncurrent.remove_first(|version| version.as_ref().id() == id);
        matches!(removed, Some(StoredVersion::DeleteMarker { .. }))
    }
}

/// A part that an object was made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectPartRecord {
    pub number: i32,
    /// The number of bytes of plaintext.
    pub size: usize,
    pub sum: ObjectChecksum,
}

/// A multipart upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    pub key: String,
    pub started: Timestamp,
    pub details: ObjectMetadata,
    /// The checksum algorithm that the writer asked for.
    pub algorithm: Option<super::checksum::Algorithm>,
    pub encryption: Encryption,
    #[serde(default)]
    pub tags: Tags,
    /// The parts by number.
    pub parts: Table<i32, UploadedPart>,
}

/// A part of a multipart upload.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadedPart {
    pub modified: Timestamp,
    /// The ETag without quotes.
    pub etag: String,
    /// The MD5 of the plaintext, for the ETag of the object.
    pub digest: Blob,
    /// The number of bytes of plaintext.
    pub size: usize,
    pub sum: ObjectChecksum,
    pub stored: Blob,
}

impl State {
    /// Returns the stored bytes with their region, by kind and name.
    pub fn at_rest(&self) -> Vec<(&str, String, Vec<u8>)> {
        let mut items = Vec::new();
        for (name, bucket) in &self.buckets {
            let region = bucket.region.as_str();
            for (key, object) in &bucket.objects {
                items.push((region, format!("object/{name}/{key}"), object.stored.0.clone()));
            }
            for (key, noncurrent) in &bucket.noncurrent {
                for version in noncurrent {
                    if let StoredVersion::Object(object) = version {
                        let name = format!("object/{name}/{key}?versionId={}", object.version_id());
                        items.push((region, name, object.stored.0.clone()));
                    }
                }
            }
            for (id, upload) in &bucket.uploads {
                for (number, part) in &upload.parts {
                    items.push((
                        region,
                        format!("part/{name}/{}/{id}/{number}", upload.key),
                        part.stored.0.clone(),
                    ));
                }
            }
        }
        items
    }
}
