//! Injected faults: each is on for one operation or all, for the next calls or until cleared.
//! Must not touch state, nor know HTTP.
//! [`Injection`] is what users build; [`InjectedFaults`] are those of one cloud.

use std::collections::BTreeMap;

use super::call_faults::CallFaults;
use super::catalogue::Fault;

/// A fault to inject. It is on for every operation and until cleared, unless limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Injection {
    fault: Fault,
    operation: Option<String>,
    remaining: Option<u64>,
}

impl Injection {
    /// Injects the fault into every call until cleared.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, operation: None, remaining: None }
    }

    /// Limits the fault to calls of one operation.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Limits the fault to the next `calls` calls that it applies to.
    #[must_use]
    pub fn times(mut self, calls: u64) -> Self {
        self.remaining = Some(calls);
        self
    }

    /// Returns the fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// Returns the operation that the fault is limited to.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// Returns the number of further calls that the fault applies to, if it is limited.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        self.remaining
    }

    fn applies_to(&self, operation: &str) -> bool {
        self.remaining != Some(0) && self.operation.as_deref().is_none_or(|only| only == operation)
    }
}

/// The faults that are on in one cloud, oldest first.
#[derive(Debug, Default)]
pub struct InjectedFaults {
    injections: Vec<Injection>,
    /// The number of calls of each operation while a fault was on.
    calls: BTreeMap<String, u64>,
}

impl InjectedFaults {
    /// Injects a fault after those that are on.
    pub fn inject(&mut self, injection: Injection) {
        self.injections.push(injection);
    }

    /// Returns the faults that are on.
    pub fn on(&self) -> &[Injection] {
        &self.injections
    }

    /// Clears every fault.
    pub fn clear(&mut self) {
        self.injections.clear();
        self.calls.clear();
    }

    /// Returns the faults of jobs and crawls that end. They belong to no call, so only unlimited faults apply.
    pub fn of_work(&self) -> CallFaults {
        let mut faults = CallFaults::default();
        let on = self.injections.iter().filter(|injection| injection.operation.is_none());
        on.for_each(|injection| {
            faults.add(injection.fault.parts().iter().filter(|part| part.on.is_empty()));
        });
        faults
    }

    /// Returns the faults of a call of the operation, and counts the call.
    pub fn of_call(&mut self, operation: &str) -> CallFaults {
        let mut faults = CallFaults::default();
        if self.injections.is_empty() {
            return faults;
        }
        let calls = self.calls.entry(operation.to_owned()).or_default();
        *calls += 1;
        let call = *calls;
        for injection in self.injections.iter_mut().filter(|injection| injection.applies_to(operation)) {
            // A call has one error. The next error waits for the next call.
            let parts = injection.fault.parts().iter();
            let applied = faults.add(parts.filter(|part| part.concerns(operation) && part.shows_at(call)));
            if let (true, Some(remaining)) = (applied, &mut injection.remaining) {
                *remaining -= 1;
            }
        }
        faults.keeps_state = self.injections.iter().any(|injection| injection.fault.is_stale());
        self.injections.retain(|injection| injection.remaining != Some(0));
        faults
    }
}
