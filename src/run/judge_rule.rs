//! Tries one rule: generates its cases, runs them, shrinks the first violation, and says what became of
//! the rule. Counts a rule that could not be tried at all as failed, never as passed.

use std::sync::Arc;
use std::time::Instant;

use proptest::strategy::{Strategy, ValueTree};

use crate::case::Case;
use crate::check::{Unresolved, Violation, ViolationKind};
use crate::client::{CallFailure, Target};
use crate::generate::{Material, Variant, variants};
use crate::model::{Level, ServiceModel};
use crate::rule::Rule;

use super::draw::{order, runner, tells_nothing_new};
use super::event::Event;
use super::execute::{CaseVerdict, Execution, execute};
use super::finding::finding;
use super::reason::Reason;
use super::result::{Outcome, RuleResult};
use super::shrink::{Budget, Shown, shrink};

/// How often a case without an answer is tried.
const ATTEMPTS: usize = 3;

/// How rules are tried.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Cases a rule, at least; every kind of case is tried in any case.
    pub cases: usize,
    /// Seed of everything generated.
    pub seed: u64,
    /// For shrinking.
    pub budget: Budget,
}

/// What a rule is tried with.
#[derive(Clone, Copy)]
pub struct Bench<'b> {
    /// The target.
    pub target: &'b Target,
    /// The rule's service.
    pub model: &'b Arc<ServiceModel>,
    /// How.
    pub plan: Plan,
    /// Hears what happens.
    pub emit: &'b (dyn Fn(Event) + Sync),
    /// Whether to stop at the next opportunity.
    pub stopped: &'b (dyn Fn() -> bool + Sync),
}

/// What became of a rule, with the case of its finding.
#[derive(Debug)]
pub struct Judged {
    /// For the report.
    pub result: RuleResult,
    /// For the file to replay.
    pub case: Option<Case>,
    /// Set when the target did not answer.
    pub silent: bool,
}

/// Tries a rule.
pub async fn judge_rule(bench: Bench<'_>, rule: &Rule) -> Judged {
    let mut trial =
        Trial { bench, rule, start: Instant::now(), cases: 0, exchanges: 0, judged: 0, hindered: None };
    let end = trial.run().await;
    trial.conclude(end)
}

/// How a trial ended.
enum End {
    /// No case violated the rule.
    Through,
    /// One did.
    Violated(Box<Shown>),
    /// The control did, or could not be tried, so that the rule's refusals prove nothing.
    ControlFailed(Box<Shown>),
    /// No answer.
    Broken(CallFailure),
    /// The harness could not make a case.
    Ungenerated(String),
    /// The user stopped the run.
    Stopped,
}

struct Trial<'b> {
    bench: Bench<'b>,
    rule: &'b Rule,
    start: Instant,
    cases: u64,
    exchanges: u64,
    judged: u64,
    hindered: Option<Box<Shown>>,
}

impl Trial<'_> {
    async fn run(&mut self) -> End {
        let material = Material { model: self.bench.model, region: &self.bench.target.region };
        let kinds = variants(material, self.rule);
        let mut runner = runner(self.bench.plan.seed, self.rule);
        let mut tried: Vec<Case> = Vec::new();
        for variant in order(&kinds, self.bench.plan.cases) {
            if (self.bench.stopped)() {
                return End::Stopped;
            }
            let mut tree = match variant.cases.new_tree(&mut runner) {
                Ok(tree) => tree,
                Err(why) => return End::Ungenerated(format!("{}: {why}", variant.label)),
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
        End::Through
    }

    /// What a case says, where it ends the trial.
    async fn weigh<T: ValueTree<Value = Case>>(
        &mut self,
        variant: &Variant,
        tree: &mut T,
        case: Case,
        execution: Execution,
    ) -> Option<End> {
        let violation = match execution.verdict.clone() {
            CaseVerdict::Held => {
                self.judged += u64::from(!variant.control);
                return None;
            }
            CaseVerdict::Violated(violation) => {
                let shown = Shown { case, execution, violation };
                let shrunk = Box::new(self.shrink(tree, shown).await);
                let end = if variant.control { End::ControlFailed } else { End::Violated };
                return Some(end(shrunk));
            }
            CaseVerdict::NotArranged(violation) => violation,
            CaseVerdict::Unresolved(unresolved) => lacking(&unresolved, &execution),
            CaseVerdict::Broken(failure) => return Some(End::Broken(failure)),
        };
        let shown = Box::new(Shown { case, execution, violation });
        if variant.control {
            return Some(End::ControlFailed(shown));
        }
        self.hindered = Some(shown);
        None
    }

    async fn attempt(&mut self, case: &Case) -> Execution {
        let mut execution = self.once(case).await;
        for _ in 1..ATTEMPTS {
            if !may_pass(&execution.verdict) || (self.bench.stopped)() {
                break;
            }
            execution = self.once(case).await;
        }
        execution
    }

    async fn once(&mut self, case: &Case) -> Execution {
        let execution = execute(self.bench.target, self.bench.model, self.rule, case).await;
        self.exchanges += execution.calls as u64;
        for what in &execution.leftovers {
            (self.bench.emit)(Event::Leftover { what: what.clone() });
        }
        execution
    }

    async fn shrink<T: ValueTree<Value = Case>>(&mut self, tree: &mut T, shown: Shown) -> Shown {
        (self.bench.emit)(Event::Shrinking { id: self.rule.id.clone() });
        let budget = self.bench.plan.budget;
        shrink(tree, shown, budget, async |case: &Case| self.once(case).await).await
    }

    fn conclude(mut self, end: End) -> Judged {
        let silent = matches!(&end, End::Broken(failure) if !matches!(failure, CallFailure::HeldBack(_)));
        let (outcome, reason, shown) = match end {
            End::Violated(shown) => (self.violated(), None, Some(shown)),
            End::ControlFailed(shown) => (self.violated(), Some(Reason::ControlFailed), Some(shown)),
            End::Through if self.judged > 0 => (Outcome::Passed, None, None),
            End::Through if self.rule.needs_refusals() => {
                (Outcome::Skipped, Some(Reason::NothingRefused), None)
            }
            End::Through => (self.violated(), Some(Reason::NotArranged), self.hindered.take()),
            End::Broken(failure) => (Outcome::Errored, Some(Reason::NoAnswer(failure)), None),
            End::Ungenerated(why) => (Outcome::Errored, Some(Reason::Ungenerated(why)), None),
            End::Stopped => (Outcome::Skipped, Some(Reason::Interrupted), None),
        };
        let case = shown.as_ref().map(|s| s.case.clone());
        let finding = shown.map(|s| finding(self.bench.model, &s));
        let result = RuleResult {
            cases: self.cases,
            exchanges: self.exchanges,
            duration_ms: u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX),
            finding,
            ..RuleResult::untried(self.rule, outcome, reason.as_ref())
        };
        Judged { result, case, silent }
    }

    fn violated(&self) -> Outcome {
        if self.rule.evidence.level == Level::Assumed { Outcome::Noted } else { Outcome::Failed }
    }
}

/// Whether another attempt may fare better. Throttling was waited out already.
fn may_pass(verdict: &CaseVerdict) -> bool {
    matches!(verdict, CaseVerdict::Broken(failure) if !matches!(failure, CallFailure::Throttled(_) | CallFailure::HeldBack(_)))
}

/// What an answer lacks that a later step needs, as the violation it is.
#[must_use]
pub fn lacking(unresolved: &Unresolved, execution: &Execution) -> Violation {
    let step = execution.transcript.len().saturating_sub(1);
    let kind = ViolationKind::Missing(unresolved.at.trim_start_matches('/').to_owned());
    let expected = format!("{} in the {} of `{}`", unresolved.at, unresolved.what, unresolved.step);
    Violation::new(step, kind, expected, "nothing there")
}
