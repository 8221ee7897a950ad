//! The reasons for outcomes that need one: skipped, errored, known, and failed without a violation of the rule itself.
//! Must not decide an outcome.
//! Entry point: [`Reason`].

use serde::{Deserialize, Serialize};

use crate::client::CallFailure;

/// The reason for the outcome of a rule. [`ToString`] gives the sentence that reports contain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The control call was not accepted.
    #[error(
        "the control call (valid input) was not accepted, so the refusal of invalid input proves nothing"
    )]
    ControlFailed,
    /// The state that the rule needs could not be created.
    #[error("the state that the rule needs could not be created, so no case could be judged")]
    SetupFailed,
    /// A call that creates the state failed.
    #[error("the state that the rule needs could not be created: {operation} answered {answer}")]
    Blocked {
        /// The operation of the call.
        operation: String,
        /// The response in short.
        answer: String,
    },
    /// A list is refused because of something that the case did not create.
    #[error(
        "{operation} answered {answer}, and did so again after everything of the case was removed: something else in the list \
         cannot be decrypted"
    )]
    Undecryptable {
        /// The operation of the list.
        operation: String,
        /// The response in short.
        answer: String,
    },
    /// The target does not have the operation.
    #[error("the target does not implement {operation}: it answered {answer}")]
    Unimplemented {
        /// The operation.
        operation: String,
        /// The response in short.
        answer: String,
    },
    /// The case failed once.
    #[error("the case failed once and held {held} times when it was executed again")]
    Flaky {
        /// The number of executions that held.
        held: u32,
    },
    /// The rule is about errors, and the target returned none.
    #[error("the target refused none of the calls that it had to refuse, so there was no error to check")]
    NothingRefused,
    /// The target did not respond to a call.
    #[error("{0}")]
    NoResponse(CallFailure),
    /// No case could be generated.
    #[error("no case could be generated: {0}")]
    GenerationFailed(String),
    /// The run's own caller lacks a permission.
    #[error("the run's own caller is not allowed to call {action}")]
    MissingPermission {
        /// The IAM action, such as `glue:PutResourcePolicy`.
        action: String,
    },
    /// The target refuses every call of the run's own caller.
    #[error("{0}")]
    CallerRefused(String),
    /// The user stopped the run.
    #[error("interrupted")]
    Interrupted,
    /// The time of the run was over.
    #[error("the time of the run (--max-time) was over")]
    TimeOver,
    /// The target stopped responding before the rule was run.
    #[error("the target stopped answering")]
    TargetSilent,
    /// The file of known gaps lists the rule.
    #[error("{why}")]
    KnownGap {
        /// The reason in the file.
        why: String,
    },
    /// The file of known gaps lists the rule, but the entry has expired.
    #[error("it was a known gap until {last}: {why}")]
    GapExpired {
        /// The last day on which the entry applied.
        last: String,
        /// The reason in the file.
        why: String,
    },
    /// The file of known gaps lists the rule, but the rule holds.
    #[error("it holds, and line {line} of the known gaps says that it does not: {why}")]
    GapClosed {
        /// The line of the entry.
        line: usize,
        /// The reason in the file.
        why: String,
    },
}

/// The kinds of [`Reason`], as JSON reports contain them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// The control call was not accepted.
    ControlFailed,
    /// The state that the rule needs could not be created.
    #[serde(rename = "not_arranged")]
    SetupFailed,
    /// A call that creates the state failed.
    Blocked,
    /// The target does not have the operation.
    Unimplemented,
    /// The case failed once.
    Flaky,
    /// The rule is about errors, and the target returned none.
    NothingRefused,
    /// The target did not respond to a call.
    #[serde(rename = "no_answer")]
    NoResponse,
    /// No case could be generated.
    #[serde(rename = "ungenerated")]
    GenerationFailed,
    /// The run's own caller lacks a permission.
    MissingPermission,
    /// The target refuses every call of the run's own caller.
    CallerRefused,
    /// The user stopped the run.
    Interrupted,
    /// The time of the run was over.
    TimeOver,
    /// The target stopped responding before the rule was run.
    TargetSilent,
    /// The file of known gaps lists the rule.
    KnownGap,
    /// The entry in the file of known gaps has expired.
    GapExpired,
    /// The rule holds although the file of known gaps lists it.
    GapClosed,
}

impl ReasonKind {
    /// All kinds, in the order in which the JSON Schema lists them.
    pub const ALL: [Self; 16] = [
        Self::ControlFailed,
        Self::SetupFailed,
        Self::Blocked,
        Self::Unimplemented,
        Self::Flaky,
        Self::NothingRefused,
        Self::NoResponse,
        Self::GenerationFailed,
        Self::MissingPermission,
        Self::CallerRefused,
        Self::Interrupted,
        Self::TimeOver,
        Self::TargetSilent,
        Self::KnownGap,
        Self::GapExpired,
        Self::GapClosed,
    ];
}

impl Reason {
    /// Returns the IAM action that the run's own caller lacks, if that is the reason.
    #[must_use]
    pub fn missing_permission(&self) -> Option<&str> {
        match self {
            Self::MissingPermission { action } => Some(action),
            _ => None,
        }
    }

    /// Returns the kind without its details.
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        match self {
            Self::ControlFailed => ReasonKind::ControlFailed,
            Self::SetupFailed => ReasonKind::SetupFailed,
            Self::Blocked { .. } | Self::Undecryptable { .. } => ReasonKind::Blocked,
            Self::Unimplemented { .. } => ReasonKind::Unimplemented,
            Self::Flaky { .. } => ReasonKind::Flaky,
            Self::NothingRefused => ReasonKind::NothingRefused,
            Self::NoResponse(_) => ReasonKind::NoResponse,
            Self::GenerationFailed(_) => ReasonKind::GenerationFailed,
            Self::MissingPermission { .. } => ReasonKind::MissingPermission,
            Self::CallerRefused(_) => ReasonKind::CallerRefused,
            Self::Interrupted => ReasonKind::Interrupted,
            Self::TimeOver => ReasonKind::TimeOver,
            Self::TargetSilent => ReasonKind::TargetSilent,
            Self::KnownGap { .. } => ReasonKind::KnownGap,
            Self::GapExpired { .. } => ReasonKind::GapExpired,
            Self::GapClosed { .. } => ReasonKind::GapClosed,
        }
    }
}
