//! The family of sequences: valid calls in any order, over few names and few documents so that they collide. The reference
//! model decides what each response must be.
//!
//! A call that depends on a version refers to it by its place among the versions in earlier responses, modulo their number.
//! So a walk can still run when calls are removed from it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::case::{RUN, Step};
use crate::generate::{FixedMember, GeneratorContext, Steps, foreign_version, policy, scenario_steps, value};
use crate::model::{
    Expect, Kind, Lifecycle, Member, Proof, Resource, Role, ScenarioStep, ServiceModel, Walk,
};
use crate::rule::definition::{Effort, LabelledSteps, Rule, Test};
use crate::rule::locks::Locks;

/// Names that calls share.
const SHARED_NAMES: [&str; 3] = ["a", "b", "c"];
/// Documents that calls share; calls made at once have one each, so that answers tell whose took effect.
const SHARED_DOCUMENTS: usize = 3;
/// A walk this short comes before long ones: most faults need no more, and it is soon shrunk.
const SHORT_WALK_CALLS: usize = 4;
/// Calls in turn before those made at once, at most.
const MAX_CALLS_BEFORE: usize = 3;
/// The number of versions in earlier responses that a call may refer to.
const MAX_VERSIONS_BACK: u64 = 4;

/// The rules of behaviors that name a walk.
pub(super) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let behaviors = model.behaviors.iter().filter_map(|behavior| match &behavior.proof {
        Proof::Walk(walk) => Some((behavior, walk.clone())),
        Proof::Scenario(_) | Proof::Pages(_) | Proof::CoveredBy(_) | Proof::Untested(_) => None,
    });
    behaviors.map(|(behavior, walk)| Rule::of_behavior(model, behavior, walk)).collect()
}

impl Test for Walk {
    fn how_tested(&self) -> String {
        describe_test(self)
    }

    fn cases(&self, context: GeneratorContext<'_>, _: &str) -> Vec<LabelledSteps> {
        walks(context, self)
    }

    fn locks(&self, model: &ServiceModel, _: &str) -> Locks {
        Locks::of_calls(model, self.operations.iter().map(String::as_str))
    }

    fn effort(&self) -> Effort {
        if self.clients.is_some() { Effort::ConcurrentWalk } else { Effort::Walk }
    }

    fn spec_steps(&self) -> &[ScenarioStep] {
        &self.before
    }
}

fn describe_test(walk: &Walk) -> String {
    let operations: BTreeSet<&str> = walk.operations.iter().map(String::as_str).collect();
    let operations = operations.into_iter().collect::<Vec<_>>().join(", ");
    match walk.clients {
        None => format!(
            "Up to {} valid calls in generated order, over few names so that they collide: {operations}. A state machine \
             of what the service must hold judges every answer and what is read after every change.",
            walk.calls
        ),
        Some(clients) => format!(
            "{clients} clients make up to {} generated calls each at once: {operations}. There must be an order in which \
             the calls, made one after the other, explain every answer.",
            walk.calls
        ),
    }
}

/// The kinds of walks.
fn walks(context: GeneratorContext<'_>, walk: &Walk) -> Vec<LabelledSteps> {
    let Some(clients) = walk.clients else {
        let few = vec(call(context, walk), 1..=walk.calls.min(SHORT_WALK_CALLS));
        let many = vec(call(context, walk), walk.calls.min(SHORT_WALK_CALLS)..=walk.calls);
        return vec![
            ("a few calls".to_owned(), sequential(context, walk, few.boxed())),
            ("many calls".to_owned(), sequential(context, walk, after_a_change(context, walk, many.boxed()))),
        ];
    };
    // One less than may be, for the change.
    let before = vec(call(context, walk), 0..MAX_CALLS_BEFORE).boxed();
    let changed = after_a_change(context, walk, before.clone());
    vec![
        (format!("{clients} clients at once"), concurrent(context, walk, clients, before)),
        (format!("{clients} clients at once, after a change"), concurrent(context, walk, clients, changed)),
    ]
}

/// A walk without an accepted call proves nothing. This one begins with an accepted call.
fn after_a_change(
    context: GeneratorContext<'_>,
    walk: &Walk,
    calls: BoxedStrategy<Vec<Call>>,
) -> BoxedStrategy<Vec<Call>> {
    let first = walk.operations.first().map(|operation| call_of(context, operation, false));
    let first = first.into_iter().collect::<Vec<_>>();
    (first, calls).prop_map(|(first, rest)| [first, rest].concat()).boxed()
}

fn sequential(context: GeneratorContext<'_>, walk: &Walk, calls: BoxedStrategy<Vec<Call>>) -> Steps {
    let reads_after_change = reads_after_change(context.model, walk);
    (scenario_steps(context, &walk.before), documents(context, SHARED_DOCUMENTS), calls)
        .prop_map(move |(mut before, documents, calls)| {
            let steps = calls.iter().flat_map(|call| {
                [call.step(&documents, call.document)].into_iter().chain(reads_after_change.after(call))
            });
            before.extend(steps);
            before
        })
        .boxed()
}

/// A few calls in turn, then all clients at once, then a look at what they left.
fn concurrent(
    context: GeneratorContext<'_>,
    walk: &Walk,
    clients: usize,
    before: BoxedStrategy<Vec<Call>>,
) -> Steps {
    let programs = vec(vec(call(context, walk), 1..=walk.calls), clients..=clients);
    let reads_after_change = reads_after_change(context.model, walk);
    let calls = walk.calls;
    (documents(context, MAX_CALLS_BEFORE + clients * calls), before, programs)
        .prop_map(move |(documents, before, programs)| {
            let mut steps = Vec::new();
            for (place, call) in before.iter().enumerate() {
                steps.push(call.step(&documents, place));
                steps.extend(reads_after_change.after(call));
            }
            let mut last = Vec::new();
            for (client, program) in programs.iter().enumerate() {
                for (place, call) in program.iter().enumerate() {
                    steps.push(
                        call.step(&documents, MAX_CALLS_BEFORE + client * calls + place).by_client(client),
                    );
                    last.extend(
                        reads_after_change
                            .after(call)
                            .filter(|read| !last.contains(read))
                            .collect::<Vec<_>>(),
                    );
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
    document_member: Option<String>,
    document: usize,
}

impl Call {
    fn step(&self, documents: &[String], document: usize) -> Step {
        let mut input = self.input.clone();
        if let Some(document_member) = &self.document_member {
            input[document_member] = json!(documents[document % documents.len()]);
        }
        Step::new(&self.service, &self.operation, input).expecting(Expect::Reference)
    }
}

fn call(context: GeneratorContext<'_>, walk: &Walk) -> BoxedStrategy<Call> {
    let all = walk.operations.iter().map(|operation| call_of(context, operation, true));
    proptest::strategy::Union::new(all).boxed()
}

/// A call of that operation, under conditions or not.
fn call_of(context: GeneratorContext<'_>, operation: &str, conditional: bool) -> BoxedStrategy<Call> {
    let model = context.model;
    let members: Vec<&Member> = model.members(&model.operations[operation].input).collect();
    let names: Vec<String> = match model.resource_of(operation) {
        Some((resource, role)) if role != Lifecycle::List => resource.identifiers.clone(),
        _ => Vec::new(),
    };
    let document_member = members.iter().find(|m| m.traits.policy.is_some()).map(|m| m.name.clone());
    let conditions: Vec<_> = members
        .iter()
        .filter(|m| conditional && m.traits.condition.is_some())
        .map(|m| condition(model, m))
        .collect();
    let (service, operation) = (model.name.clone(), operation.to_owned());
    (
        value::input(context, &operation, FixedMember::default()),
        conditions,
        select(SHARED_NAMES.to_vec()),
        0..SHARED_DOCUMENTS,
    )
        .prop_map(move |(mut input, conditions, name, document)| {
            for identifier in &names {
                input[identifier] = json!(format!("{RUN}-{name}"));
            }
            for (member, value) in conditions.into_iter().flatten() {
                input[member] = value;
            }
            let (service, operation, document_member) =
                (service.clone(), operation.clone(), document_member.clone());
            Call { service, operation, input, document_member, document }
        })
        .boxed()
}

/// Mostly none, else one that may hold: a value of the enumeration, or a version, most often the latest.
fn condition(model: &ServiceModel, member: &Member) -> BoxedStrategy<Option<(String, Value)>> {
    let name = member.name.clone();
    let value = if let Kind::Enum(values) = &model.shape(&member.target).kind {
        select(values.clone()).prop_map(Value::from).boxed()
    } else {
        let version_member = member.traits.condition.as_ref().and_then(|condition| condition.version.clone());
        let seen = move |(pick, foreign)| json!({ "$seen": version_member, "pick": pick, "else": foreign });
        let seen_version =
            (prop_oneof![3 => Just(0), 2 => 0..MAX_VERSIONS_BACK], foreign_version()).prop_map(seen);
        prop_oneof![5 => seen_version, 1 => foreign_version()].boxed()
    };
    let given = value.prop_map(move |value| Some((name.clone(), value)));
    prop_oneof![2 => Just(None), 3 => given].boxed()
}

/// Documents that all differ.
fn documents(context: GeneratorContext<'_>, count: usize) -> BoxedStrategy<Vec<String>> {
    let material = context.model.shapes.values().find_map(|shape| shape.traits.policy.as_ref());
    let one = |index: usize| {
        material.map(|material| policy::short(material, context.region, &format!("{RUN}d{index}x")))
    };
    (0..count).map_while(one).collect::<Vec<_>>().boxed()
}

/// The reads after a change: of the changed resource alone.
struct ReadsAfterChange {
    service: String,
    reads: Vec<(String, Resource, String)>,
}

fn reads_after_change(model: &ServiceModel, walk: &Walk) -> ReadsAfterChange {
    let read = |operation: &String| {
        let (resource, role) = model.resource_of(operation)?;
        let reads = resource.read.clone()?;
        let changes = matches!(role, Lifecycle::Create | Lifecycle::Put | Lifecycle::Delete);
        changes.then(|| (operation.clone(), resource.clone(), reads))
    };
    ReadsAfterChange { service: model.name.clone(), reads: walk.operations.iter().filter_map(read).collect() }
}

impl ReadsAfterChange {
    fn after(&self, call: &Call) -> impl Iterator<Item = Step> + use<> {
        let known = self.reads.iter().find(|(operation, ..)| *operation == call.operation);
        let read = known.map(|(_, resource, read)| {
            let which = Value::Object(resource.identifiers_in(&call.input));
            Step::new(&self.service, read, which).role(Role::Observe).expecting(Expect::Reference)
        });
        read.into_iter()
    }
}
