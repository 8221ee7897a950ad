//! The roles that crawlers, jobs, development endpoints and the catalog itself work as: who may pass one on,
//! and whether Glue may take it on. Must not say what a role may do.

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

const GLUE: &str = "glue.amazonaws.com";

/// Glue at work as the role, which is named by its ARN, or by its path and name.
///
/// # Errors
/// In [`Mode::Enforce`], when there is no such role or it does not trust Glue; the text is the one that
/// public projects wait out until a new role has spread.
pub fn session(cloud: &Cloud, caller: &Caller, role: &str, session: &str) -> Result<Caller, ServiceError> {
    let (account, name) = (account(caller, role), name(role));
    if cloud.settings.mode == Mode::Enforce {
        let arn = arn(caller, role);
        let refused = || {
            let text = format!("Role {arn} should be given assume role permissions for Glue Service.");
            ServiceError::invalid_input(text)
        };
        let roles = cloud.existing_account(&account).map(|account| &account.iam.roles);
        let found = roles.and_then(|roles| roles.get(name)).ok_or_else(refused)?;
        let glue = Caller::named(&account, &caller.region, GLUE);
        let request = Authorization::new(&glue, "sts:AssumeRole", &found.arn)
            .resource_policy(Some(found.trust.content()))
            .with("aws:SourceAccount", &caller.account);
        authorize(cloud, &request).map_err(|_| refused())?;
    }
    let principal = format!("arn:aws:sts::{account}:assumed-role/{name}/{session}");
    Ok(Caller::named(&account, &caller.region, principal))
}

/// Whether the caller may hand the role to Glue.
///
/// # Errors
/// In [`Mode::Enforce`], when policies do not let them.
pub fn pass(cloud: &Cloud, caller: &Caller, role: &str) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce {
        return Ok(());
    }
    let arn = arn(caller, role);
    let request = Authorization::new(caller, "iam:PassRole", &arn).with("iam:PassedToService", GLUE);
    Ok(authorize(cloud, &request)?)
}

/// Path and name in one, without the slash in front: as names of log groups have it (E091).
pub fn filed(role: &str) -> &str {
    role.split_once(":role/").map_or(role, |(_, filed)| filed).trim_start_matches('/')
}

/// The bare name, without a path.
pub fn name(role: &str) -> &str {
    filed(role).rsplit('/').next().unwrap_or_default()
}

fn arn(caller: &Caller, role: &str) -> String {
    if role.starts_with("arn:") {
        return role.to_owned();
    }
    format!("arn:aws:iam::{}:role/{}", caller.account, filed(role))
}

fn account(caller: &Caller, role: &str) -> String {
    let of_arn = role.split(':').nth(4).filter(|account| !account.is_empty());
    of_arn.unwrap_or(&caller.account).to_owned()
}
