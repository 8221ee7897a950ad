//! Makes calls with malformed bodies, with wrong headers, or with inputs that must be refused. Must not judge
//! responses.
//! The entry point is [`calls`].

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::case::{Body, Step};
use crate::generate::{FixedMember, GeneratorContext, Steps, accepted, answered, value};
use crate::model::{Expect, Lifecycle, MemberPath, Role, ServiceModel};
use crate::rule::constraint::Constraint;
use crate::rule::definition::LabelledSteps;
use crate::rule::families::constraints::violating_calls;

use super::requirement::ProtocolRequirement;

/// The calls for a requirement of the protocol.
pub(super) fn calls(
    context: GeneratorContext<'_>,
    operation: &str,
    requirement: ProtocolRequirement,
) -> Vec<LabelledSteps> {
    match requirement {
        ProtocolRequirement::MalformedJson => malformed(context, operation),
        ProtocolRequirement::TrailingText => trailing(context, operation),
        ProtocolRequirement::NotAnObject => not_an_object(context, operation),
        ProtocolRequirement::UnknownMembers => {
            vec![("additional members".to_owned(), additional(context, operation))]
        }
        ProtocolRequirement::Layout => laid_out(context, operation),
        ProtocolRequirement::ContentType => vec![("text/plain".to_owned(), relabelled(context, operation))],
        ProtocolRequirement::UnknownOperation => vec![("no such operation".to_owned(), unknown(context))],
        ProtocolRequirement::ErrorShape
        | ProtocolRequirement::ErrorMessage
        | ProtocolRequirement::ErrorContentType => refusable(context, operation),
        ProtocolRequirement::OutputTypes
        | ProtocolRequirement::OutputConstraints
        | ProtocolRequirement::OutputMembers
        | ProtocolRequirement::NoNulls
        | ProtocolRequirement::ResponseType
        | ProtocolRequirement::RequestId => vec![("a valid call".to_owned(), answered(context, operation))],
    }
}

/// Expects any client error except those that the operation declares for the meaning of an input: they show that the
/// service understood the body.
fn refused_raw(context: GeneratorContext<'_>, operation: &str, text: String) -> Vec<Step> {
    let refusals = &context.model.refusals;
    let unread =
        |code: &&String| !refusals.constraint.contains(code) && !refusals.serialization.contains(code);
    let meanings = context.model.operations[operation].errors.iter().filter(unread).cloned().collect();
    let refused = Expect::Refused { codes: Vec::new(), except: meanings, message: None };
    let mut step = Step::new(&context.model.name, operation, Value::Null).expecting(refused);
    step.body = Body::Text(text);
    vec![step]
}

fn raw(context: GeneratorContext<'_>, operation: &str, texts: Vec<String>) -> Steps {
    let steps: Vec<Vec<Step>> = texts.into_iter().map(|text| refused_raw(context, operation, text)).collect();
    select(steps).boxed()
}

fn malformed(context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
    let kinds: [(&str, &[&str]); 4] = [
        ("cut off", &["{", "{\"", "{\"Name\":", "{\"Name\": \"a\"", "["]),
        ("not quoted", &["{Name: \"a\"}", "{'Name': 'a'}"]),
        ("misplaced commas", &["{,}", "{\"Name\": \"a\",}"]),
        ("no JSON at all", &["<a/>", "hello", "\u{feff}\u{feff}{}"]),
    ];
    let variant = |(label, texts): (&str, &[&str])| {
        (label.to_owned(), raw(context, operation, texts.iter().map(|&t| t.to_owned()).collect()))
    };
    kinds.into_iter().map(variant).collect()
}

/// The input itself is valid, so that only the text behind it can be refused.
fn trailing(context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
    [("a bracket", "}"), ("a word", " x"), ("a second object", "{}")]
        .into_iter()
        .map(|(label, text)| {
            let steps = answered(context, operation).prop_map(move |mut steps| {
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

fn not_an_object(context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
    [("an array", json!([])), ("a string", json!("a")), ("a number", json!(1)), ("a boolean", json!(true))]
        .into_iter()
        .map(|(label, value)| (label.to_owned(), raw(context, operation, vec![value.to_string()])))
        .collect()
}

/// The effect of the call is observed as usual: the service must ignore the member, and nothing else.
fn additional(context: GeneratorContext<'_>, operation: &str) -> Steps {
    let extra = select(vec![json!(1), json!("a"), Value::Null, json!({ "a": [1] }), json!([]), json!(false)]);
    (accepted(context, operation), extra)
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

/// The same input, written differently; the effect is read back as usual.
fn laid_out(context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
    let layouts: [Layout; 3] = [
        ("members in reverse", |input| reversed(input).to_string()),
        ("white space everywhere", |input| format!(" \r\n\t{input:#}\n")),
        ("letters as escapes", escaped),
    ];
    let variant = |(label, write): Layout| {
        let steps = accepted(context, operation).prop_map(move |mut steps| {
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

/// Writes capital vowels as escapes. Small vowels appear in the run's names, which are found by their letters.
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

fn relabelled(context: GeneratorContext<'_>, operation: &str) -> Steps {
    // The effect of the call is not observed: the call must have none.
    answered(context, operation)
        .prop_map(|mut steps| {
            if let Some(act) = acting(&mut steps) {
                act.headers.insert("content-type".to_owned(), Some("text/plain".to_owned()));
                act.expect = Expect::refused(Vec::<String>::new());
            }
            steps
        })
        .boxed()
}

fn unknown(context: GeneratorContext<'_>) -> Steps {
    let codes = context.model.refusals.unknown_operation.clone();
    let mut operations = context.model.operations.values();
    let any_operation = operations.find(|o| o.is_core()).map(|o| o.name.clone()).unwrap_or_default();
    let (service, prefix) = (context.model.name.clone(), context.model.target_prefix.clone());
    select(vec!["NoSuchOperation", "getSecurityConfigurations", "GetSecurityConfigurations2", ""])
        .prop_map(move |name| {
            let mut step =
                Step::new(&service, &any_operation, json!({})).expecting(Expect::refused(codes.clone()));
            step.headers.insert("x-amz-target".to_owned(), Some(format!("{prefix}.{name}")));
            vec![step]
        })
        .boxed()
}

/// Calls that must be refused, each for another reason: a target that accepts one may refuse the next.
fn refusable(context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
    let input = &context.model.operations[operation].input;
    let constraints = [
        Constraint::Required,
        Constraint::RangeMin,
        Constraint::LengthMin,
        Constraint::Enum,
        Constraint::Type,
    ];
    let violations = constraints.into_iter().flat_map(|constraint| {
        context.model.members(input).filter_map(move |member| {
            let applies = constraint != Constraint::Required || member.traits.required;
            let path = MemberPath::default().member(&member.name);
            let kinds =
                if applies { violating_calls(context, operation, &path, constraint) } else { Vec::new() };
            kinds.into_iter().next()
        })
    });
    let only_act = |steps: Vec<Step>| steps.into_iter().filter(|s| s.role == Role::Act).collect::<Vec<_>>();
    let mut found: Vec<LabelledSteps> = meaningful(context, operation).into_iter().collect();
    found.extend(violations.map(|(label, steps)| (label, steps.prop_map(only_act).boxed())));
    if found.is_empty() {
        let refused = Expect::refused(Vec::<String>::new());
        let mut step = Step::new(&context.model.name, operation, Value::Null).expecting(refused);
        step.body = Body::Text("{".to_owned());
        found.push(("no JSON".to_owned(), Just(vec![step]).boxed()));
    }
    found
}

/// Returns true if a call can be refused for its meaning, by an error that its operation declares.
pub(super) fn refusable_by_meaning(model: &ServiceModel, operation: &str) -> bool {
    model.resource_of(operation).is_some_and(|(resource, role)| match role {
        Lifecycle::Read | Lifecycle::Delete => resource.delete.is_some(),
        Lifecycle::Create => true,
        Lifecycle::Put | Lifecycle::List => false,
    })
}

/// A call that is refused for its meaning: the resource does not exist, or exists already.
fn meaningful(context: GeneratorContext<'_>, operation: &str) -> Option<LabelledSteps> {
    let (resource, role) = context.model.resource_of(operation)?;
    let (service, operation) = (context.model.name.clone(), operation.to_owned());
    let refused = Expect::refused(Vec::<String>::new());
    let input = value::input(context, &operation, FixedMember::default());
    match role {
        Lifecycle::Read | Lifecycle::Delete if resource.delete.is_some() => {
            let call = move |input| vec![Step::new(&service, &operation, input).expecting(refused.clone())];
            Some(("a resource that does not exist".to_owned(), input.prop_map(call).boxed()))
        }
        Lifecycle::Create => {
            let calls = move |input: Value| {
                let first = Step::new(&service, &operation, input.clone())
                    .role(Role::Arrange)
                    .expecting(Expect::ok());
                vec![first, Step::new(&service, &operation, input).expecting(refused.clone())]
            };
            Some(("what is there already".to_owned(), input.prop_map(calls).boxed()))
        }
        _ => None,
    }
}
