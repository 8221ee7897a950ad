//! Clusters failed rules that most likely fail for one reason, so that a target without validation reads as a few causes.
//! Must not evaluate rules, and loses none: every failed rule is in one cause.
//! Entry point: [`causes`]. `features` extracts what failures have in common, `title` writes the title of a cause.

mod causes;
mod explained;
mod features;
mod title;

pub use causes::{Cause, causes};
pub(super) use features::{missing_member, sentence};
pub use title::list_operations;
