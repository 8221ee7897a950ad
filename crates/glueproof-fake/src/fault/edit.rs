//! Edits of JSON documents, as data: where a document changes, and how.
//! Must not know operations, nor HTTP.
//! [`Edit::apply`] is the entry point.

use std::time::{Duration, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One change of the values at one path.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Edit {
    /// The path of the values.
    pub at: JsonPath,
    /// Limits the change to this value.
    only: Option<Value>,
    /// The change.
    #[serde(flatten)]
    change: Change,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Change {
    /// Removes the value.
    Drop,
    /// Replaces the value with `null`.
    Null,
    /// Moves the value to another member of the same object.
    Rename { to: String },
    /// Replaces a value that is present.
    Replace { with: Value },
    /// Sets the value, present or not.
    Put { with: Value },
    /// Sets the value if it is absent.
    Add { with: Value },
    /// Turns a number into text.
    AsText,
    /// Turns a time into ISO 8601.
    AsDate,
    /// Multiplies a number.
    Multiply { by: f64 },
    /// Increases a number.
    Increase { by: f64 },
    /// Turns a text into small letters.
    Lowercase,
    /// Removes white space around a text.
    Trim,
    /// Shortens a text or a list.
    Cut { to: usize },
    /// Removes the last element of a list.
    WithoutLast,
    /// Repeats the last element of a list.
    LastTwice,
    /// Replaces every element of a list with its first.
    FirstAgain,
    /// Reverses a list.
    Reverse,
    /// Removes the first element of a list.
    WithoutFirst,
    /// Turns a text into capitals.
    Uppercase,
    /// Reads the bytes of a text as Latin-1.
    Latin1,
    /// Replaces every character outside ASCII with a question mark.
    Ascii,
    /// Replaces each run of spaces with one space.
    CollapseSpaces,
    /// Ends a text before the first occurrence of another text.
    CutAt { text: String },
    /// Removes every occurrence of another text.
    Without { text: String },
    /// Rounds a number down to a multiple.
    RoundDown { to: f64 },
    /// Removes a member from every object in JSON text.
    DropInside { member: String },
    /// Reverses the lists of a member in JSON text.
    ReverseInside { member: String },
    /// Adds text at the end of a text.
    Append { text: String },
    /// Adds text at the start of a text that does not begin with it.
    Begin { with: String },
    /// Removes the white space of JSON text.
    Compact,
    /// Replaces each of two values with the other.
    Swap { between: [Value; 2] },
    /// Sets the value if it is absent or `null`.
    Fill { with: Value },
    /// Replaces or removes a value whose JSON type differs from that of the sample.
    Coerce { like: Value, to: Option<Value> },
}

/// An edit that sets a member that is absent or `null`.
pub fn filled(at: JsonPath, with: Value) -> Edit {
    Edit { at, only: None, change: Change::Fill { with } }
}

/// An edit that replaces one value with another.
pub fn replaced(at: JsonPath, only: impl Into<Value>, with: &str) -> Edit {
    Edit { at, only: Some(only.into()), change: Change::Replace { with: json!(with) } }
}

/// An edit that replaces or removes a member of the wrong type.
pub fn coerced(at: JsonPath, like: Value, to: Option<Value>) -> Edit {
    Edit { at, only: None, change: Change::Coerce { like, to } }
}

impl Edit {
    /// Changes the document.
    pub fn apply(&self, document: &mut Value) {
        if let Change::Rename { to } = &self.change {
            return self.at.rename(document, to);
        }
        self.at.replace(document, &|there| match &self.only {
            Some(only) if there.as_ref() != Some(only) => there,
            _ => self.change.of(there),
        });
    }
}

impl Change {
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
            Self::RoundDown { to } => whole((number / to).floor() * to),
            _ => whole(number),
        }
    }

    fn of_text(&self, text: String) -> Value {
        json!(match self {
            Self::Lowercase => text.to_lowercase(),
            Self::Uppercase => text.to_uppercase(),
            Self::Latin1 => text.bytes().map(char::from).collect(),
            Self::Ascii => text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect(),
            Self::CollapseSpaces => {
                let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
                if words.peek().is_some() { words.collect::<Vec<_>>().join(" ") } else { text }
            }
            Self::CutAt { text: end } => {
                let start = text.split(end.as_str()).next().unwrap_or_default();
                // A text that would end at once is left as it is.
                if start.is_empty() { text } else { start.to_owned() }
            }
            Self::Without { text: part } => text.replace(part, ""),
            Self::DropInside { member } => {
                inside(text, &|members| drop(members.shift_remove(member)))
            }
            Self::ReverseInside { member } => inside(text, &|members| {
                if let Some(Value::Array(items)) = members.get_mut(member) {
                    items.reverse();
                }
            }),
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
            Self::WithoutFirst if !items.is_empty() => drop(items.remove(0)),
            Self::Reverse => items.reverse(),
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

/// Returns JSON text with a change of every object in it. Other text stays the same.
fn inside(text: String, change: &dyn Fn(&mut Map<String, Value>)) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(&text) else { return text };
    change_objects(&mut document, change);
    document.to_string()
}

fn change_objects(value: &mut Value, change: &dyn Fn(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            change(members);
            members.values_mut().for_each(|inner| change_objects(inner, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| change_objects(item, change)),
        _ => {}
    }
}

/// Returns true if two values have one JSON type. A fraction is not like a whole number, and `null` has no type.
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

/// Writes a number without a fraction if it has none, so that an integer stays one.
fn whole(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "the guard keeps it within 53 bits")]
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

/// A path in JSON, written `SecurityConfigurations[].Name`: `[]` means every element of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct JsonPath(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Elements,
}

impl From<String> for JsonPath {
    fn from(written: String) -> Self {
        Self::from(written.as_str())
    }
}

impl From<&str> for JsonPath {
    fn from(written: &str) -> Self {
        let mut steps = Vec::new();
        for name in written.split('.').filter(|name| !name.is_empty()) {
            let member = name.trim_end_matches("[]");
            steps.push(Step::Member(member.to_owned()));
            steps.extend((0..(name.len() - member.len()) / 2).map(|_| Step::Elements));
        }
        Self(steps)
    }
}

/// Returns the new value for an old one. `None` means that the value is absent.
pub type Replacement<'c> = &'c dyn Fn(Option<Value>) -> Option<Value>;

impl JsonPath {
    /// Replaces each value at the path. Does nothing if the path ends early.
    pub fn replace(&self, value: &mut Value, replace: Replacement<'_>) {
        walk(&self.0, value, replace);
    }

    /// Moves each value at the path to another member of the same object.
    pub fn rename(&self, value: &mut Value, to: &str) {
        let Some((Step::Member(name), way)) = self.0.split_last() else { return };
        walk(way, value, &|holder| {
            let mut holder = holder?;
            if let Value::Object(members) = &mut holder
                && let Some(there) = members.shift_remove(name)
            {
                members.insert(to.to_owned(), there);
            }
            Some(holder)
        });
    }
}

fn walk(steps: &[Step], value: &mut Value, replace: Replacement<'_>) {
    let Some((first, rest)) = steps.split_first() else {
        *value = replace(Some(value.take())).unwrap_or_default();
        return;
    };
    match (first, value) {
        (Step::Member(name), Value::Object(members)) if rest.is_empty() => {
            match replace(members.get(name).cloned()) {
                Some(new) => drop(members.insert(name.clone(), new)),
                None => drop(members.shift_remove(name)),
            }
        }
        (Step::Member(name), Value::Object(members)) => {
            if let Some(inner) = members.get_mut(name) {
                walk(rest, inner, replace);
            }
        }
        (Step::Elements, Value::Array(items)) if rest.is_empty() => {
            *items = items.drain(..).filter_map(|item| replace(Some(item))).collect();
        }
        (Step::Elements, Value::Array(items)) => items.iter_mut().for_each(|item| walk(rest, item, replace)),
        _ => {}
    }
}
