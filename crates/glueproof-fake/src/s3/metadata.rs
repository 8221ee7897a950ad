//! The metadata of an object: user metadata and content headers. Data only.
//! Must not know the bytes.

use std::collections::BTreeMap;

use s3s::dto::{CopyObjectInput, CreateMultipartUploadInput, Metadata, PutObjectInput, Timestamp};
use serde::{Deserialize, Serialize};

/// User metadata and content headers, as they were sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ObjectMetadata {
    pub metadata: BTreeMap<String, String>,
    pub content_type: Option<String>,
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub expires: Option<Timestamp>,
    pub storage_class: Option<String>,
}

impl ObjectMetadata {
    /// Returns the user metadata as responses have it.
    pub fn metadata(&self) -> Option<Metadata> {
        (!self.metadata.is_empty()).then(|| self.metadata.clone().into_iter().collect())
    }

    /// Returns the content type, or the default of S3.
    pub fn content_type(&self) -> String {
        self.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned())
    }
}

/// Reads the metadata of a request. The inputs of the three operations have the same members, but no common type.
macro_rules! metadata_from {
    ($($input:ty),+) => {$(
        impl From<&$input> for ObjectMetadata {
            fn from(input: &$input) -> Self {
                Self {
                    metadata: input.metadata.clone().unwrap_or_default().into_iter().collect(),
                    content_type: input.content_type.clone(),
                    cache_control: input.cache_control.clone(),
                    content_disposition: input.content_disposition.clone(),
                    content_encoding: input.content_encoding.clone(),
                    content_language: input.content_language.clone(),
                    expires: input.expires.clone(),
                    storage_class: input.storage_class.as_ref().map(|class| class.as_str().to_owned()),
                }
            }
        }
    )+};
}

metadata_from!(PutObjectInput, CreateMultipartUploadInput, CopyObjectInput);
