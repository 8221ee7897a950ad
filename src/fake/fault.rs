//! Named wrong behaviours of the fake, and the rules by which users switch them on: for one operation
//! or all, for the next calls or until cleared. Must not touch state or know HTTP.

use super::error::ServiceError;

/// A wrong behaviour that the fake can be told to show. Each has a name, for command lines and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// `InternalServiceException`, 500.
    InternalService,
    /// `OperationTimeoutException`, 400.
    OperationTimeout,
    /// `ThrottlingException`, 400.
    Throttling,
}

/// What there is to know of one fault; the table grows, the code around it does not.
struct Entry {
    fault: Fault,
    name: &'static str,
    summary: &'static str,
}

const CATALOGUE: &[Entry] = &[
    Entry {
        fault: Fault::InternalService,
        name: "internal-service",
        summary: "the call fails with InternalServiceException (500) and changes nothing",
    },
    Entry {
        fault: Fault::OperationTimeout,
        name: "operation-timeout",
        summary: "the call fails with OperationTimeoutException (400) and changes nothing",
    },
    Entry {
        fault: Fault::Throttling,
        name: "throttling",
        summary: "the call fails with ThrottlingException (400) and changes nothing",
    },
];

impl Fault {
    /// Every fault, in the order of the catalogue.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| entry.fault)
    }

    /// The name users type.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// What the fake does while the fault is on.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.entry().map_or("", |entry| entry.summary)
    }

    fn entry(self) -> Option<&'static Entry> {
        CATALOGUE.iter().find(|entry| entry.fault == self)
    }

    /// The error that stands in for the answer.
    fn answer(self) -> ServiceError {
        match self {
            Self::InternalService => ServiceError::bare("InternalServiceException"),
            Self::OperationTimeout => ServiceError::bare("OperationTimeoutException"),
            Self::Throttling => ServiceError::with("ThrottlingException", "Rate exceeded"),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A fault name that the catalogue does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault `{0}`; the faults are {names}", names = names())]
pub struct UnknownFault(pub String);

fn names() -> String {
    CATALOGUE.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ")
}

impl std::str::FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let entry = CATALOGUE.iter().find(|entry| entry.name == name);
        entry.map(|entry| entry.fault).ok_or_else(|| UnknownFault(name.to_owned()))
    }
}

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

    /// The error that this call gets instead of its answer, if any; counts the call.
    pub fn intercept(&mut self, operation: &str) -> Option<ServiceError> {
        let hit = self.injections.iter_mut().find(|injection| injection.applies_to(operation))?;
        let answer = hit.fault.answer();
        if let Some(remaining) = &mut hit.remaining {
            *remaining -= 1;
        }
        self.injections.retain(|injection| injection.remaining != Some(0));
        Some(answer)
    }
}
