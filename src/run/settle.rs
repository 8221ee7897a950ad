//! Completes the results of a run: names the rule that judges the call that blocked another rule, and tells an operation that
//! is not implemented from an operation that rejects one input in the same way.
//!
//! Must not call a target. The entry point is [`settle`].

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Family, Level};
use crate::rule::Rule;

use super::obstacle::Obstacle;
use super::result::{Outcome, RuleResult};

/// Completes the results of a run. `succeeded` are the operations, with their services, that succeeded at least once: such
/// an operation is implemented, so that a response to the contrary is a violation.
pub(super) fn settle(results: &mut [RuleResult], rules: &[&Rule], succeeded: &BTreeSet<(String, String)>) {
    for result in results.iter_mut().filter(|result| result.outcome == Outcome::Unimplemented) {
        let key = result.obstacle.as_ref().map(Obstacle::key);
        if key.is_some_and(|(s, o)| succeeded.contains(&(s.to_owned(), o.to_owned()))) {
            result.outcome = match (&result.finding, result.evidence.level) {
                (None, _) => Outcome::Passed,
                (Some(_), Level::Assumed) => Outcome::Noted,
                (Some(_), _) => Outcome::Failed,
            };
            (result.obstacle, result.reason, result.reason_kind) = (None, None, None);
        }
    }
    let judges = judges(results, rules);
    for result in results.iter_mut() {
        let id = result.id.clone();
        if let Some(obstacle) = result.obstacle.as_mut().filter(|_| result.outcome == Outcome::Blocked) {
            if succeeded.contains(&(obstacle.service.clone(), obstacle.operation.clone())) {
                obstacle.unimplemented = false;
            }
            let rule = judges.get(&(obstacle.service.clone(), obstacle.operation.clone()));
            obstacle.rule = rule.filter(|rule| **rule != id).cloned();
        }
    }
}

/// Returns the rule that judges each operation: one that failed before others, and one about valid calls before others.
fn judges(results: &[RuleResult], rules: &[&Rule]) -> BTreeMap<(String, String), String> {
    let outcomes: BTreeMap<&str, Outcome> =
        results.iter().map(|result| (result.id.as_str(), result.outcome)).collect();
    let mut judges: BTreeMap<(String, String), ((u8, u8), String)> = BTreeMap::new();
    for rule in rules {
        let rank = match outcomes.get(rule.id.as_str()) {
            Some(Outcome::Failed | Outcome::Unimplemented | Outcome::Known) => 0,
            Some(Outcome::Noted) => 1,
            Some(Outcome::Passed) => 2,
            _ => continue,
        };
        let family = match rule.family {
            Family::Valid => 0,
            Family::Boundary => 1,
            _ => 2,
        };
        let candidate = ((rank, family), rule.id.clone());
        let key = (rule.service.clone(), rule.operation.clone());
        match judges.get(&key) {
            Some(best) if *best <= candidate => {}
            _ => {
                judges.insert(key, candidate);
            }
        }
    }
    judges.into_iter().map(|(key, (_, id))| (key, id)).collect()
}
