//! Who says so: levels of evidence and the sources behind them. Judges nothing.

use serde::{Deserialize, Serialize};

/// How well a requirement is known to hold for the real service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nobody has shown it; a target that differs is only noted.
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
    /// How well it is known.
    pub level: Level,
    /// Ids of sources; never empty once loaded.
    pub sources: Vec<String>,
    /// What a reader should know about the evidence itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One entry of `evidence.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Where it stands: a URL or a title.
    pub source: String,
    /// The fact, in our words.
    pub says: String,
    /// `recorded`, `documented`, `reported` or `inferred`.
    pub confidence: Confidence,
}

/// How a source knows what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A recording of the service, or a raw answer quoted somewhere.
    Recorded,
    /// Model or documentation.
    Documented,
    /// Somebody says so.
    Reported,
    /// Concluded from something else.
    Inferred,
}
