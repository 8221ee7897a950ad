//! Authorization in KMS: an action on a key with its condition keys, and the question to IAM. Must not evaluate a policy.
//! [`on_key`] and [`on_resource`] are the entry points.

use serde::Serialize;
use serde_json::Value;

use super::envelope::Context;
use super::grant::{Constraints, Grant, GrantOperation};
use super::key::{Key, Manager};
use super::spec::name;
use super::state::State;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{self, Authorization, Denied, Mode, PolicyKind};

/// The keys that an operation accepts, and the names it accepts for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyScope {
    /// A key of any account, by id, ARN or alias.
    AnyName,
    /// A key of any account, by id or ARN.
    AnyAccount,
    /// A key of the caller's account, by id or ARN.
    OwnAccount,
    /// A key of the caller's account that AWS does not manage, by id or ARN.
    CustomerManaged,
}

/// An action on a key, with the condition keys of the request.
#[derive(Debug, Clone)]
pub struct KeyAction<'a> {
    /// The name of the action without `kms:`, as grants have it.
    pub name: &'a str,
    /// The keys that the action accepts.
    pub scope: KeyScope,
    context: Option<&'a Context>,
    delegated: Option<(&'a [GrantOperation], Option<&'a Constraints>)>,
    conditions: Vec<(&'a str, Vec<String>)>,
}

impl<'a> KeyAction<'a> {
    /// Creates an action without condition keys.
    pub fn new(name: &'a str, scope: KeyScope) -> Self {
        Self { name, scope, context: None, delegated: None, conditions: Vec::new() }
    }

    /// Adds the encryption context.
    pub fn context(mut self, context: &'a Context) -> Self {
        self.context = Some(context);
        self
    }

    /// Adds the operations and constraints of a new grant. A grant allows the action only if it covers them.
    pub fn delegating(
        mut self,
        operations: &'a [GrantOperation],
        constraints: Option<&'a Constraints>,
    ) -> Self {
        self.delegated = Some((operations, constraints));
        self
    }

    /// Returns true if the grant allows the caller to perform the action.
    fn is_granted_by(&self, grant: &Grant, caller: &Caller) -> bool {
        let covered = |(operations, constraints)| grant.covers(operations, constraints);
        grant.allows(caller, self.name, self.context) && self.delegated.is_none_or(covered)
    }

    /// Adds a condition key whose value is a name of the service, such as an algorithm.
    pub fn with<T: Serialize>(self, key: &'a str, value: &T) -> Self {
        let value = name(value);
        self.with_text(key, value)
    }

    /// Adds a condition key whose value is a text.
    pub fn with_text(mut self, key: &'a str, value: impl Into<String>) -> Self {
        self.conditions.push((key, vec![value.into()]));
        self
    }

    /// Adds a condition key with several values.
    pub fn with_many(mut self, key: &'a str, values: Vec<String>) -> Self {
        self.conditions.push((key, values));
        self
    }

    fn denied(&self, caller: &Caller, key: &Key) -> ServiceError {
        ServiceError::from(Denied {
            principal: caller.principal.clone(),
            action: format!("kms:{}", self.name),
            resource: key.arn.clone(),
            explicit: false,
            policy: PolicyKind::Resource,
        })
    }
}

/// Checks that the caller may perform the action on the key. Policies are evaluated in [`Mode::Enforce`], and for services
/// in every mode.
///
/// # Errors
/// The key is outside the scope of the action, or no policy and no grant allows the action.
pub fn on_key(
    cloud: &Cloud,
    caller: &Caller,
    state: &State,
    key: &Key,
    action: &KeyAction<'_>,
) -> Result<(), ServiceError> {
    let restricted = matches!(action.scope, KeyScope::OwnAccount | KeyScope::CustomerManaged);
    let foreign = restricted && key.account != caller.account;
    if foreign || action.scope == KeyScope::CustomerManaged && key.manager == Manager::Aws {
        return Err(action.denied(caller, key));
    }
    if !is_enforced(cloud, caller) {
        return Ok(());
    }
    let granted = key.grants.iter().any(|grant| action.is_granted_by(grant, caller));
    decide(cloud, caller, state, key, action, granted)
}

/// Asks IAM for a decision on the action, with or without a grant that allows it.
fn decide(
    cloud: &Cloud,
    caller: &Caller,
    state: &State,
    key: &Key,
    action: &KeyAction<'_>,
    granted: bool,
) -> Result<(), ServiceError> {
    let name_of_action = format!("kms:{}", action.name);
    let policy: Value = serde_json::from_str(&key.policy).unwrap_or(Value::Null);
    let mut request = Authorization::new(caller, &name_of_action, &key.arn)
        .resource_policy(Some(&policy))
        .granted(granted)
        .with("kms:KeySpec", name(&key.spec))
        .with("kms:KeyUsage", name(&key.usage))
        .with("kms:KeyOrigin", name(&key.origin))
        .with("kms:MultiRegion", key.primary_region.is_some().to_string())
        .with_many("kms:ResourceAliases", state.aliases_of(&key.id).map(|(alias, _)| alias.clone()));
    for (tag, value) in &key.tags {
        request = request.with(&format!("aws:ResourceTag/{tag}"), value);
    }
    if let Some(context) = action.context {
        request = request.encryption_context(context);
    }
    for (key, values) in &action.conditions {
        request = request.with_many(key, values.iter().cloned());
    }
    Ok(iam::authorize(cloud, &request)?)
}

/// Checks that the caller may perform an action on a resource without a policy of its own: `*`, or an alias.
///
/// # Errors
/// No policy allows the action, where policies are evaluated.
pub fn on_resource(cloud: &Cloud, caller: &Caller, action: &str, resource: &str) -> Result<(), ServiceError> {
    if !is_enforced(cloud, caller) {
        return Ok(());
    }
    let action = format!("kms:{action}");
    Ok(iam::authorize(cloud, &Authorization::new(caller, &action, resource))?)
}

/// Returns true if policies decide for the caller.
fn is_enforced(cloud: &Cloud, caller: &Caller) -> bool {
    cloud.settings.mode == Mode::Enforce || caller.is_service()
}
