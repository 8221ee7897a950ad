//! Filter patterns of CloudWatch Logs (CloudWatch Logs User Guide, "Filter pattern syntax"): terms, JSON properties, and
//! columns. This file contains docs and re-exports only.
//!
//! `filter` selects the kind of pattern by its first character. `terms` matches words, `json` and `columns` match values with
//! the conditions of `condition`.

mod columns;
mod condition;
mod filter;
mod json;
mod terms;

pub use filter::FilterPattern;
