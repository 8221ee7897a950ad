//! Applies a known gap to the result of a rule.
//! Must not read a file or a clock.
//! Entry point: [`apply_known_gap`].

use crate::known::Gap;

use super::reason::{Reason, ReasonKind};
use super::result::{Outcome, RuleResult};

/// Returns the result of a rule that is listed as a known gap.
#[must_use]
pub fn apply_known_gap(result: RuleResult, gap: &Gap) -> RuleResult {
    let unrefused = result.refused_nothing();
    match (result.outcome, gap.expired, gap.expires) {
        (Outcome::Skipped, _, _) if !unrefused => result,
        // A rule that is not judged keeps the kind of its reason, so that it stays out of the scores.
        (Outcome::Skipped | Outcome::Unimplemented | Outcome::Blocked | Outcome::Flaky, false, _) => {
            RuleResult {
                outcome: Outcome::Known,
                reason: Some(Reason::KnownGap { why: gap.why() }.to_string()),
                ..result
            }
        }
        (Outcome::Failed | Outcome::Noted, false, _) => {
            RuleResult { outcome: Outcome::Known, ..result }.with_reason(&Reason::KnownGap { why: gap.why() })
        }
        (Outcome::Failed, true, Some(last)) => {
            let expired = Reason::GapExpired { last: last.to_string(), why: gap.why() };
            match result.reason {
                // A rule that was not evaluated keeps its own reason in front.
                Some(why) => RuleResult {
                    reason: Some(format!("{why}; {expired}")),
                    reason_kind: result.reason_kind.or(Some(ReasonKind::GapExpired)),
                    ..result
                },
                None => result.with_reason(&expired),
            }
        }
        (Outcome::Passed, false, _) => {
            result.with_reason(&Reason::GapClosed { line: gap.line, why: gap.why() })
        }
        _ => result,
    }
}
