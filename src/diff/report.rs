//! The result of a comparison as data: the published JSON form. Computes nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::client::TargetType;
use crate::model::{Capability, Evidence, Principal};
use crate::report::SuiteInfo;
use crate::run::{ReportedRequest, ReportedResponse};

/// Version of the form.
pub const FORMAT: u32 = 1;

/// The conforming side of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConformingSide {
    /// The first: the second violates a rule that it holds.
    A,
    /// The second.
    B,
    /// Neither: both violate a rule, each in its own way.
    Neither,
    /// No rule decides.
    #[serde(rename = "unsaid")]
    Undecided,
}

/// The verdict of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DiffVerdict {
    /// No difference was found.
    Alike,
    /// At least one was.
    Different,
    /// None was, and not everything could be compared.
    Incomplete,
}

/// Everything a comparison found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffReport {
    /// Version of this form: 1.
    pub format: u32,
    /// The suite that judged.
    pub suite: SuiteInfo,
    /// The first target.
    pub a: DiffTarget,
    /// The second.
    pub b: DiffTarget,
    /// Seed of everything generated.
    pub seed: u64,
    /// Start, RFC 3339 in UTC.
    pub started: String,
    /// Wall time.
    pub duration_ms: u64,
    /// The verdict.
    pub verdict: DiffVerdict,
    /// Counts.
    pub summary: DiffSummary,
    /// The differences, those of one reason together.
    pub causes: Vec<DiffCause>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffTarget {
    /// The kind of target; never `aws`.
    pub kind: TargetType,
    /// Name the user gave.
    pub name: String,
    /// The address, if it has one.
    pub url: Option<String>,
    /// Capabilities it has and the other lacks, so that they were not compared.
    pub alone_has: BTreeSet<Capability>,
}

/// Counts, of rules where nothing else is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffSummary {
    /// Compared.
    pub rules: u64,
    /// Cases carried out on both.
    pub cases: u64,
    /// Requests to both together.
    pub exchanges: u64,
    /// Without any difference.
    pub alike: u64,
    /// Differences in which the first is right.
    pub a_right: u64,
    /// Differences in which the second is right.
    pub b_right: u64,
    /// Differences in which neither is right.
    pub neither: u64,
    /// Differences on which no rule decides.
    pub unsaid: u64,
    /// Rules whose differences are those of cases that another rule judges.
    pub elsewhere: u64,
    /// Differences that did not come again, and count for nothing.
    pub unsteady: u64,
    /// Not compared: a target did not answer, or the run was ended.
    pub unjudged: u64,
    /// Left out: calls made at once, where the outcome is luck.
    pub at_once: u64,
}

/// Differences that most likely have one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffCause {
    /// The conforming side.
    pub right: ConformingSide,
    /// The reason, in one line.
    pub title: String,
    /// Details of the title, one line each.
    pub parts: Vec<String>,
    /// Ids of the rules, in order.
    pub rules: Vec<String>,
    /// The one that shows it, as short as it gets.
    pub shown: DiffShown,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffShown {
    /// Rule whose case shows it.
    pub rule: String,
    /// The requirement of the rule.
    pub requirement: String,
    /// The evidence of the rule.
    pub evidence: Evidence,
    /// The reason why no case could be judged.
    pub reason: Option<String>,
    /// The violation or the difference, in one sentence.
    pub violated: String,
    /// The required response, or the response of the first.
    pub expected: String,
    /// The actual response, or the response of the second.
    pub actual: String,
    /// The calls, in order.
    pub steps: Vec<DiffStep>,
}

/// One call, made to both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffStep {
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation.
    pub operation: String,
    /// The principal of the call, if it is not the caller of the run.
    pub by: Option<Principal>,
    /// The request.
    pub request: ReportedRequest,
    /// The response of the first; none if the call was not made any more.
    pub a: Option<ReportedResponse>,
    /// The response of the second.
    pub b: Option<ReportedResponse>,
}
