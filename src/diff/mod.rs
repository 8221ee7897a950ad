//! The differences of two targets: the same generated cases on both, without parts that vary, and the conforming side where a
//! rule decides. Must not print.
//!
//! `pair` executes a case on both, `difference` finds differences and the conforming side, `compare` compares one rule and
//! `comparison` all rules, `cause` groups the differences and shrinks one of each group, and `report` is the result.

mod cause;
mod compare;
mod comparison;
mod difference;
mod event;
mod pair;
mod report;

pub use comparison::Comparison;
pub use event::ComparisonEvent;
pub use report::{
    ConformingSide, DiffCause, DiffReport, DiffShown, DiffStep, DiffSummary, DiffTarget, DiffVerdict, FORMAT,
};
