//! What may be done to a value that is asked or answered, as data. Must not know operations nor HTTP.

use std::time::{Duration, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Value, json};

use super::place::Place;

/// One change at one place.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Edit {
    /// Where.
    pub at: Place,
    /// Only where this stands there.
    only: Option<Value>,
    /// What.
    #[serde(flatten)]
    doing: Doing,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Doing {
    /// Takes it away.
    Drop,
    /// `null` instead.
    Null,
    /// The same under another name beside it.
    Rename { to: String },
    /// Another value, where there is one.
    Replace { with: Value },
    /// This value, whether there was one or not.
    Put { with: Value },
    /// This value, where there is none.
    Add { with: Value },
    /// A number as text.
    AsText,
    /// A time as ISO 8601.
    AsDate,
    /// A number so many times as large.
    Multiply { by: f64 },
    /// A number so much larger.
    Increase { by: f64 },
    /// A text in small letters.
    Lowercase,
    /// A text without white space around it.
    Trim,
    /// A text, or a list, of so many at most.
    Cut { to: usize },
    /// A list without its last element.
    WithoutLast,
    /// A list whose last element is there twice.
    LastTwice,
    /// A list whose first element stands for each.
    FirstAgain,
    /// Text behind a text.
    Append { text: String },
    /// Text before a text that does not begin with it.
    Begin { with: String },
    /// JSON text without white space.
    Compact,
    /// One of two values for the other.
    Swap { between: [Value; 2] },
    /// This value where there is none, or `null`.
    Fill { with: Value },
    /// Another value, or none, for one of another JSON type than that of the sample.
    Coerce { like: Value, to: Option<Value> },
}

/// What stands for a member that is not there, whether it may be missing or not.
pub fn filled(at: Place, with: Value) -> Edit {
    Edit { at, only: None, doing: Doing::Fill { with } }
}

/// Another value for one.
pub fn replaced(at: Place, only: impl Into<Value>, with: &str) -> Edit {
    Edit { at, only: Some(only.into()), doing: Doing::Replace { with: json!(with) } }
}

/// What stands for a member of the wrong type.
pub fn coerced(at: Place, like: Value, to: Option<Value>) -> Edit {
    Edit { at, only: None, doing: Doing::Coerce { like, to } }
}

impl Edit {
    /// Makes the change in the whole.
    pub fn apply(&self, whole: &mut Value) {
        if let Doing::Rename { to } = &self.doing {
            return self.at.rename(whole, to);
        }
        self.at.change(whole, &|there| match &self.only {
            Some(only) if there.as_ref() != Some(only) => there,
            _ => self.doing.of(there),
        });
    }
}

impl Doing {
    fn of(&self, there: Option<Value>) -> Option<Value> {
        match (self, there) {
            (Self::Put { with }, _) | (Self::Add { with }, None) => Some(with.clone()),
            (Self::Fill { with }, there) => {
                there.filter(|there| !there.is_null()).or_else(|| Some(with.clone()))
            }
            (Self::Coerce { like, to }, Some(there)) if !is_like(&there, like) => to.clone(),
            (Self::Add { .. } | Self::Coerce { .. }, there) => there,
            (_, None) | (Self::Drop, _) => None,
            (_, Some(there)) => Some(self.of_value(there)),
        }
    }

    fn of_value(&self, there: Value) -> Value {
        match (self, there) {
            (Self::Null, _) => Value::Null,
            (Self::Replace { with }, _) => with.clone(),
            (Self::Swap { between: [one, other] }, there) if there == *one => other.clone(),
            (Self::Swap { between: [one, other] }, there) if there == *other => one.clone(),
            (_, Value::Number(number)) => self.of_number(number.as_f64().unwrap_or_default()),
            (_, Value::String(text)) => self.of_text(text),
            (_, Value::Array(items)) => Value::Array(self.of_list(items)),
            (_, there) => there,
        }
    }

    fn of_number(&self, number: f64) -> Value {
        match self {
            Self::AsText => json!(number.to_string()),
            Self::AsDate => {
                let moment = UNIX_EPOCH + Duration::from_secs_f64(number.max(0.0));
                json!(humantime::format_rfc3339_seconds(moment).to_string())
            }
            Self::Multiply { by } => whole(number * by),
            Self::Increase { by } => whole(number + by),
            _ => whole(number),
        }
    }

    fn of_text(&self, text: String) -> Value {
        json!(match self {
            Self::Lowercase => text.to_lowercase(),
            Self::Trim => text.trim().to_owned(),
            Self::Cut { to } => text.chars().take(*to).collect(),
            Self::Append { text: more } => text + more,
            Self::Begin { with } if !text.starts_with(with) => format!("{with}{text}"),
            Self::Compact => {
                serde_json::from_str::<Value>(&text).map_or(text, |document| document.to_string())
            }
            _ => text,
        })
    }

    fn of_list(&self, mut items: Vec<Value>) -> Vec<Value> {
        match self {
            Self::WithoutLast => drop(items.pop()),
            Self::LastTwice => items.extend(items.last().cloned()),
            Self::FirstAgain => {
                let first = items.first().cloned().unwrap_or_default();
                items.fill(first);
            }
            Self::Cut { to } => items.truncate(*to),
            _ => {}
        }
        items
    }
}

/// Whether two values are of one JSON type; where a whole number is wanted, no other is like it. Null is no value.
fn is_like(there: &Value, sample: &Value) -> bool {
    let whole = |value: &Value| value.as_f64().is_some_and(|number| number.fract() == 0.0);
    match (there, sample) {
        (Value::Null, _)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::String(_), Value::String(_))
        | (Value::Array(_), Value::Array(_))
        | (Value::Object(_), Value::Object(_)) => true,
        (Value::Number(_), Value::Number(_)) => whole(there),
        _ => false,
    }
}

/// Without a fraction where there is none, so that an integer stays one.
fn whole(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "the guard keeps it within 53 bits")]
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}
