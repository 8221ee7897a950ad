//! The events of a run. The runner emits them and reporters consume them; nothing flows back.

use super::result::{RuleResult, TargetInfo};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The target answers and the run begins.
    Started {
        /// The target.
        target: TargetInfo,
        /// The number of rules.
        rules: usize,
        /// Seed of everything generated.
        seed: u64,
    },
    /// A rule is being tried.
    RuleStarted {
        /// Rule id.
        id: String,
    },
    /// A violation was found and is being shrunk.
    Shrinking {
        /// Rule id.
        id: String,
    },
    /// A rule is done.
    RuleFinished(Box<RuleResult>),
    /// The user interrupted; what is running is cleaned up.
    Interrupted,
    /// Resources are being removed and account-wide state put back.
    CleaningUp,
    /// Something the run made could not be removed.
    Leftover {
        /// The resource and the reason, in one sentence.
        what: String,
    },
}
