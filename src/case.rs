//! A case: one generated sequence of calls with what each must answer. Pure data that can be saved,
//! shrunk and replayed; `run` executes it, `check` judges it.
//!
//! Cases are written for a *canonical* run and account ([`RUN`], [`ACCOUNT`]); the target puts in the
//! real ones on the way out and takes them back out of answers. So the same seed gives the same case and
//! the same report everywhere, while names are unique to each run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Assertion, Edition, Expect, Principal, Role, partition};

/// Version of the saved form.
pub const FORMAT: u32 = 1;

/// Stands in every generated name for the run; the same length as the tag that replaces it.
pub const RUN: &str = "gp-thisruncase";

/// Stands in every generated ARN for the target's account.
pub const ACCOUNT: &str = "000000000000";

/// One sequence of calls.
///
/// ```
/// use glueproof::case::{Case, FORMAT, Step};
/// use glueproof::model::{Edition, Role};
/// use serde_json::json;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let case = Case {
///     format: FORMAT,
///     rule: "glue/GetResourcePolicy/errors/EntityNotFoundException".to_owned(),
///     edition: Edition::Current,
///     region: "us-east-1".to_owned(),
///     label: "nothing was put".to_owned(),
///     steps: vec![Step::new("glue", "GetResourcePolicy", json!({})).named("get").role(Role::Act)],
/// };
/// // What `glueproof replay` reads.
/// assert_eq!(Case::from_json(&case.to_json()?)?, case);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Version of this form: [`FORMAT`].
    pub format: u32,
    /// Rule it belongs to.
    pub rule: String,
    /// Edition whose promises it tests.
    pub edition: Edition,
    /// Region its ARNs name.
    pub region: String,
    /// Describes the generated case for people: `Name one character over the maximum`.
    pub label: String,
    /// The calls.
    pub steps: Vec<Step>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Name that later steps refer to.
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The principal of the call; without it, the run's own. A name, never credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Principal>,
    /// The connection that carries it. Steps of different clients that follow each other are called at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<usize>,
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation of that service.
    pub operation: String,
    /// The purpose of the step.
    #[serde(default)]
    pub role: Role,
    /// The request body.
    pub body: Body,
    /// Headers set on purpose; `null` removes one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Option<String>>,
    /// Goes on with the tokens of answers; `expect` is then about all pages joined to one answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow: Option<Follow>,
    /// The call is repeated until this holds of its answer, or patience ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Expect>,
    /// The expected response.
    pub expect: Expect,
}

/// Follows the pages of a list until there is no token, or further pages prove nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// Input member that takes a token.
    pub token: String,
    /// Output member that holds the next token; absent, null or empty on the last page.
    pub next: String,
    /// Output member that holds the items.
    pub items: String,
    /// The assertions that every page must meet by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<Assertion>,
    /// True if the case is about tokens that never end.
    #[serde(default)]
    pub must_end: bool,
    /// The number of consecutive pages without a new item that counts as an endless list.
    pub idle: usize,
    /// The maximum number of pages that a step reads.
    pub most: usize,
    /// Done once, between the first page and the second.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub between: Vec<Step>,
}

/// A request body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// A JSON value; `$answer` and `$sent` objects in it refer to earlier steps.
    Json(Value),
    /// Text sent as it is, for what no JSON value can hold.
    Text(String),
}

impl Step {
    /// A call that must be accepted.
    pub fn new(service: impl Into<String>, operation: impl Into<String>, input: Value) -> Self {
        Self {
            name: None,
            by: None,
            client: None,
            service: service.into(),
            operation: operation.into(),
            role: Role::Act,
            body: Body::Json(input),
            headers: BTreeMap::new(),
            follow: None,
            until: None,
            expect: Expect::ok(),
        }
    }

    /// The same step under a name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The same step, called by one of several clients.
    #[must_use]
    pub fn by_client(mut self, client: usize) -> Self {
        self.client = Some(client);
        self
    }

    /// The same step with another purpose.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// The same step with another expectation.
    #[must_use]
    pub fn expecting(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }
}

/// The reason why a saved case cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// Not a case at all.
    #[error("this is no saved case: {0}")]
    Syntax(#[from] serde_json::Error),
    /// From another version.
    #[error("the case has format {0}; this version reads format {FORMAT}")]
    Format(u64),
}

impl Case {
    /// Returns whether clients make some of the calls concurrently.
    #[must_use]
    pub fn is_concurrent(&self) -> bool {
        self.steps.iter().any(|step| step.client.is_some())
    }

    /// Reads a saved case.
    ///
    /// # Errors
    /// Returns an error if the text is no case of this format.
    pub fn from_json(text: &str) -> Result<Self, CaseError> {
        let value: Value = serde_json::from_str(text)?;
        match value.get("format").and_then(Value::as_u64) {
            Some(format) if format != u64::from(FORMAT) => Err(CaseError::Format(format)),
            _ => Ok(serde_json::from_value(value)?),
        }
    }

    /// The saved form, for people to read too.
    ///
    /// # Errors
    /// Never for cases made here; serde's word otherwise.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// A file name for the saved case, made of the rule's id.
    #[must_use]
    pub fn file_name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
        self.rule.replace('/', "--").chars().map(plain).collect::<String>() + ".json"
    }

    /// Returns the same case for a target in another region, with the ARNs and host names of the region and its partition.
    #[must_use]
    pub fn in_region(self, region: &str) -> Self {
        if self.region == region {
            return self;
        }
        let (old, new) = (partition(&self.region), partition(region));
        let replacements = [
            (format!("arn:{old}:"), format!("arn:{new}:")),
            (format!(".{}.{}", self.region, old.dns_suffix), format!(".{region}.{}", new.dns_suffix)),
            (format!(":{}:", self.region), format!(":{region}:")),
        ];
        let steps = replacements.iter().fold(self.steps, |steps, (from, to)| replace_in(steps, from, to));
        Self { region: region.to_owned(), steps, ..self }
    }
}

fn replace_in(steps: Vec<Step>, from: &str, to: &str) -> Vec<Step> {
    let replaced = |step: Step| Step {
        body: match step.body {
            Body::Json(value) => Body::Json(replace_text(value, from, to)),
            Body::Text(text) => Body::Text(text.replace(from, to)),
        },
        follow: step.follow.map(|follow| Follow { between: replace_in(follow.between, from, to), ..follow }),
        ..step
    };
    steps.into_iter().map(replaced).collect()
}

fn replace_text(value: Value, from: &str, to: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(from, to)),
        Value::Array(items) => items.into_iter().map(|item| replace_text(item, from, to)).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(key, inner)| (key, replace_text(inner, from, to))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn case() -> Case {
        let mut step =
            Step::new("glue", "Put", json!({ "A": "arn:aws:glue:us-east-1:1:catalog" })).named("p");
        step.headers.insert("content-type".into(), None);
        Case {
            format: FORMAT,
            rule: "glue/Put/invalid/A[].B/type".into(),
            edition: Edition::Current,
            region: "us-east-1".into(),
            label: "x".into(),
            steps: vec![step],
        }
    }

    #[test]
    fn a_saved_case_reads_back_the_same() {
        assert_eq!(Case::from_json(&case().to_json().unwrap()).unwrap(), case());
    }

    #[test]
    fn other_formats_and_other_files_are_told_apart() {
        assert!(matches!(Case::from_json(r#"{"format":2}"#), Err(CaseError::Format(2))));
        assert!(matches!(Case::from_json("{}"), Err(CaseError::Syntax(_))));
        assert!(matches!(Case::from_json("no"), Err(CaseError::Syntax(_))));
    }

    #[test]
    fn another_region_is_put_into_arns() {
        let moved = case().in_region("eu-west-1");
        assert_eq!(moved.steps[0].body, Body::Json(json!({ "A": "arn:aws:glue:eu-west-1:1:catalog" })));
        let moved = case().in_region("cn-north-1");
        assert_eq!(moved.steps[0].body, Body::Json(json!({ "A": "arn:aws-cn:glue:cn-north-1:1:catalog" })));
        assert_eq!(case().file_name(), "glue--Put--invalid--A--.B--type.json");
    }
}
