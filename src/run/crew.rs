//! Rules shared out to several threads, each when its turn has come. Knows nothing of what is done with a rule.

use std::sync::{Mutex, PoisonError};

use crate::model::Specs;
use crate::rule::Rule;

use super::turns::{Claims, Turns, claims};

/// Does the same with every rule, on so many threads; gives back what came of each, in the order of the rules.
pub fn in_turn<R: Send>(
    rules: &[&Rule],
    specs: &Specs,
    jobs: usize,
    work: impl Fn(usize) -> R + Sync,
) -> Vec<R> {
    let queue = Mutex::new(queue(rules, specs));
    let turns = Turns::default();
    let done = Mutex::new(Vec::with_capacity(rules.len()));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((index, turn)) = turns.next(&queue) {
                    let result = work(index);
                    drop(turn);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Rules that need something alone come first: they are the longest queue.
fn queue(rules: &[&Rule], specs: &Specs) -> Vec<(usize, Claims)> {
    let needs =
        |rule: &Rule| specs.service(&rule.service).map(|model| claims(model, rule)).unwrap_or_default();
    let mut queue: Vec<_> = rules.iter().enumerate().map(|(index, rule)| (index, needs(rule))).collect();
    queue.sort_by_key(|(_, claims)| !claims.are_exclusive());
    queue
}
