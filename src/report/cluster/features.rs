//! Extracts the features by which failed rules are clustered: operation, member and constraint, failure mode, error.
//! Must not build clusters or titles, and reads no sentence of the report.
//! Entry points: [`Feature::all_of`] and [`FailureMode::of`].

use std::fmt;

use crate::check::{ExpectedOutcome, ViolationKind, suggests_unimplemented};
use crate::model::Family;
use crate::run::{FindingStep, ReasonKind, RuleResult};

/// The parts of a rule id: `service/subject/family/rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RuleIdParts<'r> {
    /// `service/subject`: one operation of one service.
    pub subject: &'r str,
    /// The family of the rule.
    pub family: Family,
    /// The part after the family.
    pub rest: &'r str,
}

impl<'r> RuleIdParts<'r> {
    /// Splits the id of a rule. An id of another form is its own subject.
    pub(super) fn of(result: &'r RuleResult) -> Self {
        let (id, family) = (result.id.as_str(), result.family);
        let slash = |after: usize| id[after..].find('/').map(|at| after + at);
        let ends = slash(0).and_then(|a| slash(a + 1)).and_then(|b| Some((b, slash(b + 1)?)));
        match ends {
            Some((b, c)) => Self { subject: &id[..b], family, rest: &id[c + 1..] },
            None => Self { subject: id, family, rest: id },
        }
    }

    /// Returns the member and the constraint, if the rule is about one: `EncryptionConfiguration.X` and `enum`.
    pub(super) fn member(&self) -> Option<(&'r str, &'r str)> {
        self.rest.rsplit_once('/')
    }

    /// Returns the part that rules of other operations with the same statement share: the last name of the member
    /// and the constraint, or the whole rest.
    pub(super) fn tail(&self) -> (&'r str, &'r str) {
        self.member().map_or(("", self.rest), |(member, kind)| {
            (member.rsplit_once('.').map_or(member, |(_, leaf)| leaf), kind)
        })
    }
}

/// The error that a call was answered with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ResponseError<'r> {
    /// No response.
    None,
    /// A status without an error code.
    Status(u16),
    /// An error code.
    Code(&'r str),
}

impl ResponseError<'_> {
    /// Returns whether the error suggests that the operation does not exist on the target.
    pub(super) fn suggests_unimplemented(&self) -> bool {
        match self {
            Self::None => false,
            Self::Status(_) => true,
            Self::Code(code) => suggests_unimplemented(code),
        }
    }
}

impl fmt::Display for ResponseError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no answer"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Code(code) => f.write_str(code),
        }
    }
}

/// The way in which a response was wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FailureMode<'r> {
    /// An invalid call was accepted.
    AcceptedInvalid,
    /// An invalid call was answered with this error, which is not one of the required ones.
    WrongError(ResponseError<'r>),
    /// Valid input at the edge of a constraint was refused.
    RejectedValid(ResponseError<'r>),
    /// A call that must succeed was answered with this error.
    NoSuccess(ResponseError<'r>),
    /// Anything else.
    Other,
}

impl<'r> FailureMode<'r> {
    /// Returns the failure mode of a result. A finding without a kind, as in old reports, is [`Self::Other`].
    pub(super) fn of(result: &'r RuleResult) -> Self {
        use ViolationKind::{Accepted, Refused, ServerError, WrongCode};
        let Some(finding) = &result.finding else { return Self::Other };
        match (&finding.kind, &finding.expected_outcome, response_error(result)) {
            (Some(Accepted), _, _) => Self::AcceptedInvalid,
            (Some(Refused | WrongCode | ServerError), Some(ExpectedOutcome::Success), Some(error)) => {
                if result.family == Family::Boundary {
                    Self::RejectedValid(error)
                } else {
                    Self::NoSuccess(error)
                }
            }
            (Some(Refused | WrongCode | ServerError), Some(ExpectedOutcome::Refusal(_)), Some(error)) => {
                Self::WrongError(error)
            }
            _ => Self::Other,
        }
    }

    /// Returns whether a refusal was required.
    pub(super) fn lacks_refusal(&self) -> bool {
        matches!(self, Self::AcceptedInvalid | Self::WrongError(_))
    }
}

/// A feature that several failed rules can share. Of clusters of one round and size, the first variant wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Feature<'r> {
    /// Several constraints of one member of one operation, checked too laxly or too strictly.
    Member { subject: &'r str, member: &'r str, strict: bool },
    /// One kind of constraint on several members.
    Constraint { kind: &'r str, strict: bool },
    /// Invalid input that was refused with a wrong error.
    InvalidInput { error: ResponseError<'r> },
    /// A valid call that a rule about invalid input needs, answered with an error.
    ValidControl { error: ResponseError<'r> },
    /// A refusal that was required for other reasons, with a wrong error.
    WrongError { error: ResponseError<'r> },
    /// Calls to one service that were accepted where these errors are due, for other reasons than invalid input.
    Unrefused { service: &'r str, codes: &'r [String] },
    /// One member that is missing from responses.
    MissingMember(&'r str),
    /// One operation whose lists are not paginated.
    Pagination { subject: &'r str },
    /// One requirement of several operations, violated in a similar way.
    Requirement { family: Family, tail: (&'r str, &'r str), error: Option<ResponseError<'r>> },
    /// One sentence and the required error codes.
    Sentence { text: &'r str, codes: &'r [String] },
}

impl<'r> Feature<'r> {
    /// Returns the round in which clusters of this feature are searched. Surer causes come earlier.
    pub(super) fn round(&self) -> u8 {
        match self {
            Self::Requirement { .. } => 1,
            Self::Sentence { .. } => 2,
            _ => 0,
        }
    }

    /// Returns all features of a failed rule.
    pub(super) fn all_of(rule: &'r RuleResult) -> Vec<Self> {
        let (place, mode) = (RuleIdParts::of(rule), FailureMode::of(rule));
        let error = match &mode {
            FailureMode::NoSuccess(error) | FailureMode::RejectedValid(error) => Some(error.clone()),
            _ => None,
        };
        let mut found = vec![Self::Sentence { text: sentence(rule), codes: required_codes(rule) }];
        found.extend(missing_member(rule).map(Self::MissingMember));
        if place.family == Family::Pagination && error.is_none() {
            found.push(Self::Pagination { subject: place.subject });
        }
        found.push(Self::Requirement { family: place.family, tail: place.tail(), error });
        if mode == FailureMode::AcceptedInvalid && !matches!(place.family, Family::Invalid | Family::Wire) {
            found.extend(Self::unrefused(rule));
        }
        found.extend(Self::of_input(&place, mode));
        found
    }

    fn unrefused(rule: &'r RuleResult) -> Option<Self> {
        let codes = required_codes(rule);
        let step = rule.finding.as_ref()?.steps.last()?;
        (!codes.is_empty()).then_some(Self::Unrefused { service: &step.service, codes })
    }

    /// Returns the features that describe how input is validated.
    fn of_input(place: &RuleIdParts<'r>, mode: FailureMode<'r>) -> Vec<Self> {
        let strict = matches!(mode, FailureMode::RejectedValid(_));
        match (place.family, place.member(), mode) {
            (Family::Invalid, Some((member, kind)), FailureMode::AcceptedInvalid)
            | (Family::Boundary, Some((member, kind)), FailureMode::RejectedValid(_)) => {
                vec![
                    Self::Member { subject: place.subject, member, strict },
                    Self::Constraint { kind, strict },
                ]
            }
            (Family::Invalid, _, FailureMode::WrongError(error)) => vec![Self::InvalidInput { error }],
            (Family::Invalid, _, FailureMode::NoSuccess(error)) => vec![Self::ValidControl { error }],
            // Rules about the protocol check the form of an error, not its code.
            (Family::Wire, _, _) => Vec::new(),
            (_, _, FailureMode::WrongError(error)) => vec![Self::WrongError { error }],
            _ => Vec::new(),
        }
    }
}

/// Returns the sentence that describes a failure: the violation, else the reason, else the requirement.
pub(in crate::report) fn sentence(rule: &RuleResult) -> &str {
    match (&rule.finding, &rule.reason) {
        (Some(finding), _) => &finding.violated,
        (None, Some(reason)) => reason,
        (None, None) => &rule.requirement,
    }
}

/// Returns the error codes of which one was required.
pub(super) fn required_codes(result: &RuleResult) -> &[String] {
    let outcome = result.finding.as_ref().and_then(|finding| finding.expected_outcome.as_ref());
    outcome.map_or(&[], ExpectedOutcome::error_codes)
}

/// Returns the error with which the deciding call was answered.
pub(super) fn response_error(result: &RuleResult) -> Option<ResponseError<'_>> {
    match &deciding_step(result)?.response {
        None => Some(ResponseError::None),
        Some(response) if response.status < 400 => None,
        Some(response) => Some(match &response.error {
            Some(code) => ResponseError::Code(code),
            None => ResponseError::Status(response.status),
        }),
    }
}

/// Returns whether the deciding call was answered with a server error.
pub(super) fn is_server_error(result: &RuleResult) -> bool {
    let response = deciding_step(result).and_then(|step| step.response.as_ref());
    response.is_some_and(|response| response.status >= 500)
}

/// Returns the last name of the member that a response lacks.
pub(in crate::report) fn missing_member(result: &RuleResult) -> Option<&str> {
    match result.finding.as_ref()?.kind.as_ref()? {
        ViolationKind::Missing(path) => Some(path.rsplit_once(['.', '/']).map_or(path, |(_, leaf)| leaf)),
        _ => None,
    }
}

/// Ranks how directly a finding shows its rule: 0 for a violation of the rule itself, 1 for an unexpected error before
/// the rule could be checked, 2 for a rule that was not evaluated.
pub(super) fn distance(result: &RuleResult) -> u8 {
    match result.reason_kind {
        Some(ReasonKind::SetupFailed | ReasonKind::ControlFailed) => 2,
        _ => u8::from(result.family == Family::Wire && !required_codes(result).is_empty()),
    }
}

/// Returns the operation whose response shows the violation.
pub(super) fn violating_operation(result: &RuleResult) -> &str {
    let last = result.finding.as_ref().and_then(|finding| finding.steps.last());
    last.map_or(result.operation.as_str(), |step| step.operation.as_str())
}

/// Returns the call that the rule is about: the last call of its operation, since later calls only read the state.
fn deciding_step(result: &RuleResult) -> Option<&FindingStep> {
    let steps = &result.finding.as_ref()?.steps;
    steps.iter().rev().find(|step| step.operation == result.operation).or_else(|| steps.last())
}
