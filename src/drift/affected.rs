//! Finds the rules that a difference affects.
//! Must not compare models.
//! The entry point is [`affected`].

use crate::model::{Family, Kind, MemberPath, Segment, ServiceModel};
use crate::rule::{Catalog, Constraint, Rule};

use super::compare::{Difference, DriftAspect, DriftPlace};

/// The rules, in the order of their ids. Of a member the specs lack, and of what no rule is about in particular: the
/// rules on valid calls of the operations that deal with the structure.
#[must_use]
pub fn affected<'c>(difference: &Difference, model: &ServiceModel, catalog: &'c Catalog) -> Vec<&'c Rule> {
    let of_service = || catalog.rules.iter().filter(|rule| rule.service == model.name);
    match (&difference.place, &difference.what) {
        (DriftPlace::Operation(name), DriftAspect::Error(error)) => {
            let names = |rule: &&Rule| rule.operation == *name && rule.id.contains(error.as_str());
            of_service().filter(names).collect()
        }
        (DriftPlace::Operation(name), _) => of_service().filter(|rule| rule.operation == *name).collect(),
        (DriftPlace::Structure(name), _) => {
            of_service().filter(|rule| rule.id.contains(name.as_str())).collect()
        }
        (DriftPlace::Member { structure, member, elements }, what) => {
            let place = At { structure, member, elements: *elements };
            let about: Vec<&Rule> = of_service().filter(|rule| is_about(rule, what, place, model)).collect();
            if about.is_empty() {
                of_service().filter(|rule| deals(rule, structure, model)).collect()
            } else {
                about
            }
        }
    }
}

#[derive(Clone, Copy)]
struct At<'d> {
    structure: &'d str,
    member: &'d str,
    elements: usize,
}

/// Returns true if a rule is about the member: one on the constraint that differs, or any on the member or beneath it.
fn is_about(rule: &Rule, what: &DriftAspect, place: At<'_>, model: &ServiceModel) -> bool {
    let Some((path, constraint)) = rule.test.member() else { return false };
    let Some(operation) = model.operations.get(&rule.operation) else { return false };
    let start = if constraint.is_some() { &operation.input } else { &operation.output };
    let Some(left) = left_of(path, start, place, model) else { return false };
    match (constraints(what), constraint) {
        (None, _) => true,
        (Some(concerned), Some(constraint)) => left == 0 && concerned.contains(&constraint),
        (Some(_), None) => false,
    }
}

/// The constraints of rules that a difference concerns; all where it concerns the whole member.
fn constraints(what: &DriftAspect) -> Option<&'static [Constraint]> {
    Some(match what {
        DriftAspect::Required => &[Constraint::Required, Constraint::Null],
        DriftAspect::LengthMin => &[Constraint::LengthMin],
        DriftAspect::LengthMax => {
            &[Constraint::LengthMax, Constraint::LengthUnits, Constraint::ObservedLengthMax]
        }
        DriftAspect::RangeMin => &[Constraint::RangeMin],
        DriftAspect::RangeMax => &[Constraint::RangeMax, Constraint::ObservedRangeMax],
        DriftAspect::Pattern => &[Constraint::Pattern],
        DriftAspect::Value(_) | DriftAspect::Values => &[Constraint::Enum],
        DriftAspect::Type => &[Constraint::Type, Constraint::LenientType],
        DriftAspect::Operation | DriftAspect::Error(_) | DriftAspect::Fault | DriftAspect::Member => {
            return None;
        }
    })
}

/// Returns the number of segments after the member, if the path leads through it.
fn left_of(path: &MemberPath, start: &str, place: At<'_>, model: &ServiceModel) -> Option<usize> {
    let segments = path.segments();
    let mut target = start;
    for (index, segment) in segments.iter().enumerate() {
        match (segment, &model.shape(target).kind) {
            (Segment::Member(name), Kind::Structure(members)) => {
                let here = target == place.structure && name == place.member;
                let items = segments[index + 1..].iter().take_while(|s| matches!(s, Segment::Item)).count();
                if here && items >= place.elements {
                    return Some(segments.len() - index - 1 - place.elements);
                }
                target = &members.get(name)?.target;
            }
            (Segment::Item, Kind::List(element)) => target = &element.target,
            _ => return None,
        }
    }
    None
}

/// Returns true if a rule is about valid calls of an operation that sends or answers the structure.
fn deals(rule: &Rule, structure: &str, model: &ServiceModel) -> bool {
    let holds = |start: &str| holds(model, start, structure);
    let operation = model.operations.get(&rule.operation);
    rule.family == Family::Valid && operation.is_some_and(|o| holds(&o.input) || holds(&o.output))
}

fn holds(model: &ServiceModel, shape: &str, structure: &str) -> bool {
    shape == structure
        || match &model.shape(shape).kind {
            Kind::Structure(members) => {
                members.values().any(|member| holds(model, &member.target, structure))
            }
            Kind::List(element) => holds(model, &element.target, structure),
            _ => false,
        }
}
