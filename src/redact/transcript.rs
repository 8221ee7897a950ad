//! The calls of a case, one after the other: what an answer was given a word for has the same word where a later
//! call sends it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::case::{Body, Case};
use crate::check::PerformedStep;
use crate::client::Response;
use crate::model::{REDACTED, ServiceModel};

use super::text::steady;
use super::value::Known;

/// Headers of answers that mean something; the others are the server's own business.
const HEADERS: [&str; 3] = ["content-type", "x-amzn-errortype", REQUEST_ID];
/// The one whose value means nothing.
const REQUEST_ID: &str = "x-amzn-requestid";

/// An exchange without what varies.
#[derive(Debug, Clone, PartialEq)]
pub struct Redacted {
    /// Step of the case.
    pub step: usize,
    /// Service, e.g. `glue`.
    pub service: String,
    /// Operation.
    pub operation: String,
    /// The request body, as JSON or as text.
    pub input: Value,
    /// The response, if there is one.
    pub answer: Option<RedactedAnswer>,
}

/// An answer without what varies.
#[derive(Debug, Clone, PartialEq)]
pub struct RedactedAnswer {
    /// HTTP status.
    pub status: u16,
    /// Error code, if it is an error that has one.
    pub error: Option<String>,
    /// Headers that mean something, lower case.
    pub headers: BTreeMap<String, String>,
    /// JSON, or the raw text.
    pub body: Value,
}

/// The calls of a transcript, for a target in that region. Cases and answers speak of the run's own names and
/// account already as of canonical ones.
#[must_use]
pub fn redacted(
    model: &ServiceModel,
    region: &str,
    case: &Case,
    transcript: &[PerformedStep],
) -> Vec<Redacted> {
    let mut known = Known::default();
    let template = |performed: &PerformedStep| match case.steps.get(performed.step).map(|step| &step.body) {
        Some(Body::Json(template)) => template.clone(),
        _ => Value::Null,
    };
    transcript
        .iter()
        .map(|performed| exchange(&mut known, model, region, &template(performed), performed))
        .collect()
}

fn exchange(
    known: &mut Known,
    model: &ServiceModel,
    region: &str,
    template: &Value,
    performed: &PerformedStep,
) -> Redacted {
    let request = &performed.exchange.request;
    let model = model.service(&request.service).unwrap_or(model);
    let input = match &performed.sent {
        Some(sent) => model.redacted(known.input(model, template, &elsewhere(sent, region))),
        None => json!(unless_secret(model, String::from_utf8_lossy(&request.body).into_owned())),
    };
    let answer = performed.exchange.outcome.as_ref().ok();
    Redacted {
        step: performed.step,
        service: request.service.clone(),
        operation: request.operation.clone(),
        input,
        answer: answer.map(|answer| self::answer(known, model, region, &request.operation, answer)),
    }
}

fn answer(
    known: &mut Known,
    model: &ServiceModel,
    region: &str,
    operation: &str,
    answer: &Response,
) -> RedactedAnswer {
    let operation = model.operations.get(operation).filter(|_| answer.is_success());
    let body = match (&answer.json, operation) {
        (Some(json), Some(operation)) => known.output(model, operation, &elsewhere(json, region)),
        (Some(json), None) => known.any(&elsewhere(json, region)),
        (None, _) => json!(known.text(&String::from_utf8_lossy(&answer.body))),
    };
    let header = |name: &&str| {
        let value = answer.headers.get(*name)?;
        let shown = if *name == REQUEST_ID { "[id]".to_owned() } else { steady(value) };
        Some(((*name).to_owned(), shown))
    };
    RedactedAnswer {
        status: answer.status,
        error: answer.error_code().map(str::to_owned),
        headers: HEADERS.iter().filter_map(header).collect(),
        body: model.redacted(body),
    }
}

/// A text that is no JSON cannot be looked through for what must not be seen.
fn unless_secret(model: &ServiceModel, text: String) -> String {
    if model.names_secret(&text) { REDACTED.to_owned() } else { text }
}

/// The same value in a canonical region.
fn elsewhere(value: &Value, region: &str) -> Value {
    const CANONICAL: &str = "us-east-1";
    match value {
        _ if region == CANONICAL => value.clone(),
        Value::String(text) => json!(text.replace(region, CANONICAL)),
        Value::Array(items) => items.iter().map(|item| elsewhere(item, region)).collect(),
        Value::Object(map) => {
            map.iter().map(|(name, inner)| (name.clone(), elsewhere(inner, region))).collect()
        }
        other => other.clone(),
    }
}
