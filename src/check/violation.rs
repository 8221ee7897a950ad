//! What can be violated, as an enum, with the words people read.

use std::fmt;

/// A requirement not met, at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Index of the step whose answer shows it.
    pub step: usize,
    /// What it is; shrinking keeps it the same.
    pub kind: ViolationKind,
    /// What should have come.
    pub expected: String,
    /// What came.
    pub actual: String,
}

/// The kinds of violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViolationKind {
    /// A valid call was refused.
    Refused,
    /// An invalid call was accepted.
    Accepted,
    /// Refused, with a code that is not allowed.
    WrongCode,
    /// Refused, with another text than recorded.
    WrongMessage,
    /// Answered with a server error.
    ServerError,
    /// The body is not the JSON object it must be.
    NotAnObject,
    /// Something at this pointer of the answer is not what it must be.
    Value(String),
    /// A refused call changed something, or two answers differ that must not.
    Changed,
    /// Something is there that must be gone, or was never to be made.
    StillThere,
    /// A promised member is missing.
    Missing(String),
    /// A member of the answer does not fit its shape.
    Shape(String),
    /// The tokens of a list lead on for ever.
    Endless,
    /// A header of the answer.
    Header(&'static str),
    /// The error answer's form.
    ErrorForm,
    /// The SDK reads another answer than stands on the wire.
    Reading,
    /// The reference does not allow the answer; the law or cell that says so.
    Unlawful(String),
    /// No order explains the answers to calls made at once; the steps that show it.
    NotLinearizable(Vec<usize>),
    /// Another target answers otherwise; in which way.
    Differs(String),
    /// Whether any order does could not be found out within bounds.
    Undecided,
}

impl ViolationKind {
    /// One sentence about an operation.
    #[must_use]
    pub fn sentence(&self, operation: &str) -> String {
        match self {
            Self::Refused => format!("{operation} refuses a valid call."),
            Self::Accepted => format!("{operation} accepts a call that must be refused."),
            Self::WrongCode => format!("{operation} refuses with an error code that is not allowed here."),
            Self::WrongMessage => format!("{operation} refuses with another text than the real service."),
            Self::ServerError => format!("{operation} answers with a server error."),
            Self::NotAnObject => format!("{operation} answers with something that is no JSON object."),
            Self::Value(at) if at.is_empty() => format!("{operation}'s answer is not what it must be."),
            Self::Value(at) => format!("{operation} answers with a wrong value at {at}."),
            Self::Changed => format!("{operation} shows a state that a refused call has changed."),
            Self::StillThere => format!("{operation} shows something that must not be there."),
            Self::Missing(path) => format!("{operation}'s answer lacks {path}."),
            Self::Shape(path) => format!("{operation}'s answer does not fit its shape at {path}."),
            Self::Endless => format!("{operation} hands out tokens without an end."),
            Self::Header(name) => format!("{operation} answers without a right {name} header."),
            Self::ErrorForm => format!("{operation} answers an error in another form than the protocol's."),
            Self::Unlawful(law) => {
                format!("{operation}'s answer cannot be explained by the calls before it ({law}).")
            }
            Self::NotLinearizable(_) => {
                "No order of the calls made at once explains all their answers.".to_owned()
            }
            Self::Differs(_) => format!("{operation} answers differently."),
            Self::Undecided => "It could not be found out whether any order explains the answers.".to_owned(),
            Self::Reading => format!("The SDK reads another answer to {operation} than stands on the wire."),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, got {}", self.expected, self.actual)
    }
}
