//! The family of conditional writes: each cell of a condition table.
//!
//! `rules` derives the rules and their sentences, `cases` has the parts of a cell that rules are about, and their scenarios.

mod cases;
mod rules;

pub use cases::ConditionAspect;
pub use rules::ConditionCell;
pub(super) use rules::rules;
