//! Values that violate one labelled constraint, built so that they must: one character too many was
//! counted out, a forbidden character was put in, an indispensable one left out.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::case::{Body, RUN};
use crate::model::{Kind, Member, Traits};
use crate::rule::{Constraint, MemberPath};

use super::cases::Material;
use super::{policy, text, value};

/// Stands in a JSON value for what no JSON value can hold.
const LONE_SURROGATE: &str = "\u{f8ff}lone\u{f8ff}";

/// What to do to the member.
#[derive(Debug, Clone)]
pub(super) enum Spoil {
    /// Leave it out.
    Remove,
    /// Give it this value.
    Set(Value),
}

/// One kind of violation.
pub(super) struct Violation {
    /// For people.
    pub label: String,
    /// How it is done.
    pub spoil: BoxedStrategy<Spoil>,
}

impl Violation {
    fn new<T: Into<Value> + std::fmt::Debug + 'static>(
        label: &str,
        value: impl Strategy<Value = T> + 'static,
    ) -> Self {
        Self { label: label.to_owned(), spoil: value.prop_map(|v| Spoil::Set(v.into())).boxed() }
    }
}

/// The spoilt input as it goes over the wire.
pub(super) fn body(mut input: Value, path: &MemberPath, spoil: &Spoil) -> Body {
    match spoil {
        Spoil::Remove => path.set(&mut input, None),
        Spoil::Set(value) => path.set(&mut input, Some(value.clone())),
    }
    let text = input.to_string();
    if text.contains(LONE_SURROGATE) {
        Body::Text(text.replace(LONE_SURROGATE, "\\ud800"))
    } else {
        Body::Json(input)
    }
}

/// The ways to violate a member's constraint. `unique` members name a resource, so that even values which
/// should be refused are the run's own.
pub(super) fn violations(
    material: Material<'_>,
    member: &Member,
    constraint: Constraint,
    unique: bool,
) -> Vec<Violation> {
    let traits = &member.traits;
    let prefix = if unique { RUN } else { "" };
    let kind = &material.model.shape(&member.target).kind;
    match constraint {
        Constraint::Required => {
            vec![Violation { label: "left out".to_owned(), spoil: Just(Spoil::Remove).boxed() }]
        }
        Constraint::Null => vec![Violation::new("null", Just(Value::Null))],
        Constraint::Type => wrong_types(kind),
        Constraint::LenientType => lenient_types(kind),
        Constraint::Enum => unknown_values(kind),
        Constraint::LengthMin => too_short(traits),
        Constraint::LengthMax => too_long(material, traits, prefix),
        Constraint::Pattern => mismatches(material, traits, prefix),
        Constraint::RangeMin | Constraint::RangeMax | Constraint::ObservedRangeMax => {
            out_of_range(traits, constraint)
        }
        Constraint::ObservedLengthMax => too_many(material, member),
        Constraint::LengthUnits | Constraint::Distinct => Vec::new(),
    }
}

fn each(values: Vec<(&str, Value)>) -> Vec<Violation> {
    values.into_iter().map(|(label, value)| Violation::new(label, Just(value))).collect()
}

/// Types no reading of the documents allows.
fn wrong_types(kind: &Kind) -> Vec<Violation> {
    let (number, boolean, object, array) = (
        ("a number", json!(17)),
        ("a boolean", json!(true)),
        ("an object", json!({ "a": 1 })),
        ("an array", json!(["a"])),
    );
    each(match kind {
        Kind::String | Kind::Enum(_) | Kind::Blob => vec![number, boolean, object, array],
        Kind::Boolean => vec![("text", json!("maybe")), object, array],
        Kind::Integer | Kind::Double | Kind::Timestamp => {
            vec![("text", json!("many")), boolean, object, array]
        }
        Kind::List(_) => vec![("text", json!("a")), number, boolean, ("an object", json!({ "a": {} }))],
        Kind::Map(_) | Kind::Structure(_) => vec![("text", json!("a")), number, boolean, array],
    })
}

/// Types some parsers convert.
fn lenient_types(kind: &Kind) -> Vec<Violation> {
    each(match kind {
        Kind::Boolean => vec![("text `true`", json!("true")), ("a number", json!(1))],
        Kind::Integer => vec![("text `5`", json!("5")), ("a fraction", json!(1.5))],
        _ => Vec::new(),
    })
}

fn unknown_values(kind: &Kind) -> Vec<Violation> {
    let Kind::Enum(values) = kind else { return Vec::new() };
    let changed = |label: &str, change: &dyn Fn(&str) -> String| {
        let made: Vec<String> = values.iter().map(|v| change(v)).filter(|v| !values.contains(v)).collect();
        (!made.is_empty()).then(|| Violation::new(label, select(made)))
    };
    [
        changed("a value nobody listed", &|v| format!("{v}X")),
        changed("the wrong case", &|v| v.to_lowercase()),
        changed("a trailing space", &|v| format!("{v} ")),
        changed("other punctuation", &|v| v.replace(['-', '_'], "")),
        changed("empty", &|_| String::new()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn too_short(traits: &Traits) -> Vec<Violation> {
    let min = traits.length.and_then(|l| l.min).and_then(|m| usize::try_from(m).ok()).unwrap_or(0);
    if min == 0 {
        return Vec::new();
    }
    let mut found = vec![Violation::new("empty", Just(String::new()))];
    if min > 1 {
        found.push(Violation::new("one character too few", text::plain(min - 1, min - 1)));
    }
    found
}

fn too_long(material: Material<'_>, traits: &Traits, prefix: &str) -> Vec<Violation> {
    let Some(max) = traits.length.and_then(|l| l.max).and_then(|m| usize::try_from(m).ok()) else {
        return Vec::new();
    };
    if let Some(content) = &traits.policy {
        return vec![Violation::new(
            "a policy too large",
            policy::larger_than(content, material.region, max),
        )];
    }
    // What has a form of its own keeps it at the start, so that its length alone is wrong.
    let sample =
        traits.sample.as_ref().filter(|_| traits.pattern.as_ref().is_some_and(|p| p.alphabet().is_none()));
    let form = sample.and_then(|s| s.values.first()).map(|template| text::fill(template, material.region));
    let prefix = form.as_deref().unwrap_or(prefix);
    [('a', "one byte"), ('é', "two bytes"), ('😀', "four bytes")]
        .into_iter()
        .map(|(wide, bytes)| {
            Violation::new(&format!("too many characters of {bytes}"), text::too_long(prefix, wide, max))
        })
        .collect()
}

fn mismatches(material: Material<'_>, traits: &Traits, prefix: &str) -> Vec<Violation> {
    let Some(pattern) = &traits.pattern else { return Vec::new() };
    if let Some(alphabet) = pattern.alphabet() {
        let stem = if prefix.is_empty() { "a".to_owned() } else { prefix.to_owned() };
        let lone = Violation::new("a lone surrogate", Just(format!("{stem}{LONE_SURROGATE}b")));
        let foreign =
            text::outside(&stem, &alphabet).map(|s| Violation::new("a character that is not allowed", s));
        return foreign.into_iter().chain([lone]).collect();
    }
    pattern
        .indispensable()
        .into_iter()
        .map(|needed| {
            let label = format!("without any `{needed}`");
            // A text that is not empty and lacks what every match has.
            let stripped =
                value::string(material, traits).prop_map(move |t| format!("x{}", t.replace(needed, "")));
            Violation::new(&label, stripped)
        })
        .filter(|_| !pattern.indispensable().contains(&'x'))
        .collect()
}

fn out_of_range(traits: &Traits, constraint: Constraint) -> Vec<Violation> {
    let documented = traits.range.unwrap_or_default();
    match (constraint, documented.min, documented.max) {
        (Constraint::RangeMin, Some(min), _) => vec![
            Violation::new("one too small", Just(min - 1)),
            Violation::new("negative", (1..1000_i64).prop_map(move |n| (min - 1).min(0) - n)),
            Violation::new("the smallest integer", Just(i64::from(i32::MIN))),
        ],
        (Constraint::RangeMax, _, Some(max)) => vec![
            Violation::new("one too large", Just(max + 1)),
            Violation::new("too large", (1..1_000_000_i64).prop_map(move |n| max + n)),
            Violation::new("the largest integer", Just(i64::from(i32::MAX))),
        ],
        (Constraint::ObservedRangeMax, _, max) => {
            let seen =
                traits.observed.as_ref().and_then(|o| o.range).and_then(|r| r.max).unwrap_or(i64::MAX - 1);
            let upper = max.unwrap_or(seen + 1000);
            vec![
                Violation::new("one more than the service takes", Just(seen + 1)),
                Violation::new("more than the service takes", seen + 1..=upper),
            ]
        }
        _ => Vec::new(),
    }
}

/// Lists with more valid elements, policies with more bytes, than the service takes.
fn too_many(material: Material<'_>, member: &Member) -> Vec<Violation> {
    let seen = member.traits.observed.as_ref().and_then(|o| o.length).and_then(|l| l.max);
    let Some(most) = seen.and_then(|max| usize::try_from(max).ok()) else { return Vec::new() };
    if let Some(content) = &member.traits.policy {
        let large = policy::larger_than(content, material.region, most);
        return vec![Violation::new("a policy too large", large)];
    }
    let Kind::List(item) = &material.model.shape(&member.target).kind else { return Vec::new() };
    let items = proptest::collection::vec(value::of_shape(material, &item.target), most + 1..=most + 3);
    vec![Violation::new("too many elements", items)]
}
