//! The families of constraints: every member of every input, times every constraint on it.
//!
//! `rules` derives the rules of each [`Constraint`](super::super::Constraint). `boundary` makes values just inside a constraint,
//! which must be accepted; `invalid` makes values that violate one, which must be refused.

mod boundary;
mod invalid;
mod rules;

pub use boundary::Boundary;
pub use invalid::InvalidInput;
pub(super) use invalid::violating_calls;
pub(super) use rules::rules;
