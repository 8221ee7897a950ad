//! Servers that remember wrongly, caught by walks: sequences of generated calls, shrunk to the shortest.

use glueproof::fake::FakeCloud;
use glueproof::run::{Outcome, RuleResult};

use super::state_servers as servers;
use crate::server::{Answers, fake};
use crate::trial::{Judge, cloud};

const POLICY: &str = "glue/PutResourcePolicy/sequence/any-order";
const CONFIGURATIONS: &str = "glue/CreateSecurityConfiguration/sequence/any-order";
const SETTINGS: &str = "glue/PutDataCatalogEncryptionSettings/sequence/any-order-as-recorded";

fn judged(server: fn(&FakeCloud) -> Answers, rule: &str, seed: u64) -> RuleResult {
    let judge = Judge { cases: 20, seed, ..Judge::only(&[rule]) };
    judge.run(server(&cloud())).report.results.into_iter().find(|result| result.id == rule).unwrap()
}

/// The calls of the shrunk walk, with any seed.
#[track_caller]
fn caught(server: fn(&FakeCloud) -> Answers, rule: &str, shortest: usize) {
    for seed in 1..=5 {
        let result = judged(server, rule, seed);
        assert_eq!(result.outcome, Outcome::Failed, "seed {seed}");
        let finding = result.finding.unwrap();
        let calls: Vec<&str> = finding.steps.iter().map(|step| step.operation.as_str()).collect();
        assert_eq!(calls.len(), shortest, "seed {seed}: {calls:?}: {finding:#?}");
    }
}

#[test]
fn a_delete_that_removes_another_configuration() {
    caught(servers::deletes_another, CONFIGURATIONS, 4);
}

#[test]
fn settings_that_are_merged() {
    caught(servers::merges_settings, SETTINGS, 3);
}

#[test]
fn a_condition_held_against_the_first_hash() {
    caught(servers::remembers_the_first_hash, POLICY, 3);
}

#[test]
fn the_right_server_is_not_caught() {
    for rule in [POLICY, CONFIGURATIONS, SETTINGS] {
        assert_eq!(judged(fake, rule, 1).outcome, Outcome::Passed);
    }
}
