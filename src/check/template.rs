//! Resolves the placeholders of a case that refer to earlier responses and inputs.
//! Must not make values.
//! The entry point is [`resolve`].

use serde_json::{Map, Value};

use crate::case::Case;

use super::transcript::{PerformedStep, find_step};

/// A reference that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} of step `{step}` has nothing at `{at}`, which a later step needs")]
pub struct Unresolved {
    /// `response` or `input`.
    pub what: &'static str,
    /// Step referred to.
    pub step: String,
    /// Pointer into it.
    pub at: String,
}

/// The template with every `$response`, `$sent` and `$seen` replaced by what the transcript has there, every
/// `$altered` by a text that is not quite that, every `$plus` by the sum, every `$outside` by its value (in that
/// region the member is left out), every `$concat` by the texts in it joined, and every `$json` by the
/// text of the JSON in it.
///
/// # Errors
/// When a reference leads nowhere.
pub fn resolve(template: &Value, case: &Case, transcript: &[PerformedStep]) -> Result<Value, Unresolved> {
    match template {
        Value::Object(map) => {
            if let Some(member) = map.get("$seen").and_then(Value::as_str) {
                return Ok(value_seen(member, map, transcript));
            }
            for (key, what) in [("$answer", "answer"), ("$sent", "input")] {
                if let Some(step) = map.get(key).and_then(Value::as_str) {
                    let at = map.get("at").and_then(Value::as_str).unwrap_or_default();
                    let found = lookup(what, step, at, case, transcript);
                    return found.ok_or_else(|| Unresolved {
                        what,
                        step: step.to_owned(),
                        at: at.to_owned(),
                    });
                }
            }
            if let (Some(_), Some(inner)) = (map.get("$outside"), map.get("value")) {
                return resolve(inner, case, transcript);
            }
            if let Some(inner) = map.get("$json") {
                return Ok(Value::String(resolve(inner, case, transcript)?.to_string()));
            }
            if let Some(parts) = map.get("$concat").and_then(Value::as_array) {
                return concat(parts, case, transcript);
            }
            if let (Some(more), Some(of)) = (map.get("$plus").and_then(Value::as_i64), map.get("of")) {
                let number = resolve(of, case, transcript)?;
                return Ok(number.as_i64().map_or(number, |number| Value::from(number + more)));
            }
            if let (Some(how), Some(of)) = (map.get("$altered").and_then(Value::as_str), map.get("of")) {
                let text = resolve(of, case, transcript)?;
                let altered = text.as_str().and_then(|text| alter_text(text, how)).map(Value::from);
                return altered.ok_or_else(|| Unresolved {
                    what: "text to alter",
                    step: of.get("$answer").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    at: of.get("at").and_then(Value::as_str).unwrap_or_default().to_owned(),
                });
            }
            let inside = |inner: &Value| {
                inner.get("$outside").is_some_and(|region| region.as_str() == Some(&case.region))
            };
            let members = map.iter().filter(|(_, inner)| !inside(inner));
            members.map(|(key, inner)| Ok((key.clone(), resolve(inner, case, transcript)?))).collect()
        }
        Value::Array(items) => items.iter().map(|item| resolve(item, case, transcript)).collect(),
        other => Ok(other.clone()),
    }
}

/// The texts of the parts, one after the other.
fn concat(parts: &[Value], case: &Case, transcript: &[PerformedStep]) -> Result<Value, Unresolved> {
    let mut whole = String::new();
    for part in parts {
        match resolve(part, case, transcript)? {
            Value::String(text) => whole.push_str(&text),
            other => whole.push_str(&other.to_string()),
        }
    }
    Ok(Value::String(whole))
}

/// Returns a text that differs from the given one in the named way.
fn alter_text(text: &str, how: &str) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    let middle = letters.len() / 2;
    match how {
        "shorter" if middle > 0 => letters.truncate(middle),
        "first-only" if middle > 0 => letters.truncate(1),
        "without-last" if middle > 0 => drop(letters.pop()),
        "longer" => letters.push('A'),
        "space-before" => letters.insert(0, ' '),
        "space-behind" => letters.push(' '),
        "of-200" | "of-255" if letters.len() < 200 => {
            letters.resize(if how == "of-200" { 200 } else { 255 }, 'A');
        }
        "first" => replace_letter(letters.first_mut()?),
        "other" => replace_letter(letters.get_mut(middle)?),
        "last" => replace_letter(letters.last_mut()?),
        "case" => {
            let swapped: Vec<char> = letters.iter().map(|letter| swap_case(*letter)).collect();
            if swapped == letters {
                // A text without letters has no other case.
                replace_letter(letters.first_mut()?);
            } else {
                letters = swapped;
            }
        }
        _ => return None,
    }
    Some(letters.into_iter().collect())
}

fn replace_letter(letter: &mut char) {
    *letter = if *letter == 'A' { 'B' } else { 'A' };
}

fn swap_case(letter: char) -> char {
    if letter.is_ascii_uppercase() { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() }
}

fn lookup(what: &str, step: &str, at: &str, case: &Case, transcript: &[PerformedStep]) -> Option<Value> {
    let performed = find_step(step, case, transcript)?;
    let whole = match what {
        "answer" => performed.exchange.outcome.as_ref().ok()?.json.as_ref()?,
        _ => performed.sent.as_ref()?,
    };
    whole.pointer(at).cloned()
}

/// Returns one of the values that earlier responses had in the member, newest first and modulo their number. Returns
/// another value if there are none.
fn value_seen(member: &str, placeholder: &Map<String, Value>, transcript: &[PerformedStep]) -> Value {
    let bodies = transcript.iter().rev().filter_map(|p| p.exchange.outcome.as_ref().ok()?.json.as_ref());
    let mut values: Vec<Value> = Vec::new();
    for value in bodies.filter_map(|body| body.get(member)).cloned() {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let pick = placeholder.get("pick").and_then(Value::as_u64).and_then(|pick| usize::try_from(pick).ok());
    let otherwise = || placeholder.get("else").cloned().unwrap_or_default();
    let picked = pick.unwrap_or_default().checked_rem(values.len());
    picked.map_or_else(otherwise, |index| values.swap_remove(index))
}
