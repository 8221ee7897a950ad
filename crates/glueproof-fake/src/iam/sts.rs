//! STS: the identity of the caller, and temporary credentials.
//! Must not return a secret again after the response that issues the secret.
//! The operations are the entry points, from [`caller_identity`] to [`federation_token`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authenticate::Mode;
use super::authorize::{Authorization, authorize};
use super::identity::{Identity, role_name};
use super::managed_policy;
use super::parameter::{self, required};
use super::policy_document::PolicyDocument;
use super::role::AN_HOUR;
use super::secret::random_secret;
use super::state::{Role, StsSession};
use super::tag::{self, Tag};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::tags::Tags;
use glueproof_spec::PARTITIONS;

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
    #[serde(default)]
    policy_arns: Vec<PolicyArn>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    transitive_tag_keys: Vec<String>,
    source_identity: Option<String>,
}

/// The ARN of a managed session policy.
#[derive(Debug, Deserialize)]
struct PolicyArn {
    arn: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FederationInput {
    name: Option<String>,
    duration_seconds: Option<String>,
    policy: Option<String>,
    #[serde(default)]
    policy_arns: Vec<PolicyArn>,
    #[serde(default)]
    tags: Vec<Tag>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    federated_user: Option<FederatedUser>,
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

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FederatedUser {
    federated_user_id: String,
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
    if !is_role_arn(&role_arn) {
        // E252: refused as input, before any permission.
        return Err(ServiceError::with("ValidationError", format!("{role_arn} is invalid")));
    }
    let session_name = parameter::named(input.role_session_name, "roleSessionName", 2..=64)?;
    let range = SHORTEST..=TWELVE_HOURS;
    let asked = parameter::number(input.duration_seconds.as_deref(), "durationSeconds", range)?;
    let policy = input.policy.as_deref().map(PolicyDocument::of_identity).transpose()?;
    let tags = tag::read(input.tags)?;
    if let Some(key) = input.transitive_tag_keys.iter().find(|key| !tags.contains_key(*key)) {
        let text = format!("The transitive tag key {key} is not a key of the session tags.");
        return Err(ServiceError::with("ValidationError", text));
    }
    if input.source_identity.is_some() {
        let text = "glueproof does not implement SourceIdentity";
        return Err(ServiceError::with("ValidationError", text));
    }
    let managed = session_policies(cloud, caller, input.policy_arns)?;
    let asked_for =
        AssumeRequest { arn: &role_arn, session: &session_name, external_id: input.external_id, tags: &tags };
    let role = trusting_role(cloud, caller, &asked_for)?;
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
    let new = NewSession { principal: &arn, user_id: &user_id, seconds, policy, managed, tags, issuer: None };
    let credentials = issue_session(cloud, &account, new)?;
    let assumed_role_user = Some(AssumedRoleUser { assumed_role_id: user_id, arn });
    Ok(CredentialsOutput { credentials, assumed_role_user, federated_user: None })
}

/// Checks the form of a role's ARN.
fn is_role_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [scheme, partition, service, region, account, resource] = parts.as_slice() else { return false };
    let name = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    *scheme == "arn"
        && PARTITIONS.iter().any(|known| known.id == *partition)
        && (*service, *region) == ("iam", "")
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && name.is_some_and(|name| !name.is_empty())
}

/// Checks that the managed session policies exist, and returns their ARNs.
fn session_policies(
    cloud: &mut Cloud,
    caller: &Caller,
    given: Vec<PolicyArn>,
) -> Result<BTreeSet<String>, ServiceError> {
    let iam = &cloud.account(caller).iam;
    let unknown = given.iter().find(|policy| managed_policy::document(iam, &policy.arn).is_none());
    if let Some(PolicyArn { arn }) = unknown {
        let text = format!("The specified policy ARN {arn} does not exist");
        return Err(ServiceError::with("MalformedPolicyDocument", text));
    }
    Ok(given.into_iter().map(|policy| policy.arn).collect())
}

/// The parts of `AssumeRole` that a trust policy can name.
struct AssumeRequest<'a> {
    arn: &'a str,
    session: &'a str,
    external_id: Option<String>,
    tags: &'a Tags,
}

/// Returns the role of that ARN, if it exists and the caller can assume it. The refusal is the same in both cases.
fn trusting_role<'c>(
    cloud: &'c Cloud,
    caller: &Caller,
    asked_for: &AssumeRequest<'_>,
) -> Result<&'c Role, ServiceError> {
    let arn = asked_for.arn;
    let refused = |action: &str| {
        let text =
            format!("User: {} is not authorized to perform: {action} on resource: {arn}", caller.principal);
        ServiceError::with("AccessDenied", text)
    };
    let account = cloud.existing_account(account_of(arn));
    let role = account.and_then(|account| account.iam.roles.values().find(|role| role.arn == arn));
    let role = role.ok_or_else(|| refused("sts:AssumeRole"))?;
    if cloud.settings.mode != Mode::Enforce {
        return Ok(role);
    }
    let tagging = (!asked_for.tags.is_empty()).then_some("sts:TagSession");
    for action in ["sts:AssumeRole"].into_iter().chain(tagging) {
        let request = Authorization::new(caller, action, arn)
            .resource_policy(Some(role.trust.content()))
            .with("sts:RoleSessionName", asked_for.session)
            .with_many("sts:ExternalId", asked_for.external_id.clone())
            .request_tags(asked_for.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())))
            .resource_tags("iam", &role.tags);
        authorize(cloud, &request).map_err(|_| refused(action))?;
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
    let seconds = own_duration(caller, asked);
    let user_id = Identity::of(cloud, caller).user_id();
    let new = NewSession {
        principal: &caller.principal,
        user_id: &user_id,
        seconds,
        policy: None,
        managed: BTreeSet::new(),
        tags: Tags::new(),
        issuer: None,
    };
    let credentials = issue_session(cloud, &caller.account, new)?;
    Ok(CredentialsOutput { credentials, assumed_role_user: None, federated_user: None })
}

/// Returns the duration of credentials that a user or root has issued. Those of the root last an hour at most.
fn own_duration(caller: &Caller, asked: Option<u32>) -> u32 {
    if caller.principal.ends_with(":root") {
        asked.map_or(AN_HOUR, |seconds| seconds.min(AN_HOUR))
    } else {
        asked.unwrap_or(TWELVE_HOURS)
    }
}

/// Issues credentials of a federated user, who has the permissions that both the caller and the session policies have.
pub fn federation_token(
    cloud: &mut Cloud,
    caller: &Caller,
    input: FederationInput,
) -> Result<CredentialsOutput, ServiceError> {
    let name = parameter::named(input.name, "name", 2..=32)?;
    let range = SHORTEST..=(36 * AN_HOUR);
    let asked = parameter::number(input.duration_seconds.as_deref(), "durationSeconds", range)?;
    let policy = input.policy.as_deref().map(PolicyDocument::of_identity).transpose()?;
    let tags = tag::read(input.tags)?;
    if caller.session.is_some() {
        let text = "Cannot call GetFederationToken with session credentials";
        return Err(ServiceError::with("AccessDenied", text));
    }
    let managed = session_policies(cloud, caller, input.policy_arns)?;
    let arn = format!("arn:{}:sts::{}:federated-user/{name}", caller.partition(), caller.account);
    if cloud.settings.mode == Mode::Enforce {
        let tagging = (!tags.is_empty()).then_some("sts:TagSession");
        for action in ["sts:GetFederationToken"].into_iter().chain(tagging) {
            let request = Authorization::new(caller, action, &arn);
            let request =
                request.request_tags(tags.iter().map(|(key, value)| (key.as_str(), value.as_str())));
            let denied =
                |denied: super::authorize::Denied| ServiceError::with("AccessDenied", denied.to_string());
            authorize(cloud, &request).map_err(denied)?;
        }
    }
    // Without a session policy, only policies of resources give permissions.
    let policy = policy.or_else(|| managed.is_empty().then(PolicyDocument::empty));
    let user_id = format!("{}:{name}", caller.account);
    let new = NewSession {
        principal: &arn,
        user_id: &user_id,
        seconds: own_duration(caller, asked),
        policy,
        managed,
        tags,
        issuer: Some(caller.principal.clone()),
    };
    let credentials = issue_session(cloud, &caller.account, new)?;
    let federated_user = Some(FederatedUser { federated_user_id: user_id, arn });
    Ok(CredentialsOutput { credentials, assumed_role_user: None, federated_user })
}

/// The session to issue.
struct NewSession<'a> {
    principal: &'a str,
    user_id: &'a str,
    seconds: u32,
    policy: Option<PolicyDocument>,
    managed: BTreeSet<String>,
    tags: Tags,
    issuer: Option<String>,
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
        managed: new.managed,
        tags: new.tags,
        issuer: new.issuer,
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
