//! What a security configuration says to a crawler, job or development endpoint. Must not encrypt anything.

use serde_json::Value;

/// How objects in S3 are encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objects {
    /// As the bucket does by itself.
    AsTheBucket,
    /// With keys of S3's.
    SseS3,
    /// With that KMS key; S3's own where none is named.
    SseKms(Option<String>),
}

/// A security configuration, read. Keys that are empty texts are keys nobody has (E038).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadEncryption {
    pub objects: Objects,
    /// The key that logs are under.
    pub logs: Option<String>,
    /// The key that bookmarks are under.
    pub bookmarks: Option<String>,
}

impl WorkloadEncryption {
    /// What the configuration says; of several elements for S3 the first counts.
    pub fn read(configuration: &Value) -> Self {
        let s3 = &configuration["S3Encryption"][0];
        let objects = match s3["S3EncryptionMode"].as_str() {
            Some("SSE-KMS") => Objects::SseKms(s3["KmsKeyArn"].as_str().map(str::to_owned)),
            Some("SSE-S3") => Objects::SseS3,
            _ => Objects::AsTheBucket,
        };
        let key = |part: &str, member: &str, mode: &str| {
            let part = &configuration[part];
            let on = part[member].as_str() == Some(mode);
            on.then(|| part["KmsKeyArn"].as_str().unwrap_or_default().to_owned())
        };
        Self {
            objects,
            logs: key("CloudWatchEncryption", "CloudWatchEncryptionMode", "SSE-KMS"),
            bookmarks: key("JobBookmarksEncryption", "JobBookmarksEncryptionMode", "CSE-KMS"),
        }
    }

    /// Whether any of it takes a call to KMS.
    pub fn needs_kms(&self) -> bool {
        matches!(self.objects, Objects::SseKms(_)) || self.logs.is_some() || self.bookmarks.is_some()
    }
}
