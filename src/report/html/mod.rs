//! Reports as one HTML file: everything in it, nothing fetched, readable without its script. `document` is the
//! shell, `report` one target, `comparison` several, `site` a folder of pages; the rest are their parts. All text goes through maud, which
//! escapes it, so nothing of a target can become markup; the policy in the head lets only our own style and
//! script run.

mod calls;
mod comparison;
mod diff;
mod document;
mod findings;
mod matrix;
mod overview;
mod pack;
mod page;
mod report;
mod rule;
mod site;
mod text;

pub use comparison::comparison;
pub use page::Sources;
pub use report::report;
pub use site::{Page, site};
