//! Carries out one case: step by step, judged as it goes, then cleaned up by what was journaled rather
//! than by what the target lists. Generates and shrinks nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::case::{Body, Case, Step};
use crate::check::{Performed, StepVerdict, Transcript, Unresolved, Violation, judge, lawful, resolve};
use crate::model::{Expect, Lifecycle, Resource, ServiceModel};
use crate::reference::Reference;
use crate::rule::Rule;
use crate::target::{Alias, CallFailure, Exchange, Request, Target};

use super::at_once::Setting;

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
    let (case, clock) = (Arc::new(case.clone()), Instant::now());
    let setting = Setting { target: target.clone(), alias: alias.clone(), case, clock };
    let (transcript, verdict) = match Court::new(model, rule, &setting.case) {
        Ok(court) => carry_out(&setting, &court).await,
        Err(failure) => (Transcript::new(), CaseVerdict::Broken(failure)),
    };
    let due = remains(model, &setting.case, &transcript);
    let calls = cleared + transcript.len() + due.len();
    let leftovers = clean_up(target, model, &alias, due).await;
    Execution { transcript, verdict, leftovers, calls }
}

/// Step by step, until one says something.
async fn carry_out(setting: &Setting, court: &Court<'_>) -> (Transcript, CaseVerdict) {
    let mut transcript = Transcript::new();
    let mut at = 0;
    while at < setting.case.steps.len() {
        let block = setting.block(at);
        let mut performed = if block.is_empty() {
            match setting.perform(at, &transcript).await {
                Ok(performed) => vec![performed],
                Err(unresolved) => return (transcript, CaseVerdict::Unresolved(unresolved)),
            }
        } else {
            setting.at_once(block.clone(), &transcript).await
        };
        at = block.end.max(at + 1);
        // Calls made at once may have taken effect or not; that none was answered says nothing.
        let failures = performed.iter().filter_map(|p| p.exchange.outcome.as_ref().err());
        let broken = failures.clone().next().cloned().filter(|_| failures.count() == performed.len());
        transcript.append(&mut performed);
        let verdict = broken.map_or_else(|| court.judge(&transcript), CaseVerdict::Broken);
        if !matches!(verdict, CaseVerdict::Held) {
            return (transcript, verdict);
        }
    }
    (transcript, CaseVerdict::Held)
}

/// What a case is judged by.
struct Court<'c> {
    model: &'c ServiceModel,
    rule: &'c Rule,
    case: &'c Case,
    /// Where the case asks for it.
    reference: Option<Reference>,
}

impl<'c> Court<'c> {
    fn new(model: &'c ServiceModel, rule: &'c Rule, case: &'c Case) -> Result<Self, CallFailure> {
        let asked = case.steps.iter().any(|step| step.expect == Expect::Lawful);
        let reference = asked.then(|| Reference::new(model, rule.evidence.level)).transpose();
        let reference = reference.map_err(|lacking| CallFailure::Harness(lacking.to_string()))?;
        Ok(Self { model, rule, case, reference })
    }

    fn judge(&self, transcript: &Transcript) -> CaseVerdict {
        let lawful = self.reference.as_ref().map(|reference| lawful(reference, self.case, transcript));
        let verdict = match lawful {
            Some(Err(unknown)) => return CaseVerdict::Broken(CallFailure::Harness(unknown.to_string())),
            Some(Ok(StepVerdict::Held)) | None => judge(self.model, self.rule, self.case, transcript),
            Some(Ok(said)) => said,
        };
        match verdict {
            StepVerdict::Held => CaseVerdict::Held,
            StepVerdict::Violated(violation) => CaseVerdict::Violated(violation),
            StepVerdict::NotArranged(violation) => CaseVerdict::NotArranged(violation),
        }
    }
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

/// The request of a step, and its input as JSON.
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
fn remains(model: &ServiceModel, case: &Case, transcript: &[Performed]) -> Vec<(String, Value)> {
    let mut due: Vec<(String, Value)> = Vec::new();
    for Performed { step, sent, exchange, .. } in transcript {
        let Some((resource, role)) = model.resource_of(&exchange.request.operation) else { continue };
        let Some(delete) = &resource.delete else { continue };
        let sent = sent.as_ref().unwrap_or(&Value::Null);
        match role {
            Lifecycle::Create if may_have_happened(exchange) => {
                due.push((delete.clone(), Value::Object(names(resource, sent, exchange))));
            }
            Lifecycle::Put if may_have_happened(exchange) => due.extend(elsewhere(model, delete, sent)),
            // Of calls made at once, nobody knows which came last.
            Lifecycle::Delete if succeeded(exchange) && case.steps[*step].client.is_none() => {
                due.retain(|(_, input)| input != sent);
            }
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
