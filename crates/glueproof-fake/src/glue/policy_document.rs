//! What makes a resource policy legal (E030), and nothing else: the document is parsed, checked and
//! handed back as it stands. Must not look at state.

use serde_json::{Map, Value};

use super::policy_principal;
use crate::iam::STATEMENT_MEMBERS;

/// The most bytes a document may have (E031).
const LIMIT: usize = 10_240;

const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];
const MEMBERS: [&str; 3] = ["Version", "Id", "Statement"];

/// Which catalog a policy is for, and who exists.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Account that owns the catalog.
    pub account: &'a str,
    /// Region of the catalog.
    pub region: &'a str,
    /// ARNs of the users and roles that exist.
    pub principals: &'a [String],
}

/// Why a document is no legal policy. The texts are ours: none of the real ones has been recorded.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// More than [`LIMIT`] bytes.
    #[error("The policy has {0} bytes; at most {LIMIT} are allowed")]
    TooLong(usize),
    /// Not JSON, or JSON that is no object.
    #[error("The policy is not a JSON object")]
    NotAnObject,
    /// A member that policies do not have.
    #[error("The policy has an unknown element {0}")]
    UnknownMember(String),
    /// A version other than the two there are.
    #[error("The policy version is invalid")]
    Version,
    /// No statement.
    #[error("The policy has no statement")]
    NoStatement,
    /// A statement that is no object.
    #[error("A statement of the policy is not an object")]
    StatementForm,
    /// Something other than `Allow` and `Deny`.
    #[error("A statement of the policy has no Effect of Allow or Deny")]
    Effect,
    /// A member that has to be there once, plain or negated.
    #[error("A statement of the policy needs either {0} or Not{0}")]
    EitherOr(&'static str),
    /// A member of the wrong JSON type, or an empty list.
    #[error("{0} has an invalid form")]
    Form(&'static str),
    /// Not `*` and not `service:name`.
    #[error("The action {0} is invalid")]
    Action(String),
    /// Not of this catalog.
    #[error("The resource {0} is not a Glue resource of this account and region")]
    Resource(String),
    /// Not somebody who exists.
    #[error("The principal {0} is invalid or does not exist")]
    Principal(String),
}

/// The document, if it is a legal policy for that catalog.
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

/// One statement may stand without a list around it (E022).
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
    policy_principal::check(either(statement, "Principal", "NotPrincipal")?, scope)?;
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

/// Applies the check to a text or to every text of a list; both forms are legal (E022).
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

/// `arn:aws:glue:REGION:ACCOUNT:(\*|[a-zA-Z\*]+\/?.*)` of this catalog; a lone `*` is not enough.
fn resource(text: &str, scope: &Scope<'_>) -> Result<(), PolicyProblem> {
    let prefix = format!("arn:{}:glue:{}:{}:", partition(scope.region), scope.region, scope.account);
    let rest = text.strip_prefix(&prefix).unwrap_or_default();
    let legal = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '*');
    if legal { Ok(()) } else { Err(PolicyProblem::Resource(text.to_owned())) }
}

/// What the ARNs of a region begin with.
pub fn partition(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
