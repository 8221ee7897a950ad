//! Runs one rule: generates its cases, executes them, shrinks the first violation and decides the outcome.
//!
//! Must not count a rule as passed of which no case was judged. The entry point is [`run_rule`].

use std::sync::Arc;
use std::time::Instant;

use proptest::strategy::{Strategy, ValueTree};

use crate::case::Case;
use crate::check::{Unresolved, Violation, ViolationKind};
use crate::client::{CallFailure, Target};
use crate::generate::GeneratorContext;
use crate::model::{Level, ServiceModel};
use crate::rule::{CaseKind, Rule};

use super::caller::missing_permission;
use super::draw::{order, runner, tells_nothing_new};
use super::event::Event;
use super::execute::{CaseVerdict, Execution, execute};
use super::finding::finding;
use super::plan::Plan;
use super::reason::Reason;
use super::result::{Outcome, RuleResult};
use super::retry::retry;
use super::shrink::{Shown, shrink};

/// The context in which a rule runs.
#[derive(Clone, Copy)]
pub struct RuleContext<'c> {
    /// The target.
    pub target: &'c Target,
    /// The rule's service.
    pub model: &'c Arc<ServiceModel>,
    /// The extent.
    pub plan: Plan,
    /// Receives events.
    pub emit: &'c (dyn Fn(Event) + Sync),
    /// Returns true once the run is to end.
    pub cancelled: &'c (dyn Fn() -> bool + Sync),
}

/// The result of a rule, with the case of its finding.
#[derive(Debug)]
pub struct RuleOutcome {
    /// For the report.
    pub result: RuleResult,
    /// For the file to replay.
    pub case: Option<Case>,
    /// Set when the target did not answer.
    pub silent: bool,
}

/// Runs a rule.
pub async fn run_rule(context: RuleContext<'_>, rule: &Rule) -> RuleOutcome {
    let mut trial =
        RuleRun { context, rule, start: Instant::now(), cases: 0, exchanges: 0, judged: 0, hindered: None };
    let end = trial.run().await;
    trial.conclude(end)
}

/// The end of a run of one rule.
enum RunEnd {
    /// No case violated the rule.
    Through,
    /// One did.
    Violated(Box<Shown>),
    /// The control did, or could not be tried, so that the rule's refusals prove nothing.
    ControlFailed(Box<Shown>),
    /// The run's own caller lacks the permission for this IAM action.
    NotPermitted(String),
    /// No answer.
    Broken(CallFailure),
    /// The harness could not make a case.
    Ungenerated(String),
    /// The user cancelled the run.
    Stopped,
}

struct RuleRun<'c> {
    context: RuleContext<'c>,
    rule: &'c Rule,
    start: Instant,
    cases: u64,
    exchanges: u64,
    judged: u64,
    hindered: Option<Box<Shown>>,
}

impl RuleRun<'_> {
    async fn run(&mut self) -> RunEnd {
        let generator = GeneratorContext { model: self.context.model, region: &self.context.target.region };
        let kinds = self.rule.case_kinds(generator);
        let mut runner = runner(self.context.plan.seed, self.rule);
        let mut tried: Vec<Case> = Vec::new();
        for variant in order(&kinds, self.context.plan.cases) {
            if (self.context.cancelled)() {
                return RunEnd::Stopped;
            }
            let mut tree = match variant.cases.new_tree(&mut runner) {
                Ok(tree) => tree,
                Err(why) => return RunEnd::Ungenerated(format!("{}: {why}", variant.label)),
            };
            let case = tree.current();
            if tells_nothing_new(&case, &tried) {
                continue;
            }
            tried.push(case.clone());
            self.cases += 1;
            let execution = self.attempt(&case).await;
            if let Some(end) = self.weigh(variant, &mut tree, case, execution).await {
                return end;
            }
        }
        RunEnd::Through
    }

    /// What a case says, where it ends the trial.
    async fn weigh<T: ValueTree<Value = Case>>(
        &mut self,
        variant: &CaseKind,
        tree: &mut T,
        case: Case,
        execution: Execution,
    ) -> Option<RunEnd> {
        let violation = match execution.verdict.clone() {
            CaseVerdict::Held => {
                self.judged += u64::from(!variant.control);
                return None;
            }
            CaseVerdict::Violated(violation) => {
                let shown = Shown { case, execution, violation };
                let shrunk = Box::new(self.shrink(tree, shown).await);
                let end = if variant.control { RunEnd::ControlFailed } else { RunEnd::Violated };
                return Some(end(shrunk));
            }
            CaseVerdict::NotArranged(violation) => violation,
            CaseVerdict::Unresolved(unresolved) => lacking(&unresolved, &execution),
            CaseVerdict::Broken(failure) => return Some(RunEnd::Broken(failure)),
        };
        let shown = Box::new(Shown { case, execution, violation });
        if variant.control {
            return Some(RunEnd::ControlFailed(shown));
        }
        self.hindered = Some(shown);
        None
    }

    async fn attempt(&mut self, case: &Case) -> Execution {
        let cancelled = self.context.cancelled;
        retry(
            |execution: &Execution| execution.is_transient() && !cancelled(),
            async || self.once(case).await,
        )
        .await
    }

    async fn once(&mut self, case: &Case) -> Execution {
        let execution = execute(self.context.target, self.context.model, self.rule, case).await;
        self.exchanges += execution.calls as u64;
        for what in &execution.leftovers {
            (self.context.emit)(Event::Leftover { what: what.clone() });
        }
        execution
    }

    async fn shrink<T: ValueTree<Value = Case>>(&mut self, tree: &mut T, shown: Shown) -> Shown {
        (self.context.emit)(Event::Shrinking { id: self.rule.id.clone() });
        let budget = self.context.plan.budget;
        shrink(tree, shown, budget, async |case: &Case| self.once(case).await).await
    }

    /// Returns the end of the run, which is another if the run's own caller lacks a permission.
    fn unless_not_permitted(&self, end: RunEnd) -> RunEnd {
        let shown = match &end {
            RunEnd::Violated(shown) | RunEnd::ControlFailed(shown) => Some(shown),
            RunEnd::Through if self.judged == 0 => self.hindered.as_ref(),
            _ => None,
        };
        match shown.and_then(|shown| missing_permission(self.context.target, shown)) {
            Some(action) => RunEnd::NotPermitted(action),
            None => end,
        }
    }

    fn conclude(mut self, end: RunEnd) -> RuleOutcome {
        let end = self.unless_not_permitted(end);
        let silent = matches!(&end, RunEnd::Broken(failure) if !matches!(failure, CallFailure::HeldBack(_)));
        let (outcome, reason, shown) = match end {
            RunEnd::NotPermitted(action) => {
                (Outcome::Errored, Some(Reason::MissingPermission { action }), None)
            }
            RunEnd::Violated(shown) => (self.violated(), None, Some(shown)),
            RunEnd::ControlFailed(shown) => (self.violated(), Some(Reason::ControlFailed), Some(shown)),
            RunEnd::Through if self.judged > 0 => (Outcome::Passed, None, None),
            RunEnd::Through if self.rule.test.needs_refusal() => {
                (Outcome::Skipped, Some(Reason::NothingRefused), None)
            }
            RunEnd::Through => (self.violated(), Some(Reason::NotArranged), self.hindered.take()),
            RunEnd::Broken(failure) => (Outcome::Errored, Some(Reason::NoAnswer(failure)), None),
            RunEnd::Ungenerated(why) => (Outcome::Errored, Some(Reason::Ungenerated(why)), None),
            RunEnd::Stopped => (Outcome::Skipped, Some(Reason::Interrupted), None),
        };
        let case = shown.as_ref().map(|s| s.case.clone());
        let finding = shown.map(|s| finding(self.context.model, &s));
        let result = RuleResult {
            cases: self.cases,
            exchanges: self.exchanges,
            duration_ms: u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX),
            finding,
            ..RuleResult::untried(self.rule, outcome, reason.as_ref())
        };
        RuleOutcome { result, case, silent }
    }

    fn violated(&self) -> Outcome {
        if self.rule.evidence.level == Level::Assumed { Outcome::Noted } else { Outcome::Failed }
    }
}

/// What an answer lacks that a later step needs, as the violation it is.
#[must_use]
pub fn lacking(unresolved: &Unresolved, execution: &Execution) -> Violation {
    let step = execution.transcript.len().saturating_sub(1);
    let kind = ViolationKind::Missing(unresolved.at.trim_start_matches('/').to_owned());
    let expected = format!("{} in the {} of `{}`", unresolved.at, unresolved.what, unresolved.step);
    Violation::new(step, kind, expected, "nothing there")
}
