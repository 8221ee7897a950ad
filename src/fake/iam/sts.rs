//! STS: who calls, and temporary credentials. Secrets leave once, with the answer that hands them out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authorize::{Authorization, authorize};
use super::document::Document;
use super::identity::Identity;
use super::mode::Mode;
use super::parameter::{self, required};
use super::role::AN_HOUR;
use super::secret;
use super::state::Session;
use crate::fake::caller::Caller;
use crate::fake::clock::Timestamp;
use crate::fake::cloud::Cloud;
use crate::fake::error::ServiceError;

const TWELVE_HOURS: u32 = 12 * AN_HOUR;
const DAY: u32 = 24 * AN_HOUR;
const SHORTEST: u32 = 900;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IdentityOutput {
    user_id: String,
    account: String,
    arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AssumeInput {
    role_arn: Option<String>,
    role_session_name: Option<String>,
    duration_seconds: Option<String>,
    external_id: Option<String>,
    policy: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SessionInput {
    duration_seconds: Option<String>,
}

/// No `Debug`: it holds the secrets in the open.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CredentialsOutput {
    credentials: HandedOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed_role_user: Option<AssumedRoleUser>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HandedOut {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    #[serde(serialize_with = "Timestamp::as_text")]
    expiration: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AssumedRoleUser {
    assumed_role_id: String,
    arn: String,
}

/// Who calls.
pub fn caller_identity(
    cloud: &mut Cloud,
    caller: &Caller,
    _: Map<String, Value>,
) -> Result<IdentityOutput, ServiceError> {
    let user_id = Identity::of(cloud, caller).user_id();
    Ok(IdentityOutput { user_id, account: caller.account.clone(), arn: caller.principal.clone() })
}

/// Hands out credentials of a role, of this account or another, to whom its trust policy lets have them.
pub fn assume_role(
    cloud: &mut Cloud,
    caller: &Caller,
    input: AssumeInput,
) -> Result<CredentialsOutput, ServiceError> {
    let role_arn = required(input.role_arn, "roleArn")?;
    let session_name = parameter::named(input.role_session_name, "roleSessionName", 2..=64)?;
    let range = SHORTEST..=TWELVE_HOURS;
    let seconds =
        parameter::number(input.duration_seconds.as_deref(), "durationSeconds", range)?.unwrap_or(AN_HOUR);
    let policy = input.policy.as_deref().map(Document::of_identity).transpose()?;
    let refused = || {
        let text = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
            caller.principal
        );
        ServiceError::with("AccessDenied", text)
    };
    let account = role_arn.split(':').nth(4).unwrap_or_default().to_owned();
    let roles = cloud.existing_account(&account).map(|account| &account.iam.roles);
    let found = roles.and_then(|roles| roles.iter().find(|(_, role)| role.arn == role_arn));
    let (name, role) = found.ok_or_else(refused)?;
    if cloud.settings.mode == Mode::Enforce {
        let mut request =
            Authorization::new(caller, "sts:AssumeRole", &role_arn).resource_policy(Some(role.trust.says()));
        request = request.with("sts:RoleSessionName", &session_name);
        if let Some(id) = &input.external_id {
            request = request.with("sts:ExternalId", id);
        }
        authorize(cloud, &request).map_err(|_| refused())?;
    }
    // A session that begets another may last an hour ("role chaining").
    let longest = if caller.principal.contains(":assumed-role/") { AN_HOUR } else { role.longest };
    if seconds > longest {
        let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(ServiceError::with("ValidationError", text));
    }
    let arn = format!("arn:aws:sts::{account}:assumed-role/{name}/{session_name}");
    let user_id = format!("{}:{session_name}", role.id);
    let credentials =
        hand_out(cloud, &account, Lent { principal: &arn, user_id: &user_id, seconds, policy })?;
    let assumed_role_user = Some(AssumedRoleUser { assumed_role_id: user_id, arn });
    Ok(CredentialsOutput { credentials, assumed_role_user })
}

/// Hands out temporary credentials of the caller's own.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn session_token(
    cloud: &mut Cloud,
    caller: &Caller,
    input: SessionInput,
) -> Result<CredentialsOutput, ServiceError> {
    if caller.session.is_some() {
        return Err(ServiceError::with(
            "AccessDenied",
            "Cannot call GetSessionToken with session credentials",
        ));
    }
    let range = SHORTEST..=(36 * AN_HOUR);
    let asked = parameter::number(input.duration_seconds.as_deref(), "durationSeconds", range)?;
    // Root's are good for an hour at most.
    let usual = if caller.principal.ends_with(":root") { AN_HOUR } else { TWELVE_HOURS };
    let longest = if caller.principal.ends_with(":root") { AN_HOUR } else { u32::MAX };
    let seconds = asked.unwrap_or(usual).min(longest);
    let user_id = Identity::of(cloud, caller).user_id();
    let lent = Lent { principal: &caller.principal, user_id: &user_id, seconds, policy: None };
    Ok(CredentialsOutput { credentials: hand_out(cloud, &caller.account, lent)?, assumed_role_user: None })
}

/// Whose new credentials are to be, for how long, and what narrows them.
struct Lent<'a> {
    principal: &'a str,
    user_id: &'a str,
    seconds: u32,
    policy: Option<Document>,
}

fn hand_out(cloud: &mut Cloud, account: &str, lent: Lent<'_>) -> Result<HandedOut, ServiceError> {
    let now = cloud.now();
    let id = format!("ASIA{}", cloud.random.letters(16));
    let session = Session {
        secret: secret::text(30)?,
        token: secret::text(180)?,
        principal: lent.principal.to_owned(),
        user_id: lent.user_id.to_owned(),
        issued: now,
        expires: now.later(lent.seconds),
        policy: lent.policy,
    };
    let handed_out = HandedOut {
        access_key_id: id.clone(),
        secret_access_key: session.secret.reveal().to_owned(),
        session_token: session.token.reveal().to_owned(),
        expiration: session.expires,
    };
    let sessions = &mut cloud.account_named(account).iam.sessions;
    // What has long been worth nothing is forgotten, so that callers who come back for years do not fill memory.
    sessions.retain(|_, session| session.expires.later(DAY) > now);
    sessions.insert(id, session);
    Ok(handed_out)
}
