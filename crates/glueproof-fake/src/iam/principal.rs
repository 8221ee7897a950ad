//! Whom a resource policy speaks of: `Principal` and `NotPrincipal`. Must not look at anything else in a
//! statement.

use serde_json::{Map, Value};

use super::identity::Identity;
use crate::caller::Caller;

/// How closely a statement names the caller, from afar to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    /// By its account: which leaves it to that account's own policies.
    Account,
    /// By the user or role, or as everybody.
    Principal,
    /// By the very session.
    Session,
}

/// How the statement names the caller, if it does.
pub fn named(statement: &Map<String, Value>, caller: &Caller, identity: &Identity<'_>) -> Option<Named> {
    let deny = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(value), _) => by(value, caller, identity).max(),
        (None, Some(value)) => {
            let spared: Vec<Named> = by(value, caller, identity).collect();
            let applies = if deny { !spares(&spared, caller, identity) } else { spared.is_empty() };
            applies.then_some(Named::Principal)
        }
        (None, None) => None,
    }
}

/// A denial spares who is named in whole: account, user or role, and session (IAM User Guide, `NotPrincipal`).
fn spares(named: &[Named], caller: &Caller, identity: &Identity<'_>) -> bool {
    let whole = |level| named.contains(&level);
    if caller.is_service() || identity.is_root() {
        return !named.is_empty();
    }
    whole(Named::Account)
        && whole(Named::Principal)
        && (identity.session_arn().is_none() || whole(Named::Session))
}

fn by<'v>(
    value: &'v Value,
    caller: &'v Caller,
    identity: &'v Identity<'_>,
) -> Box<dyn Iterator<Item = Named> + 'v> {
    match value {
        Value::String(text) if text == "*" => Box::new([Named::Account, Named::Principal].into_iter()),
        Value::Object(kinds) => Box::new(kinds.iter().flat_map(move |(kind, names)| {
            texts(names).filter_map(move |name| one(kind, name, caller, identity))
        })),
        _ => Box::new(std::iter::empty()),
    }
}

fn one(kind: &str, name: &str, caller: &Caller, identity: &Identity<'_>) -> Option<Named> {
    match kind {
        "AWS" if name == "*" => Some(Named::Principal),
        "AWS" if !caller.is_service() => aws(name, caller, identity),
        "Service" if caller.is_service() && name == caller.principal => Some(Named::Principal),
        _ => None,
    }
}

/// Names are exact: no pattern can stand for principals.
fn aws(name: &str, caller: &Caller, identity: &Identity<'_>) -> Option<Named> {
    let account = name == caller.account || account_of_root(name) == Some(&caller.account);
    if account {
        // Its root is the account in person.
        return Some(if identity.is_root() { Named::Principal } else { Named::Account });
    }
    if identity.session_arn() == Some(name) {
        return Some(Named::Session);
    }
    (identity.arn() == name).then_some(Named::Principal)
}

fn account_of_root(arn: &str) -> Option<&str> {
    arn.split_once(":iam::")?.1.strip_suffix(":root")
}

/// A text, or every text of a list.
pub fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    list.iter().filter_map(Value::as_str)
}
