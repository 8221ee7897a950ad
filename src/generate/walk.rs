//! Walks: valid calls in any order, over few names and few documents so that they collide. What each must
//! answer is the reference's to say; nothing is expected here.
//!
//! A call that depends on a version refers to one by its place among those that answers told, counted
//! round, so that a walk stays runnable when calls are taken out of it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::case::{RUN, Step};
use crate::model::{Expect, Kind, Lifecycle, Member, Role, ServiceModel, Walk};

use super::cases::{Material, Steps};
use super::value::Pin;
use super::{lifecycle, policy, scenario, value};

/// Names that calls share.
const NAMES: [&str; 3] = ["a", "b", "c"];
/// Documents that calls share; calls made at once have one each, so that answers tell whose took effect.
const DOCUMENTS: usize = 3;
/// A walk this short comes before long ones: most faults need no more, and it is soon shrunk.
const FEW: usize = 4;
/// Calls in turn before those made at once, at most.
const BEFORE: usize = 3;
/// How far back a call may reach for a version.
const REACH: u64 = 4;

/// The kinds of walks.
pub(super) fn steps(material: Material<'_>, walk: &Walk) -> Vec<(String, Steps)> {
    let Some(clients) = walk.clients else {
        let few = vec(call(material, walk), 1..=walk.calls.min(FEW));
        let many = vec(call(material, walk), walk.calls.min(FEW)..=walk.calls);
        return vec![
            ("a few calls".to_owned(), in_turn(material, walk, few.boxed())),
            ("many calls".to_owned(), in_turn(material, walk, after_a_change(material, walk, many.boxed()))),
        ];
    };
    // One less than may be, for the change.
    let before = vec(call(material, walk), 0..BEFORE).boxed();
    let changed = after_a_change(material, walk, before.clone());
    vec![
        (format!("{clients} clients at once"), at_once(material, walk, clients, before)),
        (format!("{clients} clients at once, after a change"), at_once(material, walk, clients, changed)),
    ]
}

/// A walk in which nothing is ever accepted shows nothing: this one begins with a call that is.
fn after_a_change(
    material: Material<'_>,
    walk: &Walk,
    calls: BoxedStrategy<Vec<Call>>,
) -> BoxedStrategy<Vec<Call>> {
    let first = walk.operations.first().map(|operation| call_of(material, operation, false));
    let first = first.into_iter().collect::<Vec<_>>();
    (first, calls).prop_map(|(first, rest)| [first, rest].concat()).boxed()
}

fn in_turn(material: Material<'_>, walk: &Walk, calls: BoxedStrategy<Vec<Call>>) -> Steps {
    let looks = looks(material.model, walk);
    (scenario::steps(material, &walk.before), documents(material, DOCUMENTS), calls)
        .prop_map(move |(mut before, documents, calls)| {
            let steps = calls
                .iter()
                .flat_map(|call| [call.step(&documents, call.document)].into_iter().chain(looks.after(call)));
            before.extend(steps);
            before
        })
        .boxed()
}

/// A few calls in turn, then all clients at once, then a look at what they left.
fn at_once(material: Material<'_>, walk: &Walk, clients: usize, before: BoxedStrategy<Vec<Call>>) -> Steps {
    let programs = vec(vec(call(material, walk), 1..=walk.calls), clients..=clients);
    let looks = looks(material.model, walk);
    let calls = walk.calls;
    (documents(material, BEFORE + clients * calls), before, programs)
        .prop_map(move |(documents, before, programs)| {
            let mut steps = Vec::new();
            for (place, call) in before.iter().enumerate() {
                steps.push(call.step(&documents, place));
                steps.extend(looks.after(call));
            }
            let mut last = Vec::new();
            for (client, program) in programs.iter().enumerate() {
                for (place, call) in program.iter().enumerate() {
                    steps.push(call.step(&documents, BEFORE + client * calls + place).by_client(client));
                    last.extend(looks.after(call).filter(|look| !last.contains(look)).collect::<Vec<_>>());
                }
            }
            steps.extend(last);
            steps
        })
        .boxed()
}

/// A call without its document.
#[derive(Debug, Clone)]
struct Call {
    service: String,
    operation: String,
    input: Value,
    /// The member that holds a document, and which document it is to be.
    holder: Option<String>,
    document: usize,
}

impl Call {
    fn step(&self, documents: &[String], document: usize) -> Step {
        let mut input = self.input.clone();
        if let Some(holder) = &self.holder {
            input[holder] = json!(documents[document % documents.len()]);
        }
        Step::new(&self.service, &self.operation, input).expecting(Expect::Reference)
    }
}

fn call(material: Material<'_>, walk: &Walk) -> BoxedStrategy<Call> {
    let all = walk.operations.iter().map(|operation| call_of(material, operation, true));
    proptest::strategy::Union::new(all).boxed()
}

/// A call of that operation, under conditions or not.
fn call_of(material: Material<'_>, operation: &str, conditional: bool) -> BoxedStrategy<Call> {
    let model = material.model;
    let members: Vec<&Member> = model.members(&model.operations[operation].input).collect();
    let names: Vec<String> = match model.resource_of(operation) {
        Some((resource, role)) if role != Lifecycle::List => resource.identifiers.clone(),
        _ => Vec::new(),
    };
    let holder = members.iter().find(|m| m.traits.policy.is_some()).map(|m| m.name.clone());
    let conditions: Vec<_> = members
        .iter()
        .filter(|m| conditional && m.traits.condition.is_some())
        .map(|m| condition(model, m))
        .collect();
    let (service, operation) = (model.name.clone(), operation.to_owned());
    (value::input(material, &operation, Pin::default()), conditions, select(NAMES.to_vec()), 0..DOCUMENTS)
        .prop_map(move |(mut input, conditions, name, document)| {
            for identifier in &names {
                input[identifier] = json!(format!("{RUN}-{name}"));
            }
            for (member, value) in conditions.into_iter().flatten() {
                input[member] = value;
            }
            let (service, operation, holder) = (service.clone(), operation.clone(), holder.clone());
            Call { service, operation, input, holder, document }
        })
        .boxed()
}

/// Mostly none, else one that may hold: a value of the enumeration, or a version, most often the latest.
fn condition(model: &ServiceModel, member: &Member) -> BoxedStrategy<Option<(String, Value)>> {
    let name = member.name.clone();
    let value = if let Kind::Enum(values) = &model.shape(&member.target).kind {
        select(values.clone()).prop_map(Value::from).boxed()
    } else {
        let teller = member.traits.condition.as_ref().and_then(|condition| condition.version.clone());
        let seen = move |(pick, foreign)| json!({ "$seen": teller, "pick": pick, "else": foreign });
        let told = (prop_oneof![3 => Just(0), 2 => 0..REACH], scenario::foreign()).prop_map(seen);
        prop_oneof![5 => told, 1 => scenario::foreign()].boxed()
    };
    let given = value.prop_map(move |value| Some((name.clone(), value)));
    prop_oneof![2 => Just(None), 3 => given].boxed()
}

/// Documents that all differ.
fn documents(material: Material<'_>, count: usize) -> BoxedStrategy<Vec<String>> {
    let content = material.model.shapes.values().find_map(|shape| shape.traits.policy.as_ref());
    let one = |index: usize| {
        content.map(|content| policy::short(content, material.region, &format!("{RUN}d{index}x")))
    };
    (0..count).map_while(one).collect::<Vec<_>>().boxed()
}

/// What is read after a change: the resource alone.
struct Looks {
    service: String,
    reads: Vec<(String, crate::model::Resource, String)>,
}

fn looks(model: &ServiceModel, walk: &Walk) -> Looks {
    let read = |operation: &String| {
        let (resource, role) = model.resource_of(operation)?;
        let reads = resource.read.clone()?;
        let changes = matches!(role, Lifecycle::Create | Lifecycle::Put | Lifecycle::Delete);
        changes.then(|| (operation.clone(), resource.clone(), reads))
    };
    Looks { service: model.name.clone(), reads: walk.operations.iter().filter_map(read).collect() }
}

impl Looks {
    fn after(&self, call: &Call) -> impl Iterator<Item = Step> + use<> {
        let known = self.reads.iter().find(|(operation, ..)| *operation == call.operation);
        let look = known.map(|(_, resource, read)| {
            let which = lifecycle::identifiers(resource, &call.input);
            Step::new(&self.service, read, which).role(Role::Observe).expecting(Expect::Reference)
        });
        look.into_iter()
    }
}
