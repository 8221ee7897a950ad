//! Bookmarks of jobs: where a run left off, kept plain or under the key of its security configuration. Must
//! not decide when one is kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{job, kms_refusal};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::kms::{self, Blob, Context, Secret};

/// A bookmark at rest.
#[derive(Clone, Serialize, Deserialize)]
pub enum Bookmark {
    Plain(Secret),
    /// What KMS made of it.
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

/// Where a job left off, as it is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Entry {
    pub attempt: u32,
    /// JSON as a text.
    pub job_bookmark: String,
    pub job_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_run_id: Option<String>,
    pub run: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    pub version: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameInput {
    job_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EntryOutput {
    job_bookmark_entry: Entry,
}

impl Bookmark {
    /// What lies there.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Plain(plain) => plain.expose(),
            Self::Sealed(sealed) => &sealed.0,
        }
    }

    /// The entry as it is to lie there: encrypted by who writes it before it leaves their hands, if there is a
    /// key for it.
    pub fn write(
        cloud: &mut Cloud,
        writer: &Caller,
        key: Option<&str>,
        entry: &Entry,
    ) -> Result<Self, ServiceError> {
        let plain = serde_json::to_vec(entry).map_err(|e| ServiceError::internal(e.to_string()))?;
        let Some(key) = key else { return Ok(Self::Plain(plain.into())) };
        kms::encrypt(cloud, writer, key, &plain, &Context::new()).map(|sealed| Self::Sealed(Blob(sealed)))
    }

    /// The entry as it was written, if the reader may use the key.
    pub fn read(&self, cloud: &mut Cloud, reader: &Caller) -> Result<Entry, ServiceError> {
        let opened = match self {
            Self::Plain(plain) => plain.clone(),
            Self::Sealed(sealed) => kms::decrypt(cloud, reader, &sealed.0, &Context::new(), None)?,
        };
        serde_json::from_slice(opened.expose()).map_err(|_| ServiceError::internal("a bookmark is damaged"))
    }
}

/// Where the job left off; nowhere is an error of its own.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<EntryOutput, ServiceError> {
    let kept = job::find(cloud, caller, &input.job_name)?.bookmark.clone();
    let kept = kept.ok_or_else(|| ServiceError::bare("EntityNotFoundException"))?;
    let entry = kept.read(cloud, &caller.through("glue"));
    let job_bookmark_entry = entry.map_err(|refusal| kms_refusal::in_glue(cloud, &refusal))?;
    Ok(EntryOutput { job_bookmark_entry })
}

/// Back to the beginning. What lay there need not be opened for that.
pub fn reset(cloud: &mut Cloud, caller: &Caller, input: NameInput) -> Result<EntryOutput, ServiceError> {
    let kept = &mut job::find(cloud, caller, &input.job_name)?.bookmark;
    kept.take().ok_or_else(|| ServiceError::bare("EntityNotFoundException"))?;
    let job_bookmark = "{}".to_owned();
    Ok(EntryOutput {
        job_bookmark_entry: Entry { job_name: input.job_name, job_bookmark, ..Entry::default() },
    })
}
