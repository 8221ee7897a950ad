//! The rule families. Each family is a file or a folder with everything that belongs to it: the rules that it derives from
//! a model, and a [`Test`](super::Test) with their cases, checks and locks.
//!
//! To add a family, write that file and add its `rules` to [`FAMILIES`]. Nothing else lists families.

mod condition;
mod constraints;
mod pagination;
mod scenario;
mod sequence;
mod shape_rules;
mod valid;
mod wire;

pub use condition::{ConditionAspect, ConditionCell};
pub use constraints::{Boundary, InvalidInput};
pub use scenario::Scenario;
pub use valid::{PromisedMember, ValidInput};
pub use wire::ProtocolRequirement;

use crate::model::ServiceModel;

use super::definition::Rule;

/// Derives the rules of one family from the model of a service.
pub type DeriveRules = fn(&ServiceModel) -> Vec<Rule>;

/// All families.
pub const FAMILIES: &[DeriveRules] = &[
    valid::rules,
    constraints::rules,
    wire::rules,
    condition::rules,
    pagination::rules,
    sequence::rules,
    scenario::rules,
];
