//! Divides the rules of a run among machines: each rule to one shard, and all rules with a common exclusive lock to the
//! same shard. A rule that adds to a list may still disturb a rule of another shard that reads the list, so shards that
//! run at the same time need a target each.
//!
//! Must not run a rule. The entry point is [`of_shard`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Specs;
use crate::rule::Rule;

use super::scheduler::locks_of;

/// One of several disjoint parts of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// The number of the part, from 1.
    pub number: u32,
    /// The number of parts.
    pub of: u32,
}

/// Rules that must stay together, by their places among all.
#[derive(Default)]
struct Group {
    locks: BTreeSet<String>,
    rules: Vec<usize>,
}

/// The rules of a shard, in the order they had. The same rules give the same shards everywhere.
#[must_use]
pub fn of_shard<'r>(rules: &[&'r Rule], specs: &Specs, shard: Shard) -> Vec<&'r Rule> {
    let shards = usize::try_from(shard.of).unwrap_or(usize::MAX).min(rules.len().max(1));
    let mut loads: Vec<Vec<usize>> = vec![Vec::new(); shards];
    for group in groups(rules, specs) {
        if let Some(lightest) = loads.iter_mut().min_by_key(|load| load.len()) {
            lightest.extend(group.rules);
        }
    }
    let number = usize::try_from(shard.number).unwrap_or(usize::MAX).saturating_sub(1);
    let mut chosen = loads.into_iter().nth(number).unwrap_or_default();
    chosen.sort_unstable();
    chosen.into_iter().filter_map(|place| rules.get(place).copied()).collect()
}

/// The largest first, so that small ones can level out the shards.
fn groups(rules: &[&Rule], specs: &Specs) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        let locks = specs.service(&rule.service).map(|model| locks_of(model, rule)).unwrap_or_default();
        let mut joined = Group { locks: locks.exclusive.iter().cloned().collect(), rules: vec![place] };
        for group in std::mem::take(&mut groups) {
            if group.locks.is_disjoint(&joined.locks) {
                groups.push(group);
            } else {
                joined.locks.extend(group.locks);
                joined.rules.extend(group.rules);
            }
        }
        joined.rules.sort_unstable();
        groups.push(joined);
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.rules.len()), group.rules.first().copied()));
    groups
}
