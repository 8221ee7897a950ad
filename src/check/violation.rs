//! The verdict on a step, and the violation of a rule as typed data, with the sentence that people read.
//! Must not evaluate a response.
//! Entry points: [`StepVerdict`], [`Violation`], [`ViolationKind`] and [`ExpectedOutcome`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// The verdict on the step that was performed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepVerdict {
    /// The response is as required.
    Held,
    /// The rule is violated.
    Violated(Violation),
    /// The state that the case needs could not be made, so the case proves nothing.
    SetupFailed(Violation),
}

/// A requirement that is not met, at a step of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Index of the step whose response shows the violation.
    pub step: usize,
    /// The kind of violation; shrinking keeps it the same.
    pub kind: ViolationKind,
    /// The outcome that the step required.
    pub outcome: ExpectedOutcome,
    /// The expected response, in words.
    pub expected: String,
    /// The actual response, in words.
    pub actual: String,
}

impl Violation {
    /// Creates a violation that is not about the outcome of the call.
    pub fn new(
        step: usize,
        kind: ViolationKind,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        let (expected, actual) = (expected.into(), actual.into());
        Self { step, kind, outcome: ExpectedOutcome::Other, expected, actual }
    }

    /// Sets the outcome that the step required.
    #[must_use]
    pub fn of_outcome(self, outcome: ExpectedOutcome) -> Self {
        Self { outcome, ..self }
    }
}

/// A response that fails a check, before it is known which step it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckFailure {
    /// The kind of violation.
    pub kind: ViolationKind,
    /// The expected response, in words.
    pub expected: String,
    /// The actual response, in words.
    pub actual: String,
}

impl CheckFailure {
    /// Creates a failure.
    pub fn new(kind: ViolationKind, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { kind, expected: expected.into(), actual: actual.into() }
    }

    /// Returns the violation at a step.
    #[must_use]
    pub fn at_step(self, step: usize) -> Violation {
        Violation::new(step, self.kind, self.expected, self.actual)
    }
}

/// The outcome that the violated expectation required of the call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "name", content = "detail", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExpectedOutcome {
    /// A successful response.
    Success,
    /// An error with one of these codes; any client error if the list is empty.
    Refusal(Vec<String>),
    /// The violation is about something else, such as a member of the response.
    Other,
}

impl ExpectedOutcome {
    /// Returns the outcome of two alternatives, of which a response needs to meet one.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Success, _) | (_, Self::Success) => Self::Success,
            (Self::Refusal(mut codes), Self::Refusal(more)) => {
                if codes.is_empty() || more.is_empty() {
                    return Self::Refusal(Vec::new());
                }
                codes.extend(more);
                codes.sort();
                codes.dedup();
                Self::Refusal(codes)
            }
            (Self::Other, _) | (_, Self::Other) => Self::Other,
        }
    }

    /// Returns the error codes of which one was required; none if any client error or no error was.
    #[must_use]
    pub fn error_codes(&self) -> &[String] {
        match self {
            Self::Refusal(codes) => codes,
            Self::Success | Self::Other => &[],
        }
    }
}

/// The kinds of violation. JSON reports contain them as `{"name": …, "detail": …}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "name", content = "detail", rename_all = "snake_case", deny_unknown_fields)]
pub enum ViolationKind {
    /// A valid call was refused.
    Refused,
    /// An invalid call was accepted.
    Accepted,
    /// The call was refused with a code that is not allowed.
    WrongCode,
    /// The call was refused with a message that differs from the recorded one.
    WrongMessage,
    /// The response is a server error.
    ServerError,
    /// The body is not a JSON object.
    NotAnObject,
    /// The value at this JSON pointer of the response is wrong; the empty pointer is the whole body.
    Value(String),
    /// A refused call changed the state, or two responses differ that must be equal.
    Changed,
    /// A resource exists that must not exist.
    StillThere,
    /// This promised member is missing.
    Missing(String),
    /// The member at this path does not match its shape.
    Shape(String),
    /// The tokens of a list never end.
    #[serde(rename = "endless")]
    EndlessPages,
    /// This header of the response is wrong or missing.
    Header(String),
    /// The error response does not have the form that the protocol defines.
    ErrorForm,
    /// The SDK deserializes a response that differs from the one on the wire.
    #[serde(rename = "reading")]
    SdkMismatch,
    /// The reference model does not allow the response; the law or table cell that forbids it.
    #[serde(rename = "unlawful")]
    ReferenceMismatch(String),
    /// No order of the concurrent calls explains their responses; the steps that show it.
    NotLinearizable(Vec<usize>),
    /// Another target responds differently; the way in which it differs.
    Differs(String),
    /// The search for an order of the concurrent calls exceeded its budget.
    Undecided,
}

impl ViolationKind {
    /// Returns what the operation does wrong, as a predicate without a subject. Returns `None` for violations that
    /// several calls show together.
    #[must_use]
    pub fn predicate(&self) -> Option<String> {
        Some(match self {
            Self::Refused => "refuses a valid call".to_owned(),
            Self::Accepted => "accepts a call that must be refused".to_owned(),
            Self::WrongCode => "refuses with an error code that is not allowed here".to_owned(),
            Self::WrongMessage => "refuses with a message that differs from the real service".to_owned(),
            Self::ServerError => "answers with a server error".to_owned(),
            Self::NotAnObject => "answers with a body that is not a JSON object".to_owned(),
            Self::Value(at) if at.is_empty() => "answers with a wrong body".to_owned(),
            Self::Value(at) => format!("answers with a wrong value at {at}"),
            Self::Changed => "returns a state that a refused call has changed".to_owned(),
            Self::StillThere => "returns a resource that must not exist".to_owned(),
            Self::Missing(path) => format!("answers without {path}"),
            Self::Shape(path) => format!("answers with a value that does not match its shape at {path}"),
            Self::EndlessPages => "never stops returning a token for the next page".to_owned(),
            Self::Header(name) => format!("answers without a correct {name} header"),
            Self::ErrorForm => "answers an error in a form that the protocol does not define".to_owned(),
            Self::SdkMismatch => "sends a response that the SDK deserializes differently".to_owned(),
            Self::ReferenceMismatch(law) => {
                format!("gives an answer that the calls before it do not explain ({law})")
            }
            Self::Differs(_) => "answers differently".to_owned(),
            Self::NotLinearizable(_) | Self::Undecided => return None,
        })
    }

    /// Returns one sentence about an operation.
    #[must_use]
    pub fn sentence(&self, operation: &str) -> String {
        match (self, self.predicate()) {
            (_, Some(predicate)) => format!("{operation} {predicate}."),
            (Self::Undecided, None) => {
                "It is undecided whether any order of the concurrent calls explains all responses.".to_owned()
            }
            (_, None) => "No order of the concurrent calls explains all their responses.".to_owned(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, got {}", self.expected, self.actual)
    }
}
