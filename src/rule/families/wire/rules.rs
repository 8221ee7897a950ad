//! The rules of the protocol for which a service has evidence, and their test.
//! Must not know an operation by name.
//! The entry point is [`rules`].

use std::sync::Arc;

use crate::check::CheckFailure;
use crate::client::Response;
use crate::generate::GeneratorContext;
use crate::model::{Capability, Evidence, Level, Lifecycle, Operation, ServiceModel};
use crate::rule::definition::{Effort, LabelledSteps, Rule, Test};
use crate::rule::locks::Locks;

use super::requirement::ProtocolRequirement;
use super::{cases, check};

impl Test for ProtocolRequirement {
    fn how_tested(&self) -> String {
        self.describe_test().to_owned()
    }

    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps> {
        cases::calls(context, operation, *self)
    }

    fn needs_control(&self) -> bool {
        matches!(self, Self::MalformedJson | Self::TrailingText | Self::NotAnObject | Self::ContentType)
    }

    fn needs_refusal(&self) -> bool {
        self.is_about_errors()
    }

    fn check(&self, model: &ServiceModel, operation: &str, response: &Response) -> Option<CheckFailure> {
        check::fault(model, *self, operation, response)
    }

    fn check_not_vacuous(
        &self,
        model: &ServiceModel,
        operation: &str,
        response: &Response,
    ) -> Option<CheckFailure> {
        check::check_not_vacuous(model, *self, operation, response)
    }

    fn locks(&self, model: &ServiceModel, operation: &str) -> Locks {
        let locks = Locks::of_calls(model, [operation]);
        let Some((resource, role)) = model.resource_of(operation) else { return locks };
        match self {
            // The items made for the list are looked for on all pages.
            Self::Layout | Self::UnknownMembers if role == Lifecycle::List => locks.with_whole_lists(),
            Self::MalformedJson | Self::TrailingText | Self::NotAnObject => {
                locks.with_unnamed_resource(Some(resource))
            }
            _ if self.is_about_errors() => locks.with_unnamed_resource(Some(resource)),
            _ => locks,
        }
    }

    fn effort(&self) -> Effort {
        Effort::Response
    }
}

/// Derives the rules of the protocol for which a service has evidence.
pub(in crate::rule::families) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let per_operation =
        model.operations.values().filter(|operation| operation.is_core()).flat_map(|operation| {
            let applies = move |requirement: &ProtocolRequirement| {
                *requirement != ProtocolRequirement::OutputConstraints || has_output(model, operation)
            };
            ProtocolRequirement::PER_OPERATION
                .into_iter()
                .filter(applies)
                .filter_map(|requirement| rule(model, &operation.name, requirement))
        });
    per_operation.chain(rule(model, &model.target_prefix, ProtocolRequirement::UnknownOperation)).collect()
}

/// Returns false for an empty output, which has no constraints.
fn has_output(model: &ServiceModel, operation: &Operation) -> bool {
    model.members(&operation.output).next().is_some()
}

fn rule(model: &ServiceModel, operation: &str, requirement: ProtocolRequirement) -> Option<Rule> {
    let mut evidence = model.wire.get(requirement.name())?.clone();
    let documented = format!("doc.{operation}");
    if requirement == ProtocolRequirement::OutputConstraints && model.sources.contains_key(&documented) {
        evidence.sources = vec![documented];
    }
    if requirement == ProtocolRequirement::ErrorMessage && !cases::refusable_by_meaning(model, operation) {
        let note = "Only another layer refuses these calls, which decides on the spelling itself.";
        evidence = Evidence { level: Level::Assumed, note: Some(note.to_owned()), ..evidence };
    }
    Some(Rule {
        id: format!("{}/{operation}/{}/{}", model.name, requirement.family(), requirement.name()),
        service: model.name.clone(),
        operation: operation.to_owned(),
        family: requirement.family(),
        capability: Capability::Core,
        also: Vec::new(),
        requirement: requirement.requirement(operation),
        evidence,
        test: Arc::new(requirement),
    })
}
