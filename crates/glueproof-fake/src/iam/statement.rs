//! The statements of a policy that apply to a request, by principal, resource and condition, and their decision.
//! Must not combine the decisions of several policies.
//! [`of_identity_policy`], [`of_resource_policy`] and [`decide`] are the entry points.

use serde_json::{Map, Value};

use super::condition;
use super::identity::{Identity, PrincipalMatch, match_principal, texts};
use super::pattern::Pattern;
use super::request_context::RequestContext;
use crate::caller::Caller;

/// The version of the policy language that has variables.
const VERSION_WITH_VARIABLES: &str = "2012-10-17";

/// The decision of the statements of one policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A statement denies the action.
    Deny,
    /// A statement allows the action, and none denies it.
    Allow,
    /// No statement applies to the action.
    NotApplicable,
}

/// The request that statements are compared with.
#[derive(Debug, Clone, Copy)]
pub struct EvaluatedRequest<'a> {
    /// The caller.
    pub caller: &'a Caller,
    /// The caller's identity in IAM.
    pub identity: &'a Identity<'a>,
    /// The ARN of the resource, or `*`.
    pub resource: &'a str,
    /// The condition keys.
    pub context: &'a RequestContext,
}

/// Returns the statements of an identity policy that apply.
pub fn of_identity_policy<'p>(
    policy: &'p Value,
    request: EvaluatedRequest<'_>,
) -> impl Iterator<Item = &'p Map<String, Value>> {
    let has_variables = has_variables(policy);
    statements(policy).filter(move |statement| applies(statement, request, has_variables))
}

/// Returns the statements of a resource policy that apply, each with the way in which it names the caller.
pub fn of_resource_policy<'p>(
    policy: &'p Value,
    request: EvaluatedRequest<'_>,
) -> impl Iterator<Item = (PrincipalMatch, &'p Map<String, Value>)> {
    let has_variables = has_variables(policy);
    statements(policy).filter_map(move |statement| {
        let matched = match_principal(statement, request.caller, request.identity)?;
        applies(statement, request, has_variables).then_some((matched, statement))
    })
}

fn has_variables(policy: &Value) -> bool {
    policy.get("Version").and_then(Value::as_str) == Some(VERSION_WITH_VARIABLES)
}

fn statements(policy: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let list = match policy.get("Statement") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter().filter_map(Value::as_object)
}

fn applies(statement: &Map<String, Value>, request: EvaluatedRequest<'_>, has_variables: bool) -> bool {
    let resources = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(names), _) => names_resource(names, request, has_variables),
        (None, Some(names)) => names_resource(names, request, has_variables).map(|is_named| !is_named),
        // Trust policies have no resource: their resource is the role.
        (None, None) => Some(true),
    };
    let conditions = match statement.get("Condition") {
        Some(Value::Object(block)) => condition::holds(block, request.context, has_variables),
        Some(_) => false,
        None => true,
    };
    resources == Some(true) && conditions
}

/// Returns true if a name matches the resource, and `None` if a variable has no value.
fn names_resource(names: &Value, request: EvaluatedRequest<'_>, has_variables: bool) -> Option<bool> {
    let mut found = false;
    for name in texts(names) {
        let pattern =
            if has_variables { Pattern::resolve(name, request.context)? } else { Pattern::from(name) };
        found |= pattern.matches_arn(request.resource);
    }
    Some(found)
}

/// Decides on an action by statements that apply otherwise. Deny overrides allow.
pub fn decide<'s>(statements: impl IntoIterator<Item = &'s Map<String, Value>>, action: &str) -> Decision {
    let effects = statements.into_iter().filter(|statement| concerns(statement, action));
    effects.fold(Decision::NotApplicable, |decision, statement| {
        match statement.get("Effect").and_then(Value::as_str) {
            Some("Deny") => Decision::Deny,
            Some("Allow") if decision == Decision::NotApplicable => Decision::Allow,
            _ => decision,
        }
    })
}

/// Returns true if `Action` or `NotAction` of a statement covers the action. Case does not matter.
fn concerns(statement: &Map<String, Value>, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let covers = |names: &Value| {
        texts(names).any(|name| Pattern::from(name.to_ascii_lowercase().as_str()).matches(&action))
    };
    match (statement.get("Action"), statement.get("NotAction")) {
        (Some(names), _) => covers(names),
        (None, Some(names)) => !covers(names),
        (None, None) => false,
    }
}
