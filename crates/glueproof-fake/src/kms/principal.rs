//! The names of principals in grants. Must not know if a principal exists.

use glueproof_spec::PARTITIONS;

use crate::caller::Caller;
use crate::error::ServiceError;

/// Checks that a text is an ARN of IAM or STS, or the name of a service.
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
    Err(ServiceError::with(
        "InvalidArnException",
        format!("The principal {principal} is no ARN of IAM or STS, and no service."),
    ))
}

/// Returns true if the principal is the caller, or the role of the caller's session.
pub fn is(principal: &str, caller: &Caller) -> bool {
    principal == caller.principal || of_session(principal, caller).unwrap_or(false)
}

/// Matches `arn:aws:iam::A:role/path/R` with `arn:aws:sts::A:assumed-role/R/session`.
fn of_session(principal: &str, caller: &Caller) -> Option<bool> {
    let (account, session) = caller.principal.split_once(":sts::")?.1.split_once(":assumed-role/")?;
    let (role, _) = session.split_once('/')?;
    let (owner, path) = principal.split_once(":iam::")?.1.split_once(":role/")?;
    let name = path.rsplit('/').next()?;
    Some(owner == account && name == role)
}

/// Returns the root user of the caller's account.
pub fn root(caller: &Caller) -> String {
    format!("arn:{}:iam::{}:root", caller.partition(), caller.account)
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|name| name.ends_with('.'))
}
