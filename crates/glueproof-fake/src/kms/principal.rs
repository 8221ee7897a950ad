//! The names of principals in grants. Must not ask whether anybody of that name exists.

use glueproof_spec::PARTITIONS;

use crate::caller::Caller;
use crate::error::ServiceError;

/// Refuses what can name nobody: neither an ARN of IAM or STS nor a service.
pub fn check(principal: &str) -> Result<(), ServiceError> {
    let mut parts = principal.splitn(6, ':');
    let arn = parts.next() == Some("arn")
        && parts.next().is_some_and(|partition| partition.starts_with("aws"))
        && matches!(parts.next(), Some("iam" | "sts"))
        && parts.next() == Some("")
        && parts.next().is_some_and(|account| account.len() == 12)
        && parts.next().is_some_and(|name| !name.is_empty());
    if arn || PARTITIONS.iter().any(|partition| is_below(principal, partition.dns_suffix)) {
        return Ok(());
    }
    Err(ServiceError::bare("InvalidArnException"))
}

/// Whether that names the caller: as it is, or by the role that its session is of.
pub fn is(principal: &str, caller: &Caller) -> bool {
    principal == caller.principal || of_session(principal, caller).unwrap_or(false)
}

/// `arn:aws:iam::A:role/path/R` for `arn:aws:sts::A:assumed-role/R/session`.
fn of_session(principal: &str, caller: &Caller) -> Option<bool> {
    let (account, session) = caller.principal.split_once(":sts::")?.1.split_once(":assumed-role/")?;
    let (role, _) = session.split_once('/')?;
    let (owner, path) = principal.split_once(":iam::")?.1.split_once(":role/")?;
    let name = path.rsplit('/').next()?;
    Some(owner == account && name == role)
}

/// The caller's account as a principal.
pub fn root(caller: &Caller) -> String {
    format!("arn:{}:iam::{}:root", caller.partition(), caller.account)
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|name| name.ends_with('.'))
}
