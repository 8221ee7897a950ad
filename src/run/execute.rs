//! Executes one case: performs and judges its steps, concurrent ones each on a connection of its client, then deletes the resources that its calls have created. Must not
//! generate or shrink.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::case::{Case, Step};
use crate::check::{
    PerformedStep, StepVerdict, Transcript, Unresolved, Violation, check_reference, unimplemented_call,
};
use crate::client::{CallFailure, Request, Target};
use crate::model::{Expect, Lifecycle, Resource, Role, ServiceModel};
use crate::reference::Reference;
use crate::rule::{Rule, judge};

use super::account::{CurrentState, call, read_state};
use super::cancel::CancelToken;
use super::cleanup::{clean_up, pending_deletions};
use super::context::CaseContext;
use super::poll::{StepFailure, poll_until};

/// The result of executing a case.
#[derive(Debug, Clone)]
pub struct Execution {
    /// The steps carried out.
    pub transcript: Transcript,
    /// The verdict.
    pub verdict: CaseVerdict,
    /// Resources the case made that could not be removed.
    pub leftovers: Vec<String>,
    /// Calls made, those before and after the case's own included.
    pub calls: usize,
    /// Calls that were repeated after a server error or a lost connection.
    pub retries: u64,
    /// The call, if any, whose response says that the target does not have its operation.
    pub unimplemented: Option<Box<PerformedStep>>,
}

impl Execution {
    /// Returns whether another attempt may receive a response. The client has already waited out throttling.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(&self.verdict, CaseVerdict::NoResponse(failure)
            if !matches!(failure, CallFailure::Throttled(_) | CallFailure::Withheld(_) | CallFailure::Interrupted))
    }
}

/// The verdict of a case about its rule.
#[derive(Debug, Clone)]
pub enum CaseVerdict {
    /// The rule holds.
    Held,
    /// The rule is violated.
    Violated(Violation),
    /// The state that the case needs could not be created.
    SetupFailed(Violation),
    /// A response lacks a value that a later step needs.
    Unresolved(Unresolved),
    /// A call received no response.
    NoResponse(CallFailure),
}

/// Carries out a case and removes what it made. Once the token is cancelled, no step waits any longer.
pub async fn execute(
    target: &Target,
    model: &ServiceModel,
    rule: &Rule,
    case: &Case,
    cancel: &CancelToken,
) -> Execution {
    let context = CaseContext::new(target, case, cancel);
    let cleared = clear_account_wide(&context, model).await;
    let lasting = read_lasting_states(&context, model).await;
    let recorded =
        context.journal.record_case(case).map_err(|error| CallFailure::Withheld(error.to_string()));
    let (transcript, verdict) = match recorded.and_then(|()| Checker::new(model, rule, &context.case)) {
        Ok(checker) => execute_steps(&context, &checker).await,
        Err(failure) => (Transcript::new(), CaseVerdict::NoResponse(failure)),
    };
    let due = pending_deletions(model, &context.case, &transcript);
    let put_back = restore_lasting_states(&context, model, &lasting, &transcript).await;
    let step_calls: usize = transcript.iter().map(|done| done.calls().len() + done.poll_attempts).sum();
    let calls = cleared + lasting.len() + step_calls + put_back + due.len();
    let leftovers = clean_up(&context, due).await;
    context.journal.close_entries();
    let retries =
        transcript.iter().flat_map(PerformedStep::calls).map(|call| u64::from(call.exchange.retries)).sum();
    let unimplemented = unimplemented_call(model, case, &transcript).cloned().map(Box::new);
    Execution { transcript, verdict, leftovers, calls, retries, unimplemented }
}

/// Executes the steps until one does not hold.
async fn execute_steps(context: &CaseContext, checker: &Checker<'_>) -> (Transcript, CaseVerdict) {
    let mut transcript = Transcript::new();
    let mut at = 0;
    while at < context.case.steps.len() {
        let before = transcript.len();
        match execute_next(context, checker.model, at, &mut transcript).await {
            Ok(next) => at = next,
            Err(StepFailure::Unresolved(unresolved)) => {
                return (transcript, CaseVerdict::Unresolved(unresolved));
            }
            Err(StepFailure::Interrupted) => {
                return (transcript, CaseVerdict::NoResponse(CallFailure::Interrupted));
            }
        }
        // Calls made at once may have taken effect or not, but if none was answered that says nothing.
        let outcomes = || transcript[before..].iter().map(|performed| performed.exchange.outcome.as_ref());
        let answered = outcomes().any(|outcome| outcome.is_ok());
        let failure = outcomes().find_map(Result::err).filter(|_| !answered);
        let verdict =
            failure.map_or_else(|| checker.judge(&transcript), |f| CaseVerdict::NoResponse(f.clone()));
        if !matches!(verdict, CaseVerdict::Held) {
            return (transcript, verdict);
        }
    }
    (transcript, CaseVerdict::Held)
}

/// Executes the next step, or a whole block of concurrent steps. Returns the index of the step after it.
async fn execute_next(
    context: &CaseContext,
    model: &ServiceModel,
    at: usize,
    transcript: &mut Transcript,
) -> Result<usize, StepFailure> {
    let block = concurrent_block(&context.case, at);
    if !block.is_empty() {
        let next = block.end;
        let performed = execute_concurrently(context, block, transcript).await;
        transcript.extend(performed);
        return Ok(next);
    }
    let step = &context.case.steps[at];
    if step.role == Role::Remove {
        return Ok(at + 1);
    }
    poll_until(context, model, at, transcript).await?;
    Ok(at + 1)
}

/// The judge of a case.
struct Checker<'c> {
    model: &'c ServiceModel,
    rule: &'c Rule,
    case: &'c Case,
    /// The reference, if the case asks for it.
    reference: Option<Reference>,
}

impl<'c> Checker<'c> {
    fn new(model: &'c ServiceModel, rule: &'c Rule, case: &'c Case) -> Result<Self, CallFailure> {
        let needs_reference = case.steps.iter().any(|step| step.expect == Expect::Reference);
        let reference = needs_reference.then(|| Reference::new(model, rule.evidence.level)).transpose();
        let reference = reference.map_err(|lacking| CallFailure::Harness(lacking.to_string()))?;
        Ok(Self { model, rule, case, reference })
    }

    fn judge(&self, transcript: &Transcript) -> CaseVerdict {
        let checked =
            self.reference.as_ref().map(|reference| check_reference(reference, self.case, transcript));
        let verdict = match checked {
            Some(Err(unknown)) => return CaseVerdict::NoResponse(CallFailure::Harness(unknown.to_string())),
            Some(Ok(StepVerdict::Held)) | None => judge(self.model, self.rule, self.case, transcript),
            Some(Ok(verdict)) => verdict,
        };
        match verdict {
            StepVerdict::Held => CaseVerdict::Held,
            StepVerdict::Violated(violation) => CaseVerdict::Violated(violation),
            StepVerdict::SetupFailed(violation) => CaseVerdict::SetupFailed(violation),
        }
    }
}

/// Deletes the account-wide resources that the case touches, so that earlier state cannot affect the case. Returns the
/// number of calls.
async fn clear_account_wide(context: &CaseContext, model: &ServiceModel) -> usize {
    let mut cleared = BTreeSet::new();
    for step in &context.case.steps {
        let Some(model) = model.service(&step.service) else { continue };
        let Some((resource, _)) = model.resource_of(&step.operation) else { continue };
        let Some(delete) = resource.delete.as_deref().filter(|_| resource.is_account_wide()) else {
            continue;
        };
        if cleared.insert((&model.name, delete)) {
            // Refused where there is nothing; the case's own calls will show any other trouble.
            let _ =
                context.target.call(&context.alias, Request::plain(&model.name, delete, &json!({}))).await;
        }
    }
    cleared.len()
}

/// Reads the account-wide resources that cannot be deleted, if the case sets them and creates something that they may name.
async fn read_lasting_states(context: &CaseContext, model: &ServiceModel) -> Vec<LastingState> {
    let mut states: Vec<LastingState> = Vec::new();
    let called = |step: &Step| {
        let model = model.service(&step.service)?;
        model.resource_of(&step.operation).map(|(resource, role)| (model, resource, role))
    };
    let calls: Vec<_> = context.case.steps.iter().filter_map(called).collect();
    let is_created = |(_, resource, role): &(&ServiceModel, &Resource, Lifecycle)| {
        *role == Lifecycle::Create && resource.removal.is_some()
    };
    if !calls.iter().any(is_created) {
        return states;
    }
    for (model, resource, role) in calls {
        let lasts = resource.is_account_wide() && resource.delete.is_none() && role == Lifecycle::Put;
        if !lasts || states.iter().any(|state| state.resource == resource.name) {
            continue;
        }
        let input = match read_state(&context.target, model, resource).await {
            Ok(CurrentState::Present { put_back, .. }) => Some(put_back),
            Ok(CurrentState::Absent) | Err(_) => None,
        };
        let (service, operation) = (model.name.clone(), resource.put.clone().unwrap_or_default());
        states.push(LastingState { service, resource: resource.name.clone(), operation, input });
    }
    states
}

/// The state of an account-wide resource before a case.
struct LastingState {
    service: String,
    resource: String,
    /// The operation that sets it.
    operation: String,
    /// Its input, if the resource could be read.
    input: Option<Value>,
}

/// Puts back what the case has set, before the keys that it names are deleted: the next case must not need them. Returns the
/// number of calls.
async fn restore_lasting_states(
    context: &CaseContext,
    model: &ServiceModel,
    states: &[LastingState],
    transcript: &[PerformedStep],
) -> usize {
    let mut calls = 0;
    for state in states {
        let is_put = |call: &&PerformedStep| {
            let request = &call.exchange.request;
            request.service == state.service && request.operation == state.operation
        };
        let model = model.service(&state.service);
        if let (Some(model), Some(input), true) =
            (model, &state.input, transcript.iter().flat_map(PerformedStep::calls).any(|call| is_put(&call)))
        {
            // If the call is refused, the state stays; the run restores the earlier state at its end.
            let _ = call(&context.target, model, &state.operation, input).await;
            calls += 1;
        }
    }
    calls
}

/// Returns the range of concurrent steps that begins at `from`.
fn concurrent_block(case: &Case, from: usize) -> Range<usize> {
    let rest = case.steps.iter().skip(from);
    from..from + rest.take_while(|step| step.client.is_some()).count()
}

/// Executes concurrent steps, and returns them in the order of the case. A client stops if a reference of its next call
/// cannot be resolved.
async fn execute_concurrently(
    context: &CaseContext,
    block: Range<usize>,
    transcript: &Transcript,
) -> Transcript {
    let mut clients: Vec<usize> = block.clone().filter_map(|at| context.case.steps[at].client).collect();
    clients.sort_unstable();
    clients.dedup();
    let start = Arc::new(Barrier::new(clients.len()));
    let mut running = JoinSet::new();
    for client in clients {
        let own = block.clone().filter(|at| context.case.steps[*at].client == Some(client)).collect();
        let (context, before, start) = (context.clone(), transcript.clone(), Arc::clone(&start));
        running.spawn(async move {
            start.wait().await;
            execute_client(&context, own, before).await
        });
    }
    let mut performed: Transcript = running.join_all().await.into_iter().flatten().collect();
    performed.sort_by_key(|performed| performed.step);
    performed
}

/// Executes the steps of one client. They can refer to steps before the block, and to responses of the same client.
async fn execute_client(context: &CaseContext, steps: Vec<usize>, mut transcript: Transcript) -> Transcript {
    let before = transcript.len();
    for index in steps {
        match context.perform(index, &context.case.steps[index], &transcript).await {
            Ok(performed) => transcript.push(performed),
            Err(_) => break,
        }
    }
    transcript.split_off(before)
}
