//! Makes values just inside a constraint, which every source says are accepted.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::case::{Body, RUN, Step};
use crate::generate::{
    ACT, FixedMember, GeneratorContext, LifecycleSteps, Steps, accepted_with, find_member, policy, text,
    value,
};
use crate::model::{Expect, Kind, Member, MemberPath, Pattern, Role, ServiceModel, Traits, partition};
use crate::rule::constraint::Constraint;
use crate::rule::definition::{Effort, LabelledSteps, Test};
use crate::rule::families::valid::locks_of_valid_calls;
use crate::rule::locks::Locks;

/// Values just inside a constraint are accepted, and read back equal.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// The member.
    pub path: MemberPath,
    /// Its constraint.
    pub constraint: Constraint,
}

impl Test for Boundary {
    fn how_tested(&self) -> String {
        format!(
            "Valid inputs whose `{}` lies just inside its {} must be accepted and read back equal.",
            self.path, self.constraint
        )
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        match self.constraint {
            Constraint::Distinct => {
                vec![(
                    "names that look alike".to_owned(),
                    two_names(context, operation, &self.path, lookalikes()),
                )]
            }
            Constraint::DistinctPlace => different_in_one_place(context, operation, &self.path),
            constraint => edge_cases(context, operation, &self.path, constraint),
        }
    }

    fn locks(&self, model: &ServiceModel, operation: &str) -> Locks {
        locks_of_valid_calls(model, operation)
    }

    fn effort(&self) -> Effort {
        Effort::Call
    }

    fn member(&self) -> Option<(&MemberPath, Option<Constraint>)> {
        Some((&self.path, Some(self.constraint)))
    }
}

fn edge_cases(
    context: GeneratorContext<'_>,
    operation: &str,
    path: &MemberPath,
    constraint: Constraint,
) -> Vec<LabelledSteps> {
    let Some((member, unique)) = find_member(context.model, operation, path) else { return Vec::new() };
    edges(context, member, constraint, unique)
        .into_iter()
        .map(|edge| {
            let base = inputs_with(context, operation, path, member, edge.value.clone());
            let steps = accepted_with(context, operation, base);
            let needs_absence_check = unique && constraint == Constraint::LengthMin;
            (
                edge.label,
                if needs_absence_check { with_absence_check(context, operation, steps) } else { steps },
            )
        })
        .collect()
}

/// Valid inputs with a value at a path. A value that decides over other members is fixed, so that the others suit it.
fn inputs_with(
    context: GeneratorContext<'_>,
    operation: &str,
    path: &MemberPath,
    member: &Member,
    edge: BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    let decides = matches!(context.model.shape(&member.target).kind, Kind::Enum(_));
    if decides {
        // Few values: one strategy for each, so that shrinking keeps it.
        let mut runner = TestRunner::deterministic();
        if let Ok(tree) = edge.new_tree(&mut runner) {
            let value = tree.current();
            return value::input(
                context,
                operation,
                FixedMember { path: path.segments(), value: Some(&value) },
            );
        }
    }
    let base = value::input(context, operation, FixedMember { path: path.segments(), value: None });
    let path = path.clone();
    (base, edge)
        .prop_map(move |(mut input, value)| {
            path.set(&mut input, Some(value));
            input
        })
        .boxed()
}

/// A name without the run's own prefix is used only if no resource has that name: the case looks first.
fn with_absence_check(context: GeneratorContext<'_>, operation: &str, steps: Steps) -> Steps {
    let Some((resource, _)) = context.model.resource_of(operation) else { return steps };
    let Some(read) = resource.read.clone() else { return steps };
    // The first step makes the resource, as the call itself or for it.
    let (service, resource) = (context.model.name.clone(), resource.clone());
    let absent = Expect::refused(context.model.refusals.absent.clone());
    steps
        .prop_map(move |mut steps| {
            if let Some(Body::Json(input)) = steps.first().map(|s| s.body.clone()) {
                let which = Value::Object(resource.identifiers_in(&input));
                let check = Step::new(&service, &read, which).role(Role::Arrange).expecting(absent.clone());
                steps.insert(0, check);
            }
            steps
        })
        .boxed()
}

/// Two names that look alike, both created and read.
fn two_names(
    context: GeneratorContext<'_>,
    operation: &str,
    path: &MemberPath,
    names: BoxedStrategy<(String, String)>,
) -> Steps {
    let input = || value::input(context, operation, FixedMember::default());
    let lifecycle = LifecycleSteps::new(context, operation);
    let path = path.clone();
    let steps = (input(), input(), names).prop_map(move |(mut one, mut other, names)| {
        path.set(&mut one, Some(json!(names.0)));
        path.set(&mut other, Some(json!(names.1)));
        let mut steps = lifecycle.accepted(&one, None);
        for step in &mut steps {
            rename(step, "first");
        }
        let mut second = lifecycle.accepted(&other, None);
        let last_read = steps.pop();
        steps.append(&mut second);
        steps.extend(last_read);
        steps
    });
    steps.boxed()
}

/// Renames a step that is called [`ACT`], with the references of its expectation to itself.
fn rename(step: &mut Step, name: &str) {
    step.name = step.name.as_ref().map(|_| name.to_owned());
    step.expect.visit_templates(&mut |template| rename_reference(template, name));
}

fn rename_reference(template: &mut Value, name: &str) {
    match template {
        Value::Object(members) => {
            if let Some(sent) = members.get_mut("$sent").filter(|sent| *sent == ACT) {
                *sent = json!(name);
            }
            members.values_mut().for_each(|inner| rename_reference(inner, name));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| rename_reference(inner, name)),
        _ => {}
    }
}

/// One kind of value at the edge of a constraint.
struct Edge {
    label: String,
    value: BoxedStrategy<Value>,
}

impl Edge {
    fn new<T: Into<Value> + std::fmt::Debug + 'static>(
        label: &str,
        value: impl Strategy<Value = T> + 'static,
    ) -> Self {
        Self { label: label.to_owned(), value: value.prop_map(Into::into).boxed() }
    }
}

/// Returns the edges of a member's constraint. `unique` members name a resource, so their values contain the run's own
/// prefix.
fn edges(context: GeneratorContext<'_>, member: &Member, constraint: Constraint, unique: bool) -> Vec<Edge> {
    let traits = &member.traits;
    let prefix = if unique { RUN } else { "" };
    let length = traits.certain_length().unwrap_or_default();
    let (min, max) = (size(length.min), size(length.max));
    match constraint {
        Constraint::Null => vec![Edge::new("null", Just(Value::Null))],
        Constraint::Enum => match &context.model.shape(&member.target).kind {
            Kind::Enum(values) => values.iter().map(|v| Edge::new(v, Just(v.clone()))).collect(),
            _ => Vec::new(),
        },
        Constraint::LengthMin if unique => vec![Edge::new("one character", text::single())],
        Constraint::LengthMin => vec![Edge::new("shortest", text::plain(min, min))],
        Constraint::LengthMax => match &traits.policy {
            Some(material) => {
                vec![Edge::new("largest policy", policy::of_size(material, context.region, max))]
            }
            None => longest(prefix, max),
        },
        Constraint::LengthUnits => {
            vec![Edge::new("many bytes, few characters", text::between_units(prefix, max))]
        }
        Constraint::Pattern => pattern_edges(context, traits, prefix),
        Constraint::RangeMin | Constraint::RangeMax => range_edge(traits, constraint).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Returns texts with unusual characters, or one text for each usual form.
fn pattern_edges(context: GeneratorContext<'_>, traits: &Traits, prefix: &str) -> Vec<Edge> {
    match (&traits.pattern.as_ref().and_then(Pattern::alphabet), &traits.sample) {
        (Some(alphabet), _) => vec![Edge::new("hard characters", text::hard(prefix, alphabet))],
        (None, Some(sample)) => {
            let edge = |template: &String| {
                let label = partition(context.region).fill(template);
                Edge::new(&label, text::from_template(template, context.region))
            };
            sample.values.iter().map(edge).collect()
        }
        (None, None) => Vec::new(),
    }
}

fn range_edge(traits: &Traits, constraint: Constraint) -> Option<Edge> {
    if constraint == Constraint::RangeMin {
        traits.range?.min.map(|min| Edge::new("smallest", Just(json!(min))))
    } else {
        traits.certain_range()?.max.map(|max| Edge::new("largest", Just(json!(max))))
    }
}

/// The same number of bytes in characters of one, two, three and four bytes.
fn longest(prefix: &str, max: usize) -> Vec<Edge> {
    [('a', "one"), ('é', "two"), ('中', "three"), ('😀', "four")]
        .into_iter()
        .map(|(wide, bytes)| {
            Edge::new(&format!("longest, characters of {bytes} bytes"), text::of_bytes(prefix, wide, max))
        })
        .collect()
}

/// The places in which two names differ: behind usual limits of keys, files and columns, and the last one allowed.
const DIFFERING_POSITIONS: [usize; 6] = [17, 33, 65, 129, 192, 255];

/// Pairs of an escape and the character that it stands for in some encoding.
const ESCAPES: [(&str, &str); 5] =
    [("a%41", "aA"), ("a%2Fb", "a/b"), ("a+b", "a b"), ("a&amp;b", "a&b"), ("a\\u0041", "aA")];

/// Characters that separate in paths, queries, lists and keys of a database.
const SEPARATORS: &str = "a?:,;#/|=@'.b";

/// Pairs of names that differ in one place only, behind separators, or by an escape; both of each pair are created and read.
fn different_in_one_place(
    context: GeneratorContext<'_>,
    operation: &str,
    path: &MemberPath,
) -> Vec<LabelledSteps> {
    let Some((member, _)) = find_member(context.model, operation, path) else { return Vec::new() };
    let max = size(member.traits.certain_length().unwrap_or_default().max);
    let places = DIFFERING_POSITIONS.iter().filter(|place| **place <= max).map(|&place| {
        let stem = format!("{RUN:-<width$}", width = place - 1);
        (format!("names that differ in character {place}"), (format!("{stem}x"), format!("{stem}y")))
    });
    let escapes = ESCAPES.iter().map(|(escape, plain)| {
        (format!("names with {escape} and {plain}"), (format!("{RUN}-{escape}"), format!("{RUN}-{plain}")))
    });
    let separators = (
        "names that differ behind separators".to_owned(),
        (format!("{RUN}-{SEPARATORS}x"), format!("{RUN}-{SEPARATORS}y")),
    );
    places
        .chain(escapes)
        .chain([separators])
        .map(|(label, names)| (label, two_names(context, operation, path, Just(names).boxed())))
        .collect()
}

/// Pairs of names that look alike and are not.
fn lookalikes() -> BoxedStrategy<(String, String)> {
    let tails = vec![
        ("Ab", "ab"),
        ("a b", "ab"),
        ("ab", "ab "),
        ("\u{e9}", "e\u{301}"),
        ("\u{df}", "ss"),
        ("a b", "a\tb"),
    ];
    proptest::sample::select(tails)
        .prop_map(|(one, other)| (format!("{RUN}-{one}"), format!("{RUN}-{other}")))
        .boxed()
}

fn size(edge: Option<i64>) -> usize {
    edge.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
}
