//! The encryption settings of the Data Catalog: always there, replaced as a whole. A half that was never put
//! may hold anything.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Call, Operation};
use super::law::{AllowedOutcomes, Law, Mismatch, Reference};
use super::state::{Half, SettingsState, State, canonical, holds};

const SETTINGS: &str = "DataCatalogEncryptionSettings";
const AT_REST: &str = "EncryptionAtRest";
const PASSWORDS: &str = "ConnectionPasswordEncryption";

/// Members that name a key.
const KEYS: [&str; 2] = ["SseAwsKmsKeyId", "AwsKmsKeyId"];

/// The allowed outcomes of a call: every valid one is accepted.
pub(super) fn may(reference: &Reference, call: &Call) -> AllowedOutcomes {
    match call.operation {
        Operation::PutDataCatalogEncryptionSettings => {
            reference.accepted(Law::SettingsSet, "every valid setting may be put")
        }
        _ => reference.accepted(Law::SettingsPresent, "a catalog always has settings"),
    }
}

/// The state after a put that was accepted.
pub(super) fn put(reference: &Reference, state: &State, call: &Call) -> State {
    let sent = call.member(SETTINGS).unwrap_or(&Value::Null);
    let half = |member: &str, former: &Half, off: Value, replaces: Law| {
        let sent = sent.get(member).filter(|half| !half.is_null());
        let candidates = match (sent, reference.enforces(replaces), &former.candidates) {
            (Some(half), ..) => Some(vec![Arc::new(canonical(half))]),
            (None, true, _) => Some(vec![Arc::new(off)]),
            // No document states if a member that is left out is reset or kept.
            (None, false, Some(kept)) => Some(kept.iter().cloned().chain([Arc::new(off)]).collect()),
            (None, false, None) => None,
        };
        Half { candidates, put: true }
    };
    let settings = &state.settings;
    let off = json!({ "CatalogEncryptionMode": "DISABLED" });
    let at_rest = half(AT_REST, &settings.at_rest, off, Law::CatalogReplaced);
    let off = json!({ "ReturnConnectionPasswordEncrypted": false });
    let passwords = half(PASSWORDS, &settings.passwords, off, Law::PasswordReplaced);
    State { settings: SettingsState { at_rest, passwords }, ..state.clone() }
}

/// The state after a read that showed this.
pub(super) fn get(reference: &Reference, state: &State, body: &Value) -> Result<State, Mismatch> {
    let read = body.get(SETTINGS).filter(|settings| settings.is_object());
    reference
        .require(Law::SettingsPresent, read.is_some(), || ("the settings".to_owned(), body.to_string()))?;
    let read = canonical(read.unwrap_or(&Value::Null));
    let settings = SettingsState {
        at_rest: half(reference, &state.settings.at_rest, AT_REST, &read)?,
        passwords: half(reference, &state.settings.passwords, PASSWORDS, &read)?,
    };
    Ok(State { settings, ..state.clone() })
}

/// The knowledge of a half after a read.
fn half(reference: &Reference, known: &Half, member: &str, settings: &Value) -> Result<Half, Mismatch> {
    let read = settings.get(member).unwrap_or(&Value::Null);
    reference
        .require(Law::BothHalves, !read.is_null(), || (format!("{member} in it"), settings.to_string()))?;
    let Some(candidates) = &known.candidates else {
        let stable = reference.enforces(Law::SettingsStable);
        return Ok(Half { candidates: stable.then(|| vec![Arc::new(read.clone())]), put: false });
    };
    let keep = |holds: &dyn Fn(&Value) -> bool| -> Vec<Arc<Value>> {
        candidates.iter().filter(|candidate| holds(candidate)).cloned().collect()
    };
    let words = || {
        let all: Vec<String> = candidates.iter().map(ToString::to_string).collect();
        (format!("{member} {}", all.join(" or ")), read.to_string())
    };
    let but_for_keys = keep(&|candidate| holds(candidate, &with_keys_of(candidate, read)));
    let law = if known.put { Law::SettingsRead } else { Law::SettingsStable };
    reference.require(law, !but_for_keys.is_empty(), words)?;
    let exact = keep(&|candidate| holds(candidate, read));
    reference.require(Law::KeyVerbatim, !exact.is_empty(), words)?;
    let left = if exact.is_empty() { but_for_keys } else { exact };
    Ok(Half { candidates: Some(left), ..known.clone() })
}

/// The value that was read, with every key as it was sent: a rule of its own covers the key.
fn with_keys_of(sent: &Value, read: &Value) -> Value {
    let mut read = read.clone();
    for key in KEYS {
        if let Some(named) = read.get_mut(key) {
            *named = sent.get(key).cloned().unwrap_or_default();
        }
    }
    read
}
