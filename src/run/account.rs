//! Account-wide state: read before a run changes it, restored afterwards. On a real account, `real_account` restores it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::check::is_unimplemented;
use crate::client::{CallFailure, Request, Response, Target};
use crate::journal::SavedState;
use crate::model::{Resource, ServiceModel};

/// The state before the run.
#[derive(Debug)]
pub struct AccountState {
    /// The states of the readable resources.
    saved: Vec<SavedState>,
    /// One sentence for each resource that could not be read.
    read_errors: Vec<String>,
}

/// The present state of a resource.
pub(super) enum CurrentState {
    /// The resource does not exist.
    Absent,
    /// The resource exists.
    Present {
        /// The input that puts it there.
        put_back: Value,
        /// The answer.
        answer: Value,
    },
}

impl AccountState {
    /// Reads the state of the named resources.
    pub async fn save(target: &Target, model: &ServiceModel, touched: &BTreeSet<String>) -> Self {
        let (mut saved, mut read_errors) = (Vec::new(), Vec::new());
        for resource in model.resources.iter().filter(|r| touched.contains(&r.name) && r.read.is_some()) {
            let name = full_name(model, resource);
            match read_state(target, model, resource).await {
                Ok(CurrentState::Absent) => {
                    saved.push(SavedState { resource: name, put_back: None, answer: None });
                }
                Ok(CurrentState::Present { put_back, answer }) => {
                    saved.push(SavedState { resource: name, put_back: Some(put_back), answer: Some(answer) });
                }
                Err(why) => {
                    read_errors.push(format!("{name} cannot be looked at: {why}"));
                    // On an emulator, the run deletes its own state.
                    saved.push(SavedState { resource: name, put_back: None, answer: None });
                }
            }
        }
        Self { saved, read_errors }
    }

    /// Returns the saved states.
    #[must_use]
    pub fn saved(&self) -> &[SavedState] {
        &self.saved
    }

    /// Returns one sentence for each resource that could not be read.
    #[must_use]
    pub fn read_errors(&self) -> &[String] {
        &self.read_errors
    }

    /// Restores all states. Returns one sentence for each failure.
    pub async fn restore(&self, target: &Target, model: &ServiceModel) -> Vec<String> {
        restore_states(&self.saved, target, model).await
    }
}

/// Restores the saved states of one service, and overwrites the current ones.
pub(super) async fn restore_states(
    saved: &[SavedState],
    target: &Target,
    model: &ServiceModel,
) -> Vec<String> {
    let mut failed = Vec::new();
    for resource in &model.resources {
        let name = full_name(model, resource);
        let Some(saved) = saved.iter().find(|saved| saved.resource == name) else { continue };
        let Some((operation, input)) = restoring_call(resource, saved) else { continue };
        let nothing_was = saved.put_back.is_none();
        let done = call(target, model, operation, &input).await.is_ok_and(|answer| {
            let has_nothing = || {
                model.refusals.say_absent(answer.error_code()) || is_unimplemented(model, operation, &answer)
            };
            answer.is_success() || (nothing_was && has_nothing())
        });
        if !done {
            failed.push(format!("{} could not be put back with {} {}", resource.name, operation, input));
        }
    }
    failed
}

/// Looks at a resource.
pub(super) async fn read_state(
    target: &Target,
    model: &ServiceModel,
    resource: &Resource,
) -> Result<CurrentState, String> {
    let read = resource.read.as_deref().unwrap_or_default();
    let answer = call(target, model, read, &json!({})).await.map_err(|failure| failure.to_string())?;
    let body = answer.json.as_ref();
    let put_back =
        body.and_then(|body| settable_members(model, resource, body.pointer(&resource.view.read)?));
    match (answer.is_success(), put_back) {
        (true, Some(put_back)) => {
            Ok(CurrentState::Present { put_back, answer: body.cloned().unwrap_or_default() })
        }
        (true, None) => Ok(CurrentState::Absent),
        (false, _) if model.refusals.say_absent(answer.error_code()) => Ok(CurrentState::Absent),
        (false, _) => {
            let code = answer.error_code().unwrap_or("no error code");
            let text = answer.error_message().unwrap_or_default();
            Err(format!("{read} answers {} {code} {text}", answer.status).trim_end().to_owned())
        }
    }
}

/// Returns the operation and the input that restore a saved state: a put, or a deletion if there was no state.
pub(super) fn restoring_call<'r>(resource: &'r Resource, saved: &SavedState) -> Option<(&'r str, Value)> {
    match (&saved.put_back, &resource.put, &resource.delete) {
        (Some(input), Some(put), _) => Some((put, input.clone())),
        (None, _, Some(delete)) => Some((delete, json!({}))),
        _ => None,
    }
}

/// Sends a call whose input has real names, not the placeholders of a case.
pub(super) async fn call(
    target: &Target,
    model: &ServiceModel,
    operation: &str,
    input: &Value,
) -> Result<Response, CallFailure> {
    let request = Request::plain(&model.name, operation, input);
    target.call(&Target::identity_alias(), request).await.outcome
}

/// Returns the name of a resource in a journal.
pub(super) fn full_name(model: &ServiceModel, resource: &Resource) -> String {
    format!("{}/{}", model.name, resource.name)
}

/// Returns the members that a put takes and a read returns: what is set, without conditions and times.
pub(super) fn settable_members(model: &ServiceModel, resource: &Resource, state: &Value) -> Option<Value> {
    let put = model.operations.get(resource.put.as_deref()?)?;
    let viewed = model.viewed(resource)?;
    let both = model.members(&put.input).filter(|m| model.member(viewed, &m.name).is_some());
    let members: Map<String, Value> = both
        .filter_map(|m| Some((m.name.clone(), state.get(&m.name).filter(|v| !v.is_null())?.clone())))
        .collect();
    (!members.is_empty()).then_some(Value::Object(members))
}
