//! The requirements of the protocol, with their names and sentences.
//! Must not know an operation by name.
//! The entry point is [`ProtocolRequirement`].

use crate::model::Family;

/// One requirement of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtocolRequirement {
    /// A body that is no JSON is refused.
    MalformedJson,
    /// A body with text behind its JSON is refused.
    TrailingText,
    /// A body that is JSON and no object is refused.
    NotAnObject,
    /// Unknown members are ignored.
    UnknownMembers,
    /// The same JSON, written differently: members in another order, white space, escapes.
    Layout,
    /// Another content type is refused.
    ContentType,
    /// An unknown operation is refused.
    UnknownOperation,
    /// Members of answers have their documented types; timestamps are numbers of seconds.
    OutputTypes,
    /// Strings, numbers and lists of answers keep to their documented constraints.
    OutputConstraints,
    /// Answers hold no member that the model lacks.
    OutputMembers,
    /// Absent members are absent, not null.
    NoNulls,
    /// `Content-Type: application/x-amz-json-1.1`.
    ResponseType,
    /// `x-amzn-RequestId`.
    RequestId,
    /// Errors carry `__type`, a bare code, and answer with the status of their fault.
    ErrorShape,
    /// Errors carry their text as `Message`.
    ErrorMessage,
    /// Errors come with the protocol's content type too.
    ErrorContentType,
}

impl ProtocolRequirement {
    /// The requirements on every operation.
    pub(super) const PER_OPERATION: [Self; 15] = [
        Self::MalformedJson,
        Self::TrailingText,
        Self::NotAnObject,
        Self::UnknownMembers,
        Self::Layout,
        Self::ContentType,
        Self::OutputTypes,
        Self::OutputConstraints,
        Self::OutputMembers,
        Self::NoNulls,
        Self::ResponseType,
        Self::RequestId,
        Self::ErrorShape,
        Self::ErrorMessage,
        Self::ErrorContentType,
    ];

    /// The family of the rule.
    pub(super) fn family(self) -> Family {
        if self == Self::Layout { Family::Metamorphic } else { Family::Wire }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::MalformedJson => "malformed-json",
            Self::TrailingText => "trailing-text",
            Self::NotAnObject => "not-an-object",
            Self::UnknownMembers => "unknown-members",
            Self::Layout => "layout",
            Self::ContentType => "content-type",
            Self::UnknownOperation => "unknown-operation",
            Self::OutputTypes => "output-types",
            Self::OutputConstraints => "output-constraints",
            Self::OutputMembers => "output-members",
            Self::NoNulls => "no-nulls",
            Self::ResponseType => "response-content-type",
            Self::RequestId => "request-id",
            Self::ErrorShape => "error-shape",
            Self::ErrorMessage => "error-message",
            Self::ErrorContentType => "error-content-type",
        }
    }

    pub(super) fn requirement(self, operation: &str) -> String {
        match self {
            Self::MalformedJson => {
                format!("{operation} refuses a body that is not JSON with a client error.")
            }
            Self::TrailingText => format!("{operation} refuses a body that goes on after its JSON object."),
            Self::NotAnObject => {
                format!("{operation} refuses a JSON body that is not an object with a client error.")
            }
            Self::UnknownMembers => format!("{operation} ignores members it does not know."),
            Self::Layout => {
                format!("{operation} takes its input however the JSON is laid out.")
            }
            Self::ContentType => format!("{operation} refuses a body declared as text/plain."),
            Self::UnknownOperation => {
                "A target that names no operation is refused with UnknownOperationException.".to_owned()
            }
            Self::OutputTypes => format!(
                "Members of {operation}'s answers have their documented types; timestamps are numbers."
            ),
            Self::OutputConstraints => {
                format!("Members of {operation}'s answers keep to their documented constraints.")
            }
            Self::OutputMembers => format!("{operation}'s answers hold documented members only."),
            Self::NoNulls => {
                format!("{operation}'s answers leave absent members out instead of giving null.")
            }
            Self::ResponseType => {
                format!("{operation} answers with Content-Type application/x-amz-json-1.1.")
            }
            Self::RequestId => format!("{operation} answers with the header x-amzn-RequestId."),
            Self::ErrorShape => {
                format!("{operation} answers a client's mistake with 400 and names the error in `__type`.")
            }
            Self::ErrorMessage => format!("{operation} gives an error's text in the member its model names."),
            Self::ErrorContentType => {
                format!("{operation} answers errors with Content-Type application/x-amz-json-1.1 too.")
            }
        }
    }

    /// Describes the test in one sentence.
    pub(super) fn describe_test(self) -> &'static str {
        match self {
            Self::MalformedJson => "Cut, garbled and otherwise broken JSON must be refused with a 4xx.",
            Self::TrailingText => {
                "A second object, a bracket or a word after the object must be refused with a 4xx."
            }
            Self::NotAnObject => {
                "Arrays, strings, numbers and booleans in place of the input must be refused with a 4xx."
            }
            Self::UnknownMembers => "Valid inputs with additional members must be accepted.",
            Self::Layout => {
                "Valid inputs with members in reverse, white space everywhere or letters as escapes must be accepted and read back equal."
            }
            Self::ContentType => "Valid inputs with Content-Type text/plain must be refused with a 4xx.",
            Self::UnknownOperation => "X-Amz-Target is set to an operation that does not exist.",
            Self::OutputTypes | Self::OutputConstraints | Self::OutputMembers | Self::NoNulls => {
                "Generated valid calls are made and every answer is held against the output's shape."
            }
            Self::ResponseType | Self::RequestId => {
                "Generated valid calls are made and the headers of the answers looked at."
            }
            Self::ErrorShape | Self::ErrorMessage | Self::ErrorContentType => {
                "A call that must be refused is made and the error answer looked at."
            }
        }
    }

    /// Returns true if the rule is about the form of an error, whichever error it is.
    pub(super) fn is_about_errors(self) -> bool {
        matches!(self, Self::ErrorShape | Self::ErrorMessage | Self::ErrorContentType)
    }
}
