//! Key policies: replaced as a whole, and returned in the layout of the service. IAM evaluates them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authorize::{KeyAction, KeyScope};
use super::key::internal_failure;
use super::lookup;
use super::new_key::default_policy;
use super::page::{self, MarkerInput, MarkerOutput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::Pattern;
use crate::pretty_json::pretty_print;

/// The only name a key policy has.
const NAME: &str = "default";

/// The largest size of a policy in bytes.
const MAX_BYTES: usize = 32 * 1024;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutInput {
    key_id: String,
    policy_name: Option<String>,
    policy: String,
    #[serde(default)]
    bypass_policy_lockout_safety_check: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetInput {
    key_id: String,
    policy_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetOutput {
    policy: String,
    policy_name: &'static str,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListInput {
    key_id: String,
    #[serde(flatten)]
    pagination: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    policy_names: Vec<&'static str>,
    #[serde(flatten)]
    next: MarkerOutput,
}

/// Replaces the policy, unless no principal could change it again.
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<(), ServiceError> {
    let bypass = input.bypass_policy_lockout_safety_check;
    let action = KeyAction::new("PutKeyPolicy", KeyScope::CustomerManaged)
        .with_text("kms:BypassPolicyLockoutSafetyCheck", bypass.to_string());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    named(input.policy_name.as_deref())?;
    check(&caller.account, &input.policy, bypass)?;
    key.policy = input.policy;
    Ok(())
}

/// Returns the policy in the layout of the service (E219).
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("GetKeyPolicy", KeyScope::OwnAccount))?;
    named(input.policy_name.as_deref())?;
    Ok(GetOutput { policy: laid_out(&key.policy)?, policy_name: NAME })
}

/// Lists the only name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("ListKeyPolicies", KeyScope::OwnAccount))?;
    let listing = format!("ListKeyPolicies {}", key.arn);
    let names = [(NAME.to_owned(), NAME)];
    let (policy_names, next) = page::page(&listing, caller, &input.pagination, page::KEYS_PER_PAGE, names)?;
    Ok(ListOutput { policy_names, next })
}

/// Returns a policy as the service writes it: in the layout of Jackson, with `Version`, `Id` and `Statement` first (E219).
pub fn laid_out(policy: &str) -> Result<String, ServiceError> {
    let mut given: Map<String, Value> = serde_json::from_str(policy).map_err(|_| internal_failure())?;
    let mut ordered = Map::with_capacity(given.len());
    for member in ["Version", "Id", "Statement"] {
        if let Some(value) = given.shift_remove(member) {
            ordered.insert(member.to_owned(), value);
        }
    }
    ordered.extend(given);
    pretty_print(&Value::Object(ordered)).map_err(|_| internal_failure())
}

fn named(name: Option<&str>) -> Result<(), ServiceError> {
    match name {
        None | Some(NAME) => Ok(()),
        Some(_) => Err(ServiceError::with("NotFoundException", "No such policy exists")),
    }
}

/// Returns the policy of a new key of the owner: the given one, after a check, or the default policy.
pub fn checked(owner: &Caller, given: Option<String>, bypass: bool) -> Result<String, ServiceError> {
    let Some(policy) = given else { return Ok(default_policy(owner)) };
    check(&owner.account, &policy, bypass)?;
    Ok(policy)
}

/// Checks the form of a policy, and that a principal of the account can change the policy later.
///
/// # Errors
/// The policy is too long or malformed, or it locks everyone out.
pub fn check(account: &str, text: &str, bypass: bool) -> Result<(), ServiceError> {
    let malformed = |text: &str| ServiceError::with("MalformedPolicyDocumentException", text);
    if text.len() > MAX_BYTES {
        let text = format!("The key policy has {} bytes; at most {MAX_BYTES} are allowed.", text.len());
        return Err(ServiceError::with("LimitExceededException", text));
    }
    let policy: Value =
        serde_json::from_str(text).map_err(|_| malformed("The key policy is not a JSON document."))?;
    let statements = match policy.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().collect(),
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => Vec::new(),
    };
    if statements.is_empty() || !statements.iter().all(|statement| well_formed(statement)) {
        return Err(malformed("The key policy has no statement, or a statement without a required element."));
    }
    let changes = |statement: &&&Value| covers_put_key_policy(statement);
    let mut on_change = statements.iter().filter(changes);
    let allowed =
        on_change.clone().any(|statement| has_effect(statement, "Allow") && names(statement, account));
    let denied = on_change.any(|statement| {
        has_effect(statement, "Deny") && statement.get("Condition").is_none() && names_everyone(statement)
    });
    if bypass || allowed && !denied {
        return Ok(());
    }
    Err(malformed("The new key policy will not allow you to update the key policy in the future."))
}

fn has_effect(statement: &Value, effect: &str) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some(effect)
}

/// Returns true if the statement names a principal of the account, or all principals. Services cannot change a policy.
fn names(statement: &Value, account: &str) -> bool {
    let of_account = |principal: &String| {
        principal == "*" || principal == account || principal.split(':').nth(4) == Some(account)
    };
    match statement.get("Principal") {
        Some(Value::String(text)) => text == "*",
        Some(kinds) => kinds.get("AWS").is_some_and(|names| texts(names).iter().any(of_account)),
        // `NotPrincipal` names everyone else.
        None => true,
    }
}

fn names_everyone(statement: &Value) -> bool {
    match statement.get("Principal") {
        Some(Value::String(text)) => text == "*",
        Some(kinds) => kinds.get("AWS").is_some_and(|names| texts(names).iter().any(|name| name == "*")),
        None => false,
    }
}

fn well_formed(statement: &Value) -> bool {
    let has = |member: &str| statement.get(member).is_some();
    let effect = matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny"));
    effect
        && has("Principal") != has("NotPrincipal")
        && has("Action") != has("NotAction")
        && has("Resource") != has("NotResource")
}

fn covers_put_key_policy(statement: &Value) -> bool {
    let covers =
        |action: &String| Pattern::from(action.to_ascii_lowercase().as_str()).matches("kms:putkeypolicy");
    match (statement.get("Action"), statement.get("NotAction")) {
        (Some(actions), _) => texts(actions).iter().any(covers),
        (None, Some(actions)) => !texts(actions).iter().any(covers),
        (None, None) => false,
    }
}

/// Returns a text, or all texts of a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}
