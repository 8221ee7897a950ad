//! The capacity of jobs and runs: workers, data processing units and timeouts, with the defaults of the service (E248).
//! Must not know a job.
//! [`check`] and [`fill`] are the entry points.

use serde_json::{Value, json};

use super::document::Document;
use crate::error::ServiceError;

/// The members that set a capacity. A run can override those of its job.
pub const MEMBERS: [&str; 5] =
    ["AllocatedCapacity", "MaxCapacity", "NumberOfWorkers", "Timeout", "WorkerType"];

const DEFAULT_CAPACITY: f64 = 10.0;
const DEFAULT_SHELL_CAPACITY: f64 = 0.0625;
const DEFAULT_TIMEOUT_MINUTES: u32 = 2880;

/// Refuses a capacity that is given twice.
///
/// # Errors
/// `MaxCapacity` stands beside `WorkerType` or `NumberOfWorkers`.
pub fn check(given: &Document) -> Result<(), ServiceError> {
    let has = |member: &str| given.0.get(member).is_some_and(|value| !value.is_null());
    if has("MaxCapacity") && (has("WorkerType") || has("NumberOfWorkers")) {
        let text = "Please do not set Max Capacity if using Worker Type and Number of Workers.";
        return Err(ServiceError::invalid_input(text));
    }
    Ok(())
}

/// Adds the members that the service always returns (E248). `command` is the name of the job's command.
pub fn fill(document: &mut Document, command: &str) {
    let capacity = capacity(document, command);
    #[expect(clippy::cast_possible_truncation, reason = "units are few")]
    let allocated = capacity as i64;
    document.0.insert("MaxCapacity".to_owned(), json!(capacity));
    document.0.insert("AllocatedCapacity".to_owned(), json!(allocated));
    if command != "gluestreaming" {
        document.0.entry("Timeout").or_insert_with(|| json!(DEFAULT_TIMEOUT_MINUTES));
    }
}

/// Returns the number of data processing units.
fn capacity(document: &Document, command: &str) -> f64 {
    let number = |member: &str| document.0.get(member).and_then(Value::as_f64);
    let of_workers = || Some(number("NumberOfWorkers")? * units_per_worker(document.text("WorkerType")?));
    let default = if command == "pythonshell" { DEFAULT_SHELL_CAPACITY } else { DEFAULT_CAPACITY };
    of_workers().or_else(|| number("MaxCapacity")).or_else(|| number("AllocatedCapacity")).unwrap_or(default)
}

/// Returns the data processing units of a worker (AWS Glue Developer Guide, "Worker types").
fn units_per_worker(worker_type: &str) -> f64 {
    match worker_type {
        "G.025X" => 0.25,
        "G.2X" | "Z.2X" | "R.2X" => 2.0,
        "G.4X" | "R.4X" => 4.0,
        "G.8X" | "R.8X" => 8.0,
        "G.12X" => 12.0,
        "G.16X" => 16.0,
        _ => 1.0,
    }
}
