//! Protects resources of other users on a real account. A short name has no room for the tag of the run, so that another
//! user may have a resource of that name: the run neither creates nor deletes it.
//!
//! Must not judge. The entry point is [`refuse_foreign_name`].

use serde_json::Value;

use crate::case::RUN;
use crate::client::{Request, Target};
use crate::model::{Lifecycle, Resource, ServiceModel};

use super::account::call;

/// Returns the reason why a call must not be sent: its name belongs to another user. `real_input` is the input with real
/// names.
pub(super) async fn refuse_foreign_name(
    target: &Target,
    request: &Request,
    sent: &Value,
    real_input: &Value,
) -> Option<String> {
    let model = target.service(&request.service).filter(|_| target.is_real_account())?;
    let (resource, role) = model.resource_of(&request.operation)?;
    let is_checked = matches!(role, Lifecycle::Create | Lifecycle::Delete) && resource.removal.is_none();
    let names = names(resource, real_input).filter(|_| is_checked && !is_tagged(sent))?;
    if is_created_by_run(target, model, resource, &names) {
        return None;
    }
    let read = resource.read.as_deref()?;
    match call(target, model, read, &names).await {
        Ok(response) if response.is_success() => {
            Some(format!("not called, because {names} exists and is not the run's"))
        }
        Ok(_) => None,
        Err(failure) => Some(format!("not called, because it is unknown whether {names} exists: {failure}")),
    }
}

/// Returns the names in a call, if there are any.
fn names(resource: &Resource, sent: &Value) -> Option<Value> {
    let names = resource.identifiers_in(sent);
    (!names.is_empty()).then_some(Value::Object(names))
}

/// Returns whether the journal records that the run created the resource.
fn is_created_by_run(target: &Target, model: &ServiceModel, resource: &Resource, names: &Value) -> bool {
    let delete = resource.delete.as_deref().unwrap_or_default();
    target.journal().is_some_and(|journal| journal.announces(&model.name, delete, names))
}

/// Returns whether a name has the tag of the run.
pub(super) fn is_tagged(names: &Value) -> bool {
    let tagged = |name: &Value| name.as_str().is_some_and(|name| name.contains(RUN));
    names.as_object().is_some_and(|members| members.values().any(tagged))
}
