//! Values just inside a constraint, where the documents and everything known of the service say yes.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::case::RUN;
use crate::model::{Kind, Member, partition};
use crate::rule::Constraint;

use super::cases::Material;
use super::{policy, text};

/// One kind of value at the edge.
pub(super) struct Edge {
    /// For people.
    pub label: String,
    /// The values.
    pub value: BoxedStrategy<Value>,
}

impl Edge {
    fn new<T: Into<Value> + std::fmt::Debug + 'static>(
        label: &str,
        value: impl Strategy<Value = T> + 'static,
    ) -> Self {
        Self { label: label.to_owned(), value: value.prop_map(Into::into).boxed() }
    }
}

/// The edges of a member's constraint. `unique` members name a resource, so their values must be the run's own.
pub(super) fn edges(
    material: Material<'_>,
    member: &Member,
    constraint: Constraint,
    unique: bool,
) -> Vec<Edge> {
    let traits = &member.traits;
    let prefix = if unique { RUN } else { "" };
    let length = traits.certain_length().unwrap_or_default();
    let (min, max) = (size(length.min), size(length.max));
    match constraint {
        Constraint::Null => vec![Edge::new("null", Just(Value::Null))],
        Constraint::Enum => match &material.model.shape(&member.target).kind {
            Kind::Enum(values) => values.iter().map(|v| Edge::new(v, Just(v.clone()))).collect(),
            _ => Vec::new(),
        },
        Constraint::LengthMin if unique => vec![Edge::new("one character", text::single())],
        Constraint::LengthMin => vec![Edge::new("shortest", text::plain(min, min))],
        Constraint::LengthMax => match &traits.policy {
            Some(content) => {
                vec![Edge::new("largest policy", policy::of_size(content, material.region, max))]
            }
            None => longest(prefix, max),
        },
        Constraint::LengthUnits => {
            vec![Edge::new("many bytes, few characters", text::between_units(prefix, max))]
        }
        Constraint::Pattern => {
            match (&traits.pattern.as_ref().and_then(crate::model::Pattern::alphabet), &traits.sample) {
                (Some(alphabet), _) => vec![Edge::new("hard characters", text::hard(prefix, alphabet))],
                (None, Some(sample)) => sample
                    .values
                    .iter()
                    .map(|t| {
                        let label = partition(material.region).fill(t);
                        Edge::new(&label, text::from_template(t, material.region))
                    })
                    .collect(),
                (None, None) => Vec::new(),
            }
        }
        Constraint::RangeMin => traits
            .range
            .and_then(|r| r.min)
            .map(|min| Edge::new("smallest", Just(json!(min))))
            .into_iter()
            .collect(),
        Constraint::RangeMax => {
            let certain = traits.certain_range().and_then(|r| r.max);
            certain.map(|max| Edge::new("largest", Just(json!(max)))).into_iter().collect()
        }
        _ => Vec::new(),
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

/// Pairs of names that look alike and are not.
pub(super) fn lookalikes() -> BoxedStrategy<(String, String)> {
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
