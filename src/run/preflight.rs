//! Checks before a run that the target implements the API and accepts the caller.
//!
//! Judges no rule. The entry point is [`preflight`].

use futures::future::join_all;
use serde_json::{Value, json};

use crate::client::{CallFailure, CallerRefusal, CredentialsInfo, Exchange, Request, Response, Target};
use crate::model::{Lifecycle, Operation, ServiceModel};

/// The number of characters of an unexpected response in error messages.
const EXCERPT_CHARS: usize = 80;
/// Calls sent first. The rest is sent only if none of their responses identifies the API.
const FIRST_CALLS: usize = 3;
/// Error codes that every service of AWS returns with awsJson (Smithy, AWS common errors). A response with one of them
/// comes from an implementation of the protocol. Codes for unknown operations, internal errors and refused callers are not
/// among them: services other than the one under test return them too.
const COMMON_CODES: [&str; 10] = [
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "LimitExceededException",
    "MalformedQueryString",
    "MissingParameter",
    "RequestLimitExceeded",
    "SerializationException",
    "Throttling",
    "ThrottlingException",
    "ValidationException",
];

/// The reason why a target cannot be judged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PreflightError {
    /// The state of a real account could not be restored.
    #[error("nothing was done, because the state of the account could not be restored: {0}")]
    Unsafe(String),
    /// The journal cannot be written.
    #[error("nothing was done: {0}")]
    Journal(String),
    /// The target does not respond.
    #[error("{target} does not answer: {why}")]
    Silent {
        /// The address or the name.
        target: String,
        /// The failure.
        why: CallFailure,
    },
    /// The target refuses every call of the run's own caller.
    #[error(
        "{target} refuses the run's own caller: {call} was answered {response}. The credentials come from {credentials}"
    )]
    CallerRefused {
        /// The address or the name.
        target: String,
        /// The call, such as `glue:GetResourcePolicy`.
        call: String,
        /// The error, or status, content type and the first line of the body.
        response: String,
        /// The credentials in words.
        credentials: Box<CredentialsInfo>,
    },
    /// The target answers every call with a server error.
    #[error("{target} answers every call with a server error: {call} was answered {response}")]
    Failing {
        /// The address or the name.
        target: String,
        /// The call, such as `glue:GetResourcePolicy`.
        call: String,
        /// The error, or status, content type and the first line of the body.
        response: String,
    },
    /// The responses could come from any server.
    #[error(
        "{target} does not implement AWS {service}: {call} was answered {response}; is this the right address?"
    )]
    Foreign {
        /// The address or the name.
        target: String,
        /// The service, such as `glue`.
        service: String,
        /// The call, such as `glue:GetResourcePolicy`.
        call: String,
        /// Status, content type and the first line of the body.
        response: String,
    },
}

impl From<crate::journal::JournalError> for PreflightError {
    fn from(error: crate::journal::JournalError) -> Self {
        Self::Journal(error.to_string())
    }
}

/// Sends calls that change nothing. Succeeds if at least one response could come from this API alone: an output with a
/// documented member, an empty output in the form of the protocol, or a documented or common error.
///
/// # Errors
/// Returns an error if there is no such response.
pub async fn preflight(target: &Target, model: &ServiceModel) -> Result<(), PreflightError> {
    let mut operations: Vec<&Operation> = harmless_operations(model).collect();
    if operations.is_empty() {
        // The service has no core operations.
        operations.extend(model.operations.values().filter(|operation| is_harmless(model, operation)));
    }
    let (first, rest) = operations.split_at(operations.len().min(FIRST_CALLS));
    let mut exchanges = Vec::new();
    for operations in [first, rest] {
        exchanges.extend(join_all(operations.iter().map(|operation| send(target, model, operation))).await);
        let identifies = |exchange: &Exchange| {
            let operation = model.operations.get(&exchange.request.operation);
            let response = exchange.outcome.as_ref().ok();
            response.zip(operation).is_some_and(|(response, operation)| is_of_api(model, operation, response))
        };
        if exchanges.iter().any(identifies) {
            return Ok(());
        }
    }
    Err(preflight_error(target, model, &exchanges))
}

async fn send(target: &Target, model: &ServiceModel, operation: &Operation) -> Exchange {
    let request = Request::plain(&model.name, &operation.name, &json!({}));
    target.call(&target.alias(), request).await
}

/// Returns the reason, from responses of which none identifies the API. A refused caller comes first, because the caller
/// can do something about it.
fn preflight_error(target: &Target, model: &ServiceModel, exchanges: &[Exchange]) -> PreflightError {
    let name = target.url.clone().unwrap_or_else(|| target.name.clone());
    let call = |exchange: &Exchange| format!("{}:{}", model.signing_name, exchange.request.operation);
    let received = || exchanges.iter().filter_map(|e| Some((e, e.outcome.as_ref().ok()?)));
    let refused = |refusal| received().find(move |(_, response)| response.caller_refusal() == Some(refusal));
    let refused = refused(CallerRefusal::Unauthenticated).or_else(|| refused(CallerRefusal::Unauthorized));
    if let Some((exchange, response)) = refused {
        return PreflightError::CallerRefused {
            target: name,
            call: call(exchange),
            response: describe_error(response),
            credentials: Box::new(target.credentials_info().clone()),
        };
    }
    // 501 says that the operation is not implemented, which is no failure.
    let is_failing = |response: &Response| response.is_server_error() && response.status != 501;
    if let Some((exchange, response)) = received().next().filter(|_| received().all(|(_, r)| is_failing(r))) {
        return PreflightError::Failing {
            target: name,
            call: call(exchange),
            response: describe_error(response),
        };
    }
    if let Some((exchange, response)) = received().next() {
        return PreflightError::Foreign {
            target: name,
            service: model.names.sdk_id.clone(),
            call: call(exchange),
            response: describe(response),
        };
    }
    let why = exchanges.iter().find_map(|exchange| exchange.outcome.as_ref().err().cloned());
    let why =
        why.unwrap_or_else(|| CallFailure::Harness("the specs name no call that changes nothing".to_owned()));
    PreflightError::Silent { target: name, why }
}

/// Returns true if only this API gives such a response.
fn is_of_api(model: &ServiceModel, operation: &Operation, response: &Response) -> bool {
    let Some(Value::Object(body)) = &response.json else { return false };
    if response.is_success() {
        // An empty output has no member, but the content type of the protocol.
        let is_of_protocol =
            || response.headers.get("content-type").is_some_and(|of| of == model.protocol.content_type());
        return model.members(&operation.output).any(|member| body.contains_key(&member.name))
            || body.is_empty() && is_of_protocol();
    }
    let is_known = |code: &str| {
        let refusals = &model.refusals;
        let listed = [&refusals.constraint, &refusals.serialization, &refusals.absent, &refusals.throttling];
        operation.errors.iter().any(|error| error == code)
            || listed.into_iter().flatten().any(|known| known == code)
            || COMMON_CODES.contains(&code)
    };
    response.is_client_error() && response.error_code().is_some_and(is_known)
}

/// Returns the core operations that only read and need no resource.
fn harmless_operations(model: &ServiceModel) -> impl Iterator<Item = &Operation> {
    model.operations.values().filter(|operation| operation.is_core() && is_harmless(model, operation))
}

/// Returns true if an operation only reads and needs no resource.
pub(super) fn is_harmless(model: &ServiceModel, operation: &Operation) -> bool {
    match model.resource_of(&operation.name) {
        Some((resource, Lifecycle::Read)) => resource.is_account_wide(),
        Some((_, Lifecycle::List)) => true,
        _ => false,
    }
}

fn describe_error(response: &Response) -> String {
    match (response.error_code(), response.error_message()) {
        (Some(code), Some(message)) => format!("{} {code} ({})", response.status, one_line(message)),
        (Some(code), None) => format!("{} {code}", response.status),
        (None, _) => describe(response),
    }
}

/// Returns status, content type and the first line of the body.
fn describe(response: &Response) -> String {
    let content_type = response.headers.get("content-type").map_or("no content type", String::as_str);
    let text = String::from_utf8_lossy(&response.body);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    match first {
        Some(line) => format!("{} ({}) `{}`", response.status, one_line(content_type), one_line(line)),
        None => format!("{} ({}) without a body", response.status, one_line(content_type)),
    }
}

/// Returns the beginning of a text without control characters.
fn one_line(text: &str) -> String {
    let text: String =
        text.chars().take(EXCERPT_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}
