//! Counts and decides: from results to scores, verdict and exit code. Renders nothing.

use super::model::{Score, Summary, Verdict};
use crate::model::Level;
use crate::run::{Outcome, ReasonKind, RuleResult};

/// Counts and scores of a run.
#[must_use]
pub fn summarize(results: &[RuleResult]) -> Summary {
    let mut summary = Summary::default();
    for result in results {
        *counter(&mut summary, result.outcome) += 1;
        summary.cases += result.cases;
        summary.exchanges += result.exchanges;
    }
    summary.conformance = score(results, |level| level == Level::Documented);
    summary.parity = score(results, |level| level != Level::Assumed);
    summary
}

/// The decision. A known gap that holds deviates from what was said of the target, whatever its evidence: the
/// list would hide the next time it breaks. `parity` lets observed rules decide as well; `unjudged` says that the run was cut short,
/// so that rules which should have been run were not.
#[must_use]
pub fn verdict(results: &[RuleResult], parity: bool, unjudged: bool) -> Verdict {
    let decides = |level| level == Level::Documented || parity && level == Level::Observed;
    let any = |outcome| results.iter().any(|r| r.outcome == outcome);
    let deviates = |r: &RuleResult| {
        r.outcome == Outcome::Failed && decides(r.evidence.level) || r.closed_gap().is_some()
    };
    if results.iter().any(deviates) {
        Verdict::Deviates
    } else if unjudged || any(Outcome::Errored) || results.iter().all(|r| r.outcome == Outcome::Skipped) {
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
        Outcome::Errored => &mut summary.errored,
        Outcome::Known => &mut summary.known,
        Outcome::Skipped => &mut summary.skipped,
    }
}

/// Rules of these levels that held, of those that were judged. A known gap is judged, and does not hold.
fn score(results: &[RuleResult], counts: impl Fn(Level) -> bool) -> Score {
    let judged = results.iter().filter(|r| counts(r.evidence.level)).filter(|r| match r.outcome {
        Outcome::Passed | Outcome::Failed => true,
        // A listed rule that was skipped is not judged.
        Outcome::Known => r.reason_kind != Some(ReasonKind::NothingRefused),
        _ => false,
    });
    judged.fold(Score::default(), |score, result| Score {
        held: score.held + u64::from(result.outcome == Outcome::Passed),
        of: score.of + 1,
    })
}
