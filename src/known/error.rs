//! What can be wrong with a file of known gaps, and on which line. Reads nothing.

use crate::position::Position;

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct GapsError {
    /// From 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: GapsProblem,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GapsProblem {
    /// Not the TOML expected.
    #[error("{0}")]
    Syntax(String),
    /// An entry that is about nothing.
    #[error("`{rule}` matches no rule of edition {edition}; the nearest are {}", nearest.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "))]
    NoSuchRule {
        /// What it names.
        rule: String,
        /// Where it was looked for.
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
        /// Which.
        rule: String,
        /// Where it stands first.
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
