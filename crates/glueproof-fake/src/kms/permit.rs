//! What somebody wants to do with a key, and whether IAM lets them. Must not weigh a policy itself.

use serde::Serialize;
use serde_json::Value;

use super::envelope::Context;
use super::key::{Key, Manager, name};
use super::state::State;
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::error::ServiceError;
use crate::iam::{self, Authorization, Denied, Mode, PolicyKind};

/// Which keys an operation can be asked to work on, and how they may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By any name, in any account.
    Use,
    /// By id or ARN, in any account.
    Anywhere,
    /// By id or ARN, in the caller's account.
    Own,
    /// The same, but none that AWS keeps.
    Change,
}

/// An operation on a key, with what policies may want to know of it.
#[derive(Debug)]
pub struct Intent<'a> {
    /// The action without `kms:`, which grants name too.
    pub action: &'a str,
    pub reach: Reach,
    context: Option<&'a Context>,
    conditions: Vec<(&'a str, Vec<String>)>,
}

impl<'a> Intent<'a> {
    pub fn new(action: &'a str, reach: Reach) -> Self {
        Self { action, reach, context: None, conditions: Vec::new() }
    }

    /// With that encryption context.
    pub fn context(mut self, context: &'a Context) -> Self {
        self.context = Some(context);
        self
    }

    /// With a condition key of one value, such as an algorithm's name.
    pub fn with<T: Serialize>(self, key: &'a str, value: &T) -> Self {
        let value = name(value);
        self.with_text(key, value)
    }

    /// The same with a text.
    pub fn with_text(mut self, key: &'a str, value: impl Into<String>) -> Self {
        self.conditions.push((key, vec![value.into()]));
        self
    }

    /// With a condition key of many values.
    pub fn with_many(mut self, key: &'a str, values: Vec<String>) -> Self {
        self.conditions.push((key, values));
        self
    }

    fn denied(&self, caller: &Caller, key: &Key) -> ServiceError {
        ServiceError::from(Denied {
            principal: caller.principal.clone(),
            action: format!("kms:{}", self.action),
            resource: key.arn.clone(),
            explicit: false,
            policy: PolicyKind::Resource,
        })
    }
}

/// Whether the caller may do that with the key: whoever it is where policies decide, and services always.
pub fn on_key(
    cloud: &Cloud,
    caller: &Caller,
    state: &State,
    key: &Key,
    intent: &Intent<'_>,
) -> Result<(), ServiceError> {
    let foreign = matches!(intent.reach, Reach::Own | Reach::Change) && key.account != caller.account;
    if foreign || intent.reach == Reach::Change && key.manager == Manager::Aws {
        return Err(intent.denied(caller, key));
    }
    if !asked(cloud, caller) {
        return Ok(());
    }
    let action = format!("kms:{}", intent.action);
    let policy: Value = serde_json::from_str(&key.policy).unwrap_or(Value::Null);
    let mut request = Authorization::new(caller, &action, &key.arn)
        .resource_policy(Some(&policy))
        .granted(key.grants.iter().any(|grant| grant.allows(caller, intent.action, intent.context)))
        .with("kms:KeySpec", name(&key.spec))
        .with("kms:KeyUsage", name(&key.usage))
        .with("kms:KeyOrigin", "AWS_KMS")
        .with("kms:MultiRegion", "false")
        .with_many("kms:ResourceAliases", state.aliases_of(&key.id).map(|(alias, _)| alias.clone()));
    for (tag, value) in &key.tags {
        request = request.with(&format!("aws:ResourceTag/{tag}"), value);
    }
    if let Some(context) = intent.context {
        request = request.encryption_context(context);
    }
    for (key, values) in &intent.conditions {
        request = request.with_many(key, values.iter().cloned());
    }
    Ok(iam::authorize(cloud, &request)?)
}

/// Whether the caller may do what is on no key: `*`, or an alias, which no policy of its own guards.
pub fn on(cloud: &Cloud, caller: &Caller, action: &str, resource: &str) -> Result<(), ServiceError> {
    if !asked(cloud, caller) {
        return Ok(());
    }
    let action = format!("kms:{action}");
    Ok(iam::authorize(cloud, &Authorization::new(caller, &action, resource))?)
}

fn asked(cloud: &Cloud, caller: &Caller) -> bool {
    cloud.settings.mode == Mode::Enforce || caller.is_service()
}
