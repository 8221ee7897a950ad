//! The texts of values of the wrong type, as the layer writes them that reads JSON (E206, E209).
//! Must not quote a value, which can be a secret.
//! [`text`] is the entry point.

/// Returns the text for an error of serde.
pub fn text(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let mismatch = message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "));
    let Some((found, expected)) = mismatch else { return other(&message) };
    let found = match found.split([' ', ',']).next().unwrap_or_default() {
        "sequence" => return "Start of list found where not expected".to_owned(),
        "map" => return "Start of structure or map found where not expected.".to_owned(),
        "string" => "STRING_VALUE",
        "boolean" if found.contains("`true`") => "TRUE_VALUE",
        "boolean" => "FALSE_VALUE",
        "null" => "NULL_VALUE",
        _ => "NUMBER_VALUE",
    };
    let wanted = match expected {
        "a sequence" => return "Expected list or null".to_owned(),
        "a map" => return "Expected map or null".to_owned(),
        expected if expected.starts_with("struct ") => return "Expected null".to_owned(),
        "a boolean" => "a Boolean",
        "i64" | "u64" | "usize" => "a Long",
        "i32" | "u32" | "i16" | "u16" | "u8" => "an Integer",
        "f64" | "f32" => "a Double",
        _ => "a String",
    };
    format!("{found} can not be converted to {wanted}")
}

/// Returns the text for an error that is not about a type.
fn other(message: &str) -> String {
    match message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        Some(member) => format!("The member {member} is missing"),
        None => "A member of the input has a value that cannot be read".to_owned(),
    }
}
