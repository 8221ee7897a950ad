//! Values that violate one labelled constraint by construction, and the calls around them.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::case::{Body, RUN};
use crate::generate::{
    FixedMember, GeneratorContext, LifecycleSteps, Steps, can_be_fixed, find_member, maker_input, policy,
    text, value,
};
use crate::model::{Kind, Member, MemberPath, ServiceModel, Traits};
use crate::rule::constraint::Constraint;
use crate::rule::definition::{Effort, LabelledSteps, Test};
use crate::rule::locks::Locks;

/// Values that violate one constraint are refused, and nothing changes.
#[derive(Debug, Clone)]
pub struct InvalidInput {
    /// The member.
    pub path: MemberPath,
    /// The constraint.
    pub constraint: Constraint,
}

impl Test for InvalidInput {
    fn how_tested(&self) -> String {
        format!(
            "First a control: the input without the violation must be accepted. Then inputs whose `{}` violates {}, and \
             nothing else, must be refused with an allowed code and leave the state as it was.",
            self.path, self.constraint
        )
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        violating_calls(context, operation, &self.path, self.constraint)
    }

    fn needs_control(&self) -> bool {
        true
    }

    fn locks(&self, model: &ServiceModel, operation: &str) -> Locks {
        let resource = model.resource_of(operation).map(|(resource, _)| resource);
        let is_identifier = |name: &str| resource.is_some_and(|r| r.identifiers.iter().any(|i| i == name));
        let unnamed = resource.filter(|_| self.path.root().is_some_and(is_identifier));
        Locks::of_calls(model, [operation]).with_unnamed_resource(unnamed)
    }

    fn effort(&self) -> Effort {
        Effort::Call
    }

    fn member(&self) -> Option<(&MemberPath, Option<Constraint>)> {
        Some((&self.path, Some(self.constraint)))
    }
}

/// A placeholder in a JSON value for a lone surrogate, which no JSON value can contain.
const LONE_SURROGATE: &str = "\u{f8ff}lone\u{f8ff}";

/// The calls whose member violates a constraint, with the calls around them.
pub(in crate::rule::families) fn violating_calls(
    context: GeneratorContext<'_>,
    operation: &str,
    path: &MemberPath,
    constraint: Constraint,
) -> Vec<LabelledSteps> {
    let Some((member, unique)) = find_member(context.model, operation, path) else { return Vec::new() };
    let codes = codes(context.model, member, constraint);
    invalid_values(context, member, constraint, unique)
        .into_iter()
        .map(|violation| {
            let label = format!("{path}: {}", violation.label);
            (label, mutated(context, operation, path, violation.mutation, codes.clone()))
        })
        .collect()
}

fn mutated(
    context: GeneratorContext<'_>,
    operation: &str,
    path: &MemberPath,
    mutation: BoxedStrategy<Mutation>,
    codes: Vec<String>,
) -> Steps {
    let fixed = if can_be_fixed(context.model, operation, path) { path.segments() } else { &[] };
    let base = value::input(context, operation, FixedMember { path: fixed, value: None });
    let lifecycle = LifecycleSteps::new(context, operation);
    let made = maker_input(context, lifecycle.other_state());
    let path = path.clone();
    // The violation comes first, so that it is shrunk first.
    (mutation, base, made)
        .prop_map(move |(mutation, base, made)| {
            let base = match &made {
                Some(made) => lifecycle.pointed_at(base, made),
                None => base,
            };
            let body = body(base.clone(), &path, &mutation);
            lifecycle.refused(body, &base, made, &codes)
        })
        .boxed()
}

/// The change that makes an input invalid.
#[derive(Debug, Clone)]
enum Mutation {
    /// Removes the member.
    Remove,
    /// Replaces the value of the member.
    Set(Value),
}

/// One kind of violation.
struct InvalidValue {
    label: String,
    mutation: BoxedStrategy<Mutation>,
}

impl InvalidValue {
    fn new<T: Into<Value> + std::fmt::Debug + 'static>(
        label: &str,
        value: impl Strategy<Value = T> + 'static,
    ) -> Self {
        Self { label: label.to_owned(), mutation: value.prop_map(|v| Mutation::Set(v.into())).boxed() }
    }
}

/// The invalid input as it goes over the wire.
fn body(mut input: Value, path: &MemberPath, mutation: &Mutation) -> Body {
    match mutation {
        Mutation::Remove => path.set(&mut input, None),
        Mutation::Set(value) => path.set(&mut input, Some(value.clone())),
    }
    let text = input.to_string();
    if text.contains(LONE_SURROGATE) {
        Body::Text(text.replace(LONE_SURROGATE, "\\ud800"))
    } else {
        Body::Json(input)
    }
}

/// The ways to violate a member's constraint. `unique` members name a resource, so even invalid values contain the run's
/// own prefix.
fn invalid_values(
    context: GeneratorContext<'_>,
    member: &Member,
    constraint: Constraint,
    unique: bool,
) -> Vec<InvalidValue> {
    let traits = &member.traits;
    let prefix = if unique { RUN } else { "" };
    let kind = &context.model.shape(&member.target).kind;
    match constraint {
        Constraint::Required => {
            vec![InvalidValue { label: "left out".to_owned(), mutation: Just(Mutation::Remove).boxed() }]
        }
        Constraint::Null => vec![InvalidValue::new("null", Just(Value::Null))],
        Constraint::Type => wrong_types(kind),
        Constraint::LenientType => lenient_types(kind),
        Constraint::Enum => unknown_values(kind),
        Constraint::LengthMin => too_short(traits),
        Constraint::LengthMax => too_long(context, traits, prefix),
        Constraint::Pattern => mismatches(context, traits, prefix),
        Constraint::RangeMin | Constraint::RangeMax | Constraint::ObservedRangeMax => {
            out_of_range(traits, constraint)
        }
        Constraint::ObservedLengthMax => too_many(context, member),
        Constraint::LengthUnits | Constraint::Distinct | Constraint::DistinctPlace => Vec::new(),
    }
}

fn each(values: Vec<(&str, Value)>) -> Vec<InvalidValue> {
    values.into_iter().map(|(label, value)| InvalidValue::new(label, Just(value))).collect()
}

/// Types that no document allows.
fn wrong_types(kind: &Kind) -> Vec<InvalidValue> {
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

/// Types that some parsers convert. The protocol's own parser accepts the texts `true` and `false` for a boolean, and cuts a
/// fraction to an integer (E207, E208), so neither is among them.
fn lenient_types(kind: &Kind) -> Vec<InvalidValue> {
    each(match kind {
        Kind::Boolean => vec![("a number", json!(1))],
        Kind::Integer => vec![("text `5`", json!("5"))],
        _ => Vec::new(),
    })
}

fn unknown_values(kind: &Kind) -> Vec<InvalidValue> {
    let Kind::Enum(values) = kind else { return Vec::new() };
    let changed = |label: &str, change: &dyn Fn(&str) -> String| {
        let made: Vec<String> = values.iter().map(|v| change(v)).filter(|v| !values.contains(v)).collect();
        (!made.is_empty()).then(|| InvalidValue::new(label, select(made)))
    };
    [
        changed("a value that is not listed", &|v| format!("{v}X")),
        changed("the wrong case", &|v| v.to_lowercase()),
        changed("a trailing space", &|v| format!("{v} ")),
        changed("other punctuation", &|v| v.replace(['-', '_'], "")),
        changed("empty", &|_| String::new()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn too_short(traits: &Traits) -> Vec<InvalidValue> {
    let min = traits.length.and_then(|l| l.min).and_then(|m| usize::try_from(m).ok()).unwrap_or(0);
    if min == 0 {
        return Vec::new();
    }
    let mut found = vec![InvalidValue::new("empty", Just(String::new()))];
    if min > 1 {
        found.push(InvalidValue::new("one character too few", text::plain(min - 1, min - 1)));
    }
    found
}

fn too_long(context: GeneratorContext<'_>, traits: &Traits, prefix: &str) -> Vec<InvalidValue> {
    let Some(max) = traits.length.and_then(|l| l.max).and_then(|m| usize::try_from(m).ok()) else {
        return Vec::new();
    };
    if let Some(content) = &traits.policy {
        return vec![InvalidValue::new(
            "a policy too large",
            policy::larger_than(content, context.region, max),
        )];
    }
    // A value with a form of its own keeps that form at the start, so that only its length is wrong.
    let sample =
        traits.sample.as_ref().filter(|_| traits.pattern.as_ref().is_some_and(|p| p.alphabet().is_none()));
    let form = sample.and_then(|s| s.values.first()).map(|template| text::fill(template, context.region));
    let prefix = form.as_deref().unwrap_or(prefix);
    [('a', "one byte"), ('é', "two bytes"), ('😀', "four bytes")]
        .into_iter()
        .map(|(wide, bytes)| {
            InvalidValue::new(&format!("too many characters of {bytes}"), text::too_long(prefix, wide, max))
        })
        .collect()
}

fn mismatches(context: GeneratorContext<'_>, traits: &Traits, prefix: &str) -> Vec<InvalidValue> {
    let Some(pattern) = &traits.pattern else { return Vec::new() };
    if let Some(alphabet) = pattern.alphabet() {
        let stem = if prefix.is_empty() { "a".to_owned() } else { prefix.to_owned() };
        let lone = InvalidValue::new("a lone surrogate", Just(format!("{stem}{LONE_SURROGATE}b")));
        let foreign =
            text::outside(&stem, &alphabet).map(|s| InvalidValue::new("a character that is not allowed", s));
        return foreign.into_iter().chain([lone]).collect();
    }
    pattern
        .indispensable()
        .into_iter()
        .map(|needed| {
            let label = format!("without any `{needed}`");
            // A text that is not empty and lacks a part of every match.
            let stripped =
                value::string(context, traits).prop_map(move |t| format!("x{}", t.replace(needed, "")));
            InvalidValue::new(&label, stripped)
        })
        .filter(|_| !pattern.indispensable().contains(&'x'))
        .collect()
}

fn out_of_range(traits: &Traits, constraint: Constraint) -> Vec<InvalidValue> {
    let documented = traits.range.unwrap_or_default();
    match (constraint, documented.min, documented.max) {
        (Constraint::RangeMin, Some(min), _) => vec![
            InvalidValue::new("one too small", Just(min - 1)),
            InvalidValue::new("negative", (1..1000_i64).prop_map(move |n| (min - 1).min(0) - n)),
            InvalidValue::new("the smallest integer", Just(i64::from(i32::MIN))),
        ],
        (Constraint::RangeMax, _, Some(max)) => vec![
            InvalidValue::new("one too large", Just(max + 1)),
            InvalidValue::new("too large", (1..1_000_000_i64).prop_map(move |n| max + n)),
            InvalidValue::new("the largest integer", Just(i64::from(i32::MAX))),
        ],
        (Constraint::ObservedRangeMax, _, max) => {
            let seen =
                traits.observed.as_ref().and_then(|o| o.range).and_then(|r| r.max).unwrap_or(i64::MAX - 1);
            let upper = max.unwrap_or(seen + 1000);
            vec![
                InvalidValue::new("one more than the service takes", Just(seen + 1)),
                InvalidValue::new("more than the service takes", seen + 1..=upper),
            ]
        }
        _ => Vec::new(),
    }
}

/// Lists with more valid elements, policies with more bytes, than the service takes.
fn too_many(context: GeneratorContext<'_>, member: &Member) -> Vec<InvalidValue> {
    let seen = member.traits.observed.as_ref().and_then(|o| o.length).and_then(|l| l.max);
    let Some(most) = seen.and_then(|max| usize::try_from(max).ok()) else { return Vec::new() };
    if let Some(content) = &member.traits.policy {
        let large = policy::larger_than(content, context.region, most);
        return vec![InvalidValue::new("a policy too large", large)];
    }
    let Kind::List(item) = &context.model.shape(&member.target).kind else { return Vec::new() };
    let items = proptest::collection::vec(value::of_shape(context, &item.target), most + 1..=most + 3);
    vec![InvalidValue::new("too many elements", items)]
}

/// Codes that may answer a violation.
fn codes(model: &ServiceModel, member: &Member, constraint: Constraint) -> Vec<String> {
    let refusals = &model.refusals;
    let mut codes = refusals.constraint.clone();
    match constraint {
        // A lone surrogate is a matter of reading the text, and an integer too large one of its type.
        Constraint::Type
        | Constraint::LenientType
        | Constraint::Null
        | Constraint::Pattern
        | Constraint::RangeMax => {
            codes.extend(refusals.serialization.iter().cloned());
        }
        Constraint::ObservedLengthMax | Constraint::ObservedRangeMax => {
            codes.extend(member.traits.observed.iter().flat_map(|o| o.error.iter().cloned()));
        }
        _ => {}
    }
    codes.sort();
    codes.dedup();
    codes
}
