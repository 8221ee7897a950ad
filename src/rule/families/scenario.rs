//! The family of behaviors: scenarios that the specs write as steps.

use crate::generate::{GeneratorContext, scenario_steps};
use crate::model::{Proof, ScenarioStep, ServiceModel};
use crate::rule::definition::{Effort, LabelledSteps, Rule, Test};
use crate::rule::locks::Locks;

/// The rules of behaviors with steps.
pub(super) fn rules(model: &ServiceModel) -> Vec<Rule> {
    let behaviors = model.behaviors.iter().filter_map(|behavior| match &behavior.proof {
        Proof::Scenario(steps) => Some((behavior, Scenario { steps: steps.clone() })),
        Proof::Walk(_) | Proof::Pages(_) | Proof::CoveredBy(_) | Proof::Untested(_) => None,
    });
    behaviors.map(|(behavior, scenario)| Rule::of_behavior(model, behavior, scenario)).collect()
}

/// The steps of a behavior, with generated values for its placeholders.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The steps.
    pub steps: Vec<ScenarioStep>,
}

impl Scenario {
    fn calls(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| step.call.as_str())
    }
}

impl Test for Scenario {
    fn how_tested(&self) -> String {
        let calls: Vec<&str> = self.calls().collect();
        format!("A scenario with generated values: {}.", calls.join(", then "))
    }

    fn cases(&self, context: GeneratorContext<'_>, _: &str) -> Vec<LabelledSteps> {
        vec![("a scenario".to_owned(), scenario_steps(context, &self.steps))]
    }

    fn locks(&self, model: &ServiceModel, _: &str) -> Locks {
        let locks = Locks::of_calls(model, self.calls());
        if self.steps.iter().any(|step| step.follow) { locks.with_whole_lists() } else { locks }
    }

    fn effort(&self) -> Effort {
        Effort::Sequence
    }

    fn spec_steps(&self) -> &[ScenarioStep] {
        &self.steps
    }
}
