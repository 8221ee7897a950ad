//! The way in: for a rule, the kinds of cases that show it, each a strategy that generates and shrinks.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::case::{Case, FORMAT, Step};
use crate::model::{Expect, Lifecycle, Member, Role, ServiceModel};
use crate::rule::{Constraint, MemberPath, Rule, Segment, Test};

use super::contrast::Contrast;
use super::lifecycle::{ACT, Around};
use super::refused::beyond;
use super::value::Pin;
use super::{boundary, cell, pages, scenario, value, walk, wire};

/// What values are made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'m> {
    /// The service and its edition.
    pub model: &'m Arc<ServiceModel>,
    /// Region that ARNs name.
    pub region: &'m str,
}

/// One kind of case of a rule.
pub struct Variant {
    /// For people: what is special about these cases.
    pub label: String,
    /// Shows that refusals of the rule's other cases mean something: this one must be accepted.
    pub control: bool,
    /// The cases.
    pub cases: BoxedStrategy<Case>,
}

/// Sequences of calls.
pub(super) type Steps = BoxedStrategy<Vec<Step>>;

/// The kinds of cases that show a rule; a run tries each at least once.
#[must_use]
pub fn variants(material: Material<'_>, rule: &Rule) -> Vec<Variant> {
    let (control, kinds) = match &rule.test {
        Test::ValidInput => (None, vec![("a valid call".to_owned(), accepted(material, &rule.operation))]),
        Test::Promised(_) => (None, vec![("a valid call".to_owned(), answered(material, &rule.operation))]),
        Test::Boundary(path, Constraint::Distinct) => (None, distinct(material, &rule.operation, path)),
        Test::Boundary(path, constraint) => (None, at_the_edge(material, &rule.operation, path, *constraint)),
        Test::Invalid(path, constraint) => {
            (Some(answered(material, &rule.operation)), beyond(material, &rule.operation, path, *constraint))
        }
        Test::Wire(wire) => {
            let control = wire::has_control(*wire).then(|| answered(material, &rule.operation));
            (control, wire::variants(material, &rule.operation, *wire))
        }
        Test::Walk(walk) => (None, walk::steps(material, walk)),
        Test::Cell(situation, shows) => (None, cell::histories(material, &rule.operation, situation, *shows)),
        Test::Pages(law) => {
            let control = pages::has_control(*law).then(|| answered(material, &rule.operation));
            (control, pages::variants(material, &rule.operation, *law))
        }
        Test::Scenario(steps) => (None, vec![("a scenario".to_owned(), scenario::steps(material, steps))]),
    };
    let control = control.map(|steps| variant(material, rule, "control: the same call, valid", true, steps));
    let kinds = kinds.into_iter().map(|(label, steps)| variant(material, rule, &label, false, steps));
    control.into_iter().chain(kinds).collect()
}

fn variant(material: Material<'_>, rule: &Rule, label: &str, control: bool, steps: Steps) -> Variant {
    let blank = Case {
        format: FORMAT,
        rule: rule.id.clone(),
        edition: material.model.edition,
        region: material.region.to_owned(),
        label: label.to_owned(),
        steps: Vec::new(),
    };
    let cases = steps.prop_map(move |steps| Case { steps, ..blank.clone() }).boxed();
    Variant { label: label.to_owned(), control, cases }
}

/// Valid input for what a call needs made, or nothing.
pub(super) fn made_by(material: Material<'_>, operation: Option<&str>) -> BoxedStrategy<Option<Value>> {
    match operation {
        Some(operation) => value::input(material, operation, Pin::default()).prop_map(Some).boxed(),
        None => Just(None).boxed(),
    }
}

/// A valid call, accepted, and its effect seen.
pub(super) fn accepted(material: Material<'_>, operation: &str) -> Steps {
    with_input(material, operation, value::input(material, operation, Pin::default()))
}

/// A valid call, accepted; what it did is another rule's.
pub(super) fn answered(material: Material<'_>, operation: &str) -> Steps {
    accepted(material, operation)
        .prop_map(|mut steps| {
            let end = steps.iter().position(|s| s.role == Role::Act).map_or(steps.len(), |at| at + 1);
            steps.truncate(end);
            steps.retain(|s| s.role != Role::Context);
            if let Some(act) = steps.last_mut() {
                act.expect = Expect::ok();
                act.follow = None;
            }
            steps
        })
        .boxed()
}

fn with_input(material: Material<'_>, operation: &str, input: BoxedStrategy<Value>) -> Steps {
    let around = Around::new(material, operation);
    let calls = (input, made_by(material, around.needs()));
    let Some(contrast) = Contrast::of(&around) else {
        return calls.prop_map(move |(input, made)| around.accepted(&input, made)).boxed();
    };
    let states = contrast.beside(material, calls, |(input, made)| made.as_ref().unwrap_or(input));
    states
        .prop_map(move |((input, made), other)| {
            around.accepted(&input, made).into_iter().chain(contrast.steps(&other)).collect()
        })
        .boxed()
}

fn at_the_edge(
    material: Material<'_>,
    operation: &str,
    path: &MemberPath,
    constraint: Constraint,
) -> Vec<(String, Steps)> {
    let Some((member, unique)) = find(material.model, operation, path) else { return Vec::new() };
    boundary::edges(material, member, constraint, unique)
        .into_iter()
        .map(|edge| {
            let base = pinned(material, operation, path, member, edge.value.clone());
            let steps = with_input(material, operation, base);
            let cautious = unique && constraint == Constraint::LengthMin;
            (edge.label, if cautious { look_first(material, operation, steps) } else { steps })
        })
        .collect()
}

/// Valid inputs with a value put at a path. Values of members that decide over others are pinned, so that
/// the others suit them.
fn pinned(
    material: Material<'_>,
    operation: &str,
    path: &MemberPath,
    member: &Member,
    edge: BoxedStrategy<Value>,
) -> BoxedStrategy<Value> {
    let decides = matches!(material.model.shape(&member.target).kind, crate::model::Kind::Enum(_));
    if decides {
        // Few values: one strategy for each, so that shrinking keeps it.
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        if let Ok(tree) = edge.new_tree(&mut runner) {
            let value = proptest::strategy::ValueTree::current(&tree);
            return value::input(material, operation, Pin { path: path.segments(), value: Some(&value) });
        }
    }
    let base = value::input(material, operation, Pin { path: path.segments(), value: None });
    let path = path.clone();
    (base, edge)
        .prop_map(move |(mut input, value)| {
            path.set(&mut input, Some(value));
            input
        })
        .boxed()
}

/// A name that cannot be the run's own is used only where nobody has it: the case looks first.
fn look_first(material: Material<'_>, operation: &str, steps: Steps) -> Steps {
    let Some((resource, _)) = material.model.resource_of(operation) else { return steps };
    let Some(read) = resource.read.clone() else { return steps };
    // The first step makes the resource, as the call itself or for it.
    let (service, resource) = (material.model.name.clone(), resource.clone());
    let absent = Expect::refused(material.model.refusals.absent.clone());
    steps
        .prop_map(move |mut steps| {
            if let Some(crate::case::Body::Json(input)) = steps.first().map(|s| s.body.clone()) {
                let which = super::lifecycle::identifiers(&resource, &input);
                let look = Step::new(&service, &read, which).role(Role::Arrange).expecting(absent.clone());
                steps.insert(0, look);
            }
            steps
        })
        .boxed()
}

/// Two names that look alike, created and read.
fn distinct(material: Material<'_>, operation: &str, path: &MemberPath) -> Vec<(String, Steps)> {
    let input = || value::input(material, operation, Pin::default());
    let around = Around::new(material, operation);
    let path = path.clone();
    let steps = (input(), input(), boundary::lookalikes()).prop_map(move |(mut one, mut other, names)| {
        path.set(&mut one, Some(json!(names.0)));
        path.set(&mut other, Some(json!(names.1)));
        let mut steps = around.accepted(&one, None);
        for step in &mut steps {
            rename(step, "first");
        }
        let mut second = around.accepted(&other, None);
        let look_again = steps.pop();
        steps.append(&mut second);
        steps.extend(look_again);
        steps
    });
    vec![("names that look alike".to_owned(), steps.boxed())]
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

/// The member at a path of an operation's input, and whether it names the resource the call is about.
pub(super) fn find<'m>(
    model: &'m ServiceModel,
    operation: &str,
    path: &MemberPath,
) -> Option<(&'m Member, bool)> {
    let mut structure = model.operations.get(operation)?.input.as_str();
    let mut found: Option<&Member> = None;
    for segment in path.segments() {
        let member = match segment {
            Segment::Member(name) => model.member(structure, name)?,
            Segment::Item => match &model.shape(&found?.target).kind {
                crate::model::Kind::List(item) => item.as_ref(),
                _ => return None,
            },
        };
        structure = &member.target;
        found = Some(member);
    }
    let member = found?;
    let names = |(resource, role): (&crate::model::Resource, Lifecycle)| {
        role != Lifecycle::Put && path.segments().len() == 1 && resource.identifiers.contains(&member.name)
    };
    Some((member, model.resource_of(operation).is_some_and(names)))
}

/// Members that depend on state, or are not for use, are only ever put in where they are to be refused.
pub(super) fn can_be_pinned(model: &ServiceModel, operation: &str, path: &MemberPath) -> bool {
    let operation = &model.operations[operation];
    let Some(root) = path.root().and_then(|root| model.member(&operation.input, root)) else { return false };
    let token = operation.paginated.as_ref().is_some_and(|p| p.input_token == root.name);
    root.traits.internal.is_none() && root.traits.condition.is_none() && !token
}
