//! Completes the results of a run: names the rule that judges the call that blocked another rule, and tells an operation that
//! is not implemented from an operation that rejects one input in the same way.
//!
//! Must not call a target. The entry point is [`complete_results`].

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Family, Level};
use crate::rule::Rule;

use super::blocker::Blocker;
use super::result::{Outcome, RuleResult};

/// Completes the results of a run. `succeeded` are the operations, with their services, that succeeded at least once: such
/// an operation is implemented, so that a response to the contrary is a violation.
pub(super) fn complete_results(
    results: &mut [RuleResult],
    rules: &[&Rule],
    succeeded: &BTreeSet<(String, String)>,
) {
    for result in results.iter_mut().filter(|result| result.outcome == Outcome::Unimplemented) {
        let key = result.blocker.as_ref().map(Blocker::key);
        if key.is_some_and(|(s, o)| succeeded.contains(&(s.to_owned(), o.to_owned()))) {
            result.outcome = match (&result.finding, result.evidence.level) {
                (None, _) => Outcome::Passed,
                (Some(_), Level::Assumed) => Outcome::Noted,
                (Some(_), _) => Outcome::Failed,
            };
            (result.blocker, result.reason, result.reason_kind) = (None, None, None);
        }
    }
    let judging_rules = judging_rules(results, rules);
    for result in results.iter_mut() {
        let id = result.id.clone();
        if let Some(blocker) = result.blocker.as_mut().filter(|_| result.outcome == Outcome::Blocked) {
            if succeeded.contains(&(blocker.service.clone(), blocker.operation.clone())) {
                blocker.unimplemented = false;
            }
            let rule = judging_rules.get(&(blocker.service.clone(), blocker.operation.clone()));
            blocker.rule = rule.filter(|rule| **rule != id).cloned();
        }
    }
}

/// Returns the rule that judges each operation: one that failed before others, and one about valid calls before others.
fn judging_rules(results: &[RuleResult], rules: &[&Rule]) -> BTreeMap<(String, String), String> {
    let outcomes: BTreeMap<&str, Outcome> =
        results.iter().map(|result| (result.id.as_str(), result.outcome)).collect();
    let mut judging_rules: BTreeMap<(String, String), ((u8, u8), String)> = BTreeMap::new();
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
        match judging_rules.get(&key) {
            Some(best) if *best <= candidate => {}
            _ => {
                judging_rules.insert(key, candidate);
            }
        }
    }
    judging_rules.into_iter().map(|(key, (_, id))| (key, id)).collect()
}
