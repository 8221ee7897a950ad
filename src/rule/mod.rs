//! Rules: one requirement each, with an id, a sentence, a family, a capability, evidence and a test.
//!
//! `definition` is a rule and the trait [`Test`], the seam of all families. `families` derives the rules of a service, a
//! folder or file for each family. `locks` is what a rule must not share, `judge` judges
//! their responses, and `catalog` collects and selects rules.

mod catalog;
mod constraint;
mod definition;
mod families;
mod judge;
mod locks;

pub use catalog::{Catalog, Coverage, FilterError, select};
pub use constraint::Constraint;
pub use definition::{CaseKind, Effort, LabelledSteps, Rule, Test};
pub use families::{
    Boundary, ConditionAspect, ConditionCell, InvalidInput, PromisedMember, ProtocolRequirement, Scenario,
    ValidInput,
};
pub use judge::judge;
pub use locks::Locks;
