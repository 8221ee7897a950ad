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
    /// `answer` or `input`.
    pub what: &'static str,
    /// Step referred to.
    pub step: String,
    /// Pointer into it.
    pub at: String,
}

/// A placeholder of a template: an object whose first member begins with `$`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Placeholder<'t> {
    /// `$answer` or `$sent`: a value in the response to a step, or in its input.
    Reference {
        /// `answer` or `input`, as errors name it.
        what: &'static str,
        /// The name of the step.
        step: &'t str,
        /// The pointer to the value.
        at: &'t str,
    },
    /// `$seen`: one of the values that earlier responses had in a member.
    Seen(&'t str),
    /// `$outside`: a value that applies outside one region.
    Outside(&'t Value),
    /// `$json`: the text of a JSON value.
    Json(&'t Value),
    /// `$concat`: several texts, joined.
    Concat(&'t [Value]),
    /// `$plus`: a number increased by another.
    Plus(i64, &'t Value),
    /// `$altered`: a text that differs from another in the named way.
    Altered(&'t str, &'t Value),
}

impl<'t> Placeholder<'t> {
    /// Reads an object. Returns `None` if the object is no placeholder.
    pub fn read(map: &'t Map<String, Value>) -> Option<Self> {
        let text = |key: &str| map.get(key).and_then(Value::as_str);
        let reference = |key, what| {
            text(key).map(|step| Self::Reference { what, step, at: text("at").unwrap_or_default() })
        };
        let of = map.get("of");
        let parts = || map.get("$concat").and_then(Value::as_array);
        let more = || map.get("$plus").and_then(Value::as_i64);
        text("$seen")
            .map(Self::Seen)
            .or_else(|| reference("$answer", "answer"))
            .or_else(|| reference("$sent", "input"))
            .or_else(|| map.get("$outside").and(map.get("value")).map(Self::Outside))
            .or_else(|| map.get("$json").map(Self::Json))
            .or_else(|| parts().map(|parts| Self::Concat(parts)))
            .or_else(|| more().zip(of).map(|(more, of)| Self::Plus(more, of)))
            .or_else(|| text("$altered").zip(of).map(|(how, of)| Self::Altered(how, of)))
    }
}

/// Returns the template with every placeholder replaced by its value. A member whose value applies outside the region of
/// the case only is left out.
///
/// # Errors
/// Returns an error if a reference leads nowhere.
pub fn resolve(template: &Value, case: &Case, transcript: &[PerformedStep]) -> Result<Value, Unresolved> {
    let resolved = |inner: &Value| resolve(inner, case, transcript);
    match template {
        Value::Object(map) => {
            if let Some(placeholder) = Placeholder::read(map) {
                return value_of(placeholder, map, case, transcript);
            }
            let is_left_out = |inner: &Value| {
                inner.get("$outside").is_some_and(|region| region.as_str() == Some(&case.region))
            };
            let members = map.iter().filter(|(_, inner)| !is_left_out(inner));
            members.map(|(key, inner)| Ok((key.clone(), resolved(inner)?))).collect()
        }
        Value::Array(items) => items.iter().map(resolved).collect(),
        other => Ok(other.clone()),
    }
}

fn value_of(
    placeholder: Placeholder<'_>,
    map: &Map<String, Value>,
    case: &Case,
    transcript: &[PerformedStep],
) -> Result<Value, Unresolved> {
    let resolved = |inner: &Value| resolve(inner, case, transcript);
    match placeholder {
        Placeholder::Seen(member) => Ok(value_seen(member, map, transcript)),
        Placeholder::Reference { what, step, at } => lookup(what, step, at, case, transcript)
            .ok_or_else(|| Unresolved { what, step: step.to_owned(), at: at.to_owned() }),
        Placeholder::Outside(inner) => resolved(inner),
        Placeholder::Json(inner) => Ok(Value::String(resolved(inner)?.to_string())),
        Placeholder::Concat(parts) => concat(parts, case, transcript),
        Placeholder::Plus(more, of) => {
            let number = resolved(of)?;
            Ok(number.as_i64().map_or(number, |number| Value::from(number + more)))
        }
        Placeholder::Altered(how, of) => {
            let text = resolved(of)?;
            let altered = text.as_str().and_then(|text| alter_text(text, how)).map(Value::from);
            altered.ok_or_else(|| Unresolved {
                what: "text to alter",
                step: of.get("$answer").and_then(Value::as_str).unwrap_or_default().to_owned(),
                at: of.get("at").and_then(Value::as_str).unwrap_or_default().to_owned(),
            })
        }
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
