//! The resource policy of the Data Catalog: at most one per account and region.
//! Must not know the grammar of policies: `policy_document` does.
//! [`put`], [`get`], [`list`] and [`delete`] are the entry points.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::policy_document::{self, Scope};
use super::stored::Stored;
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::fault::Bug;
use crate::iam;
use crate::pretty_json;

/// The stored policy, in the form of responses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResourcePolicy {
    /// The time of the first put since there was no policy.
    pub create_time: Timestamp,
    /// The hash of `policy_in_json`.
    pub policy_hash: String,
    /// The text that reads return.
    pub policy_in_json: String,
    /// The time of the last put.
    pub update_time: Timestamp,
}

impl ResourcePolicy {
    /// Returns the document.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.policy_in_json).unwrap_or_default()
    }
}

/// The condition of a put on the existence of a policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Exists {
    MustExist,
    NotExist,
    #[default]
    None,
}

/// `EnableHybrid` is accepted and has no effect (E022), so it is not read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutInput {
    #[serde(default)]
    policy_exists_condition: Exists,
    policy_hash_condition: Option<String>,
    policy_in_json: String,
    resource_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutOutput {
    policy_hash: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInput {
    resource_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeleteInput {
    policy_hash_condition: Option<String>,
    resource_arn: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    get_resource_policies_response_list: Vec<ResourcePolicy>,
}

/// Sets the policy, if the document is legal and the conditions hold. The time of creation stays (E015).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<PutOutput, ServiceError> {
    if input.resource_arn.is_some() {
        // Any ARN is refused, even that of the catalog (E023).
        return Err(ServiceError::invalid_input("Glue resource level policy is not currently supported"));
    }
    let principals = iam::principals(cloud);
    let scope = Scope { account: &caller.account, region: &caller.region, principals: &principals };
    let document = match policy_document::parse(&input.policy_in_json, &scope) {
        Err(problem) if !cloud.failpoint(Bug::PolicyUnchecked) => {
            return Err(ServiceError::invalid_input(problem.to_string()));
        }
        parsed => parsed.unwrap_or_else(|_| serde_json::from_str(&input.policy_in_json).unwrap_or_default()),
    };
    let now = cloud.now();
    let state = &mut cloud.region(caller).glue;
    let current = state.policy.as_ref();
    existence_holds(current, input.policy_exists_condition)?;
    hash_holds(current, input.policy_hash_condition.as_deref())?;
    let text = pretty_json::pretty_print(&document).map_err(|e| ServiceError::internal(e.to_string()))?;
    let policy = ResourcePolicy {
        create_time: current.map_or(now, |policy| policy.create_time),
        policy_hash: policy_hash(&text),
        policy_in_json: text,
        update_time: now,
    };
    let policy_hash = policy.policy_hash.clone();
    state.policy = Some(policy);
    Ok(PutOutput { policy_hash })
}

/// Returns the policy of the catalog. No other resource has a policy (E025).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<ResourcePolicy, ServiceError> {
    match (&input.resource_arn, &cloud.region(caller).glue.policy) {
        (None, Some(policy)) => Ok(policy.clone()),
        _ => Err(not_found()),
    }
}

/// Lists the policies of the account: that of the catalog, or none (E100). One page contains all, so no token is valid.
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    if input.next_token.is_some_and(|token| !token.is_empty()) {
        return Err(ServiceError::invalid_input("The continuation token is invalid"));
    }
    // E256: an encrypted catalog shows its policy only to callers who may use its key.
    if cloud.region(caller).glue.policy.is_some() {
        Stored::check_permission(cloud, caller)?;
    }
    Ok(ListOutput {
        get_resource_policies_response_list: cloud.region(caller).glue.policy.iter().cloned().collect(),
    })
}

/// Deletes the policy, if the condition on its hash holds (E029). A missing policy is not found, with or without a
/// condition (E020, E112).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn delete(
    cloud: &mut Cloud,
    caller: &Caller,
    input: DeleteInput,
) -> Result<Map<String, Value>, ServiceError> {
    let state = &mut cloud.region(caller).glue;
    if input.resource_arn.is_some() || state.policy.is_none() {
        return Err(not_found());
    }
    hash_holds(state.policy.as_ref(), input.policy_hash_condition.as_deref())?;
    state.policy = None;
    Ok(Map::new())
}

/// Checks the condition on existence. `MUST_EXIST` without a policy could be either declared error (E026).
fn existence_holds(current: Option<&ResourcePolicy>, wanted: Exists) -> Result<(), ServiceError> {
    match (wanted, current) {
        (Exists::MustExist, None) => Err(not_found()),
        (Exists::NotExist, Some(_)) => Err(condition_failed()),
        _ => Ok(()),
    }
}

/// Checks the condition on the hash. The hash of no policy does not hold (E028), even if there is no policy.
fn hash_holds(current: Option<&ResourcePolicy>, wanted: Option<&str>) -> Result<(), ServiceError> {
    let Some(wanted) = wanted else { return Ok(()) };
    let hash = current.map(|policy| policy.policy_hash.as_str());
    if hash == Some(wanted) { Ok(()) } else { Err(condition_failed()) }
}

/// The error for a missing policy (E018, E019).
fn not_found() -> ServiceError {
    ServiceError::with("EntityNotFoundException", "Policy not found")
}

/// The error for a condition that does not hold (E027, E028). No recording shows the text.
fn condition_failed() -> ServiceError {
    ServiceError::with("ConditionCheckFailureException", "The condition on the policy does not hold.")
}

/// Returns 16 bytes in base64 that differ when the policy differs (E014). The service's own method is unknown.
pub fn policy_hash(text: &str) -> String {
    STANDARD.encode(&Sha256::digest(text)[..16])
}
