//! Differences that are known, with reasons, out of a file. Holds no opinion of its own and opens no file.
//!
//! ```toml
//! [[known]]
//! difference = "PutResourcePolicyRequest.PolicyInJson/length.max"     # as `glueproof drift` names it
//! model = "10240"                             # what the model says; left out where it says nothing
//! reason = "the service refuses earlier"
//! ```

use serde::Deserialize;
use toml::Spanned;

use super::compare::Difference;

/// The entries of a file.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    difference: String,
    model: Option<String>,
    reason: String,
    line: usize,
}

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct AllowedError {
    /// From 1.
    pub line: usize,
    /// The problem.
    pub problem: AllowedProblem,
}

/// The problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowedProblem {
    /// Not the TOML expected.
    #[error("{0}")]
    Syntax(String),
    /// An entry that does not say why.
    #[error("`{0}` has no reason")]
    NoReason(String),
    /// Specs and model agree there, or differ in another way than the entry says.
    #[error("`{difference}` is no difference{}; take it out", model.as_ref().map(|model| format!(" to a model that says `{model}`")).unwrap_or_default())]
    Gone {
        /// The difference.
        difference: String,
        /// The model's side in the entry.
        model: Option<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    known: Vec<RawEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    difference: Spanned<String>,
    model: Option<String>,
    reason: String,
}

impl Allowed {
    /// Reads a file's text.
    ///
    /// # Errors
    /// Returns an error if it is not the TOML expected.
    pub fn parse(text: &str) -> Result<Self, AllowedError> {
        let line = |byte: usize| text.get(..byte).unwrap_or(text).matches('\n').count() + 1;
        let raw: Raw = toml::from_str(text).map_err(|e| {
            let problem = AllowedProblem::Syntax(e.message().lines().next().unwrap_or_default().to_owned());
            AllowedError { line: line(e.span().unwrap_or_default().start), problem }
        })?;
        let entry = |raw: RawEntry| {
            let (line, difference) = (line(raw.difference.span().start), raw.difference.into_inner());
            if raw.reason.trim().is_empty() {
                return Err(AllowedError { line, problem: AllowedProblem::NoReason(difference) });
            }
            Ok(Entry { difference, model: raw.model, reason: raw.reason, line })
        };
        Ok(Self { entries: raw.known.into_iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// The reason why a difference is intended, if it is known.
    #[must_use]
    pub fn reason(&self, difference: &Difference) -> Option<&str> {
        self.entries.iter().find(|entry| entry.is_about(difference)).map(|entry| entry.reason.as_str())
    }

    /// Makes sure that every entry is still about a difference.
    ///
    /// # Errors
    /// Returns an error if one is not.
    pub fn check(&self, differences: &[Difference]) -> Result<(), AllowedError> {
        let gone = self.entries.iter().find(|entry| !differences.iter().any(|d| entry.is_about(d)));
        gone.map_or(Ok(()), |entry| {
            let (difference, model) = (entry.difference.clone(), entry.model.clone());
            Err(AllowedError { line: entry.line, problem: AllowedProblem::Gone { difference, model } })
        })
    }
}

impl Entry {
    fn is_about(&self, difference: &Difference) -> bool {
        self.difference == difference.id() && self.model == difference.model
    }
}
