//! The common parts of jobs and crawls: their role, their security configuration, the way to KMS, their logs, and the
//! objects they read and write. Must not know what a job or a crawler does.
//! [`Workload::begin`] is the entry point.

use serde_json::Value;

use super::connection;
use super::delegation::assume_role;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};
use crate::logs;
use crate::s3::{self, RequestedEncryption};

/// An error that ends a workload.
#[derive(Debug, thiserror::Error)]
pub enum WorkloadError {
    /// A service refused a call.
    #[error(transparent)]
    Refused(#[from] ServiceError),
    /// The network of the workload has no route to KMS (E093).
    #[error("kms timeout")]
    NoWayToKms,
}

/// The environment of a job or crawl.
#[derive(Debug)]
pub struct Workload {
    /// Glue with the role.
    pub worker: Caller,
    /// The encryption of the security configuration, if there is one.
    pub encryption: Option<WorkloadEncryption>,
}

impl Workload {
    /// Assumes the role, reads the configuration, and checks the route to KMS if one is needed.
    pub fn begin(
        cloud: &mut Cloud,
        owner: &Caller,
        role: &str,
        configuration: Option<&str>,
        connections: &[String],
    ) -> Result<Self, WorkloadError> {
        let worker = assume_role(cloud, owner, role, "GlueJobRunnerSession")?;
        let encryption = match configuration {
            Some(name) => Some(encryption(cloud, owner, name)?),
            None => None,
        };
        let needs_kms = encryption.as_ref().is_some_and(WorkloadEncryption::needs_kms);
        for connection in connections {
            let place = connection::enter(cloud, &worker, connection)?;
            let subnet = place.subnet_id.unwrap_or_default();
            if needs_kms && !cloud.state.network.reaches_kms(&subnet, &place.security_group_id_list) {
                return Err(WorkloadError::NoWayToKms);
            }
        }
        Ok(Self { worker, encryption })
    }

    /// Writes to a log stream as the role. The role also creates the group and associates the key, so it needs
    /// `logs:AssociateKmsKey` (E090, E091). KMS decides if the logs service can use the key.
    pub fn log(
        &self,
        cloud: &mut Cloud,
        group: &str,
        stream: &str,
        lines: Vec<String>,
    ) -> Result<(), ServiceError> {
        logs::prepare(cloud, &self.worker, group, None)?;
        if let Some(key) = self.encryption.as_ref().and_then(|encryption| encryption.logs.as_deref()) {
            logs::prepare(cloud, &self.worker, group, Some(key))?;
        }
        logs::write(cloud, &self.worker, group, stream, lines)
    }
}

/// Returns the encryption of the configuration of a name.
pub fn encryption(cloud: &mut Cloud, owner: &Caller, name: &str) -> Result<WorkloadEncryption, ServiceError> {
    let region = cloud.existing_region(&owner.account, &owner.region);
    let found = region.and_then(|region| region.glue.security_configurations.encryption(name)).cloned();
    // A configuration can be deleted while a job refers to it. No recording shows the error.
    let found = found.ok_or_else(|| {
        ServiceError::with("EntityNotFoundException", format!("Security configuration {name} not found."))
    })?;
    Ok(WorkloadEncryption::read(&cloud.failpoints.configurations.apply(&found)))
}

/// The encryption of objects in S3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectEncryption {
    /// The default of the bucket.
    AsTheBucket,
    /// SSE-S3.
    SseS3,
    /// SSE-KMS with a key, or with the default key of S3.
    SseKms(Option<String>),
}

/// The encryption that a security configuration requires. Keys that are empty texts do not exist (E038).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadEncryption {
    pub objects: ObjectEncryption,
    /// The key of logs.
    pub logs: Option<String>,
    /// The key of bookmarks.
    pub bookmarks: Option<String>,
}

impl WorkloadEncryption {
    /// Reads a configuration. Of several elements for S3 the first applies.
    pub fn read(configuration: &Value) -> Self {
        let s3 = &configuration["S3Encryption"][0];
        let objects = match s3["S3EncryptionMode"].as_str() {
            Some("SSE-KMS") => ObjectEncryption::SseKms(s3["KmsKeyArn"].as_str().map(str::to_owned)),
            Some("SSE-S3") => ObjectEncryption::SseS3,
            _ => ObjectEncryption::AsTheBucket,
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

    /// Returns true if any part needs KMS.
    pub fn needs_kms(&self) -> bool {
        matches!(self.objects, ObjectEncryption::SseKms(_)) || self.logs.is_some() || self.bookmarks.is_some()
    }
}

/// Reads an object.
pub fn read_object(cloud: &mut Cloud, worker: &Caller, uri: &str) -> Result<Vec<u8>, ServiceError> {
    let (bucket, key) = parse_uri(uri)?;
    s3::get_for_service(cloud, worker, bucket, key)
}

/// Writes an object.
pub fn write_object(
    cloud: &mut Cloud,
    worker: &Caller,
    uri: &str,
    bytes: Vec<u8>,
    protection: &ObjectEncryption,
) -> Result<(), ServiceError> {
    let (bucket, key) = parse_uri(uri)?;
    let wanted = match protection {
        ObjectEncryption::AsTheBucket => None,
        ObjectEncryption::SseS3 => Some(RequestedEncryption::S3),
        ObjectEncryption::SseKms(key) => Some(RequestedEncryption::kms(key.as_deref())),
    };
    s3::put_for_service(cloud, worker, bucket, key, bytes, wanted)
}

/// Returns the first object below a prefix, if there is one.
pub fn first_object(cloud: &mut Cloud, worker: &Caller, uri: &str) -> Result<Option<String>, ServiceError> {
    let (bucket, prefix) = parse_uri(uri)?;
    if cloud.settings.mode == Mode::Enforce {
        let arn = format!("arn:{}:s3:::{bucket}", worker.partition());
        authorize(cloud, &Authorization::new(worker, "s3:ListBucket", &arn).with("s3:prefix", prefix))?;
    }
    let found = cloud.accounts().find_map(|(_, account)| account.s3.buckets.get(bucket));
    let missing = || ServiceError::with("NoSuchBucket", "The specified bucket does not exist");
    let keys = found.ok_or_else(missing)?.objects.keys();
    let mut within = keys.filter(|key| key.starts_with(prefix) && !key.ends_with('/'));
    Ok(within.next().map(|key| format!("s3://{bucket}/{key}")))
}

fn parse_uri(uri: &str) -> Result<(&str, &str), ServiceError> {
    let place = uri.strip_prefix("s3://").or_else(|| uri.strip_prefix("s3a://"));
    let no_place = || ServiceError::invalid_input(format!("{uri} is no place in Amazon S3"));
    place.map(|place| place.split_once('/').unwrap_or((place, ""))).ok_or_else(no_place)
}
