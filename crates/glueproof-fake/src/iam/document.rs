//! Policy documents: kept as the text they were given as, beside what it says, and what makes one legal
//! (IAM User Guide, "Grammar of the IAM JSON policy language"). Must not decide anything with one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::condition;
use crate::error::ServiceError;

/// What may stand in a statement, whatever kind of policy it is part of.
pub const STATEMENT_MEMBERS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// A legal policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Document {
    text: String,
    says: Value,
}

impl Document {
    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub fn says(&self) -> &Value {
        &self.says
    }

    /// The text as answers in XML carry it.
    pub fn encoded(&self) -> String {
        form_urlencoded::byte_serialize(self.text.as_bytes()).collect::<String>().replace('+', "%20")
    }

    /// A policy that a user or role carries.
    pub fn of_identity(text: &str) -> Result<Self, Malformed> {
        Self::read(text, Place::Identity)
    }

    /// A policy that says who may assume a role.
    pub fn of_trust(text: &str) -> Result<Self, Malformed> {
        Self::read(text, Place::Trust)
    }

    /// The trust policy that lets an account decide for itself who of its people may assume a role.
    pub fn trusting(account: &str) -> Self {
        let says = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
            "Action": "sts:AssumeRole",
        }] });
        Self { text: says.to_string(), says }
    }

    fn read(text: &str, place: Place) -> Result<Self, Malformed> {
        let says: Value = serde_json::from_str(text).map_err(|_| Malformed::Json)?;
        check(&says, place)?;
        Ok(Self { text: text.to_owned(), says })
    }
}

impl From<Document> for String {
    fn from(document: Document) -> Self {
        document.text
    }
}

/// Only what was legal is ever kept, so what was kept is not judged again.
impl TryFrom<String> for Document {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        Ok(Self { says: serde_json::from_str(&text)?, text })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Identity,
    Trust,
}

/// Why a text is no legal policy. Where the service's own text is known, it is that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not JSON.
    #[error("This policy contains invalid Json")]
    Json,
    /// JSON, but not in the form of a policy.
    #[error("Syntax errors in policy.")]
    Syntax,
    /// Names somebody where the bearer is meant.
    #[error("Policy document should not specify a principal.")]
    Principal,
    /// Names a resource where the role is meant.
    #[error("Has prohibited field Resource")]
    TrustResource,
    /// An action without a service.
    #[error("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")]
    Vendor,
    /// A resource that is no ARN.
    #[error("Resource {0} must be in ARN format or \"*\".")]
    Arn(String),
}

impl From<Malformed> for ServiceError {
    fn from(malformed: Malformed) -> Self {
        Self::with("MalformedPolicyDocument", malformed.to_string())
    }
}

fn check(document: &Value, place: Place) -> Result<(), Malformed> {
    let document = document.as_object().ok_or(Malformed::Syntax)?;
    only(document, &["Version", "Id", "Statement"])?;
    let versions = ["2012-10-17", "2008-10-17"];
    if document.get("Version").is_some_and(|version| !versions.iter().any(|known| version == known)) {
        return Err(Malformed::Syntax);
    }
    let statements = match document.get("Statement") {
        Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => return Err(Malformed::Syntax),
    };
    statements.iter().try_for_each(|one| statement(one.as_object().ok_or(Malformed::Syntax)?, place))
}

fn statement(statement: &Map<String, Value>, place: Place) -> Result<(), Malformed> {
    only(statement, &STATEMENT_MEMBERS)?;
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err(Malformed::Syntax);
    }
    for action in texts(either(statement, "Action", "NotAction")?.ok_or(Malformed::Syntax)?)? {
        if action != "*"
            && !action.split_once(':').is_some_and(|(vendor, name)| !vendor.is_empty() && !name.is_empty())
        {
            return Err(Malformed::Vendor);
        }
    }
    who_and_what(statement, place)?;
    match statement.get("Condition") {
        None => Ok(()),
        Some(Value::Object(block)) if condition::is_legal(block) => Ok(()),
        Some(_) => Err(Malformed::Syntax),
    }
}

fn who_and_what(statement: &Map<String, Value>, place: Place) -> Result<(), Malformed> {
    let principal = either(statement, "Principal", "NotPrincipal")?;
    let resource = either(statement, "Resource", "NotResource")?;
    match place {
        Place::Identity if principal.is_some() => Err(Malformed::Principal),
        Place::Identity => {
            for name in texts(resource.ok_or(Malformed::Syntax)?)? {
                if name != "*" && !name.starts_with("arn:") {
                    return Err(Malformed::Arn(name.to_owned()));
                }
            }
            Ok(())
        }
        Place::Trust if resource.is_some() => Err(Malformed::TrustResource),
        Place::Trust => match principal {
            Some(Value::Object(kinds)) => kinds.values().try_for_each(|names| texts(names).map(|_| ())),
            Some(Value::String(everybody)) if everybody == "*" => Ok(()),
            _ => Err(Malformed::Syntax),
        },
    }
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), Malformed> {
    if object.keys().all(|name| known.contains(&name.as_str())) { Ok(()) } else { Err(Malformed::Syntax) }
}

fn either<'a>(
    statement: &'a Map<String, Value>,
    plain: &str,
    negated: &str,
) -> Result<Option<&'a Value>, Malformed> {
    match (statement.get(plain), statement.get(negated)) {
        (Some(_), Some(_)) => Err(Malformed::Syntax),
        (plain, negated) => Ok(plain.or(negated)),
    }
}

/// A text or a list of texts, of which there is at least one.
fn texts(value: &Value) -> Result<Vec<&str>, Malformed> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    texts.filter(|texts| !texts.is_empty()).ok_or(Malformed::Syntax)
}
