//! Who a policy may name: principals that exist, without wildcard patterns (E030), or everybody (E017,
//! E022). Must not look at anything else in a statement.

use serde_json::Value;

use super::policy_document::{PolicyProblem, Scope, each_text};

/// Whether everything that a `Principal` or `NotPrincipal` names may be named.
pub fn check(value: &Value, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    match value {
        Value::String(text) if text == "*" => Ok(()),
        Value::String(text) => Err(PolicyProblem::Principal(text.clone())),
        Value::Object(kinds) if !kinds.is_empty() => kinds
            .iter()
            .try_for_each(|(kind, named)| each_text(named, "Principal", |text| one(kind, text, scope))),
        _ => Err(PolicyProblem::Form("Principal")),
    }
}

fn one(kind: &str, text: &str, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    let legal = match kind {
        "AWS" => text == "*" || is_account(text) || exists(text, scope),
        "Service" | "Federated" | "CanonicalUser" => !text.is_empty() && !text.contains(['*', '?']),
        _ => false,
    };
    if legal { Ok(()) } else { Err(PolicyProblem::Principal(text.to_owned())) }
}

/// The root of any account exists; users, roles and sessions do when the fake has been told of them.
fn exists(arn: &str, scope: &Scope<'_>) -> bool {
    let root = || {
        let (partition, rest) = arn.strip_prefix("arn:")?.split_once(":iam::")?;
        let (account, name) = rest.split_once(':')?;
        (partition.starts_with("aws") && is_account(account) && name == "root").then_some(())
    };
    root().is_some() || scope.principals.iter().any(|known| known == arn)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
