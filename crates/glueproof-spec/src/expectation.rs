//! The language of expectations: what an answer must be. Read from specs and saved cases; judged in
//! `check/`, never here.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

/// An expected response.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// Anything at all.
    Any,
    /// A 2xx whose body holds to every assertion.
    Ok(Vec<Assertion>),
    /// An error with one of these codes.
    Refused {
        /// Allowed error codes; empty allows every client error.
        codes: Vec<String>,
        /// Codes that will not do, where every other client error does.
        except: Vec<String>,
        /// The exact text, if it was recorded.
        message: Option<String>,
    },
    /// One of several, because the evidence leaves it open.
    Either(Vec<Expect>),
    /// The resource is not there: a refusal that says so, or a success that holds none. For looking at
    /// what another operation did; how a read must answer is a rule of its own.
    Absent,
    /// The same answer as an earlier step had: same success and body, or same error code.
    Same(String),
    /// Any response that the reference allows after the calls so far; for concurrent calls, in some order.
    Reference,
    /// One thing or another, by what became of an earlier step.
    If(Box<Branch>),
}

/// An expectation that depends on the result of an earlier step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Name of the earlier step.
    pub accepted: String,
    /// The expectation if that step was accepted.
    pub then: Expect,
    /// The expectation if that step was refused.
    #[serde(rename = "else")]
    pub otherwise: Expect,
}

/// The expectations that are written as one word.
pub(super) const EXPECT_WORDS: [&str; 4] = ["any", "ok", "gone", "lawful"];

/// The names of [`Holds`] as they are written.
pub(super) const PREDICATES: [&str; 17] = [
    "equals",
    "differs",
    "contains",
    "json_equals",
    "base64",
    "matches",
    "present",
    "absent",
    "max_items",
    "min_items",
    "has_item",
    "has_one_of",
    "lacks_item",
    "at_most_once",
    "same_items",
    "at_least",
    "near",
];

impl Expect {
    /// A 2xx, whatever the body.
    #[must_use]
    pub fn ok() -> Self {
        Self::Ok(Vec::new())
    }

    /// An error with one of the codes.
    pub fn refused<S: Into<String>>(codes: impl IntoIterator<Item = S>) -> Self {
        Self::Refused {
            codes: codes.into_iter().map(Into::into).collect(),
            except: Vec::new(),
            message: None,
        }
    }
}

/// One statement about a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Assertion {
    /// JSON pointer into the body.
    pub at: String,
    /// The predicate on the value at that place.
    #[serde(flatten)]
    pub holds: Predicate,
}

impl TryFrom<Map<String, Value>> for Assertion {
    type Error = String;

    // By hand, because serde cannot refuse unknown fields beside a flattened enum.
    fn try_from(mut written: Map<String, Value>) -> Result<Self, String> {
        let Some(Value::String(at)) = written.remove("at") else {
            return Err("an assertion needs `at`, a JSON pointer".to_owned());
        };
        if written.len() != 1 {
            return Err(format!("the assertion at `{at}` says {} things; it must say one", written.len()));
        }
        let holds = serde_json::from_value(Value::Object(written)).map_err(|e| e.to_string())?;
        Ok(Self { at, holds })
    }
}

/// A predicate on a value. The values to compare with may be templates that refer to earlier steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// Equal as JSON values, numbers by value.
    Equals(Value),
    /// Not equal.
    Differs(Value),
    /// Holds at least what was sent: objects may have more members, lists the same number.
    Contains(Value),
    /// Both are JSON text and equal as JSON.
    JsonEquals(Value),
    /// Base64 of this text.
    Base64(Value),
    /// Text that the regular expression finds itself in.
    Matches(String),
    /// There, and not null.
    Present(bool),
    /// Not there, or null.
    Absent(bool),
    /// A list no longer than this.
    MaxItems(u64),
    /// A list no shorter than this.
    MinItems(u64),
    /// A list with an element that contains this.
    HasItem(Value),
    /// A list with an element that contains one of these.
    HasOneOf(Value),
    /// A list, if it is there, without an element that contains this.
    LacksItem(Value),
    /// A list, if it is there, with no more than one element that contains this.
    AtMostOnce(Value),
    /// A list in which, of the things described under `of`, those and only those are found that are found in
    /// the list under `as`.
    SameItems(Value),
    /// A number not smaller than this.
    AtLeast(Value),
    /// A time less than a second away from this.
    Near(Value),
}

impl Predicate {
    /// Returns true if a longer list cannot mend what a shorter one violates.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::MaxItems(_) | Self::LacksItem(_) | Self::AtMostOnce(_))
    }

    /// The value it compares with, which may refer to other steps.
    #[must_use]
    pub fn template(&self) -> Option<&Value> {
        match self {
            Self::Equals(value)
            | Self::Differs(value)
            | Self::Contains(value)
            | Self::JsonEquals(value)
            | Self::Base64(value)
            | Self::HasItem(value)
            | Self::HasOneOf(value)
            | Self::LacksItem(value)
            | Self::AtMostOnce(value)
            | Self::SameItems(value)
            | Self::AtLeast(value)
            | Self::Near(value) => Some(value),
            Self::Matches(_) | Self::Present(_) | Self::Absent(_) | Self::MaxItems(_) | Self::MinItems(_) => {
                None
            }
        }
    }
}

impl Predicate {
    /// Returns the value it compares with, for changes.
    fn template_mut(&mut self) -> Option<&mut Value> {
        match self {
            Self::Equals(value)
            | Self::Differs(value)
            | Self::Contains(value)
            | Self::JsonEquals(value)
            | Self::Base64(value)
            | Self::HasItem(value)
            | Self::HasOneOf(value)
            | Self::LacksItem(value)
            | Self::AtMostOnce(value)
            | Self::SameItems(value)
            | Self::AtLeast(value)
            | Self::Near(value) => Some(value),
            Self::Matches(_) | Self::Present(_) | Self::Absent(_) | Self::MaxItems(_) | Self::MinItems(_) => {
                None
            }
        }
    }
}

impl Expect {
    /// Calls `visit` with every template of the assertions, those of alternatives and branches included.
    pub fn visit_templates(&mut self, visit: &mut impl FnMut(&mut Value)) {
        match self {
            Self::Ok(assertions) => {
                assertions.iter_mut().filter_map(|assertion| assertion.holds.template_mut()).for_each(visit);
            }
            Self::Either(all) => all.iter_mut().for_each(|expect| expect.visit_templates(visit)),
            Self::If(branch) => {
                branch.then.visit_templates(visit);
                branch.otherwise.visit_templates(visit);
            }
            Self::Any | Self::Refused { .. } | Self::Absent | Self::Same(_) | Self::Reference => {}
        }
    }
}

impl Serialize for Expect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = match self {
            Self::Any => json!("any"),
            Self::Absent => json!("gone"),
            Self::Reference => json!("lawful"),
            Self::Ok(assertions) if assertions.is_empty() => json!("ok"),
            Self::Ok(assertions) => json!({ "ok": assertions }),
            Self::Refused { codes, except, message } => {
                let mut form = json!({ "refused": codes });
                if !except.is_empty() {
                    form["except"] = json!(except);
                }
                if let Some(text) = message {
                    form["message"] = json!(text);
                }
                form
            }
            Self::Either(all) => json!({ "either": all }),
            Self::Same(step) => json!({ "same": step }),
            Self::If(branch) => json!({ "if": branch }),
        };
        value.serialize(serializer)
    }
}

/// The object forms of [`Expect`], strictly.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    ok: Option<Vec<Assertion>>,
    refused: Option<Vec<String>>,
    #[serde(default)]
    except: Vec<String>,
    message: Option<String>,
    either: Option<Vec<Expect>>,
    same: Option<String>,
    r#if: Option<Box<Branch>>,
}

impl<'de> Deserialize<'de> for Expect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = Value::deserialize(deserializer)?;
        if let Some(word) = value.as_str() {
            return match word {
                "any" => Ok(Self::Any),
                "gone" => Ok(Self::Absent),
                "lawful" => Ok(Self::Reference),
                "ok" => Ok(Self::ok()),
                other => Err(D::Error::custom(format!(
                    "`{other}` is no expectation; write `any`, `ok`, `gone`, `lawful` or an object"
                ))),
            };
        }
        let form: Form = serde_json::from_value(value).map_err(D::Error::custom)?;
        let Form { ok, refused, except, message, either, same, r#if } = form;
        let bare = except.is_empty() && message.is_none();
        match (ok, refused, either, same, r#if) {
            (Some(assertions), None, None, None, None) if bare => Ok(Self::Ok(assertions)),
            (None, Some(codes), None, None, None) => Ok(Self::Refused { codes, except, message }),
            (None, None, Some(all), None, None) if bare => Ok(Self::Either(all)),
            (None, None, None, Some(step), None) if bare => Ok(Self::Same(step)),
            (None, None, None, None, Some(branch)) if bare => Ok(Self::If(branch)),
            _ => Err(D::Error::custom(
                "an expectation has exactly one of `ok`, `refused` (with an optional `message` or `except`), `either`, `same`, `if`",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_survives_a_round_trip() {
        let forms = json!([
            "any", "ok", "gone", "lawful",
            { "ok": [{ "at": "/A", "at_most_once": { "B": 1 } }, { "at": "/A", "same_items": { "as": [], "of": [] } }] },
            { "ok": [{ "at": "/A", "equals": { "$answer": "x", "at": "" } }, { "at": "", "absent": true }] },
            { "refused": ["A"] }, { "refused": [], "message": "no" }, { "refused": [], "except": ["B"] },
            { "either": ["ok", { "refused": ["B"] }] }, { "same": "before" },
            { "if": { "accepted": "act", "then": "gone", "else": { "same": "before" } } },
        ]);
        let read: Vec<Expect> = serde_json::from_value(forms.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), forms);
    }

    #[test]
    fn mixed_and_unknown_forms_are_refused() {
        for bad in [
            json!("fine"),
            json!({}),
            json!({ "ok": [], "refused": [] }),
            json!({ "okay": [] }),
            json!({ "ok": [{ "at": "" }] }),
            json!({ "if": { "accepted": "act", "then": "ok" } }),
            json!({ "ok": [], "if": { "accepted": "act", "then": "ok", "else": "gone" } }),
        ] {
            assert!(serde_json::from_value::<Expect>(bad.clone()).is_err(), "{bad}");
        }
    }
}
