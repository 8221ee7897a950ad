//! Who may go on: rules on account-wide state take turns, rules that read a whole list go on while nobody adds
//! to it, the others go side by side. Knows no rule's meaning, only the names of what it needs.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::model::{Lifecycle, Resource, ServiceModel};
use crate::rule::{Rule, Test, Wire};

/// What a rule needs while it goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// To itself.
    alone: BTreeSet<String>,
    /// Beside any number of others, but with nobody who needs it alone.
    beside: BTreeSet<String>,
}

/// What is in use, and a way to wait for it.
#[derive(Debug, Default)]
pub struct Turns {
    busy: Mutex<Vec<Claims>>,
    freed: Condvar,
}

/// Holds its claims until dropped.
#[derive(Debug)]
pub struct Turn<'t> {
    turns: &'t Turns,
    claims: Claims,
}

impl Claims {
    /// Whether there is something that nobody else may have meanwhile.
    #[must_use]
    pub fn are_exclusive(&self) -> bool {
        !self.alone.is_empty()
    }

    /// All that any of them needs, to itself.
    #[must_use]
    pub fn all_alone(claims: impl IntoIterator<Item = Self>) -> Self {
        let alone = claims.into_iter().flat_map(|claims| claims.alone.into_iter().chain(claims.beside));
        Self { alone: alone.collect(), beside: BTreeSet::new() }
    }

    /// What nobody else may have meanwhile.
    pub(super) fn alone(&self) -> impl Iterator<Item = &String> {
        self.alone.iter()
    }

    fn clash(&self, other: &Self) -> bool {
        let over = |a: &Self, b: &Self| !a.alone.is_disjoint(&b.alone) || !a.alone.is_disjoint(&b.beside);
        over(self, other) || over(other, self)
    }
}

/// All that a rule needs. What one rule makes while another reads the whole list may move items from page to
/// page, and nobody promises anything about that.
#[must_use]
pub fn claims(model: &ServiceModel, rule: &Rule) -> Claims {
    let mut claims = Claims { alone: needed_alone(model, rule), beside: BTreeSet::new() };
    let lists = touched(model, rule).filter(|resource| !resource.is_account_wide());
    let names = lists.map(|resource| format!("listed {}", resource.name));
    if reads_whole_lists(model, rule) {
        claims.alone.extend(names);
    } else {
        claims.beside.extend(names);
    }
    claims
}

fn reads_whole_lists(model: &ServiceModel, rule: &Rule) -> bool {
    match &rule.test {
        Test::Pages(_) => true,
        // What was made for a list is looked for on all its pages.
        Test::ValidInput | Test::Boundary(..) | Test::Wire(Wire::Layout | Wire::UnknownMembers) => {
            matches!(model.resource_of(&rule.operation), Some((_, Lifecycle::List)))
        }
        Test::Scenario(steps) => steps.iter().any(|step| step.follow),
        _ => false,
    }
}

/// The resources that a rule's calls are about.
fn touched<'m>(model: &'m ServiceModel, rule: &'m Rule) -> impl Iterator<Item = &'m Resource> {
    let calls: Vec<&str> = match &rule.test {
        Test::Scenario(steps) => steps.iter().map(|s| s.call.as_str()).collect(),
        Test::Walk(walk) => walk.operations.iter().map(String::as_str).collect(),
        _ => vec![rule.operation.as_str()],
    };
    calls.into_iter().filter_map(|call| {
        let (service, operation) = model.called(call)?;
        Some(service.resource_of(&operation.name)?.0)
    })
}

/// What a rule needs to itself: the account-wide resources it touches, and, where its calls may lack a name or
/// have one that is not the run's own, whatever a lenient target takes those calls to mean.
#[must_use]
pub fn needed_alone(model: &ServiceModel, rule: &Rule) -> BTreeSet<String> {
    touched(model, rule)
        .filter_map(|resource| {
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
        Test::ValidInput
        | Test::Promised(_)
        | Test::Boundary(..)
        | Test::Cell(..)
        | Test::Pages(_)
        | Test::Scenario(_)
        | Test::Walk(_) => false,
    }
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, Vec<Claims>> {
        // A panic elsewhere leaves them as valid as before.
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody has what clashes with the claims, and takes them.
    pub fn wait(&self, claims: Claims) -> Turn<'_> {
        let mut busy = self.lock();
        while busy.iter().any(|other| other.clash(&claims)) {
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        busy.push(claims.clone());
        Turn { turns: self, claims }
    }

    /// Takes from a queue the first entry whose claims clash with nobody's, waiting while there is none that can go.
    /// `None` when the queue is empty.
    pub fn next<T>(&self, queue: &Mutex<Vec<(T, Claims)>>) -> Option<(T, Turn<'_>)> {
        let mut busy = self.lock();
        loop {
            let mut waiting = queue.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.is_empty() {
                return None;
            }
            if let Some(at) =
                waiting.iter().position(|(_, claims)| !busy.iter().any(|other| other.clash(claims)))
            {
                let (entry, claims) = waiting.remove(at);
                busy.push(claims.clone());
                return Some((entry, Turn { turns: self, claims }));
            }
            drop(waiting);
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut busy = self.turns.lock();
        if let Some(at) = busy.iter().position(|claims| *claims == self.claims) {
            busy.swap_remove(at);
        }
        drop(busy);
        self.turns.freed.notify_all();
    }
}
