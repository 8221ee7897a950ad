//! Errors in a file of known gaps, each with its line. Reads nothing.

use crate::position::Position;

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct GapsError {
    /// From 1.
    pub line: usize,
    /// The problem on that line.
    pub problem: GapsProblem,
}

/// A problem with one entry or with the whole file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GapsProblem {
    /// Not the TOML expected.
    #[error("{0}")]
    Syntax(String),
    /// An entry that is about nothing.
    #[error("`{rule}` matches no rule of edition {edition}; the nearest are {}", nearest.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))]
    NoSuchRule {
        /// The id or pattern of the entry.
        rule: String,
        /// The edition whose rules were searched.
        edition: crate::model::Edition,
        /// Ids that resemble it, the likest first.
        nearest: Vec<String>,
    },
    /// An entry that does not say why.
    #[error("the gap `{0}` has no reason")]
    NoReason(String),
    /// The same pattern again.
    #[error("the gap `{rule}` is listed already, on line {first}")]
    Twice {
        /// The rule.
        rule: String,
        /// The line of the first entry.
        first: usize,
    },
    /// A time, or a time of day, where a day is wanted.
    #[error("`expires` is a day, as in `expires = 2027-06-30`")]
    NoDay,
}

impl GapsError {
    /// A problem at a byte of the text.
    pub(super) fn at(text: &str, byte: usize, problem: GapsProblem) -> Self {
        Self { line: Position::of(text, byte).line, problem }
    }
}
