//! Which statements of a policy speak of a call: by principal, resource and condition. Actions and effects
//! are the evaluator's affair.

use serde_json::{Map, Value};

use super::context::Context;
use super::principal::{self, Named, texts};
use super::{condition, identity::Identity, pattern, variable};
use crate::caller::Caller;

/// The version of the policy language that has variables.
const WITH_VARIABLES: &str = "2012-10-17";

/// What a statement is held against.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Who calls.
    pub caller: &'a Caller,
    /// Who that is to IAM.
    pub identity: &'a Identity<'a>,
    /// ARN of what is called for, or `*`.
    pub resource: &'a str,
    /// Every condition key.
    pub context: &'a Context,
}

/// The statements of an identity's policy that apply.
pub fn of_identity<'p>(policy: &'p Value, call: Call<'_>) -> impl Iterator<Item = &'p Map<String, Value>> {
    let variables = has_variables(policy);
    statements(policy).filter(move |statement| applies(statement, call, variables))
}

/// The statements of a resource's policy that apply, and how closely each names the caller.
pub fn of_resource<'p>(
    policy: &'p Value,
    call: Call<'_>,
) -> impl Iterator<Item = (Named, &'p Map<String, Value>)> {
    let variables = has_variables(policy);
    statements(policy).filter_map(move |statement| {
        let named = principal::named(statement, call.caller, call.identity)?;
        applies(statement, call, variables).then_some((named, statement))
    })
}

fn has_variables(policy: &Value) -> bool {
    policy.get("Version").and_then(Value::as_str) == Some(WITH_VARIABLES)
}

fn statements(policy: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let list = match policy.get("Statement") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter().filter_map(Value::as_object)
}

fn applies(statement: &Map<String, Value>, call: Call<'_>, variables: bool) -> bool {
    let resources = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(names), _) => one_of(names, call, variables),
        (None, Some(names)) => one_of(names, call, variables).map(|named| !named),
        // Trust policies have none: the role itself is meant.
        (None, None) => Some(true),
    };
    let conditions = match statement.get("Condition") {
        Some(Value::Object(block)) => condition::hold(block, call.context, variables),
        Some(_) => false,
        None => true,
    };
    resources == Some(true) && conditions
}

/// Whether the resource is one of these; nothing if a variable has no value.
fn one_of(names: &Value, call: Call<'_>, variables: bool) -> Option<bool> {
    let mut found = false;
    for name in texts(names) {
        let name = if variables { variable::resolve(name, call.context)? } else { name.to_owned() };
        found |= pattern::arn_matches(call.resource, &name);
    }
    Some(found)
}
