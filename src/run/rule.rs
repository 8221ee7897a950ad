//! Runs one rule: generates its cases, executes them, shrinks the first violation and decides the outcome.
//!
//! Must not count a rule as passed of which no case was judged. The entry point is [`run_rule`].

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use proptest::strategy::{Strategy, ValueTree};
use serde_json::json;

use crate::case::Case;
use crate::check::{Performed, Unresolved, Violation, ViolationKind};
use crate::client::{CallFailure, Request, Response, Target};
use crate::generate::GeneratorContext;
use crate::model::{Level, Lifecycle, Role, ServiceModel};
use crate::rule::{CaseKind, Rule};

use super::caller::missing_permission;
use super::cancel::CancelToken;
use super::confirm::{contradicts_write, has_transport_trouble};
use super::draw::{order, runner, tells_nothing_new};
use super::event::Event;
use super::execute::{CaseVerdict, Execution, execute};
use super::finding::finding;
use super::obstacle::Obstacle;
use super::plan::Plan;
use super::reason::Reason;
use super::result::{Finding, Intermittent, Outcome, RuleResult};
use super::retry::retry;
use super::shrink::{Shown, shrink, without};

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
    /// Ends the run early.
    pub cancel: &'c CancelToken,
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
    /// The operations, with their services, that succeeded at least once.
    pub succeeded: BTreeSet<(String, String)>,
}

/// Runs a rule.
pub async fn run_rule(context: RuleContext<'_>, rule: &Rule) -> RuleOutcome {
    let mut trial = RuleRun {
        context,
        rule,
        start: Instant::now(),
        cases: 0,
        exchanges: 0,
        retries: 0,
        judged: 0,
        hindered: None,
        succeeded: BTreeSet::new(),
    };
    let end = trial.run().await;
    trial.conclude(end)
}

/// The end of a run of one rule.
enum RunEnd {
    /// No case violated the rule.
    Through,
    /// A case violated it.
    Violated(Box<Shown>, Option<Intermittent>),
    /// The control was violated, so that refusals prove nothing.
    ControlFailed(Box<Shown>, Option<Intermittent>),
    /// The run's own caller lacks the permission for this IAM action.
    NotPermitted(String),
    /// A case failed once and held when it was executed again.
    Flaky(Box<Shown>, Intermittent),
    /// The target does not have the operation. Without a violation, the case asked for no more than any refusal.
    Unimplemented(Obstacle, Option<Box<Shown>>),
    /// The state of the control could not be created.
    Blocked(Hindrance),
    /// A list is refused because of something that the case did not create.
    Undecryptable(Obstacle),
    /// A call received no response.
    Broken(CallFailure),
    /// No case could be generated.
    Ungenerated(String),
    /// The run was ended early.
    Stopped(Reason),
}

/// The call that kept a case from being judged, and the case.
struct Hindrance {
    /// None if the response of the operation under test lacks what the rule is about.
    obstacle: Option<Obstacle>,
    shown: Option<Box<Shown>>,
}

/// The worth of a violation after the case was executed again.
enum Confirmation {
    /// It comes every time.
    Steady,
    /// It comes sometimes, and counts.
    Intermittent(Intermittent),
    /// It came once.
    Flaky(Intermittent),
    /// It came once, together with a server error or a lost connection.
    Transport,
}

struct RuleRun<'c> {
    context: RuleContext<'c>,
    rule: &'c Rule,
    start: Instant,
    cases: u64,
    exchanges: u64,
    retries: u64,
    judged: u64,
    hindered: Option<Hindrance>,
    succeeded: BTreeSet<(String, String)>,
}

impl RuleRun<'_> {
    async fn run(&mut self) -> RunEnd {
        let generator = GeneratorContext { model: self.context.model, region: &self.context.target.region };
        let kinds = self.rule.case_kinds(generator);
        let mut runner = runner(self.context.plan.seed, self.rule);
        let mut tried: Vec<Case> = Vec::new();
        for variant in order(&kinds, self.context.plan.cases) {
            if let Some(reason) = self.context.cancel.reason() {
                return RunEnd::Stopped(reason);
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
            let (case, execution) = self.with_shortest_setup(case).await;
            if let Some(end) = self.weigh(variant, &mut tree, case, execution).await {
                return end;
            }
        }
        RunEnd::Through
    }

    /// Executes a case; without those steps that give context, if the target refuses such a step.
    async fn with_shortest_setup(&mut self, mut case: Case) -> (Case, Execution) {
        let mut execution = self.attempt(&case).await;
        while let Some(shorter) = without_refused_context(&case, &execution) {
            case = shorter;
            execution = self.attempt(&case).await;
        }
        (case, execution)
    }

    /// Returns the end of the run, if the case decides it.
    async fn weigh<T: ValueTree<Value = Case>>(
        &mut self,
        variant: &CaseKind,
        tree: &mut T,
        case: Case,
        execution: Execution,
    ) -> Option<RunEnd> {
        if let Some(call) = execution.unimplemented.clone() {
            return self.without_operation(variant, &call, case, execution);
        }
        if let Some(obstacle) = self.undecryptable_list(&execution).await {
            return Some(RunEnd::Undecryptable(obstacle));
        }
        let violation = match execution.verdict.clone() {
            CaseVerdict::Held => {
                self.judged += u64::from(!variant.control);
                return None;
            }
            CaseVerdict::Violated(violation) => {
                let shown = Shown { case, execution, violation };
                return self.violated_case(variant, tree, shown).await;
            }
            CaseVerdict::NotArranged(violation) => violation,
            CaseVerdict::Unresolved(unresolved) => lacking(&unresolved, &execution),
            CaseVerdict::Broken(failure) => return Some(RunEnd::Broken(failure)),
        };
        // The operation under test hinders its own rules by what it does wrong.
        let obstacle = obstacle(&case, &execution, &violation).filter(|one| !self.is_own(one));
        let hindrance = Hindrance { obstacle, shown: Some(Box::new(Shown { case, execution, violation })) };
        if variant.control {
            return Some(match hindrance {
                Hindrance { obstacle: None, shown: Some(shown) } => RunEnd::ControlFailed(shown, None),
                hindrance => RunEnd::Blocked(hindrance),
            });
        }
        self.hindered = Some(hindrance);
        None
    }

    /// Returns the call of a list that the target refuses because something in the list cannot be decrypted, if it still does
    /// so after everything of the case was removed. A case is judged by what it created itself.
    async fn undecryptable_list(&mut self, execution: &Execution) -> Option<Obstacle> {
        let (CaseVerdict::Violated(violation) | CaseVerdict::NotArranged(violation)) = &execution.verdict
        else {
            return None;
        };
        let call = execution.transcript.iter().rev().find(|done| done.step == violation.step)?;
        let request = &call.exchange.request;
        let model = self.context.model.service(&request.service)?;
        let is_list = matches!(model.resource_of(&request.operation), Some((_, Lifecycle::List)));
        let says_so = |exchange: &Result<Response, CallFailure>| {
            let code = exchange.as_ref().ok().and_then(Response::error_code);
            code.is_some_and(|code| model.refusals.undecryptable.iter().any(|known| known == code))
        };
        if !is_list || violation.kind != ViolationKind::Refused || !says_so(&call.exchange.outcome) {
            return None;
        }
        let list = Request::plain(&request.service, &request.operation, &json!({}));
        let again = self.context.target.call(&Target::identity_alias(), list).await;
        self.exchanges += 1;
        says_so(&again.outcome).then(|| Obstacle::of(call, false))
    }

    fn is_own(&self, obstacle: &Obstacle) -> bool {
        (&obstacle.service, &obstacle.operation) == (&self.rule.service, &self.rule.operation)
    }

    /// Decides about a case in which a call says that the target does not have its operation.
    fn without_operation(
        &mut self,
        variant: &CaseKind,
        call: &Performed,
        case: Case,
        execution: Execution,
    ) -> Option<RunEnd> {
        let violation = match execution.verdict.clone() {
            CaseVerdict::Violated(violation) | CaseVerdict::NotArranged(violation) => Some(violation),
            _ => None,
        };
        let shown = violation.map(|violation| Box::new(Shown { case, execution, violation }));
        let obstacle = Obstacle::of(call, true);
        if self.is_own(&obstacle) {
            return Some(RunEnd::Unimplemented(obstacle, shown));
        }
        let hindrance = Hindrance { obstacle: Some(obstacle), shown };
        if variant.control {
            return Some(RunEnd::Blocked(hindrance));
        }
        self.hindered = Some(hindrance);
        None
    }

    /// Executes the case of a violation again, from a clean state, before the violation counts.
    async fn violated_case<T: ValueTree<Value = Case>>(
        &mut self,
        variant: &CaseKind,
        tree: &mut T,
        mut shown: Shown,
    ) -> Option<RunEnd> {
        let end = if variant.control { RunEnd::ControlFailed } else { RunEnd::Violated };
        match self.confirm(&mut shown).await {
            Confirmation::Steady => Some(end(Box::new(self.shrink(tree, shown).await), None)),
            // Shrinking needs a case that fails every time.
            Confirmation::Intermittent(times) => Some(end(Box::new(shown.cut()), Some(times))),
            Confirmation::Flaky(times) => Some(RunEnd::Flaky(Box::new(shown.cut()), times)),
            Confirmation::Transport => {
                self.judged += u64::from(!variant.control);
                None
            }
        }
    }

    /// Executes a case again, until it is known how often it fails. If the case fails again at once, `shown` becomes that
    /// execution: the first one may have met a state that no repetition meets.
    async fn confirm(&mut self, shown: &mut Shown) -> Confirmation {
        let confirmations = self.context.plan.confirmations;
        let waited = shown.execution.transcript.last().is_some_and(|last| last.earlier > 0);
        // A call that was repeated until the poll timeout has failed often enough.
        if confirmations == 0 || waited {
            return Confirmation::Steady;
        }
        let concurrent = shown.case.is_concurrent();
        let mut times = Intermittent { failed: 1, of: 1 };
        while times.of <= confirmations && !self.context.cancel.is_cancelled() {
            let again = self.attempt(&shown.case).await;
            times.of += 1;
            let CaseVerdict::Violated(violation) = again.verdict.clone() else { continue };
            times.failed += 1;
            if times.failed == times.of && !concurrent {
                (shown.execution, shown.violation) = (again, violation);
                return Confirmation::Steady;
            }
        }
        if times.failed == times.of {
            Confirmation::Steady
        } else if has_transport_trouble(&shown.execution.transcript) {
            Confirmation::Transport
        } else if times.failed > 1 || contradicts_write(self.context.model, shown) {
            Confirmation::Intermittent(times)
        } else {
            Confirmation::Flaky(times)
        }
    }

    async fn attempt(&mut self, case: &Case) -> Execution {
        let cancel = self.context.cancel;
        retry(
            |execution: &Execution| execution.is_transient() && !cancel.is_cancelled(),
            async || self.once(case).await,
        )
        .await
    }

    async fn once(&mut self, case: &Case) -> Execution {
        // Without the box, the layout of the futures above this one is deeper than the compiler computes.
        let execution = Box::pin(execute(self.context.target, self.context.model, self.rule, case)).await;
        self.exchanges += execution.calls as u64;
        self.retries += execution.retries;
        for call in execution.transcript.iter().flat_map(Performed::calls) {
            if call.exchange.outcome.as_ref().is_ok_and(Response::is_success) {
                let request = &call.exchange.request;
                self.succeeded.insert((request.service.clone(), request.operation.clone()));
            }
        }
        // Leftovers that a journal records are reported once, when the run ends.
        let reported_now = execution.leftovers.iter().filter(|_| self.context.target.journal().is_none());
        for what in reported_now {
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
            RunEnd::Violated(shown, _) | RunEnd::ControlFailed(shown, _) | RunEnd::Flaky(shown, _) => {
                Some(shown)
            }
            RunEnd::Blocked(hindrance) => hindrance.shown.as_ref(),
            RunEnd::Through if self.judged == 0 => self.hindered.as_ref().and_then(|one| one.shown.as_ref()),
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
        let mut intermittent = None;
        let mut blocked_by = None;
        let (outcome, reason, shown) = match end {
            RunEnd::NotPermitted(action) => {
                (Outcome::Errored, Some(Reason::MissingPermission { action }), None)
            }
            RunEnd::Violated(shown, times) => {
                intermittent = times;
                (self.violated(), None, Some(shown))
            }
            RunEnd::ControlFailed(shown, times) => {
                intermittent = times;
                (self.violated(), Some(Reason::ControlFailed), Some(shown))
            }
            RunEnd::Flaky(shown, times) => {
                intermittent = Some(times);
                (Outcome::Flaky, Some(Reason::Flaky { held: times.of - times.failed }), Some(shown))
            }
            RunEnd::Unimplemented(obstacle, shown) => {
                let Obstacle { operation, answer, .. } = obstacle.clone();
                blocked_by = Some(obstacle);
                (Outcome::Unimplemented, Some(Reason::Unimplemented { operation, answer }), shown)
            }
            RunEnd::Blocked(hindrance) => self.hindered_by(hindrance, &mut blocked_by),
            RunEnd::Undecryptable(obstacle) => {
                let Obstacle { operation, answer, .. } = obstacle.clone();
                blocked_by = Some(obstacle);
                (Outcome::Blocked, Some(Reason::Undecryptable { operation, answer }), None)
            }
            RunEnd::Through if self.judged > 0 => (Outcome::Passed, None, None),
            RunEnd::Through => match self.hindered.take() {
                Some(hindrance) if hindrance.obstacle.is_some() => {
                    self.hindered_by(hindrance, &mut blocked_by)
                }
                _ if self.rule.test.needs_refusal() => (Outcome::Skipped, Some(Reason::NothingRefused), None),
                hindrance => {
                    (self.violated(), Some(Reason::NotArranged), hindrance.and_then(|one| one.shown))
                }
            },
            RunEnd::Broken(failure) => (Outcome::Errored, Some(Reason::NoAnswer(failure)), None),
            RunEnd::Ungenerated(why) => (Outcome::Errored, Some(Reason::Ungenerated(why)), None),
            RunEnd::Stopped(reason) => (Outcome::Skipped, Some(reason), None),
        };
        let case = shown.as_ref().map(|s| s.case.clone());
        let finding = shown.map(|s| Finding { intermittent, ..finding(self.context.model, &s) });
        let result = RuleResult {
            cases: self.cases,
            exchanges: self.exchanges,
            duration_ms: u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX),
            retries: self.retries,
            obstacle: blocked_by,
            finding,
            ..RuleResult::untried(self.rule, outcome, reason.as_ref())
        };
        RuleOutcome { result, case, silent, succeeded: self.succeeded }
    }

    /// Returns the outcome of a rule that another call kept from being judged.
    fn hindered_by(
        &self,
        hindrance: Hindrance,
        blocked_by: &mut Option<Obstacle>,
    ) -> (Outcome, Option<Reason>, Option<Box<Shown>>) {
        let Some(obstacle) = hindrance.obstacle else {
            return (self.violated(), Some(Reason::NotArranged), hindrance.shown);
        };
        let Obstacle { operation, answer, .. } = obstacle.clone();
        *blocked_by = Some(obstacle);
        (Outcome::Blocked, Some(Reason::Blocked { operation, answer }), hindrance.shown)
    }

    fn violated(&self) -> Outcome {
        if self.rule.evidence.level == Level::Assumed { Outcome::Noted } else { Outcome::Failed }
    }
}

/// Returns the call that creates state and failed, if it is such a call that is violated.
fn obstacle(case: &Case, execution: &Execution, violation: &Violation) -> Option<Obstacle> {
    let prepares = |step: usize| {
        case.steps.get(step).is_some_and(|step| matches!(step.role, Role::Arrange | Role::Context))
    };
    let call = execution.transcript.iter().rev().find(|done| done.step == violation.step)?;
    prepares(violation.step).then(|| Obstacle::of(call, execution.unimplemented.is_some()))
}

/// Returns the case without the step that gives context, if the target refused its call and no other step needs the step. A
/// target that accepts the call, and shows no such context, does not keep what it accepts.
fn without_refused_context(case: &Case, execution: &Execution) -> Option<Case> {
    let CaseVerdict::NotArranged(violation) = &execution.verdict else { return None };
    let step = case.steps.get(violation.step)?;
    let call = execution.transcript.iter().rev().find(|done| done.step == violation.step)?;
    let is_accepted = call.exchange.outcome.as_ref().is_ok_and(Response::is_success);
    if step.role == Role::Context && !is_accepted { without(case, violation.step, usize::MAX) } else { None }
}

/// Returns the violation of a response that lacks a value for a later step.
#[must_use]
pub fn lacking(unresolved: &Unresolved, execution: &Execution) -> Violation {
    let step = execution.transcript.len().saturating_sub(1);
    let kind = ViolationKind::Missing(unresolved.at.trim_start_matches('/').to_owned());
    let expected = format!("{} in the {} of `{}`", unresolved.at, unresolved.what, unresolved.step);
    Violation::new(step, kind, expected, "nothing there")
}
