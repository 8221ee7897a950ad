//! Reports in Markdown, as GitHub and most trackers read it: `summary` for a run of CI, `bug_report` for the
//! target's tracker, `diff` for two targets called with the same cases, `comparison` for several reports. `text` stands between foreign text and the markup.

mod bug_report;
mod comparison;
mod diff;
mod summary;
mod text;

pub use bug_report::bug_reports;
pub use comparison::comparison;
pub use diff::diff;
pub use summary::summary;
