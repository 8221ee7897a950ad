//! Switches faults on and off. Must not know what a fault does.

use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::{Problem, parse, success};
use crate::{FakeCloud, Fault, Injection, UnknownFault};

const TO_DO: &str = r#"send {"fault": NAME} and, if you like, "operation" and "times""#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedFault {
    fault: String,
    operation: Option<String>,
    times: Option<u64>,
}

/// Returns the faults that are on, and all there are.
pub fn read(cloud: &FakeCloud) -> Response<Bytes> {
    let on: Vec<Value> = cloud.injections().iter().map(shown).collect();
    let known: Vec<Value> =
        Fault::all().map(|fault| json!({ "fault": fault.name(), "summary": fault.summary() })).collect();
    success(&json!({ "on": on, "known": known }))
}

fn shown(injection: &Injection) -> Value {
    json!({
        "fault": injection.fault().name(),
        "operation": injection.operation(),
        "times": injection.remaining(),
    })
}

/// Switches one more fault on.
pub fn add(cloud: &FakeCloud, body: &[u8]) -> Result<Response<Bytes>, Problem> {
    let wanted: WantedFault = parse(body, TO_DO)?;
    let fault = wanted.fault.parse().map_err(|e: UnknownFault| Problem::body(e.to_string(), TO_DO))?;
    let everywhere = Injection::new(fault);
    let placed = wanted.operation.into_iter().fold(everywhere, Injection::on);
    cloud.inject(wanted.times.into_iter().fold(placed, Injection::times));
    Ok(read(cloud))
}

/// Switches all faults off.
pub fn clear(cloud: &FakeCloud) -> Response<Bytes> {
    cloud.clear_faults();
    read(cloud)
}
