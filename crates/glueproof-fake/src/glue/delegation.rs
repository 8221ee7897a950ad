//! Glue at work for its callers: the roles it assumes, and the errors of other services as Glue reports them.
//! Must not know what a role may do.
//! [`assume_role`], [`check_pass_role`] and [`glue_error`] are the entry points.

use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{Authorization, Mode, authorize};

const GLUE: &str = "glue.amazonaws.com";

/// Returns Glue as a caller with the role, which is named by ARN, or by path and name.
///
/// # Errors
/// The role does not exist or does not trust Glue, in [`Mode::Enforce`]. Public projects retry on this text until a new
/// role has propagated.
pub fn assume_role(
    cloud: &Cloud,
    caller: &Caller,
    role: &str,
    session: &str,
) -> Result<Caller, ServiceError> {
    let (account, name) = (role_account(caller, role), role_name(role));
    if cloud.settings.mode == Mode::Enforce {
        let arn = role_arn(caller, role);
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
    let principal = format!("arn:{}:sts::{account}:assumed-role/{name}/{session}", caller.partition());
    Ok(Caller::named(&account, &caller.region, principal))
}

/// Checks that the caller can pass the role to Glue.
///
/// # Errors
/// No policy allows it, in [`Mode::Enforce`].
pub fn check_pass_role(cloud: &Cloud, caller: &Caller, role: &str) -> Result<(), ServiceError> {
    if cloud.settings.mode != Mode::Enforce {
        return Ok(());
    }
    let arn = role_arn(caller, role);
    let request = Authorization::new(caller, "iam:PassRole", &arn).with("iam:PassedToService", GLUE);
    Ok(authorize(cloud, &request)?)
}

/// Returns path and name without the leading slash, as names of log groups have them (E091).
pub fn role_path(role: &str) -> &str {
    role.split_once(":role/").map_or(role, |(_, path)| path).trim_start_matches('/')
}

/// Returns the name without the path.
pub fn role_name(role: &str) -> &str {
    role_path(role).rsplit('/').next().unwrap_or_default()
}

fn role_arn(caller: &Caller, role: &str) -> String {
    if role.starts_with("arn:") {
        return role.to_owned();
    }
    format!("arn:{}:iam::{}:role/{}", caller.partition(), caller.account, role_path(role))
}

fn role_account(caller: &Caller, role: &str) -> String {
    let of_arn = role.split(':').nth(4).filter(|account| !account.is_empty());
    of_arn.unwrap_or(&caller.account).to_owned()
}

/// Returns the error of KMS as Glue reports it, with the suffix of the SDK (E058, E071).
pub fn glue_error(cloud: &mut Cloud, refusal: &ServiceError) -> ServiceError {
    let text = error_text(cloud, refusal, "AWSKMS", 400);
    ServiceError::with("GlueEncryptionException", text)
}

/// Returns the error of a service as a text, in the form of E058 and E089.
pub fn error_text(cloud: &mut Cloud, refusal: &ServiceError, service: &str, status: u16) -> String {
    let id = cloud.random.uuid();
    let text = refusal.message.as_deref().unwrap_or("null");
    format!(
        "{text} (Service: {service}; Status Code: {status}; Error Code: {}; Request ID: {id}; Proxy: null)",
        refusal.code
    )
}
