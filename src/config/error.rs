//! What can be wrong with a `glueproof.toml`, and where. Quotes no values but those that cannot be secrets.

use std::ops::Range;

use crate::position::Position;

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {problem}")]
pub struct ConfigError {
    /// Where.
    pub at: Position,
    /// What is wrong there.
    pub problem: ConfigProblem,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigProblem {
    /// Not the TOML expected.
    #[error("{0}")]
    Syntax(String),
    /// A name that means something else already.
    #[error("a target cannot be called `{0}`: {1}")]
    Name(String, &'static str),
    /// A target without an address.
    #[error("the target `{0}` needs a `url`, or `kind = \"aws\"`")]
    NoUrl(String),
    /// An address for what has its own.
    #[error("AWS has its own addresses: leave out `url`, or `kind = \"aws\"`")]
    UrlOfAws,
    /// Not a kind of target.
    #[error("there is no kind `{0}`: write `endpoint` or `aws`")]
    Kind(String),
    /// A value that cannot be used.
    #[error("`{key}`: {why}")]
    Value {
        /// Of what.
        key: &'static str,
        /// Why not.
        why: String,
    },
    /// A header that cannot be added. Its value is not shown.
    #[error("the header `{name}` cannot be added: {why}")]
    Header {
        /// Which.
        name: String,
        /// Why not.
        why: String,
    },
}

impl ConfigError {
    /// A problem at a part of the text.
    pub(super) fn at(text: &str, part: &Range<usize>, problem: ConfigProblem) -> Self {
        Self { at: Position::of(text, part.start), problem }
    }
}
