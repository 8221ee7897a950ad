//! JSON along the shapes of the model: times, blobs and tokens are told by their shapes, all else by form. What a
//! call has sent stays as it was sent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::{Kind, Lifecycle, Member, Operation, REDACTED, Resource, ServiceModel};

use super::text::steady;

/// Numbers in this range are taken for seconds since the epoch, and a thousand times as large for milliseconds.
const SECONDS: std::ops::Range<f64> = 1.5e9..4.0e9;

/// The values that have gone over the wire so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Texts and numbers that calls have sent.
    sent: BTreeSet<String>,
    /// Texts that answers have had, and the words that stand for them.
    replaced: BTreeMap<String, String>,
    /// Texts that calls have sent where they must not be seen.
    secrets: BTreeSet<String>,
}

impl Known {
    /// An input: what the case took out of answers gives way to words, what it says itself stays.
    pub fn input(&mut self, model: &ServiceModel, template: &Value, value: &Value) -> Value {
        let is_taken = |map: &Map<String, Value>| map.keys().any(|key| key.starts_with('$'));
        if template.as_object().is_some_and(is_taken) {
            return self.any(value);
        }
        if let Value::Object(map) = value {
            let secret = |(name, inner): (&String, &Value)| {
                inner
                    .as_str()
                    .filter(|text| model.sensitive.contains(name) && text.len() > 3)
                    .map(str::to_owned)
            };
            self.secrets.extend(map.iter().filter_map(secret));
        }
        match value {
            Value::String(text) => {
                if let Some(word) = self.replaced.get(text) {
                    return json!(word);
                }
                self.sent.insert(text.clone());
                json!(text)
            }
            Value::Array(items) => {
                let template = |index: usize| template.get(index).unwrap_or(&Value::Null);
                items.iter().enumerate().map(|(at, item)| self.input(model, template(at), item)).collect()
            }
            Value::Object(map) => {
                let template = |name: &str| template.get(name).unwrap_or(&Value::Null);
                map.iter()
                    .map(|(name, inner)| (name.clone(), self.input(model, template(name), inner)))
                    .collect()
            }
            Value::Number(number) => {
                self.sent.insert(number.to_string());
                value.clone()
            }
            other => other.clone(),
        }
    }

    /// The body of a successful answer.
    pub fn output(&mut self, model: &ServiceModel, operation: &Operation, body: &Value) -> Value {
        let body = own_items(model, operation, body);
        let Value::Object(map) = &body else { return self.any(&body) };
        let token = operation.paginated.as_ref().map(|pages| pages.output_token.as_str());
        self.sorted(map, |known, name, inner| match inner {
            Value::String(text) if token == Some(name) && !text.is_empty() => known.replace(text, "[token]"),
            _ => known.member(model, model.member(&operation.output, name), name, inner),
        })
    }

    /// A text without a known meaning.
    pub fn text(&self, text: &str) -> String {
        let shown = self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED));
        steady(&shown)
    }

    /// A value of which no shape is known.
    pub fn any(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) if self.sent.contains(text) => value.clone(),
            Value::String(text) if self.replaced.contains_key(text) => json!(self.replaced[text]),
            Value::String(text) => {
                let shown = self.text(text);
                if shown == *text { value.clone() } else { self.replace(text, &shown) }
            }
            Value::Number(number) if !self.sent.contains(&number.to_string()) => time(value),
            Value::Array(items) => items.iter().map(|item| self.any(item)).collect(),
            Value::Object(map) => self.sorted(map, Self::named),
            other => other.clone(),
        }
    }

    fn member(&mut self, model: &ServiceModel, member: Option<&Member>, name: &str, value: &Value) -> Value {
        let Some(member) = member else { return self.named(name, value) };
        let shape = model.shape(&member.target);
        match (&shape.kind, value) {
            (Kind::Timestamp, Value::Number(_)) => time(value),
            (Kind::Blob, Value::String(text)) if !self.sent.contains(text) => self.replace(text, "[bytes]"),
            (Kind::List(item), Value::Array(items)) => {
                items.iter().map(|inner| self.member(model, Some(item), name, inner)).collect()
            }
            (Kind::Structure(_), Value::Object(map)) => self.sorted(map, |known, name, inner| {
                known.member(model, model.member(&shape.name, name), name, inner)
            }),
            (Kind::Map(entry), Value::Object(map)) => {
                self.sorted(map, |known, name, inner| known.member(model, Some(&entry.value), name, inner))
            }
            _ => self.named(name, value),
        }
    }

    /// A value under a name: some names say what varies, whatever its form.
    fn named(&mut self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) if name.ends_with("Hash") && !text.is_empty() => self.replace(text, "[hash]"),
            Value::String(text) if name.ends_with("Token") && !text.is_empty() => {
                self.replace(text, "[token]")
            }
            _ => self.any(value),
        }
    }

    fn replace(&mut self, text: &str, word: &str) -> Value {
        self.replaced.insert(text.to_owned(), word.to_owned());
        json!(word)
    }

    /// Members in the order of names: theirs on the wire means nothing.
    fn sorted(
        &mut self,
        map: &Map<String, Value>,
        mut each: impl FnMut(&mut Self, &str, &Value) -> Value,
    ) -> Value {
        let names: BTreeSet<&String> = map.keys().collect();
        names.into_iter().map(|name| (name.clone(), each(self, name, &map[name]))).collect()
    }
}

/// The word for a number, where it is a time.
fn time(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) if SECONDS.contains(&number) => json!("[seconds]"),
        Some(number) if SECONDS.contains(&(number / 1000.0)) => json!("[milliseconds]"),
        _ => value.clone(),
    }
}

/// A list without what others have made: which of it is there is not for the call to say.
fn own_items(model: &ServiceModel, operation: &Operation, body: &Value) -> Value {
    let lists =
        |(resource, role): (&Resource, Lifecycle)| role == Lifecycle::List && !resource.is_account_wide();
    let items = operation.paginated.as_ref().map(|pages| pages.items.as_str());
    let mut body = body.clone();
    if model.resource_of(&operation.name).is_some_and(lists)
        && let Some(Value::Array(items)) = items.and_then(|items| body.get_mut(items))
    {
        items.retain(|item| item.to_string().contains(crate::case::RUN));
    }
    body
}
