//! Policy documents of IAM: their text, their content, and the check of their grammar (IAM User Guide, "Grammar of the
//! IAM JSON policy language"). Must not evaluate a policy.
//! [`PolicyDocument::of_identity`] and [`PolicyDocument::of_trust`] read one.

use glueproof_spec::Partition;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::condition;
use crate::error::ServiceError;

/// The members of a statement in any kind of policy.
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
pub struct PolicyDocument {
    text: String,
    content: Value,
}

impl PolicyDocument {
    /// Returns the text as it was sent.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the content.
    pub fn content(&self) -> &Value {
        &self.content
    }

    /// Returns the text in the encoding of XML responses.
    pub fn encoded(&self) -> String {
        form_urlencoded::byte_serialize(self.text.as_bytes()).collect::<String>().replace('+', "%20")
    }

    /// Reads a policy of a user or role.
    pub fn of_identity(text: &str) -> Result<Self, MalformedPolicy> {
        Self::read(text, DocumentKind::Identity)
    }

    /// Reads the policy of a resource, such as a bucket.
    pub fn of_resource(text: &str) -> Result<Self, MalformedPolicy> {
        Self::read(text, DocumentKind::Resource)
    }

    /// Returns the statements.
    pub fn statements(&self) -> &[Value] {
        match self.content.get("Statement") {
            Some(Value::Array(list)) => list,
            Some(one) => std::slice::from_ref(one),
            None => &[],
        }
    }

    /// Returns the resources that statements name.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        let named = self.statements().iter().filter_map(|one| one.get("Resource").or(one.get("NotResource")));
        named.flat_map(|names| texts(names).unwrap_or_default())
    }

    /// Reads the trust policy of a role.
    pub fn of_trust(text: &str) -> Result<Self, MalformedPolicy> {
        Self::read(text, DocumentKind::Trust)
    }

    /// Returns the trust policy that delegates to the policies of an account.
    pub fn trusting(partition: Partition, account: &str) -> Self {
        Self::of_content(&json!([{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
            "Action": "sts:AssumeRole",
        }]))
    }

    /// Returns a policy without statements, which allows no action.
    pub fn empty() -> Self {
        Self::of_content(&json!([]))
    }

    /// Returns a policy of these statements, which must be legal.
    pub fn of_content(statements: &Value) -> Self {
        let content = json!({ "Version": "2012-10-17", "Statement": statements });
        Self { text: content.to_string(), content }
    }

    fn read(text: &str, kind: DocumentKind) -> Result<Self, MalformedPolicy> {
        let content: Value = serde_json::from_str(text).map_err(|_| MalformedPolicy::Json)?;
        check(&content, kind)?;
        Ok(Self { text: text.to_owned(), content })
    }
}

impl From<PolicyDocument> for String {
    fn from(document: PolicyDocument) -> Self {
        document.text
    }
}

/// Reads a stored policy. Only legal policies are stored.
impl TryFrom<String> for PolicyDocument {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        Ok(Self { content: serde_json::from_str(&text)?, text })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DocumentKind {
    Identity,
    Trust,
    Resource,
}

/// The reason why a policy is illegal, in the words of the service if known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedPolicy {
    /// The text is not JSON.
    #[error("This policy contains invalid Json")]
    Json,
    /// The JSON is not a policy.
    #[error("Syntax errors in policy.")]
    Syntax,
    /// An identity policy has a principal.
    #[error("Policy document should not specify a principal.")]
    Principal,
    /// A trust policy has a resource.
    #[error("Has prohibited field Resource")]
    TrustResource,
    /// The policy of a resource names no resource.
    #[error("Missing required field Resource")]
    NoResource,
    /// An action has no service.
    #[error("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")]
    Vendor,
    /// A resource is not an ARN.
    #[error("Resource {0} must be in ARN format or \"*\".")]
    Arn(String),
}

impl From<MalformedPolicy> for ServiceError {
    fn from(malformed: MalformedPolicy) -> Self {
        Self::with("MalformedPolicyDocument", malformed.to_string())
    }
}

fn check(document: &Value, kind: DocumentKind) -> Result<(), MalformedPolicy> {
    let document = document.as_object().ok_or(MalformedPolicy::Syntax)?;
    only(document, &["Version", "Id", "Statement"])?;
    let versions = ["2012-10-17", "2008-10-17"];
    if document.get("Version").is_some_and(|version| !versions.iter().any(|known| version == known)) {
        return Err(MalformedPolicy::Syntax);
    }
    let statements = match document.get("Statement") {
        Some(Value::Array(list)) if !list.is_empty() => list.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => return Err(MalformedPolicy::Syntax),
    };
    statements.iter().try_for_each(|one| statement(one.as_object().ok_or(MalformedPolicy::Syntax)?, kind))
}

fn statement(statement: &Map<String, Value>, kind: DocumentKind) -> Result<(), MalformedPolicy> {
    only(statement, &STATEMENT_MEMBERS)?;
    if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
        return Err(MalformedPolicy::Syntax);
    }
    for action in texts(either(statement, "Action", "NotAction")?.ok_or(MalformedPolicy::Syntax)?)? {
        if action != "*"
            && !action.split_once(':').is_some_and(|(vendor, name)| !vendor.is_empty() && !name.is_empty())
        {
            return Err(MalformedPolicy::Vendor);
        }
    }
    check_principal_and_resource(statement, kind)?;
    match statement.get("Condition") {
        None => Ok(()),
        Some(Value::Object(block)) if condition::is_legal(block) => Ok(()),
        Some(_) => Err(MalformedPolicy::Syntax),
    }
}

fn check_principal_and_resource(
    statement: &Map<String, Value>,
    kind: DocumentKind,
) -> Result<(), MalformedPolicy> {
    let principal = either(statement, "Principal", "NotPrincipal")?;
    let resource = either(statement, "Resource", "NotResource")?;
    match kind {
        DocumentKind::Identity if principal.is_some() => Err(MalformedPolicy::Principal),
        DocumentKind::Identity => {
            for name in texts(resource.ok_or(MalformedPolicy::Syntax)?)? {
                if name != "*" && !name.starts_with("arn:") {
                    return Err(MalformedPolicy::Arn(name.to_owned()));
                }
            }
            Ok(())
        }
        DocumentKind::Trust if resource.is_some() => Err(MalformedPolicy::TrustResource),
        DocumentKind::Resource if resource.is_none() => Err(MalformedPolicy::NoResource),
        DocumentKind::Trust | DocumentKind::Resource => match principal {
            Some(Value::Object(kinds)) => kinds.values().try_for_each(|names| texts(names).map(|_| ())),
            Some(Value::String(anyone)) if anyone == "*" => Ok(()),
            _ => Err(MalformedPolicy::Syntax),
        },
    }
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), MalformedPolicy> {
    if object.keys().all(|name| known.contains(&name.as_str())) {
        Ok(())
    } else {
        Err(MalformedPolicy::Syntax)
    }
}

fn either<'a>(
    statement: &'a Map<String, Value>,
    plain: &str,
    negated: &str,
) -> Result<Option<&'a Value>, MalformedPolicy> {
    match (statement.get(plain), statement.get(negated)) {
        (Some(_), Some(_)) => Err(MalformedPolicy::Syntax),
        (plain, negated) => Ok(plain.or(negated)),
    }
}

/// Returns the texts of a value that is a text, or a list of at least one text.
fn texts(value: &Value) -> Result<Vec<&str>, MalformedPolicy> {
    let list = match value {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
    texts.filter(|texts| !texts.is_empty()).ok_or(MalformedPolicy::Syntax)
}
