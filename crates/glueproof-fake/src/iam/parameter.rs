//! The form of the parameters of IAM and STS.
//! Must not read state.
//! [`required`], [`named`], [`path`] and [`number`] are the entry points.

use std::ops::RangeInclusive;

use crate::error::ServiceError;

/// Returns a required parameter.
pub fn required(value: Option<String>, name: &str) -> Result<String, ServiceError> {
    value.ok_or_else(|| invalid("null", name, "Member must not be null"))
}

/// Returns a name of letters, digits and `_+=,.@-`, within a length.
pub fn named(
    value: Option<String>,
    name: &str,
    length: RangeInclusive<usize>,
) -> Result<String, ServiceError> {
    let value = required(value, name)?;
    let legal = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let quoted = format!("'{value}'");
    if !value.chars().all(legal) {
        let pattern = "Member must satisfy regular expression pattern: [\\w+=,.@-]+";
        return Err(invalid(&quoted, name, pattern));
    }
    let count = value.chars().count();
    if count < *length.start() {
        return Err(invalid(
            &quoted,
            name,
            &format!("Member must have length greater than or equal to {}", length.start()),
        ));
    }
    if count > *length.end() {
        return Err(invalid(
            &quoted,
            name,
            &format!("Member must have length less than or equal to {}", length.end()),
        ));
    }
    Ok(value)
}

/// Returns a path, which is `/` by default.
pub fn path(value: Option<String>) -> Result<String, ServiceError> {
    let path = value.unwrap_or_else(|| "/".to_owned());
    let legal = path.starts_with('/')
        && path.ends_with('/')
        && path.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    if legal && path.len() <= 512 {
        return Ok(path);
    }
    Err(ServiceError::with(
        "ValidationError",
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric \
         characters and/or / characters.",
    ))
}

/// Returns an optional whole number within a range.
pub fn number(
    value: Option<&str>,
    name: &str,
    range: RangeInclusive<u32>,
) -> Result<Option<u32>, ServiceError> {
    let Some(text) = value else { return Ok(None) };
    let number: i64 = text
        .parse()
        .map_err(|_| ServiceError::with("MalformedInput", format!("{name} must be a whole number")))?;
    let quoted = format!("'{text}'");
    if number < i64::from(*range.start()) {
        return Err(invalid(
            &quoted,
            name,
            &format!("Member must have value greater than or equal to {}", range.start()),
        ));
    }
    match u32::try_from(number) {
        Ok(number) if number <= *range.end() => Ok(Some(number)),
        _ => Err(invalid(
            &quoted,
            name,
            &format!("Member must have value less than or equal to {}", range.end()),
        )),
    }
}

fn invalid(value: &str, name: &str, constraint: &str) -> ServiceError {
    let text = format!(
        "1 validation error detected: Value {value} at '{name}' failed to satisfy constraint: {constraint}"
    );
    ServiceError::with("ValidationError", text)
}
