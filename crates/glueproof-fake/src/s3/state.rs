//! The state of S3 for one account. Data only.
//! Must not know any operation.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checksum::ObjectChecksum;
use super::encryption::{Encryption, RequestedEncryption};
use super::metadata::ObjectMetadata;
use crate::clock::Timestamp;
use crate::kms::{Blob, Secret};

/// The buckets and the key of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The buckets by name. No other account can use the names.
    pub buckets: BTreeMap<String, Bucket>,
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
    /// The objects by key.
    pub objects: BTreeMap<String, Object>,
    /// The uploads by id.
    pub uploads: BTreeMap<String, Upload>,
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
    /// The parts by number.
    pub parts: BTreeMap<i32, UploadedPart>,
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
