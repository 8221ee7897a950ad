//! Account-wide state of a real account: checked in advance to be restorable, and restored only over state that the run
//! itself has left. Must not overwrite a change of another user.

use serde_json::Value;

use crate::client::Target;
use crate::journal::{Ledger, SavedState, fingerprint};
use crate::model::{Member, Resource, ServiceModel};

use super::account::{CurrentState, call, full_name, read_state, restoring_call};

impl CurrentState {
    fn fingerprint(&self) -> String {
        match self {
            Self::Absent => fingerprint(&Value::Null),
            Self::Present { put_back, .. } => fingerprint(put_back),
        }
    }
}

fn saved_fingerprint(saved: &SavedState) -> String {
    fingerprint(saved.put_back.as_ref().unwrap_or(&Value::Null))
}

/// Writes the saved state over itself. This changes nothing, and shows that the state can be restored.
pub(super) async fn verify_restorable(
    target: &Target,
    model: &ServiceModel,
    saved: &SavedState,
) -> Result<(), String> {
    let Some(resource) = resource_of(model, saved) else { return Ok(()) };
    put(target, model, resource, saved, saved.answer.as_ref()).await?;
    match read_state(target, model, resource).await? {
        now if now.fingerprint() == saved_fingerprint(saved) => Ok(()),
        _ => Err(format!("{} is not what was put there", saved.resource)),
    }
}

/// Restores the saved state if the current one was made by the run, or if `overwrite` is set.
pub(super) async fn restore_unless_changed(
    target: &Target,
    model: &ServiceModel,
    saved: &SavedState,
    ledger: &Ledger,
    overwrite: bool,
) -> Result<(), String> {
    let Some(resource) = resource_of(model, saved) else { return Ok(()) };
    let now =
        read_state(target, model, resource).await.map_err(|why| format!("{}: {why}", saved.resource))?;
    if now.fingerprint() == saved_fingerprint(saved) {
        return Ok(());
    }
    let version = match &now {
        CurrentState::Absent => None,
        CurrentState::Present { answer, .. }
            if ledger.is_own(&saved.resource, &now.fingerprint()) || overwrite =>
        {
            Some(answer)
        }
        CurrentState::Present { put_back, .. } => {
            return Err(format!(
                "{} is neither what stood there before the run nor the run's own, so that another user must have \
                 changed it, and it was left as it is: {put_back}; `--overwrite` puts back what stood there before",
                saved.resource
            ));
        }
    };
    put(target, model, resource, saved, version).await?;
    match read_state(target, model, resource).await {
        Ok(now) if now.fingerprint() == saved_fingerprint(saved) => Ok(()),
        Ok(_) => Err(format!("{} is not what it was, though it was put back", saved.resource)),
        Err(why) => Err(format!("{}: {why}", saved.resource)),
    }
}

fn resource_of<'m>(model: &'m ServiceModel, saved: &SavedState) -> Option<&'m Resource> {
    model.resources.iter().find(|resource| full_name(model, resource) == saved.resource)
}

/// Writes the saved state, with the version condition of the resource if it has one.
async fn put(
    target: &Target,
    model: &ServiceModel,
    resource: &Resource,
    saved: &SavedState,
    seen: Option<&Value>,
) -> Result<(), String> {
    let Some((operation, mut input)) = restoring_call(resource, saved) else { return Ok(()) };
    let taken = model.operations.get(operation).map(|o| o.input.as_str()).unwrap_or_default();
    for member in model.members(taken) {
        if let (Some(version), Value::Object(members)) = (version_seen(member, seen), &mut input) {
            members.insert(member.name.clone(), version);
        }
    }
    let answer = call(target, model, operation, &input).await.map_err(|failure| failure.to_string());
    let answer = answer.map_err(|why| format!("{operation}: {why}"))?;
    let absent = saved.put_back.is_none() && model.refusals.say_absent(answer.error_code());
    if answer.is_success() || absent {
        return Ok(());
    }
    let code = answer.error_code().unwrap_or("no error code");
    let text = answer.error_message().unwrap_or_default();
    Err(format!("{operation} answers {} {code} {text}", answer.status))
}

fn version_seen(member: &Member, seen: Option<&Value>) -> Option<Value> {
    seen?.get(member.version()?).filter(|version| !version.is_null()).cloned()
}
