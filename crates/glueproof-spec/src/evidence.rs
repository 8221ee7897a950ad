//! Evidence: its levels, and the sources behind it. Must not judge a target.

use serde::{Deserialize, Serialize};

/// The strength of the evidence that the real service meets a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No source shows it; a target that differs is only noted.
    Assumed,
    /// Recorded from, or reported of, the real service; decides the parity score.
    Observed,
    /// Stated by the model or the documentation; decides the verdict.
    Documented,
}

impl Level {
    /// The word used in specs and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Observed => "observed",
            Self::Documented => "documented",
        }
    }
}

/// A level with the ids of its sources in `evidence.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The level.
    pub level: Level,
    /// Ids of sources; never empty once loaded.
    pub sources: Vec<String>,
    /// A remark for readers on the evidence itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One entry of `evidence.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A URL or a title.
    pub source: String,
    /// The fact, in our words.
    pub says: String,
    /// `recorded`, `documented`, `reported` or `inferred`.
    pub confidence: Confidence,
}

/// The origin of a source's knowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A recording of the service, or a raw answer quoted somewhere.
    Recorded,
    /// Model or documentation.
    Documented,
    /// Reported without a recording.
    Reported,
    /// Concluded from something else.
    Inferred,
}
