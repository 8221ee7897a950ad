//! Key policies: kept letter by letter, replaced as a whole. What they allow is IAM's to weigh.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::authorize::{KeyAction, KeyScope};
use super::lookup;
use super::page::{self, MarkerInput, MarkerOutput};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;

/// The only name a key policy has.
const NAME: &str = "default";

/// How many bytes a policy may have.
const MOST: usize = 32 * 1024;

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
    asked: MarkerInput,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListOutput {
    policy_names: Vec<&'static str>,
    #[serde(flatten)]
    end: MarkerOutput,
}

/// Another policy, unless nobody could ever change it again.
pub fn put(cloud: &mut Cloud, caller: &Caller, input: PutInput) -> Result<Map<String, Value>, ServiceError> {
    let bypass = input.bypass_policy_lockout_safety_check;
    let action = KeyAction::new("PutKeyPolicy", KeyScope::CustomerManaged)
        .with_text("kms:BypassPolicyLockoutSafetyCheck", bypass.to_string());
    let key = lookup::key(cloud, caller, &input.key_id, action)?;
    named(input.policy_name.as_deref())?;
    check(&input.policy, bypass)?;
    key.policy = input.policy;
    Ok(Map::new())
}

/// The policy as it was put.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn get(cloud: &mut Cloud, caller: &Caller, input: GetInput) -> Result<GetOutput, ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("GetKeyPolicy", KeyScope::OwnAccount))?;
    named(input.policy_name.as_deref())?;
    Ok(GetOutput { policy: key.policy.clone(), policy_name: NAME })
}

/// Always the one name.
#[expect(clippy::needless_pass_by_value, reason = "the contract of handlers")]
pub fn list(cloud: &mut Cloud, caller: &Caller, input: ListInput) -> Result<ListOutput, ServiceError> {
    let key =
        lookup::key(cloud, caller, &input.key_id, KeyAction::new("ListKeyPolicies", KeyScope::OwnAccount))?;
    let listing = format!("ListKeyPolicies {}", key.arn);
    let names = [(NAME.to_owned(), NAME)];
    let (policy_names, end) = page::page(&listing, caller, &input.asked, page::KEYS_PER_PAGE, names)?;
    Ok(ListOutput { policy_names, end })
}

fn named(name: Option<&str>) -> Result<(), ServiceError> {
    match name {
        None | Some(NAME) => Ok(()),
        Some(_) => Err(ServiceError::with("NotFoundException", "No such policy exists")),
    }
}

/// Refuses what is no policy, and what locks everybody out.
pub fn check(text: &str, bypass: bool) -> Result<(), ServiceError> {
    let malformed = || ServiceError::bare("MalformedPolicyDocumentException");
    if text.len() > MOST {
        return Err(ServiceError::bare("LimitExceededException"));
    }
    let policy: Value = serde_json::from_str(text).map_err(|_| malformed())?;
    let statements = match policy.get("Statement") {
        Some(Value::Array(statements)) => statements.iter().collect(),
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => Vec::new(),
    };
    if statements.is_empty() || !statements.iter().all(|statement| well_formed(statement)) {
        return Err(malformed());
    }
    // Who the principals are is not looked at, so that no policy is refused that the service would take.
    if bypass || statements.iter().any(|statement| may_let_change(statement)) {
        return Ok(());
    }
    Err(ServiceError::with(
        "MalformedPolicyDocumentException",
        "The new key policy will not allow you to update the key policy in the future.",
    ))
}

fn well_formed(statement: &Value) -> bool {
    let has = |member: &str| statement.get(member).is_some();
    let effect = matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny"));
    effect
        && has("Principal") != has("NotPrincipal")
        && has("Action") != has("NotAction")
        && has("Resource") != has("NotResource")
}

fn may_let_change(statement: &Value) -> bool {
    let allows = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
    let texts = |value: &Value| match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    };
    let covers = |action: &String| matches(&action.to_ascii_lowercase(), "kms:putkeypolicy");
    allows
        && match (statement.get("Action"), statement.get("NotAction")) {
            (Some(actions), _) => texts(actions).iter().any(covers),
            (None, Some(actions)) => !texts(actions).iter().any(covers),
            (None, None) => false,
        }
}

/// Whether a pattern with `*` and `?` covers the whole text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '*' => (0..=text.len()).any(|from| matches(rest, &text[from..])),
        '?' => !text.is_empty() && matches(rest, &text[1..]),
        plain => text.strip_prefix(plain).is_some_and(|left| matches(rest, left)),
    }
}
