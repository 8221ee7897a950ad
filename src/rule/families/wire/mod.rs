//! The family `wire`: requirements of AWS JSON 1.1 on requests and responses.
//!
//! `requirement` names the requirements of AWS JSON 1.1, `rules` derives the rules, `cases` makes the calls, and `check` checks
//! the responses. Nothing here knows an operation by name.

mod cases;
mod check;
mod requirement;
mod rules;

pub use requirement::ProtocolRequirement;
pub(super) use rules::rules;
