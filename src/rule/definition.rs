//! A rule, the seam of rule families ([`Test`]), and the kinds of cases of a rule, each a strategy that generates and shrinks.
//! Must not know a family.
//! The entry points are [`Rule`], [`Test`] and [`Rule::case_kinds`].

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use proptest::prelude::*;

use crate::case::{Case, FORMAT};
use crate::check::CheckFailure;
use crate::client::Response;
use crate::generate::{GeneratorContext, Steps, answered};
use crate::model::{Behavior, Capability, Evidence, Family, MemberPath, ScenarioStep, ServiceModel};

use super::constraint::Constraint;
use super::locks::Locks;

/// One requirement.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `glue/PutResourcePolicy/invalid/PolicyHashCondition/length.max`: stable, greppable.
    pub id: String,
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation (or structure, or service) that the rule is about.
    pub operation: String,
    /// The kind of statement that the rule proves.
    pub family: Family,
    /// The capability that a target needs for the rule.
    pub capability: Capability,
    /// Further capabilities that a target needs, which the calls of the rule do not show.
    pub also: Vec<Capability>,
    /// One sentence.
    pub requirement: String,
    /// The sources of the requirement, and their level.
    pub evidence: Evidence,
    /// The way to show that the rule holds.
    pub test: Arc<dyn Test>,
}

/// The steps of one kind of cases, with a label for people.
pub type LabelledSteps = (String, Steps);

/// A way to show that a rule holds: its cases, the checks of their responses, and the locks that they need.
///
/// Every rule family implements this trait. `how_tested`, `cases` and `effort` are required.
pub trait Test: Any + fmt::Debug + Send + Sync {
    /// Describes the test in one sentence.
    fn how_tested(&self) -> String;

    /// Makes the kinds of cases. A run tries each kind at least once.
    fn cases(&self, context: GeneratorContext<'_>, operation: &str) -> Vec<LabelledSteps>;

    /// Returns true if the refusals of the test prove something only where the same call, valid, is accepted.
    fn needs_control(&self) -> bool {
        false
    }

    /// Returns true if the test is about the form of errors. A target that refuses nothing cannot be judged by it.
    fn needs_refusal(&self) -> bool {
        false
    }

    /// Returns the first fault in a response of the operation, beyond what the step expects.
    fn check(&self, _model: &ServiceModel, _operation: &str, _response: &Response) -> Option<CheckFailure> {
        None
    }

    /// Returns what a response would have to contain to prove anything, if it does not.
    fn check_not_vacuous(
        &self,
        _model: &ServiceModel,
        _operation: &str,
        _response: &Response,
    ) -> Option<CheckFailure> {
        None
    }

    /// The resources and lists that the cases need for themselves.
    fn locks(&self, model: &ServiceModel, operation: &str) -> Locks {
        Locks::of_calls(model, [operation])
    }

    /// The cost of a case compared with other tests.
    fn effort(&self) -> Effort;

    /// The steps of a spec that every case performs.
    fn spec_steps(&self) -> &[ScenarioStep] {
        &[]
    }

    /// The member that the test is about, and its constraint if it is a member of the input.
    fn member(&self) -> Option<(&MemberPath, Option<Constraint>)> {
        None
    }
}

impl dyn Test {
    /// Returns true if the test is of that family.
    #[must_use]
    pub fn is<T: Test>(&self) -> bool {
        self.downcast_ref::<T>().is_some()
    }

    /// Returns the test as one of a family, if it is of that family.
    #[must_use]
    pub fn downcast_ref<T: Test>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }
}

/// The cost of a case, from cheap to expensive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// One call, of which only the response matters.
    Response,
    /// One call, and what it changed.
    Call,
    /// A few calls in sequence.
    Sequence,
    /// Any valid call, and what it changed.
    ValidCall,
    /// A list of several pages.
    Pages,
    /// Many calls in generated order.
    Walk,
    /// Many calls of several clients at once.
    ConcurrentWalk,
}

impl Rule {
    /// The rule of a behavior of the specs.
    pub(super) fn of_behavior(model: &ServiceModel, behavior: &Behavior, test: impl Test) -> Self {
        Self {
            id: behavior.id.clone(),
            service: model.name.clone(),
            operation: behavior.subject.clone(),
            family: behavior.family,
            capability: behavior.capability,
            also: behavior.also.clone(),
            requirement: behavior.requirement.clone(),
            evidence: behavior.evidence.clone(),
            test: Arc::new(test),
        }
    }

    /// The capabilities that a target needs: the rule's own, those it names, and those of the operations that it calls.
    /// A capability with a probe is more than its operations: only rules that name it need it.
    #[must_use]
    pub fn needs(&self, model: &ServiceModel) -> BTreeSet<Capability> {
        let steps = self.test.spec_steps();
        let called = steps.iter().filter_map(|step| Some(model.called(&step.call)?.1.capability));
        let called = called.filter(|capability| !model.probes.contains_key(capability));
        called.chain([self.capability]).chain(self.also.iter().copied()).collect()
    }

    /// The resources and lists that the rule needs for itself.
    #[must_use]
    pub fn locks(&self, model: &ServiceModel) -> Locks {
        self.test.locks(model, &self.operation)
    }

    /// The rule as a test name: ids with `::`, as Rust writes paths.
    #[must_use]
    pub fn test_name(&self) -> String {
        self.id.replace('/', "::")
    }

    /// Describes in one sentence how the rule is tested.
    #[must_use]
    pub fn how_tested(&self) -> String {
        self.test.how_tested()
    }
}

/// One kind of case of a rule.
pub struct CaseKind {
    /// Describes these cases for people.
    pub label: String,
    /// True for a valid call that must be accepted. It gives meaning to the refusals of the other kinds.
    pub control: bool,
    /// The cases.
    pub cases: BoxedStrategy<Case>,
}

impl Rule {
    /// The kinds of cases that show the rule. A run tries each at least once.
    #[must_use]
    pub fn case_kinds(&self, context: GeneratorContext<'_>) -> Vec<CaseKind> {
        let control = self.test.needs_control().then(|| {
            let steps = answered(context, &self.operation);
            self.case_kind(context, "control: the same call, valid", true, steps)
        });
        let kinds = self.test.cases(context, &self.operation).into_iter();
        let kinds = kinds.map(|(label, steps)| self.case_kind(context, &label, false, steps));
        control.into_iter().chain(kinds).collect()
    }

    fn case_kind(&self, context: GeneratorContext<'_>, label: &str, control: bool, steps: Steps) -> CaseKind {
        let blank = Case {
            format: FORMAT,
            rule: self.id.clone(),
            edition: context.model.edition,
            region: context.region.to_owned(),
            label: label.to_owned(),
            steps: Vec::new(),
        };
        let cases = steps.prop_map(move |steps| Case { steps, ..blank.clone() }).boxed();
        CaseKind { label: label.to_owned(), control, cases }
    }
}
