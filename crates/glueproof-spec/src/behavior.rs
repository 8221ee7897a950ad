//! Behaviors: what a service promises beyond its shapes, as scenarios of calls. Written form and
//! checked form are the same; nothing is run here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::by::By;
use super::edition::Edition;
use super::evidence::Evidence;
use super::expectation::Expect;
use super::page_law::PageLaw;

/// A file of `behaviors/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehaviorFile {
    /// Operation or structure they are about.
    pub subject: String,
    /// The promises.
    pub behaviors: Vec<BehaviorAst>,
}

/// One promise as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BehaviorAst {
    /// `<family>/<name>`.
    pub id: String,
    /// One sentence.
    pub requirement: String,
    /// Who says so.
    pub evidence: Evidence,
    /// What a target must have for it.
    #[serde(default = "core")]
    pub capability: String,
    /// What else it must have, beyond what the calls themselves tell.
    #[serde(default)]
    pub also: Vec<String>,
    /// Only in this edition, if given.
    pub edition: Option<Edition>,
    /// A scenario that proves it.
    pub steps: Option<Vec<ScenarioStep>>,
    /// Generated calls that prove it.
    pub walk: Option<Walk>,
    /// A law of pages that it claims.
    pub pages: Option<PageLaw>,
    /// Rules that prove it.
    pub covered_by: Option<Vec<String>>,
    /// Why nothing proves it.
    pub untested: Option<String>,
}

fn core() -> String {
    super::shape::CORE.to_owned()
}

/// One promise, checked.
#[derive(Debug, Clone)]
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
    pub also: Vec<String>,
    /// How it is proved.
    pub proof: Proof,
}

/// How a behavior is proved.
#[derive(Debug, Clone)]
pub enum Proof {
    /// By running this scenario.
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    /// What makes the state every walk begins in, where that cannot be removed.
    #[serde(default)]
    pub before: Vec<ScenarioStep>,
    /// What is called, each as often as it stands here; the first also once before all others.
    pub operations: Vec<String>,
    /// How many calls at most; of each client, where there are several.
    pub calls: usize,
    /// How many clients call at once; one after the other when left out.
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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioStep {
    /// Operation, or `service:Operation` of another service.
    pub call: String,
    /// Name that later steps refer to.
    #[serde(rename = "as")]
    pub name: Option<String>,
    /// Whose call it is; the run's own caller's where it is left out.
    pub by: Option<By>,
    /// Which connection carries it. Steps of different clients that follow each other are called at once.
    pub client: Option<usize>,
    /// What it is there for.
    #[serde(default)]
    pub role: Role,
    /// Input, with placeholders.
    #[serde(default = "empty")]
    pub input: Value,
    /// Whether the tokens of answers are followed to the end, and all pages judged as one answer.
    #[serde(default)]
    pub follow: bool,
    /// The call is repeated, within bounds, until this holds of its answer; for what takes time.
    pub until: Option<Expect>,
    /// What must come; by role when left out.
    pub expect: Option<Expect>,
}

fn empty() -> Value {
    Value::Object(serde_json::Map::new())
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
