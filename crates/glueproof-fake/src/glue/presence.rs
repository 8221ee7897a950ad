//! The required members of operations without a spec, with the error of Glue for missing ones (E063, E064).
//! Must not check values.
//! [`check`] is the entry point.

use serde_json::{Map, Value};

use crate::error::ServiceError;

/// Refuses if the value at a path, such as `TableInput.Name`, is missing.
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

/// Returns the part of the path whose value is missing. Members begin with a small letter there.
fn first_missing(path: &str, given: &Map<String, Value>) -> Option<String> {
    let mut members = Some(given);
    let mut walked: Vec<String> = Vec::new();
    for name in path.split('.') {
        let mut letters = name.chars();
        let first = letters.next().map(|c| c.to_ascii_lowercase());
        walked.push(first.into_iter().chain(letters).collect());
        let value = members?.get(name).filter(|value| !value.is_null());
        let Some(value) = value else { return Some(walked.join(".")) };
        // The handler refuses a value that is not an object.
        members = value.as_object();
    }
    None
}
