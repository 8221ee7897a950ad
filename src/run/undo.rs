//! Undoes a journal: restores states, deletes resources from the newest to the oldest, and verifies the deletions.
//! Idempotent. Must not judge.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Value, json};

use crate::client::{CallFailure, Response, Target};
use crate::journal::{JournalFile, PendingEntry, UnnamedEntry};
use crate::model::{Resource, ServiceModel, Specs};

use super::account::{call, restore_states};
use super::cleanup::delete_contents;
use super::deletion::removal_input;
use super::poll::delete_when_idle;
use super::real_account::restore_unless_changed;

/// The number of pages of a list that are searched for a resource without a name.
const MAX_PAGES: usize = 1000;

/// The result of undoing a journal.
#[derive(Debug, Default)]
pub struct UndoResult {
    /// The number of deleted resources.
    pub removed: usize,
    /// Account-wide resources that are as before.
    pub restored: usize,
    /// All differences from before.
    pub left: Vec<Leftover>,
}

/// Something that differs from before a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leftover {
    /// A resource that a deletion did not remove.
    Resource {
        /// The operation that deletes it.
        operation: String,
        /// The input of that operation, which names the resource.
        input: Value,
        /// The reason why the resource is still there.
        reason: String,
    },
    /// Anything else, in one sentence.
    Other(String),
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource { operation, input, reason } => {
                write!(f, "{input} could not be removed with {operation}: {reason}")
            }
            Self::Other(sentence) => f.write_str(sentence),
        }
    }
}

impl From<String> for Leftover {
    fn from(sentence: String) -> Self {
        Self::Other(sentence)
    }
}

/// Returns one sentence for each operation that left resources, and one for each other difference.
pub(super) fn leftover_sentences(left: &[Leftover]) -> Vec<String> {
    let mut resources: BTreeMap<(&str, &str), (usize, &Leftover)> = BTreeMap::new();
    let mut sentences = Vec::new();
    for leftover in left {
        match leftover {
            Leftover::Resource { operation, reason, .. } => {
                resources.entry((operation, reason)).or_insert((0, leftover)).0 += 1;
            }
            Leftover::Other(sentence) => sentences.push(sentence.clone()),
        }
    }
    let per_operation =
        resources.into_iter().map(|((operation, reason), (number, first))| match (number, first) {
            (2.., Leftover::Resource { input, .. }) => {
                format!("{number} resources could not be removed with {operation}: {reason}; one is {input}")
            }
            _ => first.to_string(),
        });
    sentences.splice(0..0, per_operation);
    sentences
}

/// Undoes a journal. Removes its file if nothing is left to undo.
pub async fn undo(target: &Target, specs: &Specs, journal: &JournalFile, overwrite: bool) -> UndoResult {
    let mut undone = UndoResult::default();
    restore_saved(target, specs, journal, overwrite, &mut undone).await;
    delete_pending(target, specs, journal, &mut undone).await;
    if undone.left.is_empty() {
        undone.left.extend(journal.close().err().map(|error| error.to_string().into()));
    }
    undone
}

async fn restore_saved(
    target: &Target,
    specs: &Specs,
    journal: &JournalFile,
    overwrite: bool,
    undone: &mut UndoResult,
) {
    let ledger = journal.ledger();
    for model in &specs.services {
        let own = format!("{}/", model.name);
        let saved: Vec<_> = ledger.saved.iter().filter(|saved| saved.resource.starts_with(&own)).collect();
        if !target.is_real_account() {
            let saved: Vec<_> = saved.into_iter().cloned().collect();
            let failed = restore_states(&saved, target, model).await;
            undone.restored += saved.len() - failed.len();
            undone.left.extend(failed.into_iter().map(Leftover::Other));
            continue;
        }
        for saved in saved {
            match restore_unless_changed(target, model, saved, &ledger, overwrite).await {
                Ok(()) => undone.restored += 1,
                Err(why) => undone.left.push(why.into()),
            }
        }
    }
}

/// Deletes the resources of open entries. If the target stops responding, the rest is left for later.
pub(super) async fn delete_pending(
    target: &Target,
    specs: &Specs,
    journal: &JournalFile,
    undone: &mut UndoResult,
) {
    let ledger = journal.ledger();
    let (mut deleted_ids, mut stopped_responding) = (Vec::new(), false);
    for unnamed in ledger.unnamed.values() {
        match find_tagged(target, specs, unnamed).await {
            Ok(found) => {
                let mut all = true;
                for due in found {
                    all &= delete_and_verify(target, specs, &due, undone).await.is_ok();
                }
                deleted_ids.extend(all.then_some(unnamed.id));
            }
            Err(why) => {
                undone.left.push(format!("{} marked {}: {why}", unnamed.resource, unnamed.mark).into());
            }
        }
    }
    let mut deleted = BTreeSet::new();
    for due in ledger.due.values().rev() {
        // A resource with several entries is deleted once.
        let same = format!("{} {} {}", due.service, due.operation, due.input);
        if deleted.contains(&same) {
            deleted_ids.push(due.id);
            continue;
        }
        if stopped_responding {
            undone.left.push(leftover(due, "the target does not answer"));
            continue;
        }
        match delete_and_verify(target, specs, due, undone).await {
            Ok(()) => {
                deleted.insert(same);
                deleted_ids.push(due.id);
            }
            Err(failure) => stopped_responding = failure.is_some(),
        }
    }
    // An entry that stays open by mistake costs one search in a later cleanup.
    let _ = journal.record_deleted(deleted_ids);
}

fn leftover(due: &PendingEntry, reason: &str) -> Leftover {
    Leftover::Resource {
        operation: due.operation.clone(),
        input: due.input.clone(),
        reason: reason.to_owned(),
    }
}

/// Deletes one resource, and checks that it is gone. An error is recorded; it holds a failure if no answer came.
async fn delete_and_verify(
    target: &Target,
    specs: &Specs,
    due: &PendingEntry,
    undone: &mut UndoResult,
) -> Result<(), Option<CallFailure>> {
    let Some((model, resource)) = specs.service(&due.service).and_then(|model| {
        let deletes = |r: &&Resource| r.delete.as_deref() == Some(due.operation.as_str());
        Some((model, model.resources.iter().find(deletes)?))
    }) else {
        undone.left.push(leftover(due, "the specs do not know how"));
        return Err(None);
    };
    if let Some(contents) = resource.removal.as_ref().and_then(|removal| removal.contents.as_ref()) {
        let call = async |operation: &str, input: &Value| call(target, model, operation, input).await;
        delete_contents(contents, &due.input, call).await;
    }
    let attempt = async || call(target, model, &due.operation, &due.input).await;
    let response = match delete_when_idle(target, model, false, attempt).await {
        Ok(response) => response,
        Err(failure) => {
            undone.left.push(leftover(due, &failure.to_string()));
            return Err(Some(failure));
        }
    };
    let is_scheduled = is_deletion_scheduled(resource, &response);
    if model.refusals.say_absent(response.error_code()) || is_scheduled {
        return Ok(());
    }
    if !response.is_success() {
        let status = || format!("the answer has status {}", response.status);
        undone.left.push(leftover(due, &response.error_code().map_or_else(status, str::to_owned)));
        return Err(None);
    }
    undone.removed += 1;
    if target.is_real_account() && still_exists(target, model, resource, &due.input).await {
        undone.left.push(leftover(due, "it is still there"));
        return Err(None);
    }
    Ok(())
}

fn is_deletion_scheduled(resource: &Resource, response: &Response) -> bool {
    let done = resource.removal.iter().flat_map(|removal| &removal.done);
    done.into_iter().any(|code| response.error_code() == Some(code))
}

/// Returns whether a deleted resource can still be read.
async fn still_exists(target: &Target, model: &ServiceModel, resource: &Resource, deleted: &Value) -> bool {
    let (Some(read), None) = (&resource.read, &resource.removal) else { return false };
    let names = resource.identifiers_in(deleted);
    !names.is_empty()
        && call(target, model, read, &Value::Object(names)).await.is_ok_and(|response| response.is_success())
}

/// Returns the deletions of all resources with the mark.
async fn find_tagged(
    target: &Target,
    specs: &Specs,
    unnamed: &UnnamedEntry,
) -> Result<Vec<PendingEntry>, String> {
    let unknown = || "the specs do not know how to look for it".to_owned();
    let model = specs.service(&unnamed.service).ok_or_else(unknown)?;
    let resource = model.resources.iter().find(|r| r.name == unnamed.resource).ok_or_else(unknown)?;
    let (Some(read), Some(delete), Some(removal)) = (&resource.read, &resource.delete, &resource.removal)
    else {
        return Err(unknown());
    };
    let tag_member = removal.mark.as_ref().ok_or_else(unknown)?;
    let mut found = Vec::new();
    for item in list_all(target, model, resource).await? {
        let names = Value::Object(resource.identifiers_in(&item));
        let Ok(response) = call(target, model, read, &names).await else {
            return Err("the target does not answer".to_owned());
        };
        let Some(body) = response.json.as_ref().filter(|_| response.is_success()) else { continue };
        let tag_found = body.pointer(&resource.view.read).and_then(|view| view.get(tag_member)?.as_str());
        if tag_found == Some(unnamed.mark.as_str()) {
            let input = removal_input(&removal.input, &Value::Null, Some(body)).ok_or_else(unknown)?;
            let (service, operation) = (unnamed.service.clone(), delete.clone());
            found.push(PendingEntry { id: unnamed.id, service, operation, input });
        }
    }
    Ok(found)
}

/// All of a list, page by page.
pub(super) async fn list_all(
    target: &Target,
    model: &ServiceModel,
    resource: &Resource,
) -> Result<Vec<Value>, String> {
    let list = resource.list.as_deref().unwrap_or_default();
    let pages = model.operations.get(list).and_then(|operation| operation.paginated.as_ref());
    let (mut all, mut input) = (Vec::new(), json!({}));
    for _ in 0..MAX_PAGES {
        let response = call(target, model, list, &input).await.map_err(|failure| failure.to_string())?;
        let body = response.json.as_ref().filter(|_| response.is_success());
        let body = body.ok_or_else(|| format!("{list} answers {}", response.status))?;
        let items = resource.view.list.as_deref().and_then(|list| body.pointer(list)?.as_array());
        all.extend(items.into_iter().flatten().cloned());
        let token = pages.and_then(|pages| body.get(&pages.output_token)).filter(|token| !token.is_null());
        match (pages, token) {
            (Some(pages), Some(token)) => input[&pages.input_token] = token.clone(),
            _ => return Ok(all),
        }
    }
    Err(format!("{list} does not end"))
}
