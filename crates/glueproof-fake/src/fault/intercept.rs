//! Applies the faults of a call around the router. The router calls these hooks only while a fault is on.
//! Must not know what an operation means, nor the name of a fault.
//! [`FakeCloud::lock_for`], [`Inner::run_handler`] and [`FakeCloud::respond`] are the entry points.

use std::sync::MutexGuard;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::call_faults::CallFaults;
use super::glue_store;
use super::request::apply_parser_faults;
use super::state::{StateFault, StateFaultScope};
use crate::caller::Caller;
use crate::cloud::Cloud;
use crate::engine::{FakeCloud, Inner};
use crate::error::ServiceError;
use crate::wire::json11::{self, Dialect, Refusal};

/// The longest time that a racing call waits for another call between its arrival and its change.
const RACE_WINDOW: Duration = Duration::from_millis(3);

/// The prefixes of operations that change nothing.
const READ_PREFIXES: [&str; 4] = ["Get", "List", "Describe", "BatchGet"];

impl FakeCloud {
    /// Locks the cloud for a call. A racing call first keeps the state at its arrival, and waits for another call.
    pub(crate) fn lock_for(&self, faults: &CallFaults) -> MutexGuard<'_, Inner> {
        let mut inner = self.lock();
        if faults.is_empty() {
            return inner;
        }
        let races = faults.state_faults().contains(&StateFault::Raced);
        let at_arrival = races.then(|| inner.cloud.state.clone());
        if races {
            inner = self.wait_for_another_call(inner, RACE_WINDOW);
        }
        inner.memory.at_arrival = at_arrival;
        inner
    }

    /// Returns the response to a call after the parser faults and the response faults.
    pub fn respond(
        &self,
        dialect: &Dialect,
        operation: &str,
        request: &Request<Bytes>,
        request_id: &str,
        outcome: Result<Vec<u8>, Refusal>,
        faults: &CallFaults,
    ) -> Response<Bytes> {
        let answer = |outcome| json11::response(self.model(), dialect, request_id, outcome);
        if faults.is_empty() {
            return answer(outcome);
        }
        let response = answer(apply_parser_faults(self.model(), request, outcome, |fault| {
            faults.has_parser_fault(fault)
        }));
        let last_success = &mut self.lock().memory.last_success;
        let response = faults.edit_response(response, request.body(), last_success.get(operation));
        if response.status().is_success() {
            last_success.insert(operation.to_owned(), response.body().clone());
        }
        response
    }
}

/// A call of a handler: its operation, its caller, and the request body as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct HandlerCall<'c> {
    /// The operation.
    pub operation: &'c str,
    /// The caller.
    pub caller: &'c Caller,
    /// The request body.
    pub body: &'c Bytes,
}

impl Inner {
    /// Runs a handler with the state faults around it. `members` is the refusal of the request if it is invalid.
    pub fn run_handler(
        &mut self,
        call: HandlerCall<'_>,
        faults: &CallFaults,
        members: Result<Map<String, Value>, Refusal>,
        handler: glue_store::WrappedHandler<'_>,
    ) -> Result<Vec<u8>, Refusal> {
        if faults.is_empty() {
            return Ok(handler(&mut self.cloud, members?)?);
        }
        let store_faults = faults.glue_store_faults();
        let run =
            |cloud: &mut Cloud, members| glue_store::run(&store_faults, cloud, call.caller, members, handler);
        let changes = !READ_PREFIXES.iter().any(|prefix| call.operation.starts_with(prefix));
        let scope = StateFaultScope { faults: faults.state_faults(), changes, memory: &mut self.memory };
        scope.run(&mut self.cloud, |cloud| {
            let outcome = members.and_then(|members| Ok(run(cloud, members)?));
            if outcome.is_err() {
                let sent = json11::body(call.body).ok();
                let applied = sent.and_then(|members| faults.edit_refused_request(&members));
                // The response stays the refusal, whatever the second run returns.
                let _: Option<Result<_, ServiceError>> = applied.map(|members| run(cloud, members));
            }
            outcome
        })
    }
}
