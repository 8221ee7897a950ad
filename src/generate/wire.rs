//! Cases that bend the protocol around valid values: bodies that are no input, headers that lie. What is
//! expected of answers alone is left to `check`; here it only gets calls to look at.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::case::{Body, Step};
use crate::model::{Expect, Role};
use crate::rule::Wire;

use super::cases::{Material, Steps, accepted, answered};
use super::refused::refusable;

/// The kinds of cases for a rule about the protocol.
pub(super) fn variants(material: Material<'_>, operation: &str, wire: Wire) -> Vec<(String, Steps)> {
    match wire {
        Wire::MalformedJson => malformed(material, operation),
        Wire::TrailingText => trailing(material, operation),
        Wire::NotAnObject => not_an_object(material, operation),
        Wire::UnknownMembers => vec![("additional members".to_owned(), additional(material, operation))],
        Wire::Layout => laid_out(material, operation),
        Wire::ContentType => vec![("text/plain".to_owned(), relabelled(material, operation))],
        Wire::UnknownOperation => vec![("no such operation".to_owned(), unknown(material))],
        Wire::ErrorShape | Wire::ErrorMessage | Wire::ErrorContentType => refusable(material, operation),
        Wire::OutputTypes
        | Wire::OutputConstraints
        | Wire::OutputMembers
        | Wire::NoNulls
        | Wire::ResponseType
        | Wire::RequestId => vec![("a valid call".to_owned(), answered(material, operation))],
    }
}

/// Whether refusals mean something only where the same call, unbent, is accepted.
pub(super) fn has_control(wire: Wire) -> bool {
    matches!(wire, Wire::MalformedJson | Wire::TrailingText | Wire::NotAnObject | Wire::ContentType)
}

/// Any client error will do but one that shows that a meaning was found in the body: whatever the
/// operation declares beyond bad input.
fn refused_raw(material: Material<'_>, operation: &str, text: String) -> Vec<Step> {
    let refusals = &material.model.refusals;
    let unread =
        |code: &&String| !refusals.constraint.contains(code) && !refusals.serialization.contains(code);
    let meanings = material.model.operations[operation].errors.iter().filter(unread).cloned().collect();
    let refused = Expect::Refused { codes: Vec::new(), except: meanings, message: None };
    let mut step = Step::new(&material.model.name, operation, Value::Null).expecting(refused);
    step.body = Body::Text(text);
    vec![step]
}

fn raw(material: Material<'_>, operation: &str, texts: Vec<String>) -> Steps {
    let steps: Vec<Vec<Step>> =
        texts.into_iter().map(|text| refused_raw(material, operation, text)).collect();
    select(steps).boxed()
}

fn malformed(material: Material<'_>, operation: &str) -> Vec<(String, Steps)> {
    let kinds: [(&str, &[&str]); 4] = [
        ("cut off", &["{", "{\"", "{\"Name\":", "{\"Name\": \"a\"", "["]),
        ("not quoted", &["{Name: \"a\"}", "{'Name': 'a'}"]),
        ("misplaced commas", &["{,}", "{\"Name\": \"a\",}"]),
        ("no JSON at all", &["<a/>", "hello", "\u{feff}\u{feff}{}"]),
    ];
    let variant = |(label, texts): (&str, &[&str])| {
        (label.to_owned(), raw(material, operation, texts.iter().map(|&t| t.to_owned()).collect()))
    };
    kinds.into_iter().map(variant).collect()
}

/// The input itself is valid, so that nothing but the text behind it can be refused.
fn trailing(material: Material<'_>, operation: &str) -> Vec<(String, Steps)> {
    [("a bracket", "}"), ("a word", " x"), ("a second object", "{}")]
        .into_iter()
        .map(|(label, text)| {
            let steps = answered(material, operation).prop_map(move |mut steps| {
                if let Some(act) = acting(&mut steps)
                    && let Body::Json(input) = &act.body
                {
                    act.body = Body::Text(format!("{input}{text}"));
                    act.expect = Expect::refused(Vec::<String>::new());
                }
                steps
            });
            (format!("{label} after the end"), steps.boxed())
        })
        .collect()
}

fn not_an_object(material: Material<'_>, operation: &str) -> Vec<(String, Steps)> {
    [("an array", json!([])), ("a string", json!("a")), ("a number", json!(1)), ("a boolean", json!(true))]
        .into_iter()
        .map(|(label, value)| (label.to_owned(), raw(material, operation, vec![value.to_string()])))
        .collect()
}

/// What such a call did is seen as ever: who only says that it took the call has not ignored the member alone.
fn additional(material: Material<'_>, operation: &str) -> Steps {
    let extra = select(vec![json!(1), json!("a"), Value::Null, json!({ "a": [1] }), json!([]), json!(false)]);
    (accepted(material, operation), extra)
        .prop_map(|(mut steps, extra)| {
            if let Some(Body::Json(Value::Object(input))) = acting(&mut steps).map(|s| &mut s.body) {
                input.insert("GlueproofUnknownMember".to_owned(), extra);
            }
            steps
        })
        .boxed()
}

/// A way of writing an input.
type Layout = (&'static str, fn(&Value) -> String);

/// The same input, written otherwise; what it did is read back as ever.
fn laid_out(material: Material<'_>, operation: &str) -> Vec<(String, Steps)> {
    let layouts: [Layout; 3] = [
        ("members in reverse", |input| reversed(input).to_string()),
        ("white space everywhere", |input| format!(" \r\n\t{input:#}\n")),
        ("letters as escapes", escaped),
    ];
    let variant = |(label, write): Layout| {
        let steps = accepted(material, operation).prop_map(move |mut steps| {
            if let Some(act) = acting(&mut steps)
                && let Body::Json(input) = &act.body
            {
                act.body = Body::Text(write(input));
            }
            steps
        });
        (label.to_owned(), steps.boxed())
    };
    layouts.into_iter().map(variant).collect()
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().rev().map(|(name, inner)| (name.clone(), reversed(inner))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

/// Large vowels as the code points they are; small ones stand in the run's names, which are looked for letter by
/// letter.
fn escaped(value: &Value) -> String {
    let (mut text, mut inside, mut after_backslash) = (String::new(), false, false);
    for letter in value.to_string().chars() {
        if letter == '"' && !after_backslash {
            inside = !inside;
        }
        if inside && !after_backslash && "AEIOU".contains(letter) {
            text.push_str("\\u00");
            text.extend(char::from_digit(u32::from(letter) >> 4, 16));
            text.extend(char::from_digit(u32::from(letter) & 0xf, 16));
        } else {
            text.push(letter);
        }
        after_backslash = letter == '\\' && !after_backslash;
    }
    text
}

fn acting(steps: &mut [Step]) -> Option<&mut Step> {
    steps.iter_mut().find(|step| step.role == Role::Act)
}

fn relabelled(material: Material<'_>, operation: &str) -> Steps {
    // What the call would have done is not looked at: it must not have been done.
    answered(material, operation)
        .prop_map(|mut steps| {
            if let Some(act) = acting(&mut steps) {
                act.headers.insert("content-type".to_owned(), Some("text/plain".to_owned()));
                act.expect = Expect::refused(Vec::<String>::new());
            }
            steps
        })
        .boxed()
}

fn unknown(material: Material<'_>) -> Steps {
    let codes = material.model.refusals.unknown_operation.clone();
    let mut operations = material.model.operations.values();
    let any_operation = operations.find(|o| o.is_core()).map(|o| o.name.clone()).unwrap_or_default();
    let (service, prefix) = (material.model.name.clone(), material.model.target_prefix.clone());
    select(vec!["NoSuchOperation", "getSecurityConfigurations", "GetSecurityConfigurations2", ""])
        .prop_map(move |name| {
            let mut step =
                Step::new(&service, &any_operation, json!({})).expecting(Expect::refused(codes.clone()));
            step.headers.insert("x-amz-target".to_owned(), Some(format!("{prefix}.{name}")));
            vec![step]
        })
        .boxed()
}
