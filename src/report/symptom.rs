//! What one failed result looks like from outside: which member and constraint its id names, and which way
//! the answer was wrong. Reads ids and transcripts; groups nothing.

use crate::run::{FindingStep, RuleResult};

/// Where a rule stands, read from its id: `service/subject/family/rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place<'r> {
    /// `service/subject`: one operation of one service.
    pub subject: &'r str,
    /// `invalid`, `valid`, …
    pub family: &'r str,
    /// What comes after the family.
    pub rest: &'r str,
}

impl<'r> Place<'r> {
    /// The place the id names; an id of another form stands by itself.
    pub(super) fn of(result: &'r RuleResult) -> Self {
        let id = result.id.as_str();
        let slash = |after: usize| id[after..].find('/').map(|at| after + at);
        let ends = slash(0).and_then(|a| slash(a + 1)).and_then(|b| Some((b, slash(b + 1)?)));
        match ends {
            Some((b, c)) => Self { subject: &id[..b], family: &id[b + 1..c], rest: &id[c + 1..] },
            None => Self { subject: id, family: &result.family, rest: id },
        }
    }

    /// Member and kind of constraint, where the rule is about one: `EncryptionConfiguration.X` and `enum`.
    pub(super) fn member(&self) -> Option<(&'r str, &'r str)> {
        self.rest.rsplit_once('/')
    }

    /// What a rule of another operation that proves the same has in common with this one: the last name of
    /// the member and the kind, or the whole rest.
    pub(super) fn tail(&self) -> (&'r str, &'r str) {
        self.member().map_or(("", self.rest), |(member, kind)| {
            (member.rsplit_once('.').map_or(member, |(_, leaf)| leaf), kind)
        })
    }
}

/// Which way an answer was wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Symptom {
    /// What must be refused was accepted.
    Lax,
    /// What must be refused was answered with this error, which is not one of those due.
    WrongError(String),
    /// Valid input at the edge of a constraint was refused.
    Strict(String),
    /// A call that must succeed was answered with this error instead.
    Unanswered(String),
    /// Anything else.
    Other,
}

impl Symptom {
    pub(super) fn of(result: &RuleResult) -> Self {
        let Some(step) = deciding(result) else { return Self::Other };
        match (wants_refusal(result), error(step)) {
            (true, None) => Self::Lax,
            (true, Some(error)) => Self::WrongError(error),
            (false, Some(error)) if result.family == "boundary" => Self::Strict(error),
            (false, Some(error)) if wants_success(result) => Self::Unanswered(error),
            (false, _) => Self::Other,
        }
    }
}

/// Whether the deciding call had to be refused. What is expected of a member, at a pointer, is no refusal.
fn wants_refusal(result: &RuleResult) -> bool {
    match &result.finding {
        Some(finding) if finding.expected.starts_with(['/', '{']) => false,
        Some(finding) if result.family != "invalid" => {
            !errors_due(result).is_empty() || finding.expected.starts_with("a client error")
        }
        _ => result.family == "invalid",
    }
}

fn wants_success(result: &RuleResult) -> bool {
    result.finding.as_ref().is_some_and(|finding| finding.expected.starts_with("success"))
}

/// The error codes of which one was due.
pub(super) fn errors_due(result: &RuleResult) -> Vec<&str> {
    let expected = result.finding.as_ref().map_or("", |finding| finding.expected.as_str());
    expected.strip_prefix("refusal with ").map_or_else(Vec::new, |codes| codes.split(" or ").collect())
}

/// The error the deciding call was answered with, if it was.
pub(super) fn answered_error(result: &RuleResult) -> Option<String> {
    deciding(result).and_then(error)
}

/// Whether the deciding call was answered with a server error.
pub(super) fn is_server_error(result: &RuleResult) -> bool {
    deciding(result).and_then(|step| step.response.as_ref()).is_some_and(|response| response.status >= 500)
}

/// The operation whose answer lacks a member, and the last name of the member.
pub(super) fn missing(result: &RuleResult) -> Option<(&str, &str)> {
    let (operation, path) = result.finding.as_ref()?.violated.split_once("'s answer lacks ")?;
    let path = path.trim_end_matches('.');
    Some((operation, path.rsplit_once(['.', '/']).map_or(path, |(_, leaf)| leaf)))
}

/// Why the rule failed without having been judged: no case got as far as that.
pub(super) fn not_judged(result: &RuleResult) -> Option<&str> {
    let reason = result.reason.as_deref()?;
    let why = reason.strip_prefix("no case could be judged")?;
    let why = why.trim_start_matches([':', ' ']);
    Some(if why.is_empty() { reason } else { why })
}

/// How far the finding is from what the rule is about: what it shows may only have stood in the rule's way,
/// as when the error whose form was to be looked at is not the one asked for (1) or nothing could be judged (2).
pub(super) fn distance(result: &RuleResult) -> u8 {
    match result.reason {
        Some(_) => 2,
        None => u8::from(result.family == "wire" && !errors_due(result).is_empty()),
    }
}

/// The call the rule is about: the last one of its operation, since what follows only looks at the state.
fn deciding(result: &RuleResult) -> Option<&FindingStep> {
    let steps = &result.finding.as_ref()?.steps;
    steps.iter().rev().find(|step| step.operation == result.operation).or_else(|| steps.last())
}

fn error(step: &FindingStep) -> Option<String> {
    match &step.response {
        None => Some("no answer".to_owned()),
        Some(response) if response.status < 400 => None,
        Some(response) => {
            Some(response.error.clone().unwrap_or_else(|| format!("status {}", response.status)))
        }
    }
}
