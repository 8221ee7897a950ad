//! Carries out one case: step by step, judged as it goes, then cleaned up by what was journaled rather
//! than by what the target lists. Generates and shrinks nothing.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::case::{Body, Case, Step};
use crate::check::{Performed, StepVerdict, Transcript, Unresolved, Violation, judge, resolve};
use crate::model::{Lifecycle, Resource, ServiceModel};
use crate::rule::Rule;
use crate::target::{Alias, CallFailure, Exchange, Request, Target};

use super::follow::{Scene, follow};

/// What came of a case.
#[derive(Debug, Clone)]
pub struct Execution {
    /// The steps carried out.
    pub transcript: Transcript,
    /// What they say.
    pub verdict: CaseVerdict,
    /// Resources the case made that could not be removed.
    pub leftovers: Vec<String>,
    /// Calls made, those before and after the case's own included.
    pub calls: usize,
}

/// What a case says about its rule.
#[derive(Debug, Clone)]
pub enum CaseVerdict {
    /// It holds.
    Held,
    /// It is violated.
    Violated(Violation),
    /// The state it needs could not be made.
    NotArranged(Violation),
    /// An answer lacks what a later step needs.
    Unresolved(Unresolved),
    /// No answer came.
    Broken(CallFailure),
}

/// Carries out a case and removes what it made.
pub async fn execute(target: &Target, model: &ServiceModel, rule: &Rule, case: &Case) -> Execution {
    let alias = target.alias();
    let cleared = begin(target, model, &alias, case).await;
    let mut transcript = Transcript::new();
    let mut verdict = CaseVerdict::Held;
    for step in &case.steps {
        let scene = Scene { target, model, alias: &alias, case };
        if let Err(unresolved) = carry_out(scene, step, &mut transcript).await {
            verdict = CaseVerdict::Unresolved(unresolved);
            break;
        }
        let failure = transcript.last().and_then(|done| done.exchange.outcome.as_ref().err().cloned());
        verdict = match (failure, judge(model, rule, case, &transcript)) {
            (Some(failure), _) => CaseVerdict::Broken(failure),
            (None, StepVerdict::Held) => continue,
            (None, StepVerdict::Violated(violation)) => CaseVerdict::Violated(violation),
            (None, StepVerdict::NotArranged(violation)) => CaseVerdict::NotArranged(violation),
        };
        break;
    }
    let due = remains(model, &transcript);
    let made: usize = transcript.iter().map(|done| done.calls().len()).sum();
    let calls = cleared + made + due.len();
    let leftovers = clean_up(target, model, &alias, due).await;
    Execution { transcript, verdict, leftovers, calls }
}

/// Adds the step to the transcript.
async fn carry_out(scene: Scene<'_>, step: &Step, transcript: &mut Transcript) -> Result<(), Unresolved> {
    if let Some(how) = &step.follow {
        return follow(scene, step, how, transcript).await;
    }
    let (request, sent) = prepare(step, scene.case, transcript)?;
    transcript.push(Performed::once(sent, scene.target.call(scene.alias, request).await));
    Ok(())
}

/// Every case finds the account-wide resources it touches absent, as far as they can be: whatever came
/// before must not be what a case shows.
async fn begin(target: &Target, model: &ServiceModel, alias: &Alias, case: &Case) -> usize {
    let mut cleared = BTreeSet::new();
    for step in &case.steps {
        let Some((resource, _)) = model.resource_of(&step.operation) else { continue };
        let Some(delete) = resource.delete.as_deref().filter(|_| resource.is_account_wide()) else {
            continue;
        };
        if cleared.insert(delete) {
            // Refused where there is nothing; the case's own calls will show any other trouble.
            let _ = target.call(alias, Request::plain(&model.name, delete, &json!({}))).await;
        }
    }
    cleared.len()
}

pub(super) fn prepare(
    step: &Step,
    case: &Case,
    transcript: &[Performed],
) -> Result<(Request, Option<Value>), Unresolved> {
    let (body, sent) = match &step.body {
        Body::Json(template) => {
            let input = resolve(template, case, transcript)?;
            (Bytes::from(input.to_string()), Some(input))
        }
        Body::Text(text) => (Bytes::from(text.clone()), first_value(text)),
    };
    let request = Request {
        service: step.service.clone(),
        operation: step.operation.clone(),
        body,
        headers: step.headers.clone(),
    };
    Ok((request, sent))
}

/// What a lenient reader makes of a text: the JSON value it starts with.
fn first_value(text: &str) -> Option<Value> {
    serde_json::Deserializer::from_str(text).into_iter().next()?.ok()
}

/// Deletes, by the names they were created with, what was created and not deleted since.
async fn clean_up(
    target: &Target,
    model: &ServiceModel,
    alias: &Alias,
    due: Vec<(String, Value)>,
) -> Vec<String> {
    let mut leftovers = Vec::new();
    for (operation, input) in due {
        let request = Request::plain(&model.name, &operation, &input);
        let outcome = target.call(alias, request).await.outcome;
        let gone = outcome.is_ok_and(|a| a.is_success() || model.refusals.say_absent(a.error_code()));
        if !gone {
            leftovers.push(format!("{input} could not be removed with {operation}"));
        }
    }
    leftovers
}

/// The deletions that are due, by operation and input.
fn remains(model: &ServiceModel, transcript: &[Performed]) -> Vec<(String, Value)> {
    let mut due: Vec<(String, Value)> = Vec::new();
    for Performed { sent, exchange, .. } in transcript.iter().flat_map(Performed::calls) {
        let Some((resource, role)) = model.resource_of(&exchange.request.operation) else { continue };
        let Some(delete) = &resource.delete else { continue };
        let sent = sent.as_ref().unwrap_or(&Value::Null);
        match role {
            Lifecycle::Create if may_have_happened(exchange) => {
                due.push((delete.clone(), Value::Object(names(resource, sent, exchange))));
            }
            Lifecycle::Put if may_have_happened(exchange) => due.extend(elsewhere(model, delete, sent)),
            Lifecycle::Delete if succeeded(exchange) => due.retain(|(_, input)| input != sent),
            _ => {}
        }
    }
    due
}

/// What names the resource made: as it was sent, or as it was answered where no name was sent.
fn names(resource: &Resource, sent: &Value, exchange: &Exchange) -> Map<String, Value> {
    let answered = exchange.outcome.as_ref().ok().and_then(|answer| answer.json.as_ref());
    let name = |name: &String| {
        let value = sent.get(name).filter(|v| !v.is_null()).or_else(|| answered?.get(name))?;
        Some((name.clone(), value.clone()))
    };
    resource.identifiers.iter().filter_map(name).collect()
}

/// A put that named a place that is not for use may have made something there.
fn elsewhere(model: &ServiceModel, delete: &str, sent: &Value) -> Option<(String, Value)> {
    let members = model.members(&model.operations.get(delete)?.input).filter(|m| m.traits.internal.is_some());
    let place: Map<String, Value> =
        members.filter_map(|m| Some((m.name.clone(), sent.get(&m.name)?.clone()))).collect();
    (!place.is_empty()).then(|| (delete.to_owned(), Value::Object(place)))
}

fn may_have_happened(exchange: &Exchange) -> bool {
    exchange.outcome.as_ref().map_or(true, |answer| answer.is_success() || answer.is_server_error())
}

fn succeeded(exchange: &Exchange) -> bool {
    exchange.outcome.as_ref().is_ok_and(crate::target::Answer::is_success)
}
