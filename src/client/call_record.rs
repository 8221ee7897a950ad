//! The outcomes of a target's calls, by operation: those that its caller was granted, and those that repetitions did not
//! help.
//!
//! Sends nothing. The entry points are [`Grants`] and [`RetryRecord`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::error::CallFailure;
use super::exchange::{Request, Response};

/// After so many calls in a row that failed in spite of all repetitions, an operation is no longer repeated.
const FUTILE_RETRIES: u32 = 3;

/// The calls of the run's own caller that the target accepted or refused.
#[derive(Debug, Default)]
pub(super) struct Grants {
    /// Operations that were accepted at least once, such as `glue:GetConnection`.
    accepted: Mutex<BTreeSet<String>>,
    /// The number of responses that refused the caller or reported an internal error.
    refusals: AtomicU64,
}

impl Grants {
    pub fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    pub fn has_accepted(&self, service: &str, operation: &str) -> bool {
        lock(&self.accepted).contains(&name(service, operation))
    }

    pub fn record(&self, request: &Request, response: &Response) {
        if response.is_success() {
            lock(&self.accepted).insert(name(&request.service, &request.operation));
        } else if response.is_server_error() || response.caller_refusal().is_some() {
            self.refusals.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The calls in a row that failed in spite of all repetitions, by operation.
#[derive(Debug, Default)]
pub(super) struct RetryRecord(Mutex<BTreeMap<String, u32>>);

impl RetryRecord {
    pub fn may_help(&self, request: &Request) -> bool {
        let key = name(&request.service, &request.operation);
        lock(&self.0).get(&key).is_none_or(|count| *count < FUTILE_RETRIES)
    }

    pub fn record(&self, request: &Request, helped: bool) {
        let mut futile = lock(&self.0);
        let count = futile.entry(name(&request.service, &request.operation)).or_default();
        *count = if helped { 0 } else { *count + 1 };
    }
}

/// Operations that still refused the run's own caller after the longest wait. A permission that the caller lacks does not
/// come by waiting, so that only the first such call waits.
#[derive(Debug, Default)]
pub(super) struct FutileWaits(Mutex<BTreeSet<String>>);

impl FutileWaits {
    pub fn contains(&self, service: &str, operation: &str) -> bool {
        lock(&self.0).contains(&name(service, operation))
    }

    pub fn record(&self, service: &str, operation: &str) {
        lock(&self.0).insert(name(service, operation));
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
