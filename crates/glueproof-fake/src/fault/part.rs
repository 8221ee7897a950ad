//! What a fault is made of: parts, each with one effect on the calls of some operations. Data only.

use serde::Deserialize;

use super::answer::AnswerFault;
use super::astray::Astray;
use super::edit::Edit;
use super::shapes::Reshape;
use super::wrong::Wrong;

/// One effect, and which operations show it.
#[derive(Debug, Clone)]
pub struct Part {
    /// All, where none is named.
    pub on: Vec<String>,
    /// What goes wrong.
    pub effect: Effect,
}

/// What goes wrong with a call.
#[derive(Debug, Clone)]
pub enum Effect {
    /// An error stands in for the answer, and nothing is done.
    Refuses(String, Option<String>),
    /// The members that are sent are edited before anybody looks at them.
    Asks(Vec<Edit>),
    /// What was refused is done all the same, with the members edited so.
    DoesAllTheSame(Vec<Edit>),
    /// The answer is edited before it leaves.
    Answers(Box<AnswerFault>),
    /// The state is treated otherwise.
    Astray(Astray),
    /// A constraint of the specs is another.
    Reshapes(Reshape),
    /// What cannot be read is taken for an empty request.
    Unread(Unread),
    /// A handler goes wrong.
    Wrong(Wrong),
    /// Policies are read as if they were edited so. `Statement` is always a list.
    Misreads(Vec<Edit>),
}

/// What is taken for an empty request, and answered with an empty object, instead of being refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unread {
    /// A body that is not JSON.
    Malformed,
    /// JSON that is not an object.
    NotAnObject,
    /// An object with more behind it.
    TrailingText,
    /// A body of another content type.
    ContentType,
    /// An operation that there is not.
    Operation,
    /// Members that there are not are refused instead of ignored.
    UnknownMembers,
    /// Members that are null are refused instead of ignored.
    Nulls,
    /// A text that is longer in bytes than in characters, and long, ends the call with a server error.
    LongInBytes,
    /// JSON with white space where none is needed is refused instead of read.
    Layout,
}

impl Part {
    /// Whether the calls of an operation show it.
    pub fn concerns(&self, operation: &str) -> bool {
        self.on.is_empty() || self.on.iter().any(|on| on == operation)
    }
}
