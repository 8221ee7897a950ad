//! The way of a call through the fake while faults are on: where it leaves the way that `route` has for all others.
//! Must not know what any operation means, nor what a fault is called.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::cloud::{Cloud, State};
use super::engine::{FakeCloud, Inner};
use super::error::ServiceError;
use super::fault::{Active, Astray, Meeting, Unread};
use super::wire::json11::{self, Refusal};
use glueproof_spec::ServiceModel;

/// How long a call that is not made in one go gives others to come between.
const MEANWHILE: Duration = Duration::from_millis(3);

/// The limit of most texts.
const LONG: usize = 255;

/// What begins the names of operations that change nothing.
const READING: [&str; 4] = ["Get", "List", "Describe", "BatchGet"];

impl FakeCloud {
    /// What was there when the call came in, for those that take that for what there is.
    pub(super) fn earlier(&self, faults: &Active) -> Option<State> {
        if faults.is_empty() || !faults.astray().contains(&Astray::Raced) {
            return None;
        }
        let earlier = self.lock().cloud.state.clone();
        std::thread::sleep(MEANWHILE);
        Some(earlier)
    }

    /// The answer as it leaves, and remembered.
    pub(super) fn altered(
        &self,
        request: &Request<Bytes>,
        response: Response<Bytes>,
        faults: &Active,
    ) -> Response<Bytes> {
        let operation = json11::named(request).unwrap_or_default().operation;
        let answers = &mut self.lock().memory.answers;
        let altered = faults.alter(response, request.body(), answers.get(operation));
        if altered.status().is_success() {
            answers.insert(operation.to_owned(), altered.body().clone());
        }
        altered
    }
}

impl Inner {
    /// Lets a call run on the state it is astray to see.
    pub fn astray<T>(
        &mut self,
        operation: &str,
        faults: &Active,
        earlier: Option<State>,
        call: impl FnOnce(&mut Cloud) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let changes = !READING.iter().any(|begin| operation.starts_with(begin));
        let meeting = Meeting { ways: faults.astray(), earlier, changes, memory: &mut self.memory };
        meeting.run(&mut self.cloud, call)
    }
}

/// Requests that are taken for an empty one, or refused, for how they are written.
pub fn unread(
    model: &ServiceModel,
    request: &Request<Bytes>,
    outcome: Result<Vec<u8>, Refusal>,
    faults: &Active,
) -> Result<Vec<u8>, Refusal> {
    let body = request.body();
    let nothing = || Ok(b"{}".to_vec());
    if faults.takes(Unread::LongInBytes) && String::from_utf8_lossy(body).split('"').any(is_long_in_bytes) {
        return Err(ServiceError::internal("the text does not fit").into());
    }
    match outcome {
        Err(Refusal::UnknownOperation) if faults.takes(Unread::Operation) => nothing(),
        Err(Refusal::UnknownOperation) if faults.takes(Unread::ContentType) => nothing(),
        Err(Refusal::Malformed) if faults.takes(written(body)) => nothing(),
        Ok(_) if faults.takes(Unread::UnknownMembers) && has_unknown(model, request) => {
            Err(Refusal::Malformed)
        }
        Ok(_) if faults.takes(Unread::Layout) && is_spacious(body) => Err(Refusal::Malformed),
        Ok(_) if faults.takes(Unread::Nulls) && json11::body(body).is_ok_and(|given| has_null(&given)) => {
            Err(Refusal::Malformed)
        }
        outcome => outcome,
    }
}

/// What is wrong with a body that is no JSON object.
fn written(body: &Bytes) -> Unread {
    let mut values = serde_json::Deserializer::from_slice(body).into_iter::<Value>();
    match (values.next(), values.next()) {
        (Some(Ok(_)), Some(_)) => Unread::TrailingText,
        (Some(Ok(_)), None) => Unread::NotAnObject,
        _ => Unread::Malformed,
    }
}

/// Longer than most limits, though not in characters.
fn is_long_in_bytes(text: &str) -> bool {
    text.len() > LONG && text.chars().count() <= LONG
}

/// Whether there is white space around what is in it, which no SDK sends.
fn is_spacious(body: &Bytes) -> bool {
    body.iter().any(|byte| matches!(byte, b'\n' | b'\t' | b'\r'))
        || body.starts_with(b"{ ")
        || body.starts_with(b" ")
}

/// Whether a member is there that the operation does not have.
fn has_unknown(model: &ServiceModel, request: &Request<Bytes>) -> bool {
    let name = json11::named(request).unwrap_or_default().operation;
    let Some(operation) = model.operations.get(name) else { return false };
    let known = |name: &String| model.member(&operation.input, name).is_some();
    json11::body(request.body()).is_ok_and(|given| !given.keys().all(known))
}

fn has_null(members: &Map<String, Value>) -> bool {
    members.values().any(|value| match value {
        Value::Null => true,
        Value::Object(inner) => has_null(inner),
        Value::Array(items) => items.iter().any(|item| item.as_object().is_some_and(has_null)),
        _ => false,
    })
}
