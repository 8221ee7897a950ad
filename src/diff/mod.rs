//! The differences of two targets: the same generated cases on both, without parts that vary, and the conforming side where a
//! rule says. Prints nothing.
//!
//! `pair` carries a case out on both, `weigh` says what differs and who is right, `compare` does one rule and
//! `comparison` all of them, `cause` groups what was found and has one of each group shrunk, `report` is what comes
//! out.

mod cause;
mod compare;
mod comparison;
mod event;
mod pair;
mod report;
mod weigh;

pub use comparison::Comparison;
pub use event::ComparisonEvent;
pub use report::{
    DiffCause, DiffReport, DiffShown, DiffStep, DiffSummary, DiffTarget, DiffVerdict, FORMAT, Right,
};
