//! Policies that are read otherwise than they are written. Must not weigh one.

use std::borrow::Cow;

use serde_json::Value;

use super::edit::Edit;

/// What is done to every policy before anybody reads it; nothing, as a rule.
#[derive(Debug, Clone, Default)]
pub struct Misread(Vec<&'static Edit>);

impl Misread {
    /// Edits of the whole policy, in which `Statement` is a list.
    pub fn new(edits: Vec<&'static Edit>) -> Self {
        Self(edits)
    }

    /// The policy as it is read.
    pub fn read<'p>(&self, policy: &'p Value) -> Cow<'p, Value> {
        if self.0.is_empty() {
            return Cow::Borrowed(policy);
        }
        let mut policy = policy.clone();
        if let Some(statement) = policy.get_mut("Statement").filter(|statement| statement.is_object()) {
            *statement = Value::Array(vec![statement.take()]);
        }
        self.0.iter().for_each(|edit| edit.apply(&mut policy));
        Cow::Owned(policy)
    }
}
