//! Builds rules that follow from the shapes of an operation, with the evidence for them.
//! Must not decide which rules there are.
//! The entry point is [`ShapeRules`].

use std::sync::Arc;

use crate::model::{Edition, Evidence, Family, Level, Operation, ServiceModel, Traits};
use crate::rule::definition::{Rule, Test};

/// The source for members that the documents of 2018 do not have.
pub(super) const MODEL_SOURCE: &str = "model.current";

/// The operation whose shapes imply rules.
#[derive(Clone, Copy)]
pub(super) struct ShapeRules<'m> {
    pub model: &'m ServiceModel,
    pub operation: &'m Operation,
}

impl<'m> ShapeRules<'m> {
    /// The operations of the core API. For other operations only behaviors prove something.
    pub fn of_core(model: &'m ServiceModel) -> impl Iterator<Item = Self> {
        model
            .operations
            .values()
            .filter(|operation| operation.is_core())
            .map(move |operation| Self { model, operation })
    }

    /// The evidence of a shape: the documents of 2018, or else the published model.
    pub fn evidence(&self, level: Level, owner: &str, traits: Option<&Traits>) -> Evidence {
        let documented = format!("doc.{owner}");
        let old = traits.is_none_or(|t| t.since == Edition::E2018);
        let source = if old && self.model.sources.contains_key(&documented) {
            documented
        } else {
            MODEL_SOURCE.to_owned()
        };
        Evidence { level, sources: vec![source], note: None }
    }

    pub fn rule(
        &self,
        family: Family,
        name: &str,
        requirement: String,
        evidence: Evidence,
        test: impl Test,
    ) -> Rule {
        Rule {
            id: format!("{}/{}/{family}/{name}", self.model.name, self.operation.name),
            service: self.model.name.clone(),
            operation: self.operation.name.clone(),
            family,
            capability: self.operation.capability,
            also: Vec::new(),
            requirement,
            evidence,
            test: Arc::new(test),
        }
    }
}
