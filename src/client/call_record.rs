//! The outcomes of a target's calls, by operation: those that its caller was granted, and those that repeating or waiting
//! did not help.
//!
//! Sends nothing. The entry point is [`CallRecord`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::CallFailure;
use super::exchange::{Request, Response};

/// After so many calls in a row that failed in spite of all repetitions, an operation is no longer repeated.
const FUTILE_RETRIES: u32 = 3;

/// The outcomes of the calls to one target. Operations have names such as `glue:GetConnection`.
#[derive(Debug, Default)]
pub(super) struct CallRecord {
    /// Operations that accepted the run's own caller at least once.
    accepted: Mutex<BTreeSet<String>>,
    /// The number of responses that refused the run's own caller or reported an internal error.
    refusals: AtomicU64,
    /// The calls in a row that failed in spite of all repetitions.
    futile_retries: Mutex<BTreeMap<String, u32>>,
    /// Operations that still refused the run's own caller after the longest wait.
    futile_waits: Mutex<BTreeSet<String>>,
}

impl CallRecord {
    /// Returns the number of responses that refused the run's own caller or reported an internal error.
    pub fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    /// Returns true if the operation accepted a call of the run's own caller.
    pub fn has_accepted(&self, service: &str, operation: &str) -> bool {
        lock(&self.accepted).contains(&name(service, operation))
    }

    /// Returns false if no earlier wait helped. A permission that the caller lacks does not come by waiting, so that only
    /// the first such call waits.
    pub fn may_still_accept(&self, service: &str, operation: &str) -> bool {
        self.has_accepted(service, operation) || !lock(&self.futile_waits).contains(&name(service, operation))
    }

    /// Returns false if repeating calls of the operation has not helped so far.
    pub fn may_be_repeated(&self, request: &Request) -> bool {
        let key = name(&request.service, &request.operation);
        lock(&self.futile_retries).get(&key).is_none_or(|count| *count < FUTILE_RETRIES)
    }

    /// Records a response to the run's own caller.
    pub fn record_response(&self, request: &Request, response: &Response) {
        if response.is_success() {
            lock(&self.accepted).insert(name(&request.service, &request.operation));
        } else if response.is_server_error() || response.caller_refusal().is_some() {
            self.refusals.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Records whether repeating a call helped.
    pub fn record_retries(&self, request: &Request, helped: bool) {
        let mut futile = lock(&self.futile_retries);
        let count = futile.entry(name(&request.service, &request.operation)).or_default();
        *count = if helped { 0 } else { *count + 1 };
    }

    /// Records that the operation refused the run's own caller until the end of the longest wait.
    pub fn record_futile_wait(&self, service: &str, operation: &str) {
        lock(&self.futile_waits).insert(name(service, operation));
    }
}

/// Returns whether SDKs repeat a call with this outcome.
pub(super) fn is_transient(outcome: &Result<Response, CallFailure>) -> bool {
    match outcome {
        Ok(response) => response.is_transient(),
        Err(failure) => matches!(failure, CallFailure::Connection(_)),
    }
}

/// Returns the name of an operation with its service, such as `glue:GetConnection`.
fn name(service: &str, operation: &str) -> String {
    format!("{service}:{operation}")
}

/// Each change is complete when the lock is released, so that a panic elsewhere leaves usable contents.
fn lock<T>(contents: &Mutex<T>) -> MutexGuard<'_, T> {
    contents.lock().unwrap_or_else(PoisonError::into_inner)
}
