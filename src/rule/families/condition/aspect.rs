//! The parts of a cell of a condition table that rules are about.
//! The entry point is [`ConditionAspect`].

/// The part of a cell that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionAspect {
    /// The response, and reads that agree with it as far as the evidence goes.
    Response,
    /// A refusal changes nothing, where that is less certain than the refusal.
    Unchanged,
    /// A refusal leaves the times of the resource unchanged.
    Times,
    /// The response to conditions that nearly name the current version.
    NearMiss,
}

impl ConditionAspect {
    /// The end of the rule id; nothing if the rule is the cell's own.
    pub(super) fn suffix(self) -> Option<&'static str> {
        match self {
            Self::Response => None,
            Self::Unchanged => Some("unchanged"),
            Self::Times => Some("times"),
            Self::NearMiss => Some("near-miss"),
        }
    }

    /// Describes the test in one sentence.
    pub(super) fn describe_test(self) -> &'static str {
        match self {
            Self::Response => {
                "The state is made, the short way and after another version; then come the call and a read, which must \
                 show what an accepted call wrote, or what was there before a refused one."
            }
            Self::Unchanged => "The state is made; after a refusal, a read must show what was there before.",
            Self::Times => "The state is made and read; after a refusal, a read must show the same times.",
            Self::NearMiss => {
                "The state is made; the condition is the version in force with one character changed, in the other case, \
                 cut, extended up to 255 characters or padded. After the refusal, a read must show what was there before."
            }
        }
    }
}
