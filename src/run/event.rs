//! What a run says while it goes on. The runner emits, reporters consume; nothing flows back.

use super::result::{RuleResult, TargetInfo};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The target answers and the run begins.
    Started {
        /// What is judged.
        target: TargetInfo,
        /// How many rules will be run.
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
        /// What and why, one sentence.
        what: String,
    },
}
