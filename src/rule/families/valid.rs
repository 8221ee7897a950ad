//! The family of valid calls: every valid input is accepted, and successful responses have the promised members.

use serde_json::Value;

use crate::check::{CheckFailure, ViolationKind, describe};
use crate::client::Response;
use crate::generate::{GeneratorContext, accepted, answered};
use crate::model::{Family, Kind, Level, Lifecycle, MemberPath, Segment, ServiceModel};
use crate::rule::constraint::Constraint;
use crate::rule::definition::{Effort, LabelledSteps, Rule, Test};
use crate::rule::locks::Locks;

use super::shape_rules::ShapeRules;

const VALID_CALL: &str = "a valid call";

/// Derives the rules on valid input and on promised members of the output.
pub(super) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let mut found = Vec::new();
    for shapes in ShapeRules::of_core(model) {
        found.push(valid_input(shapes));
        promised_members(shapes, &shapes.operation.output, &MemberPath::default(), &mut found);
    }
    found
}

fn valid_input(shapes: ShapeRules<'_>) -> Rule {
    let name = &shapes.operation.name;
    let requirement = match shapes.model.resource_of(name) {
        Some((_, Lifecycle::Create | Lifecycle::Put)) => {
            format!("{name} accepts every valid input, and what it wrote reads back equal.")
        }
        _ => format!("{name} accepts every valid input."),
    };
    let evidence = shapes.evidence(Level::Documented, name, None);
    shapes.rule(Family::Valid, "input", requirement, evidence, ValidInput)
}

fn promised_members(shapes: ShapeRules<'_>, structure: &str, at: &MemberPath, found: &mut Vec<Rule>) {
    for member in shapes.model.members(structure) {
        let path = at.member(&member.name);
        if let Some(evidence) = &member.traits.promised {
            let requirement = format!("Every successful answer to {} has {path}.", shapes.operation.name);
            let name = format!("{path}/present");
            let test = PromisedMember { path: path.clone() };
            found.push(shapes.rule(Family::Valid, &name, requirement, evidence.clone(), test));
        }
        match &shapes.model.shape(&member.target).kind {
            Kind::Structure(_) => promised_members(shapes, &member.target, &path, found),
            Kind::List(item) => promised_members(shapes, &item.target, &path.item(), found),
            _ => {}
        }
    }
}

/// The locks of valid calls. A call that lists looks for what was made on all pages.
pub(super) fn locks_of_valid_calls(model: &ServiceModel, operation: &str) -> Locks {
    let locks = Locks::of_calls(model, [operation]);
    match model.resource_of(operation) {
        Some((_, Lifecycle::List)) => locks.with_whole_lists(),
        _ => locks,
    }
}

/// Generated valid inputs are accepted, and read back equal.
#[derive(Debug, Clone, Copy)]
pub struct ValidInput;

impl Test for ValidInput {
    fn how_tested(&self) -> String {
        "Generated valid inputs must be accepted; what was written is read back and compared.".to_owned()
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        vec![(VALID_CALL.to_owned(), accepted(context, operation))]
    }

    fn locks(&self, model: &ServiceModel, operation: &str) -> Locks {
        locks_of_valid_calls(model, operation)
    }

    fn effort(&self) -> Effort {
        Effort::ValidCall
    }
}

/// A member is present in every successful response.
#[derive(Debug, Clone)]
pub struct PromisedMember {
    /// The member.
    pub path: MemberPath,
}

impl PromisedMember {
    /// The values that must have the member: every element of the last list on the path, or the body itself.
    fn values_with_member<'v>(&self, body: &'v Value) -> Vec<&'v Value> {
        self.split_after_list().0.get_all(body)
    }

    /// The path to the elements of the last list, and the path from there to the member.
    fn split_after_list(&self) -> (MemberPath, MemberPath) {
        let segments = self.path.segments();
        let after_list = segments.iter().rposition(|s| matches!(s, Segment::Item)).map_or(0, |at| at + 1);
        let (to_list, rest) = segments.split_at(after_list);
        (to_list.iter().cloned().collect(), rest.iter().cloned().collect())
    }
}

impl Test for PromisedMember {
    fn how_tested(&self) -> String {
        format!("After successful calls with generated inputs, `{}` must be in the answer.", self.path)
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        vec![(VALID_CALL.to_owned(), answered(context, operation))]
    }

    fn check(&self, _: &ServiceModel, _: &str, response: &Response) -> Option<CheckFailure> {
        let body = response.json.as_ref()?;
        let path = &self.path;
        let inner = self.split_after_list().1;
        let lacks = |value: &&Value| inner.get(value).is_none_or(Value::is_null);
        self.values_with_member(body).iter().find(|value| lacks(value)).map(|value| {
            CheckFailure::new(
                ViolationKind::Missing(path.to_string()),
                format!("{path} in the answer"),
                value.to_string(),
            )
        })
    }

    fn check_not_vacuous(&self, _: &ServiceModel, _: &str, response: &Response) -> Option<CheckFailure> {
        let body = response.json.as_ref()?;
        self.values_with_member(body).is_empty().then(|| {
            let expected = format!("an element with {}", self.path);
            CheckFailure::new(ViolationKind::Value(String::new()), expected, describe(response))
        })
    }

    fn effort(&self) -> Effort {
        Effort::Response
    }

    fn member(&self) -> Option<(&MemberPath, Option<Constraint>)> {
        Some((&self.path, None))
    }
}
