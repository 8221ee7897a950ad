//! Who may go on: rules on account-wide state take turns, the others go side by side. Knows no rule's
//! meaning, only the names of what it needs alone.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::model::{Resource, ServiceModel};
use crate::rule::{Rule, Test, Wire};

/// What is in use, and a way to wait for it.
#[derive(Debug, Default)]
pub struct Turns {
    busy: Mutex<BTreeSet<String>>,
    freed: Condvar,
}

/// Holds its names until dropped.
#[derive(Debug)]
pub struct Turn<'t> {
    turns: &'t Turns,
    names: BTreeSet<String>,
}

/// What a rule needs to itself: the account-wide resources it touches, and, where its calls may lack a name or
/// have one that is not the run's own, whatever a lenient target takes those calls to mean.
#[must_use]
pub fn needed_alone(model: &ServiceModel, rule: &Rule) -> BTreeSet<String> {
    let operations: Vec<&str> = match &rule.test {
        Test::Scenario(steps) => steps.iter().map(|s| s.call.as_str()).collect(),
        _ => vec![rule.operation.as_str()],
    };
    let resources = operations.into_iter().filter_map(|operation| model.resource_of(operation));
    resources
        .filter_map(|(resource, _)| {
            if resource.is_account_wide() {
                Some(resource.name.clone())
            } else {
                may_miss_its_name(rule, resource).then(|| format!("unnamed {}", resource.name))
            }
        })
        .collect()
}

fn may_miss_its_name(rule: &Rule, resource: &Resource) -> bool {
    match &rule.test {
        Test::Invalid(path, _) => {
            path.root().is_some_and(|root| resource.identifiers.iter().any(|i| i == root))
        }
        Test::Wire(Wire::MalformedJson | Wire::TrailingText | Wire::NotAnObject) => true,
        Test::Wire(_) => rule.needs_refusals(),
        Test::ValidInput | Test::Promised(_) | Test::Boundary(..) | Test::Pages(_) | Test::Scenario(_) => false,
    }
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        // A panic elsewhere leaves the set as valid as before.
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all names are free, and takes them.
    pub fn wait(&self, names: BTreeSet<String>) -> Turn<'_> {
        let mut busy = self.lock();
        while !busy.is_disjoint(&names) {
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        busy.extend(names.iter().cloned());
        Turn { turns: self, names }
    }

    /// Takes from a queue the first entry whose names are free, waiting while there is none that can go.
    /// `None` when the queue is empty.
    pub fn next<T>(&self, queue: &Mutex<Vec<(T, BTreeSet<String>)>>) -> Option<(T, Turn<'_>)> {
        let mut busy = self.lock();
        loop {
            let mut waiting = queue.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.is_empty() {
                return None;
            }
            if let Some(at) = waiting.iter().position(|(_, names)| busy.is_disjoint(names)) {
                let (entry, names) = waiting.remove(at);
                busy.extend(names.iter().cloned());
                return Some((entry, Turn { turns: self, names }));
            }
            drop(waiting);
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.lock().retain(|name| !self.names.contains(name));
        self.turns.freed.notify_all();
    }
}
