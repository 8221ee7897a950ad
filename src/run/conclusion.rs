//! Turns the end of a run of one rule into the outcome of the rule, with its reason.
//!
//! Must not call a target. The entry point is [`RunEnd::conclude`].

use crate::client::CallFailure;
use crate::model::Level;
use crate::rule::Rule;

use super::blocker::Blocker;
use super::reason::Reason;
use super::result::{FailureRate, Outcome};
use super::shrink::FailingCase;

/// The end of a run of one rule.
pub(super) enum RunEnd {
    /// No case violated the rule.
    NotViolated {
        /// The number of cases that were judged.
        judged: u64,
        /// The last case that could not be judged.
        blocked_case: Option<BlockedCase>,
    },
    /// A case violated it.
    Violated(Box<FailingCase>, Option<FailureRate>),
    /// The control was violated, so that refusals prove nothing.
    ControlFailed(Box<FailingCase>, Option<FailureRate>),
    /// The run's own caller lacks the permission for this IAM action.
    NotPermitted(String),
    /// A case failed once and held when it was executed again.
    Flaky(Box<FailingCase>, FailureRate),
    /// The target does not have the operation. Without a violation, the case asked for no more than any refusal.
    Unimplemented(Blocker, Option<Box<FailingCase>>),
    /// The state of the control could not be created.
    Blocked(BlockedCase),
    /// A list is refused because of something that the case did not create.
    Undecryptable(Blocker),
    /// A call received no response.
    NoResponse(CallFailure),
    /// No case could be generated.
    GenerationFailed(String),
    /// The run was ended early.
    Stopped(Reason),
}

/// The call that kept a case from being judged, and the case.
pub(super) struct BlockedCase {
    /// None if the response of the operation under test lacks what the rule is about.
    pub blocker: Option<Blocker>,
    /// The case; none if a call says that the target does not have its operation and nothing was violated.
    pub failing: Option<Box<FailingCase>>,
}

/// The outcome of a rule with everything that explains it.
pub(super) struct Conclusion {
    /// The outcome.
    pub outcome: Outcome,
    /// The reason, where the outcome alone does not explain itself.
    pub reason: Option<Reason>,
    /// The case that shows the outcome.
    pub failing: Option<Box<FailingCase>>,
    /// The call that kept the rule from being judged.
    pub blocker: Option<Blocker>,
    /// The executions that failed, if not all did.
    pub failure_rate: Option<FailureRate>,
}

impl Conclusion {
    fn new(outcome: Outcome, reason: Option<Reason>, failing: Option<Box<FailingCase>>) -> Self {
        Self { outcome, reason, failing, blocker: None, failure_rate: None }
    }

    fn at_rate(self, failure_rate: Option<FailureRate>) -> Self {
        Self { failure_rate, ..self }
    }

    /// The conclusion about a rule that another call kept from being judged.
    fn by_blocker(
        outcome: Outcome,
        blocker: Blocker,
        failing: Option<Box<FailingCase>>,
        reason: impl FnOnce(String, String) -> Reason,
    ) -> Self {
        let reason = reason(blocker.operation.clone(), blocker.answer.clone());
        Self { blocker: Some(blocker), ..Self::new(outcome, Some(reason), failing) }
    }
}

impl RunEnd {
    /// Returns the case that shows why the rule did not pass.
    pub fn failing_case(&self) -> Option<&FailingCase> {
        match self {
            Self::Violated(failing, _) | Self::ControlFailed(failing, _) | Self::Flaky(failing, _) => {
                Some(failing)
            }
            Self::Blocked(blocked_case)
            | Self::NotViolated { judged: 0, blocked_case: Some(blocked_case) } => {
                blocked_case.failing.as_deref()
            }
            _ => None,
        }
    }

    /// Returns true if the target did not respond. A call that the suite withheld says nothing about the target.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::NoResponse(failure) if !matches!(failure, CallFailure::Withheld(_)))
    }

    /// Decides the outcome of the rule.
    pub fn conclude(self, rule: &Rule) -> Conclusion {
        use Outcome::{Blocked, Errored, Flaky, Passed, Skipped, Unimplemented};
        let violated = if rule.evidence.level == Level::Assumed { Outcome::Noted } else { Outcome::Failed };
        match self {
            Self::Violated(failing, rate) => Conclusion::new(violated, None, Some(failing)).at_rate(rate),
            Self::ControlFailed(failing, rate) => {
                Conclusion::new(violated, Some(Reason::ControlFailed), Some(failing)).at_rate(rate)
            }
            Self::Flaky(failing, rate) => {
                let reason = Reason::Flaky { held: rate.of - rate.failed };
                Conclusion::new(Flaky, Some(reason), Some(failing)).at_rate(Some(rate))
            }
            Self::Unimplemented(blocker, failing) => {
                Conclusion::by_blocker(Unimplemented, blocker, failing, |operation, answer| {
                    Reason::Unimplemented { operation, answer }
                })
            }
            Self::Undecryptable(blocker) => {
                Conclusion::by_blocker(Blocked, blocker, None, |operation, answer| Reason::Undecryptable {
                    operation,
                    answer,
                })
            }
            Self::NotViolated { judged: 1.., .. } => Conclusion::new(Passed, None, None),
            Self::Blocked(blocked_case)
            | Self::NotViolated {
                blocked_case: Some(blocked_case @ BlockedCase { blocker: Some(_), .. }),
                ..
            } => blocked_case.conclude(violated),
            Self::NotViolated { .. } if rule.test.needs_refusal() => {
                Conclusion::new(Skipped, Some(Reason::NothingRefused), None)
            }
            Self::NotViolated { blocked_case, .. } => {
                BlockedCase { blocker: None, failing: blocked_case.and_then(|case| case.failing) }
                    .conclude(violated)
            }
            Self::NotPermitted(action) => {
                Conclusion::new(Errored, Some(Reason::MissingPermission { action }), None)
            }
            Self::NoResponse(failure) => Conclusion::new(Errored, Some(Reason::NoResponse(failure)), None),
            Self::GenerationFailed(why) => {
                Conclusion::new(Errored, Some(Reason::GenerationFailed(why)), None)
            }
            Self::Stopped(reason) => Conclusion::new(Skipped, Some(reason), None),
        }
    }
}

impl BlockedCase {
    /// Decides the outcome of a rule of which no case was judged.
    fn conclude(self, violated: Outcome) -> Conclusion {
        match self.blocker {
            Some(blocker) => {
                Conclusion::by_blocker(Outcome::Blocked, blocker, self.failing, |operation, answer| {
                    Reason::Blocked { operation, answer }
                })
            }
            None => Conclusion::new(violated, Some(Reason::SetupFailed), self.failing),
        }
    }
}
