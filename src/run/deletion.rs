//! The input of the deletion of a resource, as far as a call and its response tell.
//!
//! Must not call a target. The entry points are [`deletion_input`] and [`named_deletions`].

use serde_json::{Map, Value};

use crate::case::{Body, Case};
use crate::check::{PerformedStep, resolve};
use crate::client::Exchange;
use crate::model::{Lifecycle, Resource, Role, ServiceModel};

/// Returns service, operation and input of the deletions that the case names, for resources that others create for it. A
/// deletion whose names are not known yet is left out.
pub(super) fn named_deletions<'c>(
    case: &'c Case,
    transcript: &[PerformedStep],
) -> impl Iterator<Item = (&'c str, &'c str, Value)> {
    let steps = case.steps.iter().filter(|step| step.role == Role::Remove);
    steps.filter_map(|step| {
        let Body::Json(template) = &step.body else { return None };
        let input = resolve(template, case, transcript).ok()?;
        Some((step.service.as_str(), step.operation.as_str(), input))
    })
}

/// Returns the input that deletes the resource that a call makes.
pub(super) fn deletion_input(
    model: &ServiceModel,
    (resource, role): (&Resource, Lifecycle),
    sent: &Value,
    response: Option<&Value>,
) -> Option<Value> {
    match (role, &resource.removal) {
        (Lifecycle::Create, Some(removal)) => removal_input(&removal.input, sent, response),
        (Lifecycle::Create, None) => Some(Value::Object(identifiers(resource, sent, response))),
        (Lifecycle::Put, _) => internal_place(model, resource.delete.as_deref()?, sent),
        _ => None,
    }
}

pub(super) fn response_json(exchange: &Exchange) -> Option<&Value> {
    exchange.outcome.as_ref().ok().and_then(|response| response.json.as_ref())
}

/// Returns the names of the resource: those that were sent, or else those in the response.
fn identifiers(resource: &Resource, sent: &Value, response: Option<&Value>) -> Map<String, Value> {
    let name = |name: &String| {
        let value = sent.get(name).filter(|v| !v.is_null()).or_else(|| response?.get(name))?;
        Some((name.clone(), value.clone()))
    };
    resource.identifiers.iter().filter_map(name).collect()
}

/// Fills in the template of a removal, if the call that made the resource tells all of it.
pub(super) fn removal_input(template: &Value, sent: &Value, response: Option<&Value>) -> Option<Value> {
    match template {
        Value::Object(map) => {
            let at = |key: &str| map.get(key).and_then(Value::as_str);
            if let Some(pointer) = at("$sent") {
                return sent.pointer(pointer).cloned();
            }
            if let Some(pointer) = at("$answer") {
                return response?.pointer(pointer).cloned();
            }
            let members =
                map.iter().map(|(name, inner)| Some((name.clone(), removal_input(inner, sent, response)?)));
            members.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        other => Some(other.clone()),
    }
}

/// Returns the place of a put that named an internal place, where it may have made something.
fn internal_place(model: &ServiceModel, delete: &str, sent: &Value) -> Option<Value> {
    let members = model.members(&model.operations.get(delete)?.input).filter(|m| m.traits.internal.is_some());
    let place: Map<String, Value> =
        members.filter_map(|m| Some((m.name.clone(), sent.get(&m.name)?.clone()))).collect();
    (!place.is_empty()).then_some(Value::Object(place))
}
