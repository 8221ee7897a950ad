//! The transcript of a case: the steps that were performed, with their exchanges.
//! Must not judge.
//! The entry point is [`PerformedStep`].

use serde_json::Value;

use crate::case::Case;
use crate::client::{Exchange, SessionCredentials};

/// A step that was carried out.
#[derive(Debug, Clone)]
pub struct PerformedStep {
    /// Index of the step in the case.
    pub step: usize,
    /// The input as JSON, references filled in; nothing where text was sent that is no JSON.
    pub sent: Option<Value>,
    /// The request and its response; for a step that follows pages, the first request and the joined responses.
    pub exchange: Exchange,
    /// The time of the call.
    pub interval: CallInterval,
    /// The calls that were made, if there was more than one.
    pub followed: Option<Box<FollowedPages>>,
    /// Calls made before this one for the same step, whose answers were not the one waited for.
    pub poll_attempts: usize,
}

/// The time of a call, in nanoseconds of one clock for the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallInterval {
    /// Just before it was sent.
    pub invoked: u64,
    /// Just after its answer came, or was given up.
    pub returned: u64,
}

impl PerformedStep {
    /// Every call that was made for it, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<&Self> {
        let Some(followed) = &self.followed else { return vec![self] };
        let (first, others) = followed.pages.split_at(followed.pages.len().min(1));
        first.iter().chain(&followed.between).chain(others).collect()
    }
}

/// The steps of a case carried out so far, in order.
pub type Transcript = Vec<PerformedStep>;

/// The calls of a step that follows pages.
#[derive(Debug, Clone, Default)]
pub struct FollowedPages {
    /// The pages, in order.
    pub pages: Vec<PerformedStep>,
    /// The calls between the first page and the second.
    pub between: Vec<PerformedStep>,
}

/// Returns the session credentials in the response to the named step.
#[must_use]
pub fn session<'t>(
    step: &str,
    case: &Case,
    transcript: &'t [PerformedStep],
) -> Option<&'t SessionCredentials> {
    find_step(step, case, transcript)?.exchange.outcome.as_ref().ok()?.session.as_ref()
}

/// Returns the named step, if it was performed.
pub(super) fn find_step<'t>(
    step: &str,
    case: &Case,
    transcript: &'t [PerformedStep],
) -> Option<&'t PerformedStep> {
    let index = case.steps.iter().position(|s| s.name.as_deref() == Some(step))?;
    transcript.iter().find(|performed| performed.step == index)
}
