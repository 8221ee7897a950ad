//! What a known gap makes of a rule's result. Reads no file and no clock.

use crate::known::Gap;

use super::result::{Outcome, RuleResult};

/// The result of a rule that is listed as a known gap.
#[must_use]
pub fn excuse(mut result: RuleResult, gap: &Gap) -> RuleResult {
    let unrefused = result.is_unrefused();
    match (result.outcome, gap.expired, gap.expires) {
        (Outcome::Skipped, _, _) if !unrefused => {}
        (Outcome::Failed | Outcome::Noted | Outcome::Skipped, false, _) => {
            result.outcome = Outcome::Known;
            result.reason = Some(gap.why());
        }
        (Outcome::Failed, true, Some(last)) => {
            let expired = format!("it was a known gap until {last}: {}", gap.why());
            // First stays what kept the rule from being judged.
            result.reason = Some(result.reason.map_or(expired.clone(), |why| format!("{why}; {expired}")));
        }
        (Outcome::Passed, false, _) => {
            result.reason = Some(format!(
                "it holds, and line {} of the known gaps says that it does not: {}",
                gap.line,
                gap.why()
            ));
        }
        _ => {}
    }
    result
}
