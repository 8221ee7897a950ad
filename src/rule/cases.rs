//! The kinds of cases of a rule, each a strategy that generates and shrinks.
//! Must not know a family.
//! The entry point is [`Rule::case_kinds`].

use proptest::prelude::*;

use crate::case::{Case, FORMAT};
use crate::generate::{GeneratorContext, Steps, answered};

use super::definition::Rule;

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
