//! What can come in a situation: acceptance, refusals, or either; and in words. Knows no operation.

use std::collections::BTreeSet;

use crate::model::Evidence;

/// What may come of a call in a state.
#[derive(Debug, Clone)]
pub(super) struct May {
    pub accepted: bool,
    pub codes: BTreeSet<String>,
    /// Rule or cell that says so, and its evidence.
    pub law: String,
    pub evidence: Evidence,
    /// The situation in words: `there is no policy`.
    pub because: String,
}

impl May {
    /// As before, or with these codes as well.
    pub fn or_refused(mut self, codes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.codes.extend(codes.into_iter().map(Into::into));
        self
    }

    /// Whether a refusal with that code may come.
    pub fn refuses_with(&self, code: Option<&str>) -> bool {
        code.is_some_and(|code| self.codes.contains(code))
    }
}

impl std::fmt::Display for May {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let codes: Vec<&str> = self.codes.iter().map(String::as_str).collect();
        let codes = codes.join(" or ");
        match (self.accepted, codes.is_empty()) {
            (true, true) => write!(f, "the call is accepted")?,
            (true, false) => write!(f, "the call is accepted, or refused with {codes}")?,
            (false, _) => write!(f, "the call is refused with {codes}")?,
        }
        write!(f, ", because {}", self.because)
    }
}
