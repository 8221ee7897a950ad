//! Rules: one requirement each, with an id, a sentence, a family, a capability and evidence.
//!
//! `derive` makes them from the shapes of a model, `condition` from its tables, `wire` from its protocol,
//! `pages` says how laws of pages are shown, and behaviors bring their own; nobody lists rules by hand. Rules
//! say what must hold; `generate` makes the cases that show it.

mod catalog;
mod condition;
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

use std::collections::BTreeSet;

use crate::model::{Capability, CellKey, Evidence, Family, PageLaw, ScenarioStep, ServiceModel, Walk};

/// One requirement.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `glue/PutResourcePolicy/invalid/PolicyHashCondition/length.max`: stable, greppable.
    pub id: String,
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation (or structure, or service) it is about.
    pub operation: String,
    /// The kind of statement that the rule proves.
    pub family: Family,
    /// What a target must have for it.
    pub capability: Capability,
    /// What else it must have, beyond what the calls tell.
    pub also: Vec<Capability>,
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
    /// Valid calls in any order, every answer of which the reference allows.
    Walk(Walk),
    /// A cell of the operation's condition table.
    Cell(CellKey, Shows),
    /// A law about the pages of a list.
    Pages(PageLaw),
    /// A scenario of the specs.
    Scenario(Vec<ScenarioStep>),
}

/// What a rule shows of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// What comes, and that reads agree with it as far as the evidence goes.
    Answer,
    /// That a refusal changes nothing, where that is less sure than the refusal.
    Unchanged,
    /// That a refusal leaves the times of the resource alone.
    Times,
}

impl Shows {
    /// What ends the id of such a rule; nothing where the rule is the cell's own.
    fn suffix(self) -> Option<&'static str> {
        match self {
            Self::Answer => None,
            Self::Unchanged => Some("unchanged"),
            Self::Times => Some("times"),
        }
    }

    fn how_tested(self) -> &'static str {
        match self {
            Self::Answer => {
                "The state is made, the short way and after another version; then come the call and a read, which must \
                 show what an accepted call wrote, or what was there before a refused one."
            }
            Self::Unchanged => "The state is made; after a refusal, a read must show what was there before.",
            Self::Times => "The state is made and read; after a refusal, a read must show the same times.",
        }
    }
}

impl Rule {
    /// Whether the rule is about the form of errors, so that a target that refuses nothing cannot be judged.
    #[must_use]
    pub fn needs_refusals(&self) -> bool {
        matches!(self.test, Test::Wire(Wire::ErrorShape | Wire::ErrorMessage | Wire::ErrorContentType))
    }

    /// Whether a name is the rule's id, or a pattern with `*` that matches the whole of it; `::` counts as `/`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        catalog::glob(&name.replace("::", "/"), &self.id)
    }

    /// All that a target must have for it: its own capability and what it names beside, and those of the operations it
    /// calls. A capability that behaviors show is more than that there are such operations, and is needed by who says so.
    #[must_use]
    pub fn needs(&self, model: &ServiceModel) -> BTreeSet<Capability> {
        let steps = match &self.test {
            Test::Scenario(steps) => steps.as_slice(),
            Test::Walk(walk) => walk.before.as_slice(),
            _ => &[],
        };
        let called = steps.iter().filter_map(|step| Some(model.called(&step.call)?.1.capability));
        let called = called.filter(|capability| !model.probes.contains_key(capability));
        called.chain([self.capability]).chain(self.also.iter().copied()).collect()
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
            Test::Walk(walk) => walk_in_words(walk),
            Test::Cell(_, shows) => shows.how_tested().to_owned(),
            Test::Pages(law) => pages::how_tested(*law),
            Test::Scenario(steps) => {
                let calls: Vec<&str> = steps.iter().map(|s| s.call.as_str()).collect();
                format!("A scenario with generated values: {}.", calls.join(", then "))
            }
        }
    }
}

fn walk_in_words(walk: &Walk) -> String {
    let operations: BTreeSet<&str> = walk.operations.iter().map(String::as_str).collect();
    let operations = operations.into_iter().collect::<Vec<_>>().join(", ");
    match walk.clients {
        None => format!(
            "Up to {} valid calls in generated order, over few names so that they collide: {operations}. A state machine \
             of what the service must hold judges every answer and what is read after every change.",
            walk.calls
        ),
        Some(clients) => format!(
            "{clients} clients make up to {} generated calls each at once: {operations}. There must be an order in which \
             the calls, made one after the other, explain every answer.",
            walk.calls
        ),
    }
}
