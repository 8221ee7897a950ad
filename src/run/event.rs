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
    /// Calls take long, so that rules also run in other regions of the target.
    OtherRegions {
        /// The shortest time in which a call was answered, in milliseconds.
        response_ms: u64,
        /// The regions.
        regions: Vec<String>,
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
