//! Bookmarks of jobs: the point where a run ended, stored in plain text or under the key of a security configuration.
//! Must not decide when a bookmark is stored.
//! [`Bookmark::write`] and [`Bookmark::read`] are the entry points.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};

/// A bookmark at rest.
#[derive(Clone, Serialize, Deserialize)]
pub enum Bookmark {
    Plain(Secret),
    /// The ciphertext of KMS.
    Sealed(Blob),
}

impl fmt::Debug for Bookmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain(…)",
            Self::Sealed(_) => "Sealed(…)",
        })
    }
}

/// The content of a bookmark.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BookmarkEntry {
    pub attempt: u32,
    /// JSON in a text.
    pub job_bookmark: String,
    pub job_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_run_id: Option<String>,
    pub run: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    pub version: u64,
}

impl Bookmark {
    /// Returns the stored bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(plain) => plain.expose(),
            Self::Sealed(sealed) => &sealed.0,
        }
    }

    /// Encrypts an entry as the writer, if there is a key.
    pub fn write(
        cloud: &mut Cloud,
        writer: &Caller,
        key: Option<&str>,
        entry: &BookmarkEntry,
    ) -> Result<Self, ServiceError> {
        let plain = serde_json::to_vec(entry).map_err(|e| ServiceError::internal(e.to_string()))?;
        let Some(key) = key else { return Ok(Self::Plain(plain.into())) };
        kms::encrypt(cloud, writer, key, &plain, &Context::new()).map(|sealed| Self::Sealed(Blob(sealed)))
    }

    /// Decrypts the entry as the reader.
    pub fn read(&self, cloud: &mut Cloud, reader: &Caller) -> Result<BookmarkEntry, ServiceError> {
        let opened = match self {
            Self::Plain(plain) => plain.clone(),
            Self::Sealed(sealed) => kms::decrypt(cloud, reader, &sealed.0, &Context::new(), None)?,
        };
        serde_json::from_slice(opened.expose()).map_err(|_| ServiceError::internal("a bookmark is damaged"))
    }
}
