//! The report for people at a terminal, as text that the caller prints.
//!
//! [`brief`] is the default of a run: verdict, scores, matrix, and the causes within one screen. [`cause`] shows one
//! cause in full, [`terminal`] every finding. Nothing here groups or counts results.

pub(super) mod brief;
mod cause;
pub(super) mod finding;
mod full;
mod matrix;
mod summary;

pub use brief::brief;
pub use cause::{CauseDetail, cause};
pub use finding::CommandForm;
pub use full::terminal;
