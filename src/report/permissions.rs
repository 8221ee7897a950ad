//! The permissions that the run's own caller lacks, as an IAM policy document.
//!
//! Pure. The entry point is [`policy_document`].

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::run::RuleResult;

/// Returns an IAM policy document that allows every missing action, or `None` if no permission is missing.
#[must_use]
pub fn policy_document(results: &[RuleResult]) -> Option<Value> {
    let actions: BTreeSet<&str> =
        results.iter().filter_map(|result| result.missing_permission.as_deref()).collect();
    (!actions.is_empty()).then(|| {
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }] })
    })
}
