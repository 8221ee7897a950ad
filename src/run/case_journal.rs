//! The write-ahead log of one case: records each resource before the call that creates it, a fingerprint of account-wide
//! state, and what has been deleted.
//!
//! Must not call a target. The entry point is [`CaseJournal`].

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::{Value, json};

use crate::case::Case;
use crate::client::{Alias, Exchange, Request, Target};
use crate::journal::{JournalError, JournalFile, fingerprint};
use crate::model::{Lifecycle, Resource, ServiceModel};

use super::account::{full_name, settable_members};
use super::deletion::{deletion_input, named_deletions, response_json};
use super::ownership::is_tagged;

/// The entries of a case that are still open.
#[derive(Debug)]
pub(super) struct CaseJournal {
    target: Target,
    alias: Alias,
    open: Mutex<Vec<Entry>>,
}

/// An entry of the journal.
#[derive(Debug)]
struct Entry {
    id: u64,
    /// The deletion it announces, with names of cases; none where only the response has a name.
    deletion: Option<(String, String, Value)>,
    /// True if it is unknown whether the resource exists.
    is_kept: bool,
}

impl CaseJournal {
    /// Creates the journal of a case with these names.
    pub fn new(target: &Target, alias: &Alias) -> Self {
        Self { target: target.clone(), alias: alias.clone(), open: Mutex::default() }
    }

    /// Records what a call may create. Returns the id of the entry, if one was needed.
    ///
    /// A name without the run's tag may belong to another user: it is recorded only once the call has created it.
    pub fn record_call(&self, request: &Request, sent: Option<&Value>) -> Result<Option<u64>, JournalError> {
        let Some(CalledResource { journal, model, resource, role }) = self.called_resource(request) else {
            return Ok(None);
        };
        let sent = sent.unwrap_or(&Value::Null);
        if role == Lifecycle::Put && resource.is_account_wide() {
            let state = settable_members(model, resource, sent).unwrap_or_else(|| json!({}));
            journal
                .record_own_state(&full_name(model, resource), fingerprint(&self.to_real_names(&state)))?;
        }
        let known = deletion_input(model, (resource, role), sent, None);
        // Other names were seen to be free.
        let own = role == Lifecycle::Create && self.target.is_real_account();
        let known = known.filter(|input| own || is_tagged(input));
        let mark = resource.removal.as_ref().and_then(|removal| removal.mark.as_ref());
        let id = match (known, &resource.delete) {
            (Some(input), Some(operation)) => {
                return self.record_deletion((model, operation), input).map(Some);
            }
            (None, Some(_)) if role == Lifecycle::Create && mark.is_some() => {
                let mark = mark.and_then(|mark| sent.get(mark)).cloned().unwrap_or_default();
                let mark = self.to_real_names(&mark).as_str().unwrap_or_default().to_owned();
                journal.record_unnamed(&model.name, &resource.name, mark)?
            }
            _ => return Ok(None),
        };
        self.lock().push(Entry { id, deletion: None, is_kept: false });
        Ok(Some(id))
    }

    /// Records what others will create for the case, before the case begins.
    pub fn record_case(&self, case: &Case) -> Result<(), JournalError> {
        for (service, operation, input) in named_deletions(case, &[]) {
            if let Some(model) = self.target.service(service) {
                self.record_deletion((model, operation), input)?;
            }
        }
        Ok(())
    }

    fn record_deletion(
        &self,
        (model, operation): (&ServiceModel, &str),
        input: Value,
    ) -> Result<u64, JournalError> {
        let Some(journal) = self.target.journal() else { return Ok(0) };
        let id = journal.record_deletion(&model.name, operation, self.to_real_names(&input))?;
        let deletion = Some((model.name.clone(), operation.to_owned(), input));
        self.lock().push(Entry { id, deletion, is_kept: false });
        Ok(id)
    }

    /// Records what the response adds: names, and states that the run has made. The earlier entries suffice to find all of
    /// it, so that an entry that cannot be written now does not end the run.
    pub fn record_response(&self, entry: Option<u64>, sent: Option<&Value>, exchange: &Exchange) {
        let Some(CalledResource { journal, model, resource, role }) = self.called_resource(&exchange.request)
        else {
            return;
        };
        if exchange.outcome.is_err() {
            self.lock().iter_mut().filter(|open| Some(open.id) == entry).for_each(|open| open.is_kept = true);
            return;
        }
        if !exchange.outcome.as_ref().is_ok_and(crate::client::Response::is_success) {
            return;
        }
        let answer = response_json(exchange);
        if role == Lifecycle::Read && resource.is_account_wide() {
            let state = answer
                .and_then(|answer| settable_members(model, resource, answer.pointer(&resource.view.read)?));
            let state = state.map(|state| fingerprint(&self.to_real_names(&state)));
            let _ =
                state.map(|fingerprint| journal.record_own_state(&full_name(model, resource), fingerprint));
        }
        let sent = sent.unwrap_or(&Value::Null);
        let unnamed =
            deletion_input(model, (resource, role), sent, None).is_none_or(|input| !is_tagged(&input));
        let named = deletion_input(model, (resource, role), sent, answer).filter(|_| unnamed);
        if let (Some(input), Some(operation)) = (named, &resource.delete) {
            let _ = self.record_deletion((model, operation), input);
        }
    }

    /// Keeps the entry of a resource that could not be deleted.
    pub fn keep_entry(&self, service: &str, operation: &str, input: &Value) {
        let same = |entry: &&mut Entry| {
            entry
                .deletion
                .as_ref()
                .is_some_and(|(s, o, i)| (s.as_str(), o.as_str(), i) == (service, operation, input))
        };
        self.lock().iter_mut().filter(same).for_each(|entry| entry.is_kept = true);
    }

    /// Closes the entries of a case after its cleanup. An entry without a response stays: its resource may yet appear.
    pub fn close_entries(&self) {
        let gone = self.lock().drain(..).filter(|entry| !entry.is_kept).map(|entry| entry.id).collect();
        if let Some(journal) = self.target.journal() {
            // An entry that stays open by mistake costs one search in a later cleanup.
            let _ = journal.record_deleted(gone);
        }
    }

    fn called_resource(&self, request: &Request) -> Option<CalledResource<'_>> {
        let journal = self.target.journal()?;
        let model = self.target.service(&request.service)?;
        let (resource, role) = model.resource_of(&request.operation)?;
        Some(CalledResource { journal, model, resource, role })
    }

    /// Replaces the names of cases by real names.
    pub fn to_real_names(&self, value: &Value) -> Value {
        let real = self.alias.to_real_names(Bytes::from(value.to_string()));
        serde_json::from_slice(&real).unwrap_or(Value::Null)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The resource that a call is about, where there is a journal.
struct CalledResource<'j> {
    journal: &'j JournalFile,
    model: &'j ServiceModel,
    resource: &'j Resource,
    role: Lifecycle,
}
