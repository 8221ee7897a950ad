//! Reads, replaces and removes state as a whole, and lists the bytes at rest. Must not look inside.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::problem::{Problem, json_response, success};
use crate::{AtRest, FakeCloud, Snapshot, StateFileError};

/// Removes everything that callers have made.
pub fn reset(cloud: &FakeCloud, _: &[u8]) -> Result<Response<Bytes>, Problem> {
    cloud.reset().map_err(|error| not_kept(&error))?;
    Ok(success(&json!({})))
}

/// Returns a snapshot of all state.
pub fn read(cloud: &FakeCloud) -> Response<Bytes> {
    match cloud.snapshot().to_json() {
        Ok(text) => json_response(StatusCode::OK, text),
        Err(error) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            Problem::new(status, error.to_string(), "state", "report this").response()
        }
    }
}

/// Replaces all state by a snapshot.
pub fn replace(cloud: &FakeCloud, body: &[u8]) -> Result<Response<Bytes>, Problem> {
    let to_do = "send what GET /_glueproof/state answered; nothing has been changed";
    let snapshot = Snapshot::from_json(body).map_err(|error| Problem::body(error.to_string(), to_do))?;
    cloud.restore(snapshot).map_err(|error| not_kept(&error))?;
    Ok(success(&json!({})))
}

/// Returns the bytes at rest.
pub fn at_rest(cloud: &FakeCloud) -> Response<Bytes> {
    let items: Vec<Value> = cloud.at_rest().iter().map(shown).collect();
    success(&json!({ "items": items }))
}

fn shown(stored: &AtRest) -> Value {
    json!({
        "service": stored.service,
        "account": stored.account,
        "region": stored.region,
        "item": stored.item,
        "bytes": STANDARD.encode(&stored.bytes),
    })
}

/// Returns the refusal of a change that the state file does not hold.
pub fn not_kept(error: &StateFileError) -> Problem {
    let to_do = "make the file writable and ask again";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), "state file", to_do)
}
