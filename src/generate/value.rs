//! Valid values of shapes, structures included: values that the specs attest as accepted, and nothing bolder.
//! Must not know a rule. A [`FixedMember`] makes the value contain a certain member, or a certain value of it.
//! The entry points are [`input`] and [`of_shape`].

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::case::RUN;
use crate::model::{
    Combinations, Companions, Kind, Lifecycle, MapShape, Member, Segment, ServiceModel, Traits,
};

use super::context::GeneratorContext;
use super::{policy, text};

/// A member that the value must contain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FixedMember<'p> {
    /// The path to the member.
    pub path: &'p [Segment],
    /// Its value; any valid one when left out.
    pub value: Option<&'p Value>,
}

impl<'p> FixedMember<'p> {
    fn root(&self) -> Option<&'p str> {
        match self.path.first() {
            Some(Segment::Member(name)) => Some(name),
            _ => None,
        }
    }

    fn below(&self) -> Self {
        Self { path: self.path.get(1..).unwrap_or_default(), value: self.value }
    }

    fn exact(&self) -> Option<&'p Value> {
        if self.path.is_empty() { self.value } else { None }
    }
}

/// A valid input of an operation.
pub(crate) fn input(
    context: GeneratorContext<'_>,
    operation: &str,
    fixed: FixedMember<'_>,
) -> BoxedStrategy<Value> {
    let operation = &context.model.operations[operation];
    let named = NameMembers::of(context.model, &operation.name);
    structure(context, &operation.input, fixed, &named)
}

/// A valid value of a shape that is no input.
pub(crate) fn of_shape(context: GeneratorContext<'_>, shape: &str) -> BoxedStrategy<Value> {
    let shape = context.model.shape(shape);
    kind(context, &shape.name, &shape.traits, FixedMember::default(), &NameMembers::default())
}

/// Members of an input that name its resource, and those that carry a page's token.
#[derive(Debug, Default, Clone)]
struct NameMembers {
    identifiers: Vec<String>,
    token: Option<String>,
}

impl NameMembers {
    fn of(model: &ServiceModel, operation: &str) -> Self {
        let identifiers = match model.resource_of(operation) {
            Some((resource, Lifecycle::Create | Lifecycle::Read | Lifecycle::Delete)) => {
                resource.identifiers.clone()
            }
            _ => Vec::new(),
        };
        let token = model.operations[operation].paginated.as_ref().map(|p| p.input_token.clone());
        Self { identifiers, token }
    }
}

/// Returns true if a valid input may contain the member in every state.
fn is_free(member: &Member, named: &NameMembers) -> bool {
    let traits = &member.traits;
    traits.internal.is_none()
        && traits.condition.is_none()
        && named.token.as_deref() != Some(member.name.as_str())
}

fn structure(
    context: GeneratorContext<'_>,
    name: &str,
    fixed: FixedMember<'_>,
    named: &NameMembers,
) -> BoxedStrategy<Value> {
    let shape = context.model.shape(name);
    if let Some(combinations) = &shape.traits.combinations {
        return combined(context, name, combinations, fixed);
    }
    let members = context.model.members(name).filter(|m| is_free(m, named) || fixed.root() == Some(&m.name));
    let parts = members.map(|m| {
        let forced = m.traits.required || fixed.root() == Some(&m.name);
        part(context, m, fixed, named, forced)
    });
    object(parts.collect())
}

/// Members in one of the combinations that were observed to be accepted.
fn combined(
    context: GeneratorContext<'_>,
    name: &str,
    known: &Combinations,
    fixed: FixedMember<'_>,
) -> BoxedStrategy<Value> {
    let none = Companions::default();
    let alternatives = deciding_values(context, name, known, fixed).into_iter().map(|decided| {
        let companions = decided.as_ref().and_then(|v| known.cases.get(&as_key(v))).unwrap_or(&none);
        let parts = context.model.members(name).filter_map(|member| {
            let is = |list: &[String]| list.contains(&member.name);
            if known.by.as_ref() == Some(&member.name) {
                return decided.clone().map(|v| Just(Some((member.name.clone(), v))).boxed());
            }
            let forced = is(&known.always) || is(&companions.with) || fixed.root() == Some(&member.name);
            (forced || is(&companions.optional))
                .then(|| part(context, member, fixed, &NameMembers::default(), forced))
        });
        object(parts.collect())
    });
    proptest::strategy::Union::new(alternatives).boxed()
}

/// Values of the deciding member that suit the fixed one: its value, or those that go with the fixed member.
fn deciding_values(
    context: GeneratorContext<'_>,
    name: &str,
    known: &Combinations,
    fixed: FixedMember<'_>,
) -> Vec<Option<Value>> {
    let Some(by) = &known.by else { return vec![None] };
    let Some(member) = context.model.member(name, by) else { return vec![None] };
    if let (true, Some(value)) = (fixed.root() == Some(by), fixed.below().exact()) {
        return vec![Some(value.clone())];
    }
    let all: Vec<Value> = match &context.model.shape(&member.target).kind {
        Kind::Enum(values) => values.iter().map(|v| json!(v)).collect(),
        Kind::Boolean => vec![json!(false), json!(true)],
        _ => Vec::new(),
    };
    let wanted = fixed.root().filter(|root| root != by && !known.always.iter().any(|a| a == root));
    let suits = |value: &&Value| {
        wanted.is_none_or(|root| {
            let goes = |c: &Companions| c.with.iter().chain(&c.optional).any(|m| m == root);
            known.cases.get(&as_key(value)).is_some_and(goes)
        })
    };
    let suitable: Vec<Value> = all.iter().filter(suits).cloned().collect();
    let chosen = if suitable.is_empty() { all } else { suitable };
    chosen.into_iter().map(Some).collect()
}

fn as_key(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

type Part = BoxedStrategy<Option<(String, Value)>>;

fn part(
    context: GeneratorContext<'_>,
    member: &Member,
    fixed: FixedMember<'_>,
    named: &NameMembers,
    forced: bool,
) -> Part {
    let name = member.name.clone();
    let is_fixed = fixed.root() == Some(&member.name);
    let inner = if is_fixed { fixed.below() } else { FixedMember::default() };
    let value = if named.identifiers.contains(&member.name) && inner.exact().is_none() {
        text::unique().prop_map(Value::from).boxed()
    } else {
        kind(context, &member.target, &member.traits, inner, &NameMembers::default())
    };
    let value = value.prop_map(move |value| (name.clone(), value));
    if forced { value.prop_map(Some).boxed() } else { proptest::option::of(value).boxed() }
}

fn object(parts: Vec<Part>) -> BoxedStrategy<Value> {
    parts.prop_map(|parts| Value::Object(parts.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

fn kind(
    context: GeneratorContext<'_>,
    shape: &str,
    traits: &Traits,
    fixed: FixedMember<'_>,
    named: &NameMembers,
) -> BoxedStrategy<Value> {
    if let Some(value) = fixed.exact() {
        return Just(value.clone()).boxed();
    }
    match &context.model.shape(shape).kind {
        Kind::String => string(context, traits).prop_map(Value::from).boxed(),
        Kind::Blob => vec(any::<u8>(), 1..=64).prop_map(|bytes| json!(text::base64(&bytes))).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer => {
            let range = traits.certain_range().unwrap_or_default();
            (range.min.unwrap_or(0)..=range.max.unwrap_or(1000)).prop_map(Value::from).boxed()
        }
        Kind::Double => (1..=8_u32).prop_map(|quarters| json!(f64::from(quarters) / 4.0)).boxed(),
        Kind::Timestamp => (0..4_000_000_000_i64).prop_map(Value::from).boxed(),
        Kind::Enum(values) => select(values.clone()).prop_map(Value::from).boxed(),
        Kind::List(item) => {
            let certain = traits.certain_length().unwrap_or_default();
            let most = certain.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(3).max(1);
            vec(kind(context, &item.target, &item.traits, fixed.below(), named), 1..=most)
                .prop_map(Value::from)
                .boxed()
        }
        Kind::Map(entry) => map(context, entry),
        Kind::Structure(_) => structure(context, shape, fixed, named),
    }
}

/// A few entries, as far as the keys differ.
fn map(context: GeneratorContext<'_>, entry: &MapShape) -> BoxedStrategy<Value> {
    let one = |member: &Member| {
        kind(context, &member.target, &member.traits, FixedMember::default(), &NameMembers::default())
    };
    let text = |key: Value| key.as_str().map(str::to_owned).unwrap_or_default();
    vec((one(&entry.key).prop_map(text), one(&entry.value)), 1..=3)
        .prop_map(|entries| Value::Object(entries.into_iter().collect()))
        .boxed()
}

/// A valid text: sampled where the specs have samples, else ordinary.
pub(crate) fn string(context: GeneratorContext<'_>, traits: &Traits) -> BoxedStrategy<String> {
    if let Some(content) = &traits.policy {
        return policy::valid(content, context.region, RUN);
    }
    if let Some(sample) = &traits.sample {
        let options = sample.values.iter().map(|template| text::from_template(template, context.region));
        return proptest::strategy::Union::new(options).boxed();
    }
    let length = traits.length.unwrap_or_default();
    let min = length.min.and_then(|m| usize::try_from(m).ok()).unwrap_or(0);
    let max = length.max.and_then(|m| usize::try_from(m).ok()).unwrap_or(min + 20).min(min + 20);
    text::plain(min.max(1), max.max(1))
}
