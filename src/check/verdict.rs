//! The verdict on a step.

use super::violation::Violation;

/// The verdict on the step that was performed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepVerdict {
    /// The response is as required.
    Held,
    /// The rule is violated.
    Violated(Violation),
    /// The state that the case needs could not be made, so the case proves nothing.
    SetupFailed(Violation),
}
