//! Fills in what a case leaves to the run: values of earlier answers and inputs. Invents nothing.

use serde_json::{Map, Value};

use crate::case::Case;
use crate::client::{Exchange, SessionCredentials};

use super::pages::Followed;

/// A step that was carried out.
#[derive(Debug, Clone)]
pub struct Performed {
    /// Index of the step in the case.
    pub step: usize,
    /// The input as JSON, references filled in; nothing where text was sent that is no JSON.
    pub sent: Option<Value>,
    /// What went over the wire; for a step that follows pages, the first request and the answers joined.
    pub exchange: Exchange,
    /// When.
    pub span: Span,
    /// What really went over the wire, where that was more than one call.
    pub followed: Option<Box<Followed>>,
    /// Calls made before this one for the same step, whose answers were not the one waited for.
    pub earlier: usize,
}

/// When a call was under way, in nanoseconds of one clock for the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Just before it was sent.
    pub invoked: u64,
    /// Just after its answer came, or was given up.
    pub returned: u64,
}

impl Performed {
    /// Every call that was made for it, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<&Self> {
        let Some(followed) = &self.followed else { return vec![self] };
        let (first, others) = followed.pages.split_at(followed.pages.len().min(1));
        first.iter().chain(&followed.between).chain(others).collect()
    }
}

/// The steps of a case carried out so far, in order.
pub type Transcript = Vec<Performed>;

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

/// The template with every `$answer`, `$sent` and `$seen` replaced by what the transcript has there, every
/// `$altered` by a text that is not quite that, every `$outside` by its value (in that
/// region the member is left out), every `$concat` by the texts in it joined, and every `$json` by the
/// text of the JSON in it.
///
/// # Errors
/// When a reference leads nowhere.
pub fn resolve(template: &Value, case: &Case, transcript: &[Performed]) -> Result<Value, Unresolved> {
    match template {
        Value::Object(map) => {
            if let Some(member) = map.get("$seen").and_then(Value::as_str) {
                return Ok(seen(member, map, transcript));
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
            if let (Some(how), Some(of)) = (map.get("$altered").and_then(Value::as_str), map.get("of")) {
                let text = resolve(of, case, transcript)?;
                let altered = text.as_str().and_then(|text| altered(text, how)).map(Value::from);
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
fn concat(parts: &[Value], case: &Case, transcript: &[Performed]) -> Result<Value, Unresolved> {
    let mut whole = String::new();
    for part in parts {
        match resolve(part, case, transcript)? {
            Value::String(text) => whole.push_str(&text),
            other => whole.push_str(&other.to_string()),
        }
    }
    Ok(Value::String(whole))
}

/// Another text: its first half (`shorter`), with a letter more (`longer`), or with another letter in its
/// middle (`other`).
fn altered(text: &str, how: &str) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    let middle = letters.len() / 2;
    match how {
        "shorter" if middle > 0 => letters.truncate(middle),
        "longer" => letters.push('A'),
        "other" => {
            let letter = letters.get_mut(middle)?;
            *letter = if *letter == 'A' { 'B' } else { 'A' };
        }
        _ => return None,
    }
    Some(letters.into_iter().collect())
}

fn lookup(what: &str, step: &str, at: &str, case: &Case, transcript: &[Performed]) -> Option<Value> {
    let performed = performed(transcript, index_of(case, step)?)?;
    let whole = match what {
        "answer" => performed.exchange.outcome.as_ref().ok()?.json.as_ref()?,
        _ => performed.sent.as_ref()?,
    };
    whole.pointer(at).cloned()
}

/// One of the values that answers so far had in that member, the latest first and counted round; something
/// else where there was none.
fn seen(member: &str, placeholder: &Map<String, Value>, transcript: &[Performed]) -> Value {
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

/// The credentials that the step named so was answered.
#[must_use]
pub fn session<'t>(step: &str, case: &Case, transcript: &'t [Performed]) -> Option<&'t SessionCredentials> {
    performed(transcript, index_of(case, step)?)?.exchange.outcome.as_ref().ok()?.session.as_ref()
}

/// What became of a step, if it was carried out.
pub(super) fn performed(transcript: &[Performed], step: usize) -> Option<&Performed> {
    transcript.iter().find(|performed| performed.step == step)
}

/// Index of the step of that name.
pub(super) fn index_of(case: &Case, step: &str) -> Option<usize> {
    case.steps.iter().position(|s| s.name.as_deref() == Some(step))
}
