//! What S3 holds for one account. Must not know what any operation means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::checksum::Sum;
use super::details::Details;
use super::encryption::{Encryption, Wanted};
use crate::clock::Timestamp;
use crate::kms::{Blob, Secret};

/// Everything of S3's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// By name, which no other account may use.
    pub buckets: BTreeMap<String, Bucket>,
    /// What SSE-S3 encrypts under; made when first needed.
    pub own_key: Option<Secret>,
}

/// A bucket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    pub region: String,
    pub created: Timestamp,
    /// How objects are encrypted whose writers say nothing.
    pub encryption: Wanted,
    /// By key.
    pub objects: BTreeMap<String, Object>,
    /// By upload id.
    pub uploads: BTreeMap<String, Upload>,
}

/// An object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    pub modified: Timestamp,
    /// Without quotes.
    pub etag: String,
    /// Bytes of plaintext.
    pub size: usize,
    pub details: Details,
    pub sum: Sum,
    pub encryption: Encryption,
    /// Nonce, ciphertext, tag.
    pub stored: Blob,
}

/// An object that comes in parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    pub key: String,
    pub started: Timestamp,
    pub details: Details,
    /// What its writer wants its checksum to be made with.
    pub algorithm: Option<super::checksum::Algorithm>,
    pub encryption: Encryption,
    /// By number.
    pub parts: BTreeMap<i32, Part>,
}

/// A part of an object to be.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub modified: Timestamp,
    /// Without quotes.
    pub etag: String,
    /// MD5 of the plaintext, for the ETag of the whole.
    pub digest: Blob,
    /// Bytes of plaintext.
    pub size: usize,
    pub sum: Sum,
    pub stored: Blob,
}

impl State {
    /// What is stored, by kind and name, with the region it is in.
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
