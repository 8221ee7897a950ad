//! Security configurations: made once under a name, never changed, read alone and listed, deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::call::{Call, Operation};
use super::law::{self, AllowedOutcomes, Law, Mismatch, Reference};
use super::state::{ConcurrentWriters, ConfigurationState, Slot, State, Time, canonical, holds};

const NOT_FOUND: &str = "EntityNotFoundException";
const EXISTS: &str = "AlreadyExistsException";
const INVALID: &str = "InvalidInputException";

/// The real service takes no larger pages, although its documents allow 1000.
const CERTAIN_PAGE: u64 = 200;

fn name(call: &Call) -> &str {
    call.text("Name").unwrap_or_default()
}

fn present<'a>(state: &'a State, name: &str) -> Option<&'a ConfigurationState> {
    match state.configurations.get(name) {
        Some(Slot::Present(configuration)) => Some(configuration),
        _ => None,
    }
}

/// The allowed outcomes of a call.
pub(super) fn may(reference: &Reference, state: &State, call: &Call) -> AllowedOutcomes {
    if call.operation == Operation::GetSecurityConfigurations {
        return may_list(reference, state, call);
    }
    let name = name(call);
    let there = present(state, name).is_some();
    let because = format!("there is {} configuration `{name}`", if there { "a" } else { "no" });
    match (call.operation, there) {
        (Operation::CreateSecurityConfiguration, true) => reference.refused(Law::NameTaken, EXISTS, because),
        (Operation::CreateSecurityConfiguration, false) => may_create(reference, state, name, because),
        (Operation::DeleteSecurityConfiguration, true) => reference.accepted(Law::Deleted, because),
        (Operation::DeleteSecurityConfiguration, false) => {
            reference.refused(Law::DeletedAbsent, NOT_FOUND, because)
        }
        (_, true) => reference.accepted(Law::Read, because),
        (_, false) => reference.refused(Law::ReadAbsent, NOT_FOUND, because),
    }
}

/// No document states when the name of a deleted configuration is free again.
fn may_create(reference: &Reference, state: &State, name: &str, because: String) -> AllowedOutcomes {
    match state.configurations.get(name) {
        Some(Slot::Deleted) => {
            let may = reference.accepted(Law::NameFreed, because + " any more");
            if reference.enforces(Law::NameFreed) { may } else { may.or_refused([EXISTS]) }
        }
        _ => reference.accepted(Law::Created, because),
    }
}

fn may_list(reference: &Reference, state: &State, call: &Call) -> AllowedOutcomes {
    let count = state.configurations().count();
    let mut may = reference.accepted(Law::Listed, format!("there are {count} configurations"));
    if count == 0 && !reference.enforces(Law::ListEmpty) {
        may = may.or_refused([NOT_FOUND]);
    }
    // Rules on pages cover tokens.
    let large = call.member("MaxResults").and_then(Value::as_u64).is_some_and(|most| most > CERTAIN_PAGE);
    if large || law::continues(&call.input) { may.or_refused([INVALID]) } else { may }
}

/// The state in which the name that the call uses is known to be ours.
pub(super) fn named(state: &State, call: &Call) -> State {
    use Operation as O;
    let names = [O::CreateSecurityConfiguration, O::DeleteSecurityConfiguration, O::GetSecurityConfiguration];
    if !names.contains(&call.operation) || state.configurations.contains_key(name(call)) {
        return state.clone();
    }
    state.clone().with_slot(name(call), Slot::Never)
}

/// The state after a create that was accepted.
pub(super) fn create(
    reference: &Reference,
    state: &State,
    call: &Call,
    body: Option<&Value>,
) -> Result<State, Mismatch> {
    let name = name(call);
    let answered = body.and_then(|body| body.get("Name")).and_then(Value::as_str);
    reference.require(Law::CreatedName, body.is_none() || answered == Some(name), || {
        (format!("the name `{name}`"), answered.unwrap_or("no name").to_owned())
    })?;
    let configuration = ConfigurationState {
        sent: Arc::new(canonical(call.member("EncryptionConfiguration").unwrap_or(&Value::Null))),
        answered: body.and_then(|body| Time::at(body, "CreatedTimestamp")),
        created: None,
    };
    Ok(state.clone().with_slot(name, Slot::Present(configuration)))
}

/// The state after a delete that was accepted.
pub(super) fn delete(state: &State, call: &Call) -> State {
    state.clone().with_slot(name(call), Slot::Deleted)
}

/// The state after a read that showed this.
pub(super) fn get(
    reference: &Reference,
    state: &State,
    call: &Call,
    body: &Value,
) -> Result<State, Mismatch> {
    let name = name(call);
    let item = body.get("SecurityConfiguration").unwrap_or(&Value::Null);
    let read = item.get("Name").and_then(Value::as_str);
    reference.require(Law::ReadName, read == Some(name), || {
        (format!("the configuration `{name}`"), read.unwrap_or("none").to_owned())
    })?;
    seen(reference, state, name, item, false)
}

/// The state after a page that showed this.
pub(super) fn list(
    reference: &Reference,
    state: &State,
    call: &Call,
    body: &Value,
) -> Result<State, Mismatch> {
    let laws = (Law::Listed, Law::ListPage);
    let page = law::page(reference, call, body, "SecurityConfigurations", laws)?;
    let mut names = BTreeSet::new();
    let mut next = state.clone();
    for item in &page.items {
        let name = item.get("Name").and_then(Value::as_str).unwrap_or_default();
        reference.require(Law::ListOnce, names.insert(name), || {
            (format!("`{name}` once"), format!("`{name}` twice on one page"))
        })?;
        let known = state.configurations.get(name);
        let exists = match known {
            Some(slot) => matches!(slot, Slot::Present(_)),
            None => state.others == ConcurrentWriters::Possible,
        };
        reference.require(Law::ListGone, exists, || {
            ("only configurations that exist".to_owned(), format!("`{name}` in the list"))
        })?;
        next = seen(reference, &next, name, item, true)?;
    }
    let missing = state.configurations().find(|name| page.is_whole && !names.contains(name));
    reference.require(Law::Listed, missing.is_none(), || {
        ("every configuration in the list".to_owned(), format!("no `{}`", missing.unwrap_or_default()))
    })?;
    Ok(next)
}

/// The state after that configuration stood in an answer like this, a list or not.
fn seen(
    reference: &Reference,
    state: &State,
    name: &str,
    item: &Value,
    listed: bool,
) -> Result<State, Mismatch> {
    let Some(configuration) = present(state, name) else { return Ok(state.clone()) };
    let encryption = canonical(item.get("EncryptionConfiguration").unwrap_or(&Value::Null));
    let law = if listed { Law::ListAgrees } else { Law::Read };
    reference.require(law, holds(&configuration.sent, &encryption), || {
        (format!("`{name}` as it was made, {}", configuration.sent), encryption.to_string())
    })?;
    let Some(created) = Time::at(item, "CreatedTimeStamp") else { return Ok(state.clone()) };
    let times = |was: Time| (format!("`{name}` created at {was}"), format!("created at {created}"));
    if let Some((was, in_list)) = configuration.created {
        let law = if in_list == listed { Law::ReadAgain } else { Law::ListAgrees };
        reference.require(law, was == created, || times(was))?;
    } else if let Some(was) = configuration.answered {
        reference.require(Law::CreatedTime, was == created, || times(was))?;
    }
    let seen = Some(configuration.created.unwrap_or((created, listed)));
    let learned = ConfigurationState { created: seen, ..configuration.clone() };
    Ok(state.clone().with_slot(name, Slot::Present(learned)))
}
