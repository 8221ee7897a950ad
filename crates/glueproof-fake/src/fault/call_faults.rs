//! The faults of one call: the parts of all injected faults that concern its operation. Hands each layer its part.
//! Must not know what an operation means.
//! [`CallFaults`] is the entry point.

use std::borrow::Cow;

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::bug::Failpoints;
use super::edit::Edit;
use super::effect::{Effect, FaultPart};
use super::glue_store::GlueStoreFault;
use super::request::{ConstraintFault, ParserFault, Shapes, used_shapes};
use super::state::{StateFault, WorkFault};
use crate::error::ServiceError;

/// The faults of one call. Empty, unless faults are injected.
#[derive(Debug, Default)]
pub struct CallFaults {
    parts: Vec<&'static FaultPart>,
    /// True if the state before the call is kept for stale reads.
    pub keeps_state: bool,
}

/// Collects the contents of one kind of effect.
fn collect<T>(
    faults: &CallFaults,
    content: impl Fn(&'static Effect) -> Option<T>,
) -> impl Iterator<Item = T> {
    faults.parts.iter().filter_map(move |part| content(&part.effect))
}

impl CallFaults {
    /// Adds the parts of another fault, except an error if the call has one already. Returns true if any was added.
    pub fn add(&mut self, parts: impl Iterator<Item = &'static FaultPart>) -> bool {
        let before = self.parts.len();
        let refused = self.error().is_some();
        self.parts.extend(parts.filter(|part| !(refused && matches!(part.effect, Effect::Refuse(..)))));
        self.parts.len() > before
    }

    /// Returns true if the call has no faults.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && !self.keeps_state
    }

    /// Returns the error that replaces the call.
    pub fn error(&self) -> Option<ServiceError> {
        collect(self, |effect| match effect {
            Effect::Refuse(code, message) => {
                Some(ServiceError { code: code.as_str().into(), message: message.clone() })
            }
            _ => None,
        })
        .next()
    }

    /// Returns the members of a request after its edits.
    pub fn edit_request(&self, members: Map<String, Value>) -> Map<String, Value> {
        let edits = collect(self, |effect| match effect {
            Effect::EditRequest(edits) => Some(edits.as_slice()),
            _ => None,
        });
        edited(members, edits.flatten())
    }

    /// Returns the members to apply after the request has been refused, if a fault asks for it.
    pub fn edit_refused_request(&self, members: &Map<String, Value>) -> Option<Map<String, Value>> {
        collect(self, |effect| match effect {
            Effect::ApplyDespiteError(edits) => Some(edited(members.clone(), edits.iter())),
            _ => None,
        })
        .next()
    }

    /// Returns the shapes that an input is validated against: all, or altered copies of those that the input uses.
    pub fn shapes<'s>(&self, shapes: &'s Shapes, input: &str) -> Cow<'s, Shapes> {
        let mut faults = self.constraint_faults().peekable();
        if faults.peek().is_none() {
            return Cow::Borrowed(shapes);
        }
        let mut altered = used_shapes(shapes, input);
        faults.for_each(|fault| fault.apply(&mut altered, input));
        Cow::Owned(altered)
    }

    /// Removes optional members whose constraint is dropped and violated.
    pub fn without_ignored(
        &self,
        shapes: &Shapes,
        input: &str,
        mut members: Map<String, Value>,
    ) -> Map<String, Value> {
        self.constraint_faults().for_each(|fault| fault.ignore(shapes, input, &mut members));
        members
    }

    fn constraint_faults(&self) -> impl Iterator<Item = &'static ConstraintFault> {
        collect(self, |effect| match effect {
            Effect::Constraint(fault) => Some(fault),
            _ => None,
        })
    }

    /// Returns true if the parser fault is on.
    pub fn has_parser_fault(&self, wanted: ParserFault) -> bool {
        collect(self, |effect| matches!(effect, Effect::Parser(fault) if *fault == wanted).then_some(()))
            .next()
            .is_some()
    }

    /// Returns the failpoints for the handler.
    pub fn failpoints(&self) -> Failpoints {
        let bugs = collect(self, |effect| match effect {
            Effect::Bug(bug) => Some(*bug),
            _ => None,
        });
        let policies = collect(self, |effect| match effect {
            Effect::EditPolicies(edits) => Some(edits),
            _ => None,
        });
        let configurations = collect(self, |effect| match effect {
            Effect::EditConfigurations(edits) => Some(edits),
            _ => None,
        });
        Failpoints::new(bugs, policies.flatten().collect(), configurations.flatten().collect())
    }

    /// Returns the faults of the state layer.
    pub fn state_faults(&self) -> Vec<StateFault> {
        collect(self, |effect| match effect {
            Effect::State(fault) => Some(*fault),
            _ => None,
        })
        .collect()
    }

    /// Returns the faults of the layer around Glue's store.
    pub fn glue_store_faults(&self) -> Vec<GlueStoreFault> {
        collect(self, |effect| match effect {
            Effect::GlueStore(fault) => Some(*fault),
            _ => None,
        })
        .collect()
    }

    /// Returns the faults of jobs and crawls that end.
    pub fn work_faults(&self) -> Vec<WorkFault> {
        collect(self, |effect| match effect {
            Effect::Work(fault) => Some(*fault),
            _ => None,
        })
        .collect()
    }

    /// Returns the response after its edits. `last_success` is the last success of the operation.
    pub fn edit_response(
        &self,
        response: Response<Bytes>,
        sent: &Bytes,
        last_success: Option<&Bytes>,
    ) -> Response<Bytes> {
        let faults = collect(self, |effect| match effect {
            Effect::EditResponse(fault) => Some(fault),
            _ => None,
        });
        faults.fold(response, |response, fault| fault.apply(response, sent, last_success))
    }
}

fn edited<'e>(members: Map<String, Value>, edits: impl Iterator<Item = &'e Edit>) -> Map<String, Value> {
    let mut document = Value::Object(members);
    edits.for_each(|edit| edit.apply(&mut document));
    match document {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
