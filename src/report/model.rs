//! The report of a run as data: verdict, scores, and the results of all rules. Serialized as the published JSON report.
//!
//! Must not render or compute. The entry point is [`Report`].

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Edition;
use crate::run::{RuleResult, Shard, TargetInfo};

/// The verdict of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every documented rule that was run holds, and none was left without a verdict.
    Conforms,
    /// A documented rule is violated (or, with `--parity`, an observed one), or a known gap holds.
    Deviates,
    /// No rule is violated, but some rules have no verdict.
    Incomplete,
}

impl Verdict {
    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Deviates => "deviates",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The report of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Version of this format: 1.
    pub format: u32,
    /// The suite that judged.
    pub suite: SuiteInfo,
    /// The target that was judged.
    pub target: TargetInfo,
    /// Seed of everything generated.
    pub seed: u64,
    /// Start, RFC 3339 in UTC.
    pub started: String,
    /// Wall time.
    pub duration_ms: u64,
    /// The verdict.
    pub verdict: Verdict,
    /// Counts and scores.
    pub summary: Summary,
    /// An IAM policy document with the actions that the run's own caller lacks, if it lacks any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_permissions: Option<Value>,
    /// The part of a run that this report is about, if it is not the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// One result for each rule, in the order of their ids.
    pub results: Vec<RuleResult>,
}

/// The suite that judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuiteInfo {
    /// Version of glueproof.
    pub version: String,
    /// `sha256:` and the digest of the specs.
    pub specs: String,
    /// The edition of the API.
    pub edition: Edition,
}

/// Counts and scores.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Rules that passed.
    pub passed: u64,
    /// Rules that failed.
    pub failed: u64,
    /// Assumed rules that did not hold.
    pub noted: u64,
    /// Rules of operations that the target does not implement.
    #[serde(default)]
    pub unimplemented: u64,
    /// Rules whose state could not be created.
    #[serde(default)]
    pub blocked: u64,
    /// Rules that failed once and held when they were run again.
    #[serde(default)]
    pub flaky: u64,
    /// Rules without a verdict.
    pub errored: u64,
    /// Expected gaps.
    pub known: u64,
    /// Rules not run.
    pub skipped: u64,
    /// Cases run.
    pub cases: u64,
    /// Requests made.
    pub exchanges: u64,
    /// Calls repeated after a server error or a lost connection.
    #[serde(default)]
    pub retries: u64,
    /// Operations: implemented of those with rules.
    #[serde(default)]
    pub operations: Implemented,
    /// Documented rules: held of judged.
    pub conformance: Score,
    /// Documented and observed rules: held of judged.
    pub parity: Score,
}

/// Held of judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Rules that held.
    pub held: u64,
    /// Rules that were judged.
    pub of: u64,
}

impl Score {
    /// Returns the rules that held in percent of those judged, rounded down: only what is whole is 100. Returns `None` if
    /// no rule was judged.
    pub(super) fn percent(self) -> Option<u64> {
        self.held.saturating_mul(100).checked_div(self.of)
    }
}

/// Operations that the target implements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implemented {
    /// Operations that the target implements.
    pub implemented: u64,
    /// Operations for which rules were run.
    pub of: u64,
}
