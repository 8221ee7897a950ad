//! What goes wrong with one call: the parts of all faults that are on for its operation. Puts them to work; must not
//! know what an operation means.

use std::borrow::Cow;

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::astray::Astray;
use super::edit::Edit;
use super::misread::Misread;
use super::part::{Effect, Part, Unread};
use super::shapes::Shapes;
use super::wrong::Wrongs;
use crate::error::ServiceError;

/// What goes wrong with one call; nothing, as a rule.
#[derive(Debug, Default)]
pub struct Active {
    parts: Vec<&'static Part>,
    /// Whether what it changes is to be remembered as it was before, for other calls.
    pub remembered: bool,
}

impl Active {
    /// Adds the parts of another fault, unless they want to refuse what is refused already. Says whether any was added.
    pub fn add(&mut self, parts: impl Iterator<Item = &'static Part>) -> bool {
        let before = self.parts.len();
        let refused = self.refusal().is_some();
        self.parts.extend(parts.filter(|part| !(refused && matches!(part.effect, Effect::Refuses(..)))));
        self.parts.len() > before
    }

    /// Whether the call goes as it should.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && !self.remembered
    }

    fn effects(&self) -> impl Iterator<Item = &'static Effect> {
        self.parts.iter().map(|part| &part.effect)
    }

    /// The error that stands in for the answer.
    pub fn refusal(&self) -> Option<ServiceError> {
        self.effects().find_map(|effect| match effect {
            Effect::Refuses(code, message) => {
                Some(ServiceError { code: code.as_str().into(), message: message.clone() })
            }
            _ => None,
        })
    }

    /// The members of a request as they are taken.
    pub fn asked(&self, given: Map<String, Value>) -> Map<String, Value> {
        let edits = self.effects().filter_map(|effect| match effect {
            Effect::Asks(edits) => Some(edits.as_slice()),
            _ => None,
        });
        edited(given, edits.flatten())
    }

    /// How a request that was refused is done all the same, if it is.
    pub fn all_the_same(&self, given: &Map<String, Value>) -> Option<Map<String, Value>> {
        self.effects().find_map(|effect| match effect {
            Effect::DoesAllTheSame(edits) => Some(edited(given.clone(), edits.iter())),
            _ => None,
        })
    }

    /// The shapes that an input is held against.
    pub fn shapes<'s>(&self, shapes: &'s Shapes, input: &str) -> Cow<'s, Shapes> {
        self.effects().fold(Cow::Borrowed(shapes), |shapes, effect| match effect {
            Effect::Reshapes(reshape) => {
                let mut shapes = shapes.into_owned();
                reshape.apply(&mut shapes, input);
                Cow::Owned(shapes)
            }
            _ => shapes,
        })
    }

    /// The members that are looked at where a constraint is not.
    pub fn ignored(&self, shapes: &Shapes, input: &str, mut given: Map<String, Value>) -> Map<String, Value> {
        for effect in self.effects() {
            if let Effect::Reshapes(reshape) = effect {
                reshape.ignore(shapes, input, &mut given);
            }
        }
        given
    }

    /// Whether a request is taken otherwise for how it is written.
    pub fn takes(&self, unread: Unread) -> bool {
        self.effects().any(|effect| matches!(effect, Effect::Unread(taken) if *taken == unread))
    }

    /// The wrong turns that handlers take.
    pub fn wrongs(&self) -> Wrongs {
        let wrong = |effect: &Effect| match effect {
            Effect::Wrong(wrong) => Some(*wrong),
            _ => None,
        };
        self.effects().filter_map(wrong).collect()
    }

    /// How policies are misread.
    pub fn misread(&self) -> Misread {
        let edits = |effect: &'static Effect| match effect {
            Effect::Misreads(edits) => Some(edits.as_slice()),
            _ => None,
        };
        Misread::new(self.effects().filter_map(edits).flatten().collect())
    }

    /// How the state is mistreated.
    pub fn astray(&self) -> Vec<Astray> {
        let astray = |effect: &Effect| match effect {
            Effect::Astray(astray) => Some(*astray),
            _ => None,
        };
        self.effects().filter_map(astray).collect()
    }

    /// The answer as it leaves.
    pub fn alter(&self, response: Response<Bytes>, sent: &Bytes, last: Option<&Bytes>) -> Response<Bytes> {
        self.effects().fold(response, |response, effect| match effect {
            Effect::Answers(answer) => answer.alter(response, sent, last),
            _ => response,
        })
    }
}

fn edited<'e>(given: Map<String, Value>, edits: impl Iterator<Item = &'e Edit>) -> Map<String, Value> {
    let mut whole = Value::Object(given);
    edits.for_each(|edit| edit.apply(&mut whole));
    match whole {
        Value::Object(given) => given,
        _ => Map::new(),
    }
}
