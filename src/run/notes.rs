//! What one case writes into the journal: of every call, before it is sent, what it may make; of state there is one of, a
//! likeness; and afterwards, what is gone. Judges nothing and calls nobody.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::client::{Exchange, Request};
use crate::journal::{JournalError, JournalFile, likeness};
use crate::model::{Lifecycle, Resource, ServiceModel};

use super::neighbours::is_tagged;
use super::remains::{answered, deletion, named};
use super::scene::Scene;

/// The open lines of a case.
#[derive(Debug, Default)]
pub(super) struct Notes {
    open: Mutex<Vec<Note>>,
}

/// A line.
#[derive(Debug)]
struct Note {
    id: u64,
    /// What it announces, with names as in cases; nothing where only the answer has one.
    due: Option<(String, String, Value)>,
    /// It is not known whether that is there.
    stays: bool,
}

impl Notes {
    /// Writes down what a call may make; answers the id of the line, if it took one.
    ///
    /// A name that is not the run's own may be somebody else's: it counts only once the call is known to have made it.
    pub fn before(
        &self,
        scene: &Scene,
        request: &Request,
        sent: Option<&Value>,
    ) -> Result<Option<u64>, JournalError> {
        let Some(Made { journal, model, resource, role }) = Made::by(scene, request) else { return Ok(None) };
        let sent = sent.unwrap_or(&Value::Null);
        if role == Lifecycle::Put && resource.is_account_wide() {
            let state = kept(model, resource, sent).unwrap_or_else(|| json!({}));
            journal.own(&full_name(model, resource), likeness(&outward(scene, &state)))?;
        }
        let known = deletion(model, (resource, role), sent, None);
        // Of other names it has been seen that nothing is there.
        let own = role == Lifecycle::Create && scene.target.is_real_account();
        let known = known.filter(|input| own || is_tagged(input));
        let mark = resource.removal.as_ref().and_then(|removal| removal.mark.as_ref());
        let id = match (known, &resource.delete) {
            (Some(input), Some(operation)) => return self.due(scene, (model, operation), input).map(Some),
            (None, Some(_)) if role == Lifecycle::Create && mark.is_some() => {
                let mark = mark.and_then(|mark| sent.get(mark)).cloned().unwrap_or_default();
                let mark = outward(scene, &mark).as_str().unwrap_or_default().to_owned();
                journal.unnamed(&model.name, &resource.name, mark)?
            }
            _ => return Ok(None),
        };
        self.lock().push(Note { id, due: None, stays: false });
        Ok(Some(id))
    }

    /// Writes down what others are going to make for the case, before it begins.
    pub fn ahead(&self, scene: &Scene) -> Result<(), JournalError> {
        for (service, operation, input) in named(&scene.case, &[]) {
            if let Some(model) = scene.target.service(service) {
                self.due(scene, (model, operation), input)?;
            }
        }
        Ok(())
    }

    fn due(
        &self,
        scene: &Scene,
        (model, operation): (&ServiceModel, &str),
        input: Value,
    ) -> Result<u64, JournalError> {
        let Some(journal) = scene.target.journal() else { return Ok(0) };
        let id = journal.due(&model.name, operation, outward(scene, &input))?;
        let due = Some((model.name.clone(), operation.to_owned(), input));
        self.lock().push(Note { id, due, stays: false });
        Ok(id)
    }

    /// Writes down what the answer adds: names, and states that the run has made. What was written before is enough to
    /// find all of it, so that a line that cannot be written now is no reason to stop.
    pub fn after(&self, scene: &Scene, note: Option<u64>, sent: Option<&Value>, exchange: &Exchange) {
        let Some(Made { journal, model, resource, role }) = Made::by(scene, &exchange.request) else {
            return;
        };
        if exchange.outcome.is_err() {
            self.lock().iter_mut().filter(|open| Some(open.id) == note).for_each(|open| open.stays = true);
            return;
        }
        if !exchange.outcome.as_ref().is_ok_and(crate::client::Response::is_success) {
            return;
        }
        let answer = answered(exchange);
        if role == Lifecycle::Read && resource.is_account_wide() {
            let state = answer.and_then(|answer| kept(model, resource, answer.pointer(&resource.view.read)?));
            let state = state.map(|state| likeness(&outward(scene, &state)));
            let _ = state.map(|like| journal.own(&full_name(model, resource), like));
        }
        let sent = sent.unwrap_or(&Value::Null);
        let unnamed = deletion(model, (resource, role), sent, None).is_none_or(|input| !is_tagged(&input));
        let named = deletion(model, (resource, role), sent, answer).filter(|_| unnamed);
        if let (Some(input), Some(operation)) = (named, &resource.delete) {
            let _ = self.due(scene, (model, operation), input);
        }
    }

    /// What could not be deleted stays in the journal.
    pub fn stays(&self, service: &str, operation: &str, input: &Value) {
        let same = |note: &&mut Note| {
            note.due
                .as_ref()
                .is_some_and(|(s, o, i)| (s.as_str(), o.as_str(), i) == (service, operation, input))
        };
        self.lock().iter_mut().filter(same).for_each(|note| note.stays = true);
    }

    /// The case is over and cleaned up. What was asked for and never answered may yet come to be.
    pub fn settle(&self, scene: &Scene) {
        let gone = self.lock().drain(..).filter(|note| !note.stays).map(|note| note.id).collect();
        if let Some(journal) = scene.target.journal() {
            // What is looked for once more is not found, and that is all.
            let _ = journal.gone(gone);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Note>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call is about, where there is a journal.
struct Made<'s> {
    journal: &'s JournalFile,
    model: &'s ServiceModel,
    resource: &'s Resource,
    role: Lifecycle,
}

impl<'s> Made<'s> {
    fn by(scene: &'s Scene, request: &Request) -> Option<Self> {
        let journal = scene.target.journal()?;
        let model = scene.target.service(&request.service)?;
        let (resource, role) = model.resource_of(&request.operation)?;
        Some(Self { journal, model, resource, role })
    }
}

/// What a journal calls a resource.
pub(super) fn full_name(model: &ServiceModel, resource: &Resource) -> String {
    format!("{}/{}", model.name, resource.name)
}

/// The members of a state, or of a call that puts one, that are in both: what is set, without conditions and times.
pub(super) fn kept(model: &ServiceModel, resource: &Resource, state: &Value) -> Option<Value> {
    let put = model.operations.get(resource.put.as_deref()?)?;
    let viewed = model.viewed(resource)?;
    let both = model.members(&put.input).filter(|m| model.member(viewed, &m.name).is_some());
    let members: Map<String, Value> = both
        .filter_map(|m| Some((m.name.clone(), state.get(&m.name).filter(|v| !v.is_null())?.clone())))
        .collect();
    (!members.is_empty()).then_some(Value::Object(members))
}

/// With real names instead of canonical ones.
pub(super) fn outward(scene: &Scene, value: &Value) -> Value {
    let real = scene.alias.outward(Bytes::from(value.to_string()));
    serde_json::from_slice(&real).unwrap_or(Value::Null)
}
