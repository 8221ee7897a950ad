//! Faults as users switch them on: for one operation or all, for the next calls or until cleared. Must not touch
//! state or know HTTP.

use super::active::Active;
use super::catalogue::Fault;

/// A fault with where and how often it shows: everywhere and until cleared, unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Injection {
    fault: Fault,
    operation: Option<String>,
    remaining: Option<u64>,
}

impl Injection {
    /// On every call until cleared.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, operation: None, remaining: None }
    }

    /// Only on calls of that operation.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Only on the next so many calls that it applies to.
    #[must_use]
    pub fn times(mut self, calls: u64) -> Self {
        self.remaining = Some(calls);
        self
    }

    /// What goes wrong.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// The only operation it shows on, if it is for one.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// On how many more calls it shows, if that is bounded.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        self.remaining
    }

    fn applies_to(&self, operation: &str) -> bool {
        self.remaining != Some(0) && self.operation.as_deref().is_none_or(|only| only == operation)
    }
}

/// The faults that are on, oldest first.
#[derive(Debug, Default)]
pub struct Faults {
    injections: Vec<Injection>,
}

impl Faults {
    /// Switches one on, behind those that are on already.
    pub fn inject(&mut self, injection: Injection) {
        self.injections.push(injection);
    }

    /// Those that are on.
    pub fn on(&self) -> &[Injection] {
        &self.injections
    }

    /// Switches all off.
    pub fn clear(&mut self) {
        self.injections.clear();
    }

    /// What goes wrong with what has been under way and is done when its time has come, which is nobody's call.
    pub fn at_work(&self) -> Active {
        let mut active = Active::default();
        let on = self.injections.iter().filter(|injection| injection.operation.is_none());
        on.for_each(|injection| {
            active.add(injection.fault.parts().iter().filter(|part| part.on.is_empty()));
        });
        active
    }

    /// What goes wrong with a call of that operation; counts the call.
    pub fn of_call(&mut self, operation: &str) -> Active {
        let mut active = Active::default();
        for injection in self.injections.iter_mut().filter(|injection| injection.applies_to(operation)) {
            // Whatever has an error for its answer cannot have another: the next one waits for its turn.
            let shown = active.add(injection.fault.parts().iter().filter(|part| part.concerns(operation)));
            if let (true, Some(remaining)) = (shown, &mut injection.remaining) {
                *remaining -= 1;
            }
        }
        active.remembered = self.injections.iter().any(|injection| injection.fault.is_stale());
        self.injections.retain(|injection| injection.remaining != Some(0));
        active
    }
}
