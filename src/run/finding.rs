//! Converts a shrunk violation into the finding of a report, with sensitive values redacted. Must not make commands.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::case::{Case, Step};
use crate::check::{PerformedStep, ViolationKind, without_foreign_items};
use crate::client::{Request, Response};
use crate::model::{Principal, Protocol, REDACTED, ServiceModel};

use super::result::{Finding, FindingStep, ReportedRequest, ReportedResponse, Reproduce};
use super::shrink::FailingCase;

/// Longer raw bodies are cut in reports.
const MAX_SHOWN_BYTES: usize = 4096;

/// The finding of a violation, without commands to repeat it.
#[must_use]
pub fn build_finding(model: &ServiceModel, failing: &FailingCase) -> Finding {
    let subject = failing.case.steps.get(failing.violation.step).map_or(Cow::Borrowed(""), subject);
    let is_shown = |performed: &&PerformedStep| match &failing.violation.kind {
        ViolationKind::NotLinearizable(steps) => steps.contains(&performed.step),
        _ => performed.step <= failing.violation.step,
    };
    let done = failing.execution.transcript.iter().filter(is_shown);
    let steps = done.flat_map(PerformedStep::calls).map(|call| step(model, &failing.case, call));
    Finding {
        violated: failing.violation.kind.sentence(&subject),
        kind: Some(failing.violation.kind.clone()),
        expected_outcome: Some(failing.violation.outcome.clone()),
        expected: failing.violation.expected.clone(),
        actual: failing.violation.actual.clone(),
        steps: steps.collect(),
        reproduce: Reproduce::default(),
        intermittent: None,
    }
}

/// Returns the subject of the sentence about a step: its operation, unless the call names another one or none.
fn subject(step: &Step) -> Cow<'_, str> {
    let target = step.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amz-target"));
    match target {
        None => Cow::Borrowed(&step.operation),
        Some((_, Some(target))) => Cow::Owned(format!("The service, called with X-Amz-Target: {target},")),
        Some((_, None)) => Cow::Borrowed("The service, called without X-Amz-Target,"),
    }
}

fn step(model: &ServiceModel, case: &Case, performed: &PerformedStep) -> FindingStep {
    let PerformedStep { step, exchange, .. } = performed;
    let by = |at: usize| case.steps.get(at).and_then(|step| step.by.as_ref());
    let borrowed = |name: &&String| {
        (0..case.steps.len()).any(|at| by(at).and_then(Principal::step) == Some(name.as_str()))
    };
    let request = &exchange.request;
    let model = model.service(&request.service).unwrap_or(model);
    FindingStep {
        service: request.service.clone(),
        operation: request.operation.clone(),
        by: by(*step).cloned(),
        lends: case.steps.get(*step).and_then(|step| step.name.as_ref()).filter(borrowed).cloned(),
        request: ReportedRequest { headers: headers(model, request), body: shown_body(model, performed) },
        response: exchange.outcome.as_ref().ok().map(|answer| response(model, &request.operation, answer)),
    }
}

/// Returns the headers that name the operation and those that the case changed, without the signature.
fn headers(model: &ServiceModel, request: &Request) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    headers.insert("Content-Type".to_owned(), model.protocol.content_type().to_owned());
    if model.protocol == Protocol::AwsJson {
        headers.insert("X-Amz-Target".to_owned(), model.amz_target(&request.operation));
    }
    for (name, value) in &request.headers {
        headers.retain(|known, _| !known.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            let shown = if name.eq_ignore_ascii_case("x-amz-target") { "X-Amz-Target" } else { name };
            let shown = if name.eq_ignore_ascii_case("content-type") { "Content-Type" } else { shown };
            headers.insert(shown.to_owned(), value.clone());
        }
    }
    headers
}

/// Returns the body of a request as JSON, without sensitive values, if the JSON serializes to the same bytes. Otherwise returns the
/// text, unless it has sensitive members: it may spell them in any way.
pub(crate) fn shown_body(model: &ServiceModel, performed: &PerformedStep) -> Value {
    let PerformedStep { sent, exchange, .. } = performed;
    let request = &exchange.request;
    let model = model.service(&request.service).unwrap_or(model);
    match sent {
        Some(value) if value.to_string().as_bytes() == request.body.as_ref() => model.redacted(value.clone()),
        Some(value) if model.redacted(value.clone()) != *value => json!(REDACTED),
        _ => json!(without_secret_members(model, String::from_utf8_lossy(&request.body).into_owned())),
    }
}

fn response(model: &ServiceModel, operation: &str, answer: &Response) -> ReportedResponse {
    let shown = |json: &Value| without_foreign_items(model, operation, model.redacted(json.clone()));
    let body =
        answer.json.as_ref().map_or_else(|| json!(without_secret_members(model, raw(&answer.body))), shown);
    ReportedResponse { status: answer.status, error: answer.error_code().map(str::to_owned), body }
}

/// Returns a text that is no JSON, or nothing of it if it names a sensitive member.
fn without_secret_members(model: &ServiceModel, text: String) -> String {
    if model.names_secret(&text) { REDACTED.to_owned() } else { text }
}

/// The beginning of a body that is no JSON.
fn raw(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_SHOWN_BYTES)]);
    if body.len() > MAX_SHOWN_BYTES { format!("{text}… ({} bytes)", body.len()) } else { text.into_owned() }
}
