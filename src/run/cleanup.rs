//! Deletes the resources that a case created and did not delete, by the record of its calls rather than by the lists of
//! the target.
//!
//! Must not judge. The entry points are [`pending_deletions`] and [`clean_up`].

use serde_json::Value;

use crate::case::Case;
use crate::check::{PerformedStep, is_eventual_change};
use crate::client::{CallFailure, Exchange, Request, Response};
use crate::model::{Contents, Lifecycle, Removal, ServiceModel};

use super::context::CaseContext;
use super::deletion::{deletion_input, named_deletions, removal_input, response_json};
use super::poll::delete_when_idle;

/// A deletion that is still to be made.
pub(super) struct PendingDeletion<'m> {
    model: &'m ServiceModel,
    operation: &'m str,
    input: Value,
    /// The removal in the specs, where the service has a special one.
    removal: Option<&'m Removal>,
    /// True if the resource was created and may not exist everywhere yet.
    is_new: bool,
}

/// The number of rounds in which a resource is emptied before its deletion.
const MAX_ROUNDS: usize = 20;

/// Returns the pending deletions in the order of creation: those that the calls tell, then those that the case names.
pub(super) fn pending_deletions<'m>(
    model: &'m ServiceModel,
    case: &'m Case,
    transcript: &[PerformedStep],
) -> Vec<PendingDeletion<'m>> {
    let mut due = created_resources(model, case, transcript);
    let named = named_deletions(case, transcript).filter_map(|(service, operation, input)| {
        Some(PendingDeletion {
            model: model.service(service)?,
            operation,
            input,
            removal: None,
            is_new: false,
        })
    });
    due.extend(named);
    due
}

fn created_resources<'m>(
    model: &'m ServiceModel,
    case: &Case,
    transcript: &[PerformedStep],
) -> Vec<PendingDeletion<'m>> {
    let mut due: Vec<PendingDeletion<'m>> = Vec::new();
    for call in transcript.iter().flat_map(PerformedStep::calls) {
        let PerformedStep { step, sent, exchange, .. } = call;
        let Some(model) = model.service(&exchange.request.service) else { continue };
        let Some((resource, role)) = model.resource_of(&exchange.request.operation) else { continue };
        let Some(operation) = resource.delete.as_deref() else { continue };
        let sent = sent.as_ref().unwrap_or(&Value::Null);
        let removal = resource.removal.as_ref();
        match role {
            Lifecycle::Create | Lifecycle::Put if may_have_happened(exchange) => {
                let input = deletion_input(model, (resource, role), sent, response_json(exchange));
                let is_new = is_eventual_change(model, call);
                due.extend(input.map(|input| PendingDeletion { model, operation, input, removal, is_new }));
            }
            // The order of concurrent calls is unknown, and a scheduled deletion may have been cancelled.
            Lifecycle::Delete
                if succeeded(exchange) && case.steps[*step].client.is_none() && removal.is_none() =>
            {
                due.retain(|due| due.model.name != model.name || due.input != *sent);
            }
            _ => {}
        }
    }
    due
}

/// Deletes the newest resource first, because it may be inside an older one. Returns one sentence for each resource that
/// is left.
pub(super) async fn clean_up(context: &CaseContext, due: Vec<PendingDeletion<'_>>) -> Vec<String> {
    let mut leftovers = Vec::new();
    for PendingDeletion { model, operation, input, removal, is_new } in due.into_iter().rev() {
        let call = async |operation: &str, input: &Value| {
            let request = Request::plain(&model.name, operation, input);
            context.target.call(&context.alias, request).await.outcome
        };
        if let Some(contents) = removal.and_then(|removal| removal.contents.as_ref()) {
            delete_contents(contents, &input, &call).await;
        }
        let attempt = async || call(operation, &input).await;
        let outcome = delete_when_idle(&context.target, model, is_new, attempt).await;
        let is_gone = outcome.is_ok_and(|response| {
            let code = response.error_code();
            let done =
                removal.is_some_and(|removal| removal.done.iter().any(|done| Some(done.as_str()) == code));
            response.is_success() || model.refusals.say_absent(code) || done
        });
        if !is_gone {
            context.journal.keep_entry(&model.name, operation, &input);
            leftovers.push(format!("resources that {operation} could not remove"));
        }
    }
    leftovers
}

/// Empties a resource, so that it can be deleted.
pub(super) async fn delete_contents(
    contents: &Contents,
    holder: &Value,
    call: impl AsyncFn(&str, &Value) -> Result<Response, CallFailure>,
) {
    for _ in 0..MAX_ROUNDS {
        let Ok(response) = call(&contents.list, holder).await else { return };
        let items = response.json.as_ref().and_then(|body| body.pointer(&contents.items)?.as_array());
        let Some(items) = items.filter(|items| !items.is_empty()) else { return };
        for item in items {
            let Some(input) = removal_input(&contents.input, holder, Some(item)) else { return };
            if !call(&contents.delete, &input).await.is_ok_and(|response| response.is_success()) {
                return;
            }
        }
    }
}

fn may_have_happened(exchange: &Exchange) -> bool {
    // An earlier attempt may have succeeded although its response was lost.
    if exchange.retries > 0 {
        return true;
    }
    match &exchange.outcome {
        Ok(response) => response.is_success() || response.is_server_error(),
        Err(CallFailure::Withheld(_)) => false,
        Err(_) => true,
    }
}

fn succeeded(exchange: &Exchange) -> bool {
    exchange.outcome.as_ref().is_ok_and(crate::client::Response::is_success)
}
