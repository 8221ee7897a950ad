//! The results of rules, with their findings, and the description of the target: the parts of the published JSON report
//! that a run makes.
//!
//! Must not call a target. The entry point is [`RuleResult`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{ExpectedOutcome, ViolationKind};
use crate::client::TargetType;
use crate::model::{Capability, Evidence, Family, Principal};
use crate::rule::Rule;

use super::blocker::Blocker;
use super::reason::{Reason, ReasonKind};

/// The outcome of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Held in every case, and at least one case could be judged.
    Passed,
    /// Violated.
    Failed,
    /// An assumed rule does not hold; this counts for nothing.
    Noted,
    /// The target does not have the operation.
    Unimplemented,
    /// The state that the rule needs could not be created; no verdict.
    Blocked,
    /// Violated once, and held when the case was executed again.
    Flaky,
    /// The harness or the network failed; no verdict.
    Errored,
    /// Violated as the known-gaps file says.
    Known,
    /// Not run.
    Skipped,
}

impl Outcome {
    /// All outcomes, in the order reports show them.
    pub const ALL: [Self; 9] = [
        Self::Passed,
        Self::Failed,
        Self::Unimplemented,
        Self::Blocked,
        Self::Flaky,
        Self::Noted,
        Self::Errored,
        Self::Known,
        Self::Skipped,
    ];

    /// The word used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Noted => "noted",
            Self::Unimplemented => "unimplemented",
            Self::Blocked => "blocked",
            Self::Flaky => "flaky",
            Self::Errored => "errored",
            Self::Known => "known",
            Self::Skipped => "skipped",
        }
    }
}

/// The result of one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleResult {
    /// Rule id.
    pub id: String,
    /// Operation the rule is about.
    pub operation: String,
    /// Family.
    pub family: Family,
    /// Capability a target needs for it.
    pub capability: Capability,
    /// One sentence.
    pub requirement: String,
    /// The evidence.
    pub evidence: Evidence,
    /// The outcome.
    pub outcome: Outcome,
    /// The reason for the outcome in one sentence, where the outcome alone does not explain it.
    pub reason: Option<String>,
    /// The kind of the reason. Reports written before this field existed lack it; their results are grouped and
    /// rendered as if the rule had been evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_kind: Option<ReasonKind>,
    /// The IAM action that the run's own caller lacks, if that is the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_permission: Option<String>,
    /// Cases run, shrinking not counted.
    pub cases: u64,
    /// Requests answered or attempted, everything counted.
    pub exchanges: u64,
    /// Wall time.
    pub duration_ms: u64,
    /// Calls repeated after a server error or a lost connection.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retries: u64,
    /// The call that kept the rule from being judged.
    #[serde(default, rename = "obstacle", skip_serializing_if = "Option::is_none")]
    pub blocker: Option<Blocker>,
    /// The violation, shrunk.
    pub finding: Option<Finding>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl RuleResult {
    /// Creates the result of a rule that was not run.
    #[must_use]
    pub fn not_run(rule: &Rule, outcome: Outcome, reason: Option<&Reason>) -> Self {
        Self {
            id: rule.id.clone(),
            operation: rule.operation.clone(),
            family: rule.family,
            capability: rule.capability,
            requirement: rule.requirement.clone(),
            evidence: rule.evidence.clone(),
            outcome,
            reason: reason.map(ToString::to_string),
            reason_kind: reason.map(Reason::kind),
            missing_permission: reason.and_then(Reason::missing_permission).map(str::to_owned),
            cases: 0,
            exchanges: 0,
            duration_ms: 0,
            retries: 0,
            blocker: None,
            finding: None,
        }
    }

    /// Returns the service in the id, such as `glue`.
    #[must_use]
    pub fn service(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// Sets the reason for the outcome.
    #[must_use]
    pub fn with_reason(self, reason: &Reason) -> Self {
        Self { reason: Some(reason.to_string()), reason_kind: Some(reason.kind()), ..self }
    }

    /// Returns whether the rule was not evaluated, because the state that it needs could not be created.
    #[must_use]
    pub fn is_not_judged(&self) -> bool {
        self.reason_kind == Some(ReasonKind::SetupFailed) || self.outcome == Outcome::Blocked
    }

    /// Returns whether the rule is about refusals and the target refused nothing. This is a gap of the target that
    /// leaves nothing to evaluate, and may be listed as a known gap.
    #[must_use]
    pub fn refused_nothing(&self) -> bool {
        self.outcome == Outcome::Skipped && self.reason_kind == Some(ReasonKind::NothingRefused)
    }

    /// Returns the reason why a rule that holds fails the run: it is listed as a known gap. A rule that passed has no
    /// other reason to have one.
    #[must_use]
    pub fn closed_gap(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.outcome == Outcome::Passed)
    }
}

/// One violated rule with its shortest transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The violation in one sentence.
    pub violated: String,
    /// The kind of violation. Reports written before this field existed lack it; their findings are grouped by their
    /// sentences alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ViolationKind>,
    /// The outcome that the violated expectation required. Absent where `kind` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_outcome: Option<ExpectedOutcome>,
    /// The expected response, in words.
    pub expected: String,
    /// The actual response, in words.
    pub actual: String,
    /// The calls, in order.
    pub steps: Vec<FindingStep>,
    /// The commands that reproduce it.
    pub reproduce: Reproduce,
    /// The executions that failed, if not all did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermittent: Option<FailureRate>,
}

/// The executions of a case that failed, of all of its executions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureRate {
    /// The number of executions that failed.
    pub failed: u32,
    /// The number of executions.
    pub of: u32,
}

/// One call of a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingStep {
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation.
    pub operation: String,
    /// The principal of the call, if it is not the run's own caller: a way of signing, or the step that `lends` credentials.
    #[serde(default)]
    pub by: Option<Principal>,
    /// The name under which later calls use the credentials in this response.
    #[serde(default)]
    pub lends: Option<String>,
    /// The request.
    pub request: ReportedRequest,
    /// The response, if there was one.
    pub response: Option<ReportedResponse>,
}

/// A request as reports show it: headers the suite set on purpose, body as JSON where it is JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedRequest {
    /// `X-Amz-Target`, `Content-Type` and what the case changed; never credentials.
    pub headers: BTreeMap<String, String>,
    /// JSON, or the raw text.
    pub body: Value,
}

/// An answer as reports show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedResponse {
    /// HTTP status.
    pub status: u16,
    /// Error code, if it is an error that has one.
    pub error: Option<String>,
    /// JSON, or the raw text, cut where it is long.
    pub body: Value,
}

/// Commands that repeat a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reproduce {
    /// `glueproof replay …`, where the case was saved.
    pub replay: Option<String>,
    /// One `curl` command a call; empty where the target has no URL.
    pub curl: Vec<String>,
    /// One AWS CLI command a call that the CLI can make.
    pub aws_cli: Vec<String>,
    /// One program on boto3, line by line; empty if boto3 cannot make all calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boto3: Vec<String>,
    /// One program on the Rust SDK, line by line; empty if the SDK cannot make all calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rust: Vec<String>,
}

/// The target of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetInfo {
    /// The kind of target.
    pub kind: TargetType,
    /// The URL, if it has one.
    pub url: Option<String>,
    /// The name that the user gave, or a name that stands for it.
    pub name: String,
    /// The capabilities, and whether they were tested.
    pub capabilities: BTreeMap<Capability, Presence>,
}

impl TargetInfo {
    /// Returns the capabilities that were tested.
    pub fn tested(&self) -> impl Iterator<Item = Capability> + '_ {
        let tested = self.capabilities.iter().filter(|(_, presence)| **presence == Presence::Tested);
        tested.map(|(capability, _)| *capability)
    }
}

/// The presence of a capability in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Rules that need it were run.
    Tested,
    /// The target lacks it.
    Absent,
    /// The run was not asked for it.
    Unselected,
}
