//! Behaviors: what a service promises beyond its shapes, as scenarios of calls. Written form and
//! checked form are the same; nothing is run here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::by::By;
use super::evidence::Evidence;
use super::expectation::Expect;
use super::page_law::PageLaw;

/// One promise, checked.
#[derive(Debug, Clone, Serialize)]
pub struct Behavior {
    /// Full rule id: `<service>/<subject>/<family>/<name>`.
    pub id: String,
    /// Operation or structure it is about.
    pub subject: String,
    /// `errors`, `condition`, …
    pub family: String,
    /// One sentence.
    pub requirement: String,
    /// Who says so.
    pub evidence: Evidence,
    /// What a target must have for it.
    pub capability: String,
    /// What else it must have, beyond what the calls themselves tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// How it is proved.
    #[serde(flatten)]
    pub proof: Proof,
}

/// How a behavior is proved.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// By running this scenario.
    #[serde(rename = "steps")]
    Scenario(Vec<ScenarioStep>),
    /// By generated calls, every answer of which the reference must allow.
    Walk(Walk),
    /// By generated populations and page sizes.
    Pages(PageLaw),
    /// By other rules: ids, `*` for any run of characters.
    CoveredBy(Vec<String>),
    /// Not at all, and why.
    Untested(String),
}

/// Valid calls in any order, one after the other or by several clients at once.
#[derive(Debug, Clone, Serialize)]
pub struct Walk {
    /// Steps that set the state in which every walk begins, for resources that cannot be removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<ScenarioStep>,
    /// What is called, each as often as it stands here; the first also once before all others.
    pub operations: Vec<String>,
    /// How many calls at most; of each client, where there are several.
    pub calls: usize,
    /// Number of clients that call at once. Without it, one client calls in sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<usize>,
}

/// What a step is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Makes the state the scenario needs; when it fails, the case cannot be judged.
    Arrange,
    /// Gives the act something to leave alone; the expectations hold without it too.
    Context,
    /// What the rule is about.
    #[default]
    Act,
    /// Looks at what became of it.
    Observe,
    /// Takes away what others made for the case, when it is over, whatever became of it.
    Remove,
}

/// One call of a scenario.
#[derive(Debug, Clone, Serialize)]
pub struct ScenarioStep {
    /// Operation, or `service:Operation` of another service.
    pub call: String,
    /// Name by which later steps refer to this one.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Principal of the call, if it is not the caller of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// Connection that carries the call. Consecutive steps of different clients are called concurrently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<usize>,
    /// Purpose of the step.
    pub role: Role,
    /// Input, with placeholders.
    pub input: Value,
    /// Follows the tokens of responses to the end and judges all pages as one response.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub follow: bool,
    /// Repeats the call, within bounds, until the response meets this expectation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Expect>,
    /// Expected response. Without it, the role decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
}

impl ScenarioStep {
    /// What must come: as written, or anything for arrangements and success for the rest.
    #[must_use]
    pub fn expectation(&self) -> Expect {
        match (&self.expect, self.role) {
            (Some(expect), _) => expect.clone(),
            (None, Role::Arrange | Role::Context | Role::Remove) => Expect::Any,
            (None, Role::Act | Role::Observe) => Expect::ok(),
        }
    }
}
