//! Runs items on several threads under locks: rules on account-wide state run one after the other, rules that read a
//! whole list run while no other rule adds to the list, and all others run side by side.
//!
//! Must not run a rule itself. The entry points are [`run_all`], [`LockTable`] and [`locks_of`].

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::model::{Lifecycle, Resource, ServiceModel};
use crate::rule::{Rule, Test, Wire};

/// The locks that an item holds while it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Locks {
    exclusive: BTreeSet<String>,
    shared: BTreeSet<String>,
}

/// The locks in use, and a way to wait for them.
#[derive(Debug, Default)]
pub struct LockTable {
    held: Mutex<Vec<Locks>>,
    released: Condvar,
}

/// Holds locks until it is dropped.
#[derive(Debug)]
pub struct LockGuard<'t> {
    table: &'t LockTable,
    locks: Locks,
}

impl Locks {
    /// Returns all of these locks, each as an exclusive one.
    #[must_use]
    pub fn exclusive(locks: impl IntoIterator<Item = Self>) -> Self {
        let all = locks.into_iter().flat_map(|locks| locks.exclusive.into_iter().chain(locks.shared));
        Self { exclusive: all.collect(), shared: BTreeSet::new() }
    }

    /// Returns the names of the exclusive locks.
    pub(super) fn exclusive_names(&self) -> impl Iterator<Item = &String> {
        self.exclusive.iter()
    }

    fn conflicts_with(&self, other: &Self) -> bool {
        let over = |a: &Self, b: &Self| {
            !a.exclusive.is_disjoint(&b.exclusive) || !a.exclusive.is_disjoint(&b.shared)
        };
        over(self, other) || over(other, self)
    }
}

/// Runs `work` for every item on this many threads, each under its locks. Returns the results in the order of the items.
pub fn run_all<T: Sync, R: Send>(
    items: &[T],
    locks_of: impl Fn(&T) -> Locks,
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let mut queue: Vec<_> = items.iter().enumerate().map(|(index, item)| (index, locks_of(item))).collect();
    // Items with exclusive locks come first: they form the longest queue.
    queue.sort_by_key(|(_, locks)| locks.exclusive.is_empty());
    let (queue, table) = (Mutex::new(queue), LockTable::default());
    let results = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((index, guard)) = table.next(&queue) {
                    let result = work(&items[index]);
                    drop(guard);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Returns the locks of a rule. While one rule reads a whole list, items that another rule creates may move between
/// pages, and the API promises nothing about that.
#[must_use]
pub fn locks_of(model: &ServiceModel, rule: &Rule) -> Locks {
    let mut locks = Locks { exclusive: exclusive_resources(model, rule), shared: BTreeSet::new() };
    let lists = touched(model, rule).filter(|resource| !resource.is_account_wide());
    let names = lists.map(|resource| format!("listed {}", resource.name));
    if reads_whole_lists(model, rule) {
        locks.exclusive.extend(names);
    } else {
        locks.shared.extend(names);
    }
    locks
}

fn reads_whole_lists(model: &ServiceModel, rule: &Rule) -> bool {
    match &rule.test {
        Test::Pages(_) => true,
        // A created item is looked for on all pages of its list.
        Test::ValidInput | Test::Boundary(..) | Test::Wire(Wire::Layout | Wire::UnknownMembers) => {
            matches!(model.resource_of(&rule.operation), Some((_, Lifecycle::List)))
        }
        Test::Scenario(steps) => steps.iter().any(|step| step.follow),
        _ => false,
    }
}

/// Returns the resources that a rule's calls are about.
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

/// Returns the resources that no other rule may touch while this rule runs: account-wide ones, and, where calls lack a
/// name or have a name that is not the run's own, all that a lenient target may take those calls to mean.
#[must_use]
pub fn exclusive_resources(model: &ServiceModel, rule: &Rule) -> BTreeSet<String> {
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

impl LockTable {
    fn held(&self) -> MutexGuard<'_, Vec<Locks>> {
        // A panic in another thread leaves the list valid.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no holder conflicts with these locks, and takes them.
    pub fn lock(&self, locks: Locks) -> LockGuard<'_> {
        let mut held = self.held();
        while held.iter().any(|other| other.conflicts_with(&locks)) {
            held = self.released.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        held.push(locks.clone());
        LockGuard { table: self, locks }
    }

    /// Takes the first entry of a queue whose locks are free, and waits while there is none. Returns `None` when the queue
    /// is empty.
    fn next<T>(&self, queue: &Mutex<Vec<(T, Locks)>>) -> Option<(T, LockGuard<'_>)> {
        let mut held = self.held();
        loop {
            let mut waiting = queue.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.is_empty() {
                return None;
            }
            let is_free = |locks: &Locks| !held.iter().any(|other| other.conflicts_with(locks));
            if let Some(at) = waiting.iter().position(|(_, locks)| is_free(locks)) {
                let (entry, locks) = waiting.remove(at);
                held.push(locks.clone());
                return Some((entry, LockGuard { table: self, locks }));
            }
            drop(waiting);
            held = self.released.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for LockGuard<'_> {
    fn drop(&mut self) {
        let mut held = self.table.held();
        if let Some(at) = held.iter().position(|locks| *locks == self.locks) {
            held.swap_remove(at);
        }
        drop(held);
        self.table.released.notify_all();
    }
}
