//! Shares the rules of a run out to several machines: each rule to one shard, and all that need the same to
//! themselves, such as account-wide state, to the same. What a rule adds to a list may still disturb one that reads
//! the list in another shard, so shards that run at once need a target each. Knows no rule's meaning.

use std::collections::BTreeSet;

use crate::model::Specs;
use crate::rule::Rule;

use super::result::Shard;
use super::turns::claims;

/// Rules that must stay together, by their places among all.
#[derive(Default)]
struct Group {
    claims: BTreeSet<String>,
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
        let needed = specs.service(&rule.service).map(|model| claims(model, rule)).unwrap_or_default();
        let mut joined = Group { claims: needed.alone().cloned().collect(), rules: vec![place] };
        for group in std::mem::take(&mut groups) {
            if group.claims.is_disjoint(&joined.claims) {
                groups.push(group);
            } else {
                joined.claims.extend(group.claims);
                joined.rules.extend(group.rules);
            }
        }
        joined.rules.sort_unstable();
        groups.push(joined);
    }
    groups.sort_by_key(|group| (std::cmp::Reverse(group.rules.len()), group.rules.first().copied()));
    groups
}
