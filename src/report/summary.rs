//! Counts and decides: from results to scores, verdict and exit code. Renders nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::Level;
use crate::run::{Blocker, Outcome, ReasonKind, RuleResult};

use super::model::{Implemented, Score, Summary, Verdict};

/// Counts and scores of a run.
#[must_use]
pub fn summarize(results: &[RuleResult]) -> Summary {
    let mut summary = Summary::default();
    for result in results {
        *counter(&mut summary, result.outcome) += 1;
        summary.cases += result.cases;
        summary.exchanges += result.exchanges;
        summary.retries += result.retries;
    }
    summary.operations = operations(results);
    summary.conformance = score(results, |level| level == Level::Documented);
    summary.parity = score(results, |level| level != Level::Assumed);
    summary
}

/// The rules besides violated documented ones that decide a verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VerdictPolicy {
    /// Observed rules decide too.
    pub parity: bool,
    /// Operations that the target does not implement are left out.
    pub allow_unimplemented: bool,
    /// Flaky rules count as violated.
    pub strict_flaky: bool,
}

/// Returns the verdict. A known gap that is closed deviates whatever its evidence is, because the list would hide the
/// next failure. `incomplete` says that rules were not run that should have been run.
#[must_use]
pub fn verdict(results: &[RuleResult], policy: VerdictPolicy, incomplete: bool) -> Verdict {
    let decides = |level| level == Level::Documented || policy.parity && level == Level::Observed;
    let deviates = |r: &RuleResult| {
        let counts = match r.outcome {
            Outcome::Failed => true,
            Outcome::Unimplemented => !policy.allow_unimplemented,
            Outcome::Flaky => policy.strict_flaky,
            _ => false,
        };
        counts && decides(r.evidence.level) || r.closed_gap().is_some()
    };
    let excused: BTreeSet<&str> = results
        .iter()
        .filter(|r| matches!(r.outcome, Outcome::Known | Outcome::Noted))
        .map(|r| r.id.as_str())
        .collect();
    // A rule that an allowed or known gap blocks leaves nothing to be judged.
    let is_excused = |blocker: &Blocker| {
        blocker.rule.as_deref().is_some_and(|rule| excused.contains(rule))
            || policy.allow_unimplemented && blocker.unimplemented
    };
    let open = |r: &RuleResult| match r.outcome {
        Outcome::Errored => true,
        Outcome::Blocked => !r.blocker.as_ref().is_some_and(is_excused),
        _ => false,
    };
    if results.iter().any(deviates) {
        Verdict::Deviates
    } else if incomplete || results.iter().any(open) || results.iter().all(|r| r.outcome == Outcome::Skipped)
    {
        Verdict::Incomplete
    } else {
        Verdict::Conforms
    }
}

/// Returns the exit code of the process.
#[must_use]
pub fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Conforms => 0,
        Verdict::Deviates => 1,
        Verdict::Incomplete => 3,
    }
}

fn counter(summary: &mut Summary, outcome: Outcome) -> &mut u64 {
    match outcome {
        Outcome::Passed => &mut summary.passed,
        Outcome::Failed => &mut summary.failed,
        Outcome::Noted => &mut summary.noted,
        Outcome::Unimplemented => &mut summary.unimplemented,
        Outcome::Blocked => &mut summary.blocked,
        Outcome::Flaky => &mut summary.flaky,
        Outcome::Errored => &mut summary.errored,
        Outcome::Known => &mut summary.known,
        Outcome::Skipped => &mut summary.skipped,
    }
}

/// Rules of these levels that held, of those that were judged. A known gap is judged, and does not hold.
fn score(results: &[RuleResult], counts: impl Fn(Level) -> bool) -> Score {
    let judged = results.iter().filter(|r| counts(r.evidence.level)).filter(|r| match r.outcome {
        Outcome::Passed | Outcome::Failed => true,
        // A listed rule that was not judged stays out of the score.
        Outcome::Known => !matches!(
            r.reason_kind,
            Some(
                ReasonKind::NothingRefused
                    | ReasonKind::Unimplemented
                    | ReasonKind::Blocked
                    | ReasonKind::Flaky
            )
        ),
        _ => false,
    });
    judged.fold(Score::default(), |score, result| Score {
        held: score.held + u64::from(result.outcome == Outcome::Passed),
        of: score.of + 1,
    })
}

/// Returns the operations that the target implements, of those that rules were run for.
fn operations(results: &[RuleResult]) -> Implemented {
    let names = |results: &mut dyn Iterator<Item = &RuleResult>| -> BTreeSet<(String, String)> {
        results.map(|rule| (rule.service().to_owned(), rule.operation.clone())).collect()
    };
    let all = names(&mut results.iter().filter(|rule| rule.outcome != Outcome::Skipped));
    let missing = names(&mut results.iter().filter(|rule| rule.outcome == Outcome::Unimplemented));
    Implemented { implemented: (all.len() - missing.len()) as u64, of: all.len() as u64 }
}

/// Returns an IAM policy document that allows every missing action, or `None` if no permission is missing.
#[must_use]
pub fn policy_document(results: &[RuleResult]) -> Option<Value> {
    let actions: BTreeSet<&str> =
        results.iter().filter_map(|result| result.missing_permission.as_deref()).collect();
    (!actions.is_empty()).then(|| {
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": actions, "Resource": "*" }] })
    })
}
