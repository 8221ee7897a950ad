//! Before a run: does anybody answer there, in the protocol at all? Judges no rule.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::client::{CallFailure, Request, Response, Target};
use crate::model::{Lifecycle, Operation, ServiceModel};

/// Why a target cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// A real account that might not be left as it was found.
    #[error("nothing was begun, for what stands in the account could not be put back: {0}")]
    Unsafe(String),
    /// No journal.
    #[error("nothing was begun: {0}")]
    Journal(#[from] crate::journal::JournalError),
    /// Nobody answers.
    #[error("{target} does not answer: {why}")]
    Silent {
        /// Address or name.
        target: String,
        /// What happened.
        why: CallFailure,
    },
    /// Somebody answers something else.
    #[error("{target} does not speak AWS JSON 1.1: it answered {answer}; is this the right address?")]
    Foreign {
        /// Address or name.
        target: String,
        /// Status, content type and the beginning of the body.
        answer: String,
    },
}

/// Asks a few harmless questions; one answer that is a JSON object will do.
///
/// # Errors
/// When there is none.
pub async fn preflight(target: &Target, model: &ServiceModel) -> Result<(), Unfit> {
    let operations = questions(model);
    let calls = operations.iter().map(|operation| {
        let request = Request::plain(&model.name, operation, &json!({}));
        async { target.call(&target.alias(), request).await.outcome }
    });
    let answers = join_all(calls).await;
    let speaks = |answer: &Result<Response, _>| {
        answer.as_ref().is_ok_and(|a| a.json.as_ref().is_some_and(Value::is_object))
    };
    if answers.iter().any(speaks) {
        return Ok(());
    }
    let name = target.url.clone().unwrap_or_else(|| target.name.clone());
    if let Some(answer) = answers.iter().find_map(|a| a.as_ref().ok()) {
        return Err(Unfit::Foreign { target: name, answer: describe(answer) });
    }
    let why = answers.into_iter().find_map(Result::err);
    let why = why.unwrap_or_else(|| CallFailure::Harness("no operation to ask with".to_owned()));
    Err(Unfit::Silent { target: name, why })
}

/// Operations that only look, and need nothing to look at.
fn questions(model: &ServiceModel) -> Vec<&str> {
    model
        .operations
        .values()
        .filter(|operation| operation.is_core() && is_harmless(model, operation))
        .map(|operation| operation.name.as_str())
        .take(3)
        .collect()
}

/// Whether an operation only looks, and needs nothing to look at.
pub(super) fn is_harmless(model: &ServiceModel, operation: &Operation) -> bool {
    match model.resource_of(&operation.name) {
        Some((resource, Lifecycle::Read)) => resource.is_account_wide(),
        Some((_, Lifecycle::List)) => true,
        _ => false,
    }
}

fn describe(answer: &Response) -> String {
    let kind = answer.headers.get("content-type").map_or("no content type", String::as_str);
    let text = String::from_utf8_lossy(&answer.body[..answer.body.len().min(200)]).into_owned();
    let text: String = text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("{} ({kind}) `{}`", answer.status, text.trim())
}
