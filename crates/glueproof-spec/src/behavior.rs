//! Behaviors: promises of a service beyond its shapes, as scenarios of calls, walks, or laws of pages.
//! Must not run a call or check a name.
//! The entry point is [`Behavior`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::evidence::Evidence;
use super::expectation::Expect;
use super::taxonomy::{Capability, Family};

/// One promise, checked.
#[derive(Debug, Clone, Serialize)]
pub struct Behavior {
    /// Full rule id: `<service>/<subject>/<family>/<name>`.
    pub id: String,
    /// Operation or structure it is about.
    pub subject: String,
    /// `errors`, `condition`, …
    pub family: Family,
    /// One sentence.
    pub requirement: String,
    /// The evidence.
    pub evidence: Evidence,
    /// The capability that a target needs.
    pub capability: Capability,
    /// More capabilities that a target needs, besides those of the operations called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Capability>,
    /// The proof.
    #[serde(flatten)]
    pub proof: Proof,
}

/// The proof of a behavior.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// By running this scenario.
    #[serde(rename = "steps")]
    Scenario(Vec<ScenarioStep>),
    /// By generated calls, every answer of which the reference must allow.
    Walk(Walk),
    /// By generated populations and page sizes.
    Pages(PaginationLaw),
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
    /// Operations to call, each as often as it is listed. The first one also begins the walk.
    pub operations: Vec<String>,
    /// Maximum number of calls, of each client if there are several.
    pub calls: usize,
    /// Number of clients that call at once. Without it, one client calls in sequence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<usize>,
}

/// The purpose of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Makes the state the scenario needs; when it fails, the case cannot be judged.
    Arrange,
    /// Gives the act something to leave alone; the expectations hold without it too.
    Context,
    /// Calls the operation under test.
    #[default]
    Act,
    /// Looks at what became of it.
    Observe,
    /// Takes away what others made for the case, when it is over, whatever became of it.
    Remove,
}

impl Role {
    /// Returns true for a step that creates state which the steps after it rely on.
    #[must_use]
    pub fn prepares(self) -> bool {
        matches!(self, Self::Arrange | Self::Context)
    }
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
    pub by: Option<Principal>,
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
    /// Returns the expected response: as written, or any for `arrange` and success for the other roles.
    #[must_use]
    pub fn expectation(&self) -> Expect {
        match (&self.expect, self.role) {
            (Some(expect), _) => expect.clone(),
            (None, Role::Arrange | Role::Context | Role::Remove) => Expect::Any,
            (None, Role::Act | Role::Observe) => Expect::ok(),
        }
    }
}

/// A promise about the pages of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaginationLaw {
    /// Followed to the end, the pages hold every item.
    WholeList,
    /// No item comes twice.
    NoItemTwice,
    /// No page holds more than was asked for.
    PageSize,
    /// There is a page without a token.
    TokensEnd,
    /// The items are the same for every page size.
    AnyPageSize,
    /// An item deleted between two pages takes no other away, and makes none come twice.
    DeletedMeanwhile,
    /// An item created between two pages takes no other away, and makes none come twice.
    CreatedMeanwhile,
    /// A token may be used again, and leads to the same page.
    TokenAgain,
    /// A token leads to the same items with another page size, or is refused with it.
    TokenOtherSize,
    /// A token that is not quite the one handed out is refused.
    AlteredToken,
    /// A token that the service never returned is refused.
    ForeignToken,
    /// A token that the list has changed under leads on, or is refused; it never starts over.
    StaleToken,
}

impl PaginationLaw {
    /// Returns true if it can be shown only on a list that callers can make longer than one item.
    #[must_use]
    pub fn needs_several(self) -> bool {
        !matches!(
            self,
            Self::WholeList
                | Self::NoItemTwice
                | Self::PageSize
                | Self::TokensEnd
                | Self::AnyPageSize
                | Self::ForeignToken
        )
    }
}

/// A caller other than the run's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Principal {
    /// No principal: the call is not signed.
    Unsigned,
    /// The run's own, with a signature that another secret made.
    WrongSecret,
    /// An access key that does not exist.
    UnknownKey,
    /// The run's own, with a signature made an hour ago.
    Late,
    /// The principal of the credentials in the response of the named step.
    Session(String),
}

impl Principal {
    const SPECIAL: [(&'static str, Self); 4] = [
        ("unsigned", Self::Unsigned),
        ("wrong-secret", Self::WrongSecret),
        ("unknown-key", Self::UnknownKey),
        ("late", Self::Late),
    ];

    /// The step whose answer holds the credentials.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Session(step) => Some(step),
            _ => None,
        }
    }

    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &str {
        let special = Self::SPECIAL.iter().find(|(_, by)| by == self);
        special.map_or_else(|| self.step().unwrap_or_default(), |(name, _)| *name)
    }
}

impl From<String> for Principal {
    fn from(name: String) -> Self {
        let special = Self::SPECIAL.into_iter().find(|(known, _)| *known == name);
        special.map_or(Self::Session(name), |(_, by)| by)
    }
}

impl From<Principal> for String {
    fn from(by: Principal) -> Self {
        by.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_written_as_they_are_read() {
        for (name, step) in [
            ("unsigned", None),
            ("wrong-secret", None),
            ("unknown-key", None),
            ("late", None),
            ("role", Some("role")),
        ] {
            let by: Principal = serde_json::from_value(name.into()).unwrap();
            assert_eq!((by.step(), by.name()), (step, name));
            assert_eq!(serde_json::to_value(&by).unwrap(), name);
        }
    }
}
