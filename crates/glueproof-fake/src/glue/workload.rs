//! What runs of jobs and crawls have in common: the role they work as, the security configuration they work
//! under, the way to KMS, their logs. Must not know what either of them does.

use super::connection;
use super::role;
use super::workload_encryption::WorkloadEncryption;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::logs;

/// Why a workload cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A service refused something.
    #[error(transparent)]
    Refused(#[from] ServiceError),
    /// It starts in a network from which there is no way to KMS (E093).
    #[error("kms timeout")]
    NoWayToKms,
}

/// What a workload is given to work with.
#[derive(Debug)]
pub struct Workload {
    /// Glue, at work as the role.
    pub worker: Caller,
    /// Nothing without a security configuration.
    pub encryption: Option<WorkloadEncryption>,
}

impl Workload {
    /// Takes the role on, reads the configuration and makes sure that KMS can be reached if it has to be.
    pub fn begin(
        cloud: &mut Cloud,
        owner: &Caller,
        role: &str,
        configuration: Option<&str>,
        connections: &[String],
    ) -> Result<Self, Stop> {
        let worker = role::session(cloud, owner, role, "GlueJobRunnerSession")?;
        let encryption = match configuration {
            Some(name) => Some(encryption(cloud, owner, name)?),
            None => None,
        };
        let needs_kms = encryption.as_ref().is_some_and(WorkloadEncryption::needs_kms);
        for connection in connections {
            let place = connection::enter(cloud, &worker, connection)?;
            let subnet = place.subnet_id.unwrap_or_default();
            if needs_kms && !cloud.state.network.reaches_kms(&subnet, &place.security_group_id_list) {
                return Err(Stop::NoWayToKms);
            }
        }
        Ok(Self { worker, encryption })
    }

    /// Writes to a log stream as the role. Groups are made, and given the key, by the role as well, which
    /// therefore needs `logs:AssociateKmsKey` (E090, E091); whether the key lets the logs service in is for
    /// KMS to say.
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

/// What the configuration of that name says.
pub fn encryption(cloud: &mut Cloud, owner: &Caller, name: &str) -> Result<WorkloadEncryption, ServiceError> {
    let region = cloud.existing_region(&owner.account, &owner.region);
    let found = region.and_then(|region| region.glue.security_configurations.encryption(name)).cloned();
    // A configuration can be deleted while a job refers to it. No recording shows the error.
    let found = found.ok_or_else(|| ServiceError::bare("EntityNotFoundException"))?;
    Ok(WorkloadEncryption::read(&cloud.failpoints.configurations.apply(&found)))
}
