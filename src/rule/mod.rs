//! Rules: one requirement each, with an id, a sentence, a family, a capability and evidence.
//!
//! `derive` makes them from the shapes of a model, `wire` from its protocol, `pages` says how laws of pages are
//! shown, and behaviors bring their own;
//! nobody lists rules by hand. Rules say what must hold; `generate` makes the cases that show it.

mod catalog;
mod constraint;
mod derive;
mod pages;
mod path;
mod sentence;
mod wire;

pub use catalog::{Catalog, Coverage, FilterError, select};
pub use constraint::Constraint;
pub use path::{MemberPath, Segment};
pub use wire::Wire;

use crate::model::{Evidence, PageLaw, ScenarioStep};

/// One requirement.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `glue/PutResourcePolicy/invalid/PolicyHashCondition/length.max`: stable, greppable.
    pub id: String,
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation (or structure, or service) it is about.
    pub operation: String,
    /// One of [`crate::model::FAMILIES`].
    pub family: String,
    /// What a target must have for it.
    pub capability: String,
    /// One sentence.
    pub requirement: String,
    /// Who says so.
    pub evidence: Evidence,
    /// How it is shown.
    pub test: Test,
}

/// How a rule is shown to hold.
#[derive(Debug, Clone)]
pub enum Test {
    /// Generated valid inputs are accepted, and read back equal.
    ValidInput,
    /// A member is there in every successful answer.
    Promised(MemberPath),
    /// Values at the edge of a constraint are accepted, and read back equal.
    Boundary(MemberPath, Constraint),
    /// Values that violate one constraint are refused, and nothing changes.
    Invalid(MemberPath, Constraint),
    /// The protocol around the values.
    Wire(Wire),
    /// A law about the pages of a list.
    Pages(PageLaw),
    /// A scenario of the specs.
    Scenario(Vec<ScenarioStep>),
}

impl Rule {
    /// Whether the rule is about the form of errors, so that a target that refuses nothing cannot be judged.
    #[must_use]
    pub fn needs_refusals(&self) -> bool {
        matches!(self.test, Test::Wire(Wire::ErrorShape | Wire::ErrorMessage | Wire::ErrorContentType))
    }

    /// The rule as a test name: ids with `::`, as Rust writes paths.
    #[must_use]
    pub fn test_name(&self) -> String {
        self.id.replace('/', "::")
    }

    /// One sentence on how the rule is tried.
    #[must_use]
    pub fn how_tested(&self) -> String {
        match &self.test {
            Test::ValidInput => {
                "Generated valid inputs must be accepted; what was written is read back and compared."
                    .to_owned()
            }
            Test::Promised(path) => {
                format!("After successful calls with generated inputs, `{path}` must be in the answer.")
            }
            Test::Boundary(path, constraint) => {
                format!(
                    "Valid inputs whose `{path}` lies just inside its {constraint} must be accepted and read back equal."
                )
            }
            Test::Invalid(path, constraint) => format!(
                "First a control: the input without the violation must be accepted. Then inputs whose `{path}` violates \
                 {constraint}, and nothing else, must be refused with an allowed code and leave the state as it was."
            ),
            Test::Wire(wire) => wire.how_tested().to_owned(),
            Test::Pages(law) => pages::how_tested(*law),
            Test::Scenario(steps) => {
                let calls: Vec<&str> = steps.iter().map(|s| s.call.as_str()).collect();
                format!("A scenario with generated values: {}.", calls.join(", then "))
            }
        }
    }
}
