//! Runs items on several threads under locks: rules on account-wide state run one after the other, rules that read a
//! whole list run while no other rule adds to the list, and all others run side by side.
//!
//! Must not run a rule itself. The entry points are [`run_all`], [`run_in_places`], [`LockTable`] and [`locks_of`].

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::client::Target;
use crate::model::ServiceModel;
use crate::rule::{Locks, Rule};

/// The least time of an answer with which an endpoint is slow.
const SLOW_RESPONSE: Duration = Duration::from_millis(50);
/// The number of rules that run at the same time on a slow endpoint.
const SLOW_JOBS: usize = 16;

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

/// Runs `work` for every item on this many threads, each under its locks. Returns the results in the order of the items.
pub fn run_all<T: Sync, R: Send>(
    items: &[T],
    locks_of: impl Fn(&T) -> Locks,
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    run_in_places(items, locks_of, &[jobs], |_, _| true, |item, _| work(item))
}

/// Runs `work` for every item in one of several places that share nothing, such as regions. Locks hold within a place.
/// `jobs` has the number of threads of each place, and `may_run` tells if an item may run in a place. Every item must be
/// allowed in the first place. Returns the results in the order of the items.
pub fn run_in_places<T: Sync, R: Send>(
    items: &[T],
    locks_of: impl Fn(&T) -> Locks,
    jobs: &[usize],
    may_run: impl Fn(&T, usize) -> bool + Sync,
    work: impl Fn(&T, usize) -> R + Sync,
) -> Vec<R> {
    let mut queue: Vec<_> = items.iter().enumerate().map(|(index, item)| (index, locks_of(item))).collect();
    // Items with exclusive locks come first: they form the longest queue.
    queue.sort_by_key(|(_, locks)| locks.exclusive.is_empty());
    let queue = Mutex::new(queue);
    let tables: Vec<LockTable> = jobs.iter().map(|_| LockTable::default()).collect();
    let results = Mutex::new(Vec::with_capacity(items.len()));
    let run_queue = |place: usize| {
        let may_run_here = |index: usize| may_run(&items[index], place);
        while let Some((index, guard)) = tables[place].next(&queue, may_run_here) {
            let result = work(&items[index], place);
            drop(guard);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    let run_queue = &run_queue;
    std::thread::scope(|scope| {
        for (place, jobs) in jobs.iter().enumerate() {
            for _ in 0..(*jobs).max(1) {
                scope.spawn(move || run_queue(place));
            }
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Returns the number of rules that run at the same time unless the user sets it. An endpoint that takes long for each
/// answer gets more calls at once; AWS itself does not, because it limits the calls of an account.
#[must_use]
pub fn default_jobs(target: &Target) -> usize {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    match target.url {
        None => cores,
        Some(_) if is_slow(target) => cores.max(SLOW_JOBS),
        Some(_) => cores.max(4),
    }
}

/// Returns true for an endpoint that has taken long for every answer so far.
pub(super) fn is_slow(target: &Target) -> bool {
    let is_long = target.shortest_response_time().is_some_and(|time| time >= SLOW_RESPONSE);
    is_long && !target.is_real_account()
}

/// Returns the locks of a rule. While one rule reads a whole list, items that another rule creates may move between
/// pages, and the API promises nothing about that.
#[must_use]
pub fn locks_of(model: &ServiceModel, rule: &Rule) -> Locks {
    rule.locks(model)
}

/// Returns the resources that no other rule may touch while this rule runs: account-wide ones, and, where calls lack a
/// name or have a name that is not the run's own, all that a lenient target may take those calls to mean.
#[must_use]
pub fn exclusive_resources(model: &ServiceModel, rule: &Rule) -> BTreeSet<String> {
    rule.locks(model).exclusive
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

    /// Takes the first entry of a queue that is allowed and whose locks are free, and waits while there is none. Returns
    /// `None` when the queue has no allowed entry.
    fn next(
        &self,
        queue: &Mutex<Vec<(usize, Locks)>>,
        is_allowed: impl Fn(usize) -> bool,
    ) -> Option<(usize, LockGuard<'_>)> {
        let mut held = self.held();
        loop {
            let mut waiting = queue.lock().unwrap_or_else(PoisonError::into_inner);
            if !waiting.iter().any(|(index, _)| is_allowed(*index)) {
                return None;
            }
            let is_free = |locks: &Locks| !held.iter().any(|other| other.conflicts_with(locks));
            if let Some(at) = waiting.iter().position(|(index, locks)| is_allowed(*index) && is_free(locks)) {
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
