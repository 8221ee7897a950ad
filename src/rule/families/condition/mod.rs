//! The family of conditional writes: each cell of a condition table.
//!
//! `aspect` names the parts of a cell, `rules` derives the rules and their sentences, `cases` makes the scenarios of a cell.

mod aspect;
mod cases;
mod rules;

pub use aspect::ConditionAspect;
pub use rules::ConditionCell;
pub(super) use rules::rules;
