//! STS: the identity of the caller, and temporary credentials.
//! Must not return a secret twice: it leaves with the response that issues it.
//! The operations are the entry points, from [`caller_identity`] to [`session_token`].

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authenticate::Mode;
use super::authorize::{Authorization, authorize};
use super::identity::{Identity, role_name};
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use super::role::AN_HOUR;
use super::state::{Role, SecretText, StsSession};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;

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

/// The output with secrets in plain text, so without `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CredentialsOutput {
    credentials: IssuedCredentials,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed_role_user: Option<AssumedRoleUser>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct IssuedCredentials {
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

/// Returns the identity of the caller.
#[expect(clippy::unnecessary_wraps, reason = "the contract of handlers")]
pub fn caller_identity(
    cloud: &mut Cloud,
    caller: &Caller,
    _: Map<String, Value>,
) -> Result<IdentityOutput, ServiceError> {
    let user_id = Identity::of(cloud, caller).user_id();
    Ok(IdentityOutput { user_id, account: caller.account.clone(), arn: caller.principal.clone() })
}

/// Issues credentials of a role of any account, if the trust policy of the role allows it.
pub fn assume_role(
    cloud: &mut Cloud,
    caller: &Caller,
    input: AssumeInput,
) -> Result<CredentialsOutput, ServiceError> {
    let role_arn = required(input.role_arn, "roleArn")?;
    let session_name = parameter::named(input.role_session_name, "roleSessionName", 2..=64)?;
    let range = SHORTEST..=TWELVE_HOURS;
    let asked = parameter::number(input.duration_seconds.as_deref(), "durationSeconds", range)?;
    let policy = input.policy.as_deref().map(PolicyDocument::of_identity).transpose()?;
    let role = trusting_role(cloud, caller, &role_arn, &session_name, input.external_id.as_deref())?;
    let seconds = asked.unwrap_or(AN_HOUR);
    // A session of a session can last an hour ("role chaining").
    let longest = if role_name(&caller.principal).is_some() { AN_HOUR } else { role.longest };
    if seconds > longest {
        let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(ServiceError::with("ValidationError", text));
    }
    let account = account_of(&role_arn).to_owned();
    let name = role.arn.rsplit('/').next().unwrap_or_default();
    let arn = format!("arn:{}:sts::{account}:assumed-role/{name}/{session_name}", caller.partition());
    let user_id = format!("{}:{session_name}", role.id);
    let credentials =
        issue_session(cloud, &account, NewSession { principal: &arn, user_id: &user_id, seconds, policy })?;
    let assumed_role_user = Some(AssumedRoleUser { assumed_role_id: user_id, arn });
    Ok(CredentialsOutput { credentials, assumed_role_user })
}

/// Returns the role of that ARN, if it exists and the caller can assume it. The refusal is the same in both cases.
fn trusting_role<'c>(
    cloud: &'c Cloud,
    caller: &Caller,
    arn: &str,
    session_name: &str,
    external_id: Option<&str>,
) -> Result<&'c Role, ServiceError> {
    let refused = || {
        let text = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            caller.principal
        );
        ServiceError::with("AccessDenied", text)
    };
    let account = cloud.existing_account(account_of(arn));
    let role = account.and_then(|account| account.iam.roles.values().find(|role| role.arn == arn));
    let role = role.ok_or_else(refused)?;
    if cloud.settings.mode == Mode::Enforce {
        let request =
            Authorization::new(caller, "sts:AssumeRole", arn).resource_policy(Some(role.trust.content()));
        let request = request.with("sts:RoleSessionName", session_name);
        let request = request.with_many("sts:ExternalId", external_id.map(str::to_owned));
        authorize(cloud, &request).map_err(|_| refused())?;
    }
    Ok(role)
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// Issues temporary credentials of the caller.
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
    // Those of the root last an hour at most.
    let usual = if caller.principal.ends_with(":root") { AN_HOUR } else { TWELVE_HOURS };
    let longest = if caller.principal.ends_with(":root") { AN_HOUR } else { u32::MAX };
    let seconds = asked.unwrap_or(usual).min(longest);
    let user_id = Identity::of(cloud, caller).user_id();
    let new = NewSession { principal: &caller.principal, user_id: &user_id, seconds, policy: None };
    Ok(CredentialsOutput {
        credentials: issue_session(cloud, &caller.account, new)?,
        assumed_role_user: None,
    })
}

/// The session to issue.
struct NewSession<'a> {
    principal: &'a str,
    user_id: &'a str,
    seconds: u32,
    policy: Option<PolicyDocument>,
}

fn issue_session(
    cloud: &mut Cloud,
    account: &str,
    new: NewSession<'_>,
) -> Result<IssuedCredentials, ServiceError> {
    let now = cloud.now();
    let id = format!("ASIA{}", cloud.random.letters(16));
    let session = StsSession {
        secret: random_secret(30)?,
        token: random_secret(180)?,
        principal: new.principal.to_owned(),
        user_id: new.user_id.to_owned(),
        issued: now,
        expires: now.later(new.seconds),
        policy: new.policy,
    };
    let credentials = IssuedCredentials {
        access_key_id: id.clone(),
        secret_access_key: session.secret.reveal().to_owned(),
        session_token: session.token.reveal().to_owned(),
        expiration: session.expires,
    };
    let sessions = &mut cloud.account_named(account).iam.sessions;
    // Sessions that expired a day ago are deleted, so that they do not fill the memory.
    sessions.retain(|_, session| session.expires.later(DAY) > now);
    sessions.insert(id, session);
    Ok(credentials)
}

/// Returns a secret of `bytes` random bytes as text. The randomness is the system's, and never that of a seed.
pub fn random_secret(bytes: usize) -> Result<SecretText, ServiceError> {
    let mut drawn = vec![0; bytes];
    rand::fill(&mut drawn).map_err(|_| ServiceError::with("InternalFailure", "no randomness to be had"))?;
    Ok(SecretText::new(STANDARD.encode(drawn)))
}
