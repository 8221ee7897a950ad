//! Calls that must be refused: spoilt inputs for a labelled constraint, and calls refused for what they mean.

use proptest::prelude::*;
use serde_json::Value;

use crate::case::{Body, Step};
use crate::model::{Expect, Lifecycle, Member, Role, ServiceModel};
use crate::rule::{Constraint, MemberPath};

use super::cases::{Material, Steps, can_be_pinned, find, made_by};
use super::invalid::{self, Spoil};
use super::lifecycle::Around;
use super::value::{self, Pin};

/// The kinds of inputs whose member violates a constraint, with the calls around them.
pub(super) fn beyond(
    material: Material<'_>,
    operation: &str,
    path: &MemberPath,
    constraint: Constraint,
) -> Vec<(String, Steps)> {
    let Some((member, unique)) = find(material.model, operation, path) else { return Vec::new() };
    let codes = codes(material.model, member, constraint);
    invalid::violations(material, member, constraint, unique)
        .into_iter()
        .map(|violation| {
            let label = format!("{path}: {}", violation.label);
            (label, spoilt(material, operation, path, violation.spoil, codes.clone()))
        })
        .collect()
}

fn spoilt(
    material: Material<'_>,
    operation: &str,
    path: &MemberPath,
    spoil: BoxedStrategy<Spoil>,
    codes: Vec<String>,
) -> Steps {
    let pin = if can_be_pinned(material.model, operation, path) { path.segments() } else { &[] };
    let base = value::input(material, operation, Pin { path: pin, value: None });
    let around = Around::new(material, operation);
    let made = made_by(material, around.contrast());
    let path = path.clone();
    // What is wrong comes first, so that it is shrunk first.
    (spoil, base, made)
        .prop_map(move |(spoil, base, made)| {
            let base = match &made {
                Some(made) => around.pointed_at(base, made),
                None => base,
            };
            let body = invalid::body(base.clone(), &path, &spoil);
            around.refused(body, &base, made, &codes)
        })
        .boxed()
}

/// Calls that must be refused, each for another reason: a target that lets one pass may refuse the next.
pub(super) fn refusable(material: Material<'_>, operation: &str) -> Vec<(String, Steps)> {
    let input = &material.model.operations[operation].input;
    let constraints = [
        Constraint::Required,
        Constraint::RangeMin,
        Constraint::LengthMin,
        Constraint::Enum,
        Constraint::Type,
    ];
    let violations = constraints.into_iter().flat_map(|constraint| {
        material.model.members(input).filter_map(move |member| {
            let applies = constraint != Constraint::Required || member.traits.required;
            let path = MemberPath::default().member(&member.name);
            let kinds = if applies { beyond(material, operation, &path, constraint) } else { Vec::new() };
            kinds.into_iter().next()
        })
    });
    let only_act = |steps: Vec<Step>| steps.into_iter().filter(|s| s.role == Role::Act).collect::<Vec<_>>();
    let mut found: Vec<(String, Steps)> = meaningful(material, operation).into_iter().collect();
    found.extend(violations.map(|(label, steps)| (label, steps.prop_map(only_act).boxed())));
    if found.is_empty() {
        let refused = Expect::refused(Vec::<String>::new());
        let mut step = Step::new(&material.model.name, operation, Value::Null).expecting(refused);
        step.body = Body::Text("{".to_owned());
        found.push(("no JSON".to_owned(), Just(vec![step]).boxed()));
    }
    found
}

/// A call that is refused for what it means: a resource that is not there, or one that is there already.
fn meaningful(material: Material<'_>, operation: &str) -> Option<(String, Steps)> {
    let (resource, role) = material.model.resource_of(operation)?;
    let (service, operation) = (material.model.name.clone(), operation.to_owned());
    let refused = Expect::refused(Vec::<String>::new());
    let input = value::input(material, &operation, Pin::default());
    match role {
        Lifecycle::Read | Lifecycle::Delete if resource.delete.is_some() => {
            let call = move |input| vec![Step::new(&service, &operation, input).expecting(refused.clone())];
            Some(("what is not there".to_owned(), input.prop_map(call).boxed()))
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
