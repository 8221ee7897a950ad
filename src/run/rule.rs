//! Runs one rule: generates its cases, executes them, shrinks the first violation and decides the outcome.
//!
//! Must not count a rule as passed of which no case was judged. The entry point is [`run_rule`].

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use proptest::strategy::{Strategy, ValueTree};
use serde_json::json;

use crate::case::Case;
use crate::check::{PerformedStep, Unresolved, Violation, ViolationKind};
use crate::client::{CallFailure, Request, Response, Target};
use crate::generate::GeneratorContext;
use crate::model::{Lifecycle, Role, ServiceModel};
use crate::rule::{CaseKind, Rule};

use super::blocker::Blocker;
use super::cancel::CancelToken;
use super::case_generation::{is_duplicate, ordered_kinds, proptest_runner};
use super::conclusion::{BlockedCase, Conclusion, RunEnd};
use super::confirm::{contradicts_write, has_transport_trouble, missing_permission};
use super::event::Event;
use super::execute::{CaseVerdict, Execution, execute};
use super::finding::build_finding;
use super::plan::{Plan, retry};
use super::reason::Reason;
use super::result::{FailureRate, Finding, RuleResult};
use super::shrink::{FailingCase, shrink, without_step};

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
    let mut rule_run = RuleRun {
        context,
        rule,
        start: Instant::now(),
        cases: 0,
        exchanges: 0,
        retries: 0,
        judged: 0,
        blocked_case: None,
        succeeded: BTreeSet::new(),
    };
    let end = rule_run.run().await;
    rule_run.conclude(end)
}

/// The worth of a violation after the case was executed again.
enum Confirmation {
    /// It comes every time.
    Reproducible,
    /// It comes sometimes, and counts.
    Intermittent(FailureRate),
    /// It came once.
    Flaky(FailureRate),
    /// It came once, together with a server error or a lost connection.
    Transport,
    /// The run is to end, and the case was not executed again.
    Interrupted,
}

struct RuleRun<'c> {
    context: RuleContext<'c>,
    rule: &'c Rule,
    start: Instant,
    cases: u64,
    exchanges: u64,
    retries: u64,
    judged: u64,
    blocked_case: Option<BlockedCase>,
    succeeded: BTreeSet<(String, String)>,
}

impl RuleRun<'_> {
    async fn run(&mut self) -> RunEnd {
        let generator = GeneratorContext { model: self.context.model, region: &self.context.target.region };
        let kinds = self.rule.case_kinds(generator);
        let mut runner = proptest_runner(self.context.plan.seed, self.rule);
        let mut tried: Vec<Case> = Vec::new();
        for kind in ordered_kinds(&kinds, self.context.plan.cases) {
            if let Some(reason) = self.context.cancel.reason() {
                return RunEnd::Stopped(reason);
            }
            let mut tree = match kind.cases.new_tree(&mut runner) {
                Ok(tree) => tree,
                Err(why) => return RunEnd::GenerationFailed(format!("{}: {why}", kind.label)),
            };
            let case = tree.current();
            if is_duplicate(&case, &tried) {
                continue;
            }
            tried.push(case.clone());
            self.cases += 1;
            let (case, execution) = self.execute_with_shortest_setup(case).await;
            if let Some(end) = self.conclude_case(kind, &mut tree, case, execution).await {
                return end;
            }
        }
        RunEnd::NotViolated { judged: self.judged, blocked_case: self.blocked_case.take() }
    }

    /// Executes a case; without those steps that give context, if the target refuses such a step.
    async fn execute_with_shortest_setup(&mut self, mut case: Case) -> (Case, Execution) {
        let mut execution = self.attempt(&case).await;
        while let Some(shorter) = without_refused_context(&case, &execution) {
            case = shorter;
            execution = self.attempt(&case).await;
        }
        (case, execution)
    }

    /// Returns the end of the run, if the case decides it.
    async fn conclude_case<T: ValueTree<Value = Case>>(
        &mut self,
        kind: &CaseKind,
        tree: &mut T,
        case: Case,
        execution: Execution,
    ) -> Option<RunEnd> {
        if let Some(call) = execution.unimplemented.clone() {
            return self.conclude_unimplemented(kind, &call, case, execution);
        }
        if let Some(blocker) = self.undecryptable_list(&execution).await {
            return Some(RunEnd::Undecryptable(blocker));
        }
        let violation = match execution.verdict.clone() {
            CaseVerdict::Held => {
                self.judged += u64::from(!kind.control);
                return None;
            }
            CaseVerdict::Violated(violation) => {
                let failing = FailingCase { case, execution, violation };
                return self.confirm_violation(kind, tree, failing).await;
            }
            CaseVerdict::SetupFailed(violation) => violation,
            CaseVerdict::Unresolved(unresolved) => unresolved_violation(&unresolved, &execution),
            CaseVerdict::NoResponse(CallFailure::Interrupted) => {
                return Some(RunEnd::Stopped(self.stop_reason()));
            }
            CaseVerdict::NoResponse(failure) => return Some(RunEnd::NoResponse(failure)),
        };
        // The operation under test hinders its own rules by what it does wrong.
        let blocker = find_blocker(&case, &execution, &violation).filter(|one| !self.is_own(one));
        let blocked_case =
            BlockedCase { blocker, failing: Some(Box::new(FailingCase { case, execution, violation })) };
        if kind.control {
            return Some(match blocked_case {
                BlockedCase { blocker: None, failing: Some(failing) } => RunEnd::ControlFailed(failing, None),
                blocked_case => RunEnd::Blocked(blocked_case),
            });
        }
        self.blocked_case = Some(blocked_case);
        None
    }

    /// Returns the call of a list that the target refuses because something in the list cannot be decrypted, if it still does
    /// so after everything of the case was removed. A case is judged by what it created itself.
    async fn undecryptable_list(&mut self, execution: &Execution) -> Option<Blocker> {
        let (CaseVerdict::Violated(violation) | CaseVerdict::SetupFailed(violation)) = &execution.verdict
        else {
            return None;
        };
        let call = execution.transcript.iter().rev().find(|done| done.step == violation.step)?;
        let request = &call.exchange.request;
        let model = self.context.model.service(&request.service)?;
        let is_list = matches!(model.resource_of(&request.operation), Some((_, Lifecycle::List)));
        let is_undecryptable = |exchange: &Result<Response, CallFailure>| {
            let code = exchange.as_ref().ok().and_then(Response::error_code);
            code.is_some_and(|code| model.refusals.undecryptable.iter().any(|known| known == code))
        };
        if !is_list || violation.kind != ViolationKind::Refused || !is_undecryptable(&call.exchange.outcome) {
            return None;
        }
        let list = Request::plain(&request.service, &request.operation, &json!({}));
        let again = self.context.target.call(&Target::identity_alias(), list).await;
        self.exchanges += 1;
        is_undecryptable(&again.outcome).then(|| Blocker::of(call, false))
    }

    fn is_own(&self, blocker: &Blocker) -> bool {
        (&blocker.service, &blocker.operation) == (&self.rule.service, &self.rule.operation)
    }

    /// Decides about a case in which a call says that the target does not have its operation.
    fn conclude_unimplemented(
        &mut self,
        kind: &CaseKind,
        call: &PerformedStep,
        case: Case,
        execution: Execution,
    ) -> Option<RunEnd> {
        let violation = match execution.verdict.clone() {
            CaseVerdict::Violated(violation) | CaseVerdict::SetupFailed(violation) => Some(violation),
            _ => None,
        };
        let failing = violation.map(|violation| Box::new(FailingCase { case, execution, violation }));
        let blocker = Blocker::of(call, true);
        if self.is_own(&blocker) {
            return Some(RunEnd::Unimplemented(blocker, failing));
        }
        let blocked_case = BlockedCase { blocker: Some(blocker), failing };
        if kind.control {
            return Some(RunEnd::Blocked(blocked_case));
        }
        self.blocked_case = Some(blocked_case);
        None
    }

    /// Executes the case of a violation again, from a clean state, before the violation counts.
    async fn confirm_violation<T: ValueTree<Value = Case>>(
        &mut self,
        kind: &CaseKind,
        tree: &mut T,
        mut failing: FailingCase,
    ) -> Option<RunEnd> {
        let end = if kind.control { RunEnd::ControlFailed } else { RunEnd::Violated };
        match self.confirm(&mut failing).await {
            Confirmation::Reproducible => Some(end(Box::new(self.shrink(tree, failing).await), None)),
            // Shrinking needs a case that fails every time.
            Confirmation::Intermittent(times) => Some(end(Box::new(failing.up_to_violation()), Some(times))),
            Confirmation::Flaky(times) => Some(RunEnd::Flaky(Box::new(failing.up_to_violation()), times)),
            Confirmation::Interrupted => Some(RunEnd::Stopped(self.stop_reason())),
            Confirmation::Transport => {
                self.judged += u64::from(!kind.control);
                None
            }
        }
    }

    /// Executes a case again, until it is known how often it fails. If the case fails again at once, `failing` becomes that
    /// execution: the first one may have met a state that no repetition meets.
    async fn confirm(&mut self, failing: &mut FailingCase) -> Confirmation {
        let confirmations = self.context.plan.confirmations;
        let waited = failing.execution.transcript.last().is_some_and(|last| last.poll_attempts > 0);
        // A call that was repeated until the poll timeout has failed often enough.
        if confirmations == 0 || waited {
            return Confirmation::Reproducible;
        }
        let concurrent = failing.case.is_concurrent();
        let mut times = FailureRate { failed: 1, of: 1 };
        while times.of <= confirmations && !self.context.cancel.is_cancelled() {
            let again = self.attempt(&failing.case).await;
            if matches!(again.verdict, CaseVerdict::NoResponse(CallFailure::Interrupted)) {
                break;
            }
            times.of += 1;
            let CaseVerdict::Violated(violation) = again.verdict.clone() else { continue };
            times.failed += 1;
            if times.failed == times.of && !concurrent {
                (failing.execution, failing.violation) = (again, violation);
                return Confirmation::Reproducible;
            }
        }
        if times.of == 1 {
            Confirmation::Interrupted
        } else if times.failed == times.of {
            Confirmation::Reproducible
        } else if has_transport_trouble(&failing.execution.transcript) {
            Confirmation::Transport
        } else if times.failed > 1 || contradicts_write(self.context.model, failing) {
            Confirmation::Intermittent(times)
        } else {
            Confirmation::Flaky(times)
        }
    }

    fn stop_reason(&self) -> Reason {
        self.context.cancel.reason().unwrap_or(Reason::Interrupted)
    }

    async fn attempt(&mut self, case: &Case) -> Execution {
        let cancel = self.context.cancel;
        retry(
            |execution: &Execution| execution.is_transient() && !cancel.is_cancelled(),
            async || self.execute_once(case).await,
        )
        .await
    }

    async fn execute_once(&mut self, case: &Case) -> Execution {
        // Without the box, the layout of the futures above this one is deeper than the compiler computes.
        let RuleContext { target, model, cancel, .. } = self.context;
        let execution = Box::pin(execute(target, model, self.rule, case, cancel)).await;
        self.exchanges += execution.calls as u64;
        self.retries += execution.retries;
        for call in execution.transcript.iter().flat_map(PerformedStep::calls) {
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

    async fn shrink<T: ValueTree<Value = Case>>(
        &mut self,
        tree: &mut T,
        failing: FailingCase,
    ) -> FailingCase {
        (self.context.emit)(Event::Shrinking { id: self.rule.id.clone() });
        let budget = self.context.plan.budget;
        shrink(tree, failing, budget, async |case: &Case| self.execute_once(case).await).await
    }

    /// Returns the end of the run, which is another if the run's own caller lacks a permission.
    fn explain_by_permission(&self, end: RunEnd) -> RunEnd {
        let action = end.failing_case().and_then(|failing| missing_permission(self.context.target, failing));
        action.map_or(end, RunEnd::NotPermitted)
    }

    fn conclude(self, end: RunEnd) -> RuleOutcome {
        let end = self.explain_by_permission(end);
        let silent = end.is_silent();
        let Conclusion { outcome, reason, failing, blocker, failure_rate } = end.conclude(self.rule);
        let finding = failing.as_ref().map(|failing| Finding {
            intermittent: failure_rate,
            ..build_finding(self.context.model, failing)
        });
        let result = RuleResult {
            cases: self.cases,
            exchanges: self.exchanges,
            duration_ms: u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX),
            retries: self.retries,
            blocker,
            finding,
            ..RuleResult::not_run(self.rule, outcome, reason.as_ref())
        };
        let case = failing.map(|failing| failing.case);
        RuleOutcome { result, case, silent, succeeded: self.succeeded }
    }
}

/// Returns the call that creates state and failed, if it is such a call that is violated.
fn find_blocker(case: &Case, execution: &Execution, violation: &Violation) -> Option<Blocker> {
    let prepares = case.steps.get(violation.step).is_some_and(|step| step.role.prepares());
    let call = execution.transcript.iter().rev().find(|done| done.step == violation.step)?;
    prepares.then(|| Blocker::of(call, execution.unimplemented.is_some()))
}

/// Returns the case without the step that gives context, if the target refused its call and no other step needs the step. A
/// target that accepts the call, and shows no such context, does not keep what it accepts.
fn without_refused_context(case: &Case, execution: &Execution) -> Option<Case> {
    let CaseVerdict::SetupFailed(violation) = &execution.verdict else { return None };
    let step = case.steps.get(violation.step)?;
    let call = execution.transcript.iter().rev().find(|done| done.step == violation.step)?;
    let is_accepted = call.exchange.outcome.as_ref().is_ok_and(Response::is_success);
    if step.role == Role::Context && !is_accepted {
        without_step(case, violation.step, usize::MAX)
    } else {
        None
    }
}

/// Returns the violation of a response that lacks a value for a later step.
#[must_use]
pub fn unresolved_violation(unresolved: &Unresolved, execution: &Execution) -> Violation {
    let step = execution.transcript.len().saturating_sub(1);
    let kind = ViolationKind::Missing(unresolved.at.trim_start_matches('/').to_owned());
    let expected = format!("{} in the {} of `{}`", unresolved.at, unresolved.what, unresolved.step);
    Violation::new(step, kind, expected, "nothing there")
}
