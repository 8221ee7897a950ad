//! What a case has made and not removed, by the journal of its calls rather than by what the target lists, and its
//! removal. Judges nothing.

use serde_json::{Map, Value};

use crate::case::{Body, Case};
use crate::check::{Performed, resolve};
use crate::client::{CallFailure, Exchange, Request, Response};
use crate::model::{Contents, Lifecycle, Removal, Resource, Role, ServiceModel};

use super::scene::Scene;

/// A deletion that is due.
pub(super) struct Due<'m> {
    model: &'m ServiceModel,
    operation: &'m str,
    input: Value,
    /// Where the service says how things are removed.
    removal: Option<&'m Removal>,
}

/// Rounds in which what is in something is taken out of it; more is not ours.
const ROUNDS: usize = 20;

/// The deletions that are due, in the order in which things were made: those the calls tell, then those the case
/// itself names.
pub(super) fn remains<'m>(model: &'m ServiceModel, case: &'m Case, transcript: &[Performed]) -> Vec<Due<'m>> {
    let mut due = made(model, case, transcript);
    let named = named(case, transcript).filter_map(|(service, operation, input)| {
        Some(Due { model: model.service(service)?, operation, input, removal: None })
    });
    due.extend(named);
    due
}

/// Service, operation and input of the deletions that the case itself names, for what others make for it. What it has
/// no names for, it has not got others to make.
pub(super) fn named<'c>(
    case: &'c Case,
    transcript: &[Performed],
) -> impl Iterator<Item = (&'c str, &'c str, Value)> {
    let steps = case.steps.iter().filter(|step| step.role == Role::Remove);
    steps.filter_map(|step| {
        let Body::Json(template) = &step.body else { return None };
        let input = resolve(template, case, transcript).ok()?;
        Some((step.service.as_str(), step.operation.as_str(), input))
    })
}

fn made<'m>(model: &'m ServiceModel, case: &Case, transcript: &[Performed]) -> Vec<Due<'m>> {
    let mut due: Vec<Due<'m>> = Vec::new();
    for Performed { step, sent, exchange, .. } in transcript.iter().flat_map(Performed::calls) {
        let Some(model) = model.service(&exchange.request.service) else { continue };
        let Some((resource, role)) = model.resource_of(&exchange.request.operation) else { continue };
        let Some(operation) = resource.delete.as_deref() else { continue };
        let sent = sent.as_ref().unwrap_or(&Value::Null);
        let removal = resource.removal.as_ref();
        match role {
            Lifecycle::Create | Lifecycle::Put if may_have_happened(exchange) => {
                let input = deletion(model, (resource, role), sent, answered(exchange));
                due.extend(input.map(|input| Due { model, operation, input, removal }));
            }
            // Of calls made at once, nobody knows which came last; and what is said to be on its way out may
            // have been called back.
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

/// Deletes what was made last first, for it may stand in what was made before. What is left is told, one sentence
/// each.
pub(super) async fn clean_up(scene: &Scene, due: Vec<Due<'_>>) -> Vec<String> {
    let mut leftovers = Vec::new();
    for Due { model, operation, input, removal } in due.into_iter().rev() {
        let call = async |operation: &str, input: &Value| {
            let request = Request::plain(&model.name, operation, input);
            scene.target.call(&scene.alias, request).await.outcome
        };
        if let Some(contents) = removal.and_then(|removal| removal.contents.as_ref()) {
            empty(contents, &input, &call).await;
        }
        let outcome = call(operation, &input).await;
        let gone = outcome.is_ok_and(|answer| {
            let code = answer.error_code();
            let done =
                removal.is_some_and(|removal| removal.done.iter().any(|done| Some(done.as_str()) == code));
            answer.is_success() || model.refusals.say_absent(code) || done
        });
        if !gone {
            scene.notes.stays(&model.name, operation, &input);
            leftovers.push(format!("{input} could not be removed with {operation}"));
        }
    }
    leftovers
}

/// Takes out what bars a removal, by calls of an operation with an input. What stays, the removal will tell.
pub(super) async fn empty(
    contents: &Contents,
    holder: &Value,
    call: impl AsyncFn(&str, &Value) -> Result<Response, CallFailure>,
) {
    for _ in 0..ROUNDS {
        let Ok(answer) = call(&contents.list, holder).await else { return };
        let items = answer.json.as_ref().and_then(|body| body.pointer(&contents.items)?.as_array());
        let Some(items) = items.filter(|items| !items.is_empty()) else { return };
        for item in items {
            let Some(input) = removal_input(&contents.input, holder, Some(item)) else { return };
            if !call(&contents.delete, &input).await.is_ok_and(|answer| answer.is_success()) {
                return;
            }
        }
    }
}

/// The input that deletes what a call makes, as far as it and its answer tell.
pub(super) fn deletion(
    model: &ServiceModel,
    (resource, role): (&Resource, Lifecycle),
    sent: &Value,
    answered: Option<&Value>,
) -> Option<Value> {
    match (role, &resource.removal) {
        (Lifecycle::Create, Some(removal)) => removal_input(&removal.input, sent, answered),
        (Lifecycle::Create, None) => Some(Value::Object(names(resource, sent, answered))),
        (Lifecycle::Put, _) => elsewhere(model, resource.delete.as_deref()?, sent),
        _ => None,
    }
}

pub(super) fn answered(exchange: &Exchange) -> Option<&Value> {
    exchange.outcome.as_ref().ok().and_then(|answer| answer.json.as_ref())
}

/// What names the resource made: as it was sent, or as it was answered where no name was sent.
fn names(resource: &Resource, sent: &Value, answered: Option<&Value>) -> Map<String, Value> {
    let name = |name: &String| {
        let value = sent.get(name).filter(|v| !v.is_null()).or_else(|| answered?.get(name))?;
        Some((name.clone(), value.clone()))
    };
    resource.identifiers.iter().filter_map(name).collect()
}

/// The input of a removal, if the call that made something tells all that it takes.
pub(super) fn removal_input(template: &Value, sent: &Value, answered: Option<&Value>) -> Option<Value> {
    match template {
        Value::Object(map) => {
            let at = |key: &str| map.get(key).and_then(Value::as_str);
            if let Some(pointer) = at("$sent") {
                return sent.pointer(pointer).cloned();
            }
            if let Some(pointer) = at("$answer") {
                return answered?.pointer(pointer).cloned();
            }
            let members =
                map.iter().map(|(name, inner)| Some((name.clone(), removal_input(inner, sent, answered)?)));
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        other => Some(other.clone()),
    }
}

/// A put that named a place that is not for use may have made something there.
fn elsewhere(model: &ServiceModel, delete: &str, sent: &Value) -> Option<Value> {
    let members = model.members(&model.operations.get(delete)?.input).filter(|m| m.traits.internal.is_some());
    let place: Map<String, Value> =
        members.filter_map(|m| Some((m.name.clone(), sent.get(&m.name)?.clone()))).collect();
    (!place.is_empty()).then_some(Value::Object(place))
}

fn may_have_happened(exchange: &Exchange) -> bool {
    match &exchange.outcome {
        Ok(answer) => answer.is_success() || answer.is_server_error(),
        Err(CallFailure::HeldBack(_)) => false,
        Err(_) => true,
    }
}

fn succeeded(exchange: &Exchange) -> bool {
    exchange.outcome.as_ref().is_ok_and(crate::client::Response::is_success)
}
