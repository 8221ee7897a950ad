//! Whether the members are there that an operation without a spec cannot do without, in the words in which
//! Glue says that one is missing (E063, E064). Must not look at what is there.

use serde_json::{Map, Value};

use crate::error::ServiceError;

/// Refused unless each path, such as `TableInput.Name`, leads to something.
pub fn check(required: &[&str], given: &Map<String, Value>) -> Result<(), ServiceError> {
    let missing: Vec<String> = required.iter().filter_map(|path| first_missing(path, given)).collect();
    let noun = match missing.len() {
        0 => return Ok(()),
        1 => "error",
        _ => "errors",
    };
    let each = missing
        .iter()
        .map(|path| format!("Value null at '{path}' failed to satisfy constraint: Member must not be null"));
    let list = each.collect::<Vec<_>>().join("; ");
    let text = format!("{} validation {noun} detected: {list}", missing.len());
    Err(ServiceError::with("ValidationException", text))
}

/// The part of the path that leads nowhere, members written with a small letter.
fn first_missing(path: &str, given: &Map<String, Value>) -> Option<String> {
    let mut members = Some(given);
    let mut walked: Vec<String> = Vec::new();
    for name in path.split('.') {
        let mut letters = name.chars();
        let first = letters.next().map(|c| c.to_ascii_lowercase());
        walked.push(first.into_iter().chain(letters).collect());
        let value = members?.get(name).filter(|value| !value.is_null());
        let Some(value) = value else { return Some(walked.join(".")) };
        // What is no object is for the handler to refuse.
        members = value.as_object();
    }
    None
}
