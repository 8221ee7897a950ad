//! Things of others on a real account. Short names cannot carry the run's tag, and somebody may have them already: then
//! they are neither made, nor removed, nor taken for the run's. Judges nothing.

use serde_json::{Map, Value};

use crate::case::RUN;
use crate::client::{Request, Target};
use crate::model::{Lifecycle, Resource, ServiceModel};

use super::account::call;

/// Why a call is held back: it would make or remove something by a name that is somebody else's. `outward` is what is sent,
/// with real names.
pub(super) async fn held_back(
    target: &Target,
    request: &Request,
    sent: &Value,
    outward: &Value,
) -> Option<String> {
    let model = target.service(&request.service).filter(|_| target.is_real_account())?;
    let (resource, role) = model.resource_of(&request.operation)?;
    let concerned = matches!(role, Lifecycle::Create | Lifecycle::Delete) && resource.removal.is_none();
    let names = names(resource, outward).filter(|_| concerned && !is_tagged(sent))?;
    if is_the_runs(target, model, resource, &names) {
        return None;
    }
    let read = resource.read.as_deref()?;
    match call(target, model, read, &names).await {
        Ok(answer) if answer.is_success() => {
            Some(format!("not called, for {names} is there already and not the run's"))
        }
        Ok(_) => None,
        Err(failure) => Some(format!("not called, for nobody says whether {names} is somebody's: {failure}")),
    }
}

/// What the call names, if it names anything.
fn names(resource: &Resource, sent: &Value) -> Option<Value> {
    let member = |name: &String| Some((name.clone(), sent.get(name)?.clone()));
    let names: Map<String, Value> = resource.identifiers.iter().filter_map(member).collect();
    (!names.is_empty()).then_some(Value::Object(names))
}

/// Whether the journal says that the run has made it, or the name does.
fn is_the_runs(target: &Target, model: &ServiceModel, resource: &Resource, names: &Value) -> bool {
    let delete = resource.delete.as_deref().unwrap_or_default();
    target.journal().is_some_and(|journal| journal.announces(&model.name, delete, names))
}

/// Whether a name in it has the run's own tag.
pub(super) fn is_tagged(names: &Value) -> bool {
    let tagged = |name: &Value| name.as_str().is_some_and(|name| name.contains(RUN));
    names.as_object().is_some_and(|members| members.values().any(tagged))
}
