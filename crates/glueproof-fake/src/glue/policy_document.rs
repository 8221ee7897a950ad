//! The legality of resource policies (E030): parses a document, checks it, and returns it unchanged.
//! Must not read state.
//! [`parse`] is the entry point.

use glueproof_spec::partition;
use serde_json::{Map, Value};

use crate::iam::STATEMENT_MEMBERS;

/// The largest size of a document, in bytes (E031).
const LIMIT: usize = 10_240;

const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];
const MEMBERS: [&str; 3] = ["Version", "Id", "Statement"];

/// The catalog of a policy, and the principals that exist.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The account of the catalog.
    pub account: &'a str,
    /// The region of the catalog.
    pub region: &'a str,
    /// The ARNs of the users and roles that exist.
    pub principals: &'a [String],
}

/// The reason why a document is illegal. The texts are those of the fake: no recording shows the real ones.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// The document exceeds [`LIMIT`] bytes.
    #[error("The policy has {0} bytes; at most {LIMIT} are allowed")]
    TooLong(usize),
    /// The text is not a JSON object.
    #[error("The policy is not a JSON object")]
    NotAnObject,
    /// A member is unknown.
    #[error("The policy has an unknown element {0}")]
    UnknownMember(String),
    /// The version is neither of the two known ones.
    #[error("The policy version is invalid")]
    Version,
    /// The document has no statement.
    #[error("The policy has no statement")]
    NoStatement,
    /// A statement is not an object.
    #[error("A statement of the policy is not an object")]
    StatementForm,
    /// The effect is neither `Allow` nor `Deny`.
    #[error("A statement of the policy has no Effect of Allow or Deny")]
    Effect,
    /// A member is not present once, plain or negated.
    #[error("A statement of the policy needs either {0} or Not{0}")]
    EitherOr(&'static str),
    /// A member has the wrong JSON type, or is an empty list.
    #[error("{0} has an invalid form")]
    Form(&'static str),
    /// An action is neither `*` nor `service:name`.
    #[error("The action {0} is invalid")]
    Action(String),
    /// A resource is not of this catalog.
    #[error("The resource {0} is not a Glue resource of this account and region")]
    Resource(String),
    /// A principal does not exist.
    #[error("The principal {0} is invalid or does not exist")]
    Principal(String),
    /// A principal of another account is not known.
    #[error(
        "The principal {principal} does not exist: glueproof knows no such principal in the account {account}. Declare it in \
         a seed file (`glueproof serve --seed`, with account = \"{account}\") or with `FakeCloudBuilder::principal`"
    )]
    PrincipalOfOtherAccount {
        /// The ARN.
        principal: String,
        /// The account in it.
        account: String,
    },
}

/// Returns the document, if it is a legal policy of the catalog.
pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Value, PolicyProblem> {
    if text.len() > LIMIT {
        return Err(PolicyProblem::TooLong(text.len()));
    }
    let Ok(Value::Object(document)) = serde_json::from_str(text) else {
        return Err(PolicyProblem::NotAnObject);
    };
    only(&document, &MEMBERS)?;
    if document.get("Version").is_some_and(|version| !VERSIONS.iter().any(|known| version == known)) {
        return Err(PolicyProblem::Version);
    }
    text_if_any(&document, "Id")?;
    statements(&document)?.iter().try_for_each(|one| statement(one, scope))?;
    Ok(Value::Object(document))
}

/// Returns the statements. A single statement need not be in a list (E022).
fn statements(document: &Map<String, Value>) -> Result<&[Value], PolicyProblem> {
    match document.get("Statement") {
        Some(Value::Array(list)) if !list.is_empty() => Ok(list),
        Some(one @ Value::Object(_)) => Ok(std::slice::from_ref(one)),
        None | Some(Value::Array(_)) => Err(PolicyProblem::NoStatement),
        Some(_) => Err(PolicyProblem::StatementForm),
    }
}

fn statement(value: &Value, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    let statement = value.as_object().ok_or(PolicyProblem::StatementForm)?;
    only(statement, &STATEMENT_MEMBERS)?;
    text_if_any(statement, "Sid")?;
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err(PolicyProblem::Effect);
    }
    check_principal(either(statement, "Principal", "NotPrincipal")?, scope)?;
    each_text(either(statement, "Action", "NotAction")?, "Action", action)?;
    each_text(either(statement, "Resource", "NotResource")?, "Resource", |text| resource(text, scope))?;
    match statement.get("Condition") {
        None | Some(Value::Object(_)) => Ok(()),
        Some(_) => Err(PolicyProblem::Form("Condition")),
    }
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), PolicyProblem> {
    let unknown = object.keys().find(|name| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |name| Err(PolicyProblem::UnknownMember(name.clone())))
}

fn text_if_any(object: &Map<String, Value>, name: &'static str) -> Result<(), PolicyProblem> {
    match object.get(name) {
        None | Some(Value::String(_)) => Ok(()),
        Some(_) => Err(PolicyProblem::Form(name)),
    }
}

fn either<'a>(
    statement: &'a Map<String, Value>,
    plain: &'static str,
    negated: &str,
) -> Result<&'a Value, PolicyProblem> {
    match (statement.get(plain), statement.get(negated)) {
        (Some(value), None) | (None, Some(value)) => Ok(value),
        _ => Err(PolicyProblem::EitherOr(plain)),
    }
}

/// Checks a text, or every text of a list. Both forms are legal (E022).
pub fn each_text(
    value: &Value,
    name: &'static str,
    check: impl Fn(&str) -> Result<(), PolicyProblem>,
) -> Result<(), PolicyProblem> {
    match value {
        Value::String(text) => check(text),
        Value::Array(list) if !list.is_empty() => {
            list.iter().try_for_each(|item| item.as_str().ok_or(PolicyProblem::Form(name)).and_then(&check))
        }
        _ => Err(PolicyProblem::Form(name)),
    }
}

fn action(text: &str) -> Result<(), PolicyProblem> {
    let named = |(service, name): (&str, &str)| !service.is_empty() && !name.is_empty();
    let legal = text == "*" || text.split_once(':').is_some_and(named);
    if legal { Ok(()) } else { Err(PolicyProblem::Action(text.to_owned())) }
}

/// Accepts `arn:PARTITION:glue:REGION:ACCOUNT:(\*|[a-zA-Z\*]+\/?.*)` of this catalog. A single `*` is illegal.
fn resource(text: &str, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    let prefix = format!("arn:{}:glue:{}:{}:", partition(scope.region), scope.region, scope.account);
    let rest = text.strip_prefix(&prefix).unwrap_or_default();
    let legal = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*');
    if legal { Ok(()) } else { Err(PolicyProblem::Resource(text.to_owned())) }
}

/// Checks `Principal` or `NotPrincipal`: principals that exist, without wildcards (E030), or `*` (E017, E022).
fn check_principal(value: &Value, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    match value {
        Value::String(text) if text == "*" => Ok(()),
        Value::String(text) => Err(PolicyProblem::Principal(text.clone())),
        Value::Object(kinds) if !kinds.is_empty() => kinds.iter().try_for_each(|(kind, names)| {
            each_text(names, "Principal", |text| check_named(kind, text, scope))
        }),
        _ => Err(PolicyProblem::Form("Principal")),
    }
}

fn check_named(kind: &str, text: &str, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    let legal = match kind {
        "AWS" => text == "*" || is_account(text) || exists(text, scope),
        "Service" | "Federated" | "CanonicalUser" => !text.is_empty() && !text.contains(['*', '?']),
        _ => false,
    };
    if legal {
        return Ok(());
    }
    match account_of(text).filter(|account| *account != scope.account) {
        Some(account) if !text.contains(['*', '?']) => Err(PolicyProblem::PrincipalOfOtherAccount {
            principal: text.to_owned(),
            account: account.to_owned(),
        }),
        _ => Err(PolicyProblem::Principal(text.to_owned())),
    }
}

/// Returns the account in the ARN of a user, role or session.
fn account_of(arn: &str) -> Option<&str> {
    let mut parts = arn.strip_prefix("arn:aws")?.split(':').skip(1);
    let service = parts.next().filter(|service| matches!(*service, "iam" | "sts"));
    service.and(parts.nth(1)).filter(|account| is_account(account))
}

/// Returns true if a principal exists. Every root exists; users, roles and sessions exist if the fake knows them.
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
