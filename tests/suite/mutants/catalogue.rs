//! The catalogue: what is in it, and that faults of each kind do what they say.

use std::collections::BTreeSet;

use glueproof::fake::{Catalogue, FakeCloud, Fault, Injection};
use glueproof::model::{Edition, Level, Specs};
use glueproof::rule::{Catalog, Constraint, Test};
use serde_json::json;

use crate::fake::support::{call, cloud, create, put_policy};

fn with(name: &str) -> FakeCloud {
    let cloud = cloud();
    cloud.inject(Injection::new(name.parse().unwrap()));
    cloud
}

#[test]
fn there_are_many_each_with_a_sentence_and_rules_that_exist() {
    Catalogue::get().unwrap();
    let catalog = Catalog::new(&Specs::embedded(Edition::Current).unwrap());
    let wrong: Vec<Fault> = Fault::all().filter(|fault| fault.uncounted().is_none()).collect();
    assert!(wrong.len() >= 120, "{}", wrong.len());
    assert!(wrong.iter().filter(|fault| fault.equivalent().is_some()).count() * 100 <= 3 * wrong.len());
    for fault in wrong {
        assert!(!fault.summary().is_empty(), "{fault}");
        let named = |pattern: &String| catalog.rules.iter().any(|rule| rule.is_named(pattern));
        let patterns = fault.caught_by();
        let all = patterns.iter().all(named);
        assert!(
            all || fault.is_derived() && patterns.iter().any(named) || fault.equivalent().is_some(),
            "{fault}"
        );
    }
}

/// Constraints are not listed by hand: where the suite has a rule that a constraint is kept, there is a fault that
/// does not keep it.
#[test]
fn every_constraint_that_a_rule_asks_for_can_be_dropped() {
    let catalog = Catalog::new(&Specs::embedded(Edition::Current).unwrap());
    let meant: BTreeSet<&str> =
        Fault::all().filter(|f| f.is_derived()).flat_map(Fault::caught_by).map(String::as_str).collect();
    let by_hand = "glue/PutResourcePolicy/invalid/PolicyInJson/";
    let asked = catalog.rules.iter().filter(|rule| {
        matches!(&rule.test, Test::Invalid(_, constraint) if *constraint != Constraint::LenientType)
            && rule.service == "glue"
            && rule.capability == "core"
            // What nobody has shown is not enforced to begin with.
            && rule.evidence.level != Level::Assumed
    });
    for rule in asked.filter(|rule| !rule.id.starts_with(by_hand)) {
        assert!(meant.contains(rule.id.as_str()), "{}", rule.id);
    }
}

#[test]
fn a_constraint_that_is_dropped_is_dropped_alone() {
    let cloud = with("unenforced/CreateSecurityConfiguration/Name/length.max");
    assert_eq!(create(&cloud, &"a".repeat(300)).status, 200);
    assert_eq!(create(&cloud, "").code(), "ValidationException");
    cloud.clear_faults();
    assert_eq!(create(&cloud, &"b".repeat(300)).code(), "ValidationException");
}

#[test]
fn a_constraint_that_is_drawn_too_tight_refuses_the_edge() {
    let cloud = with("overdone/CreateSecurityConfiguration/Name/length.max");
    assert_eq!(create(&cloud, &"a".repeat(254)).status, 200);
    assert_eq!(create(&cloud, &"a".repeat(255)).code(), "ValidationException");
}

#[test]
fn what_is_asked_is_edited() {
    let cloud = with("put-ignores-the-hash");
    put_policy(&cloud, "glue:GetTable");
    let again = json!({ "PolicyInJson": crate::fake::support::policy("glue:GetJob"), "PolicyHashCondition": "AAAAAAAAAAAAAAAAAAAAAA==" });
    assert_eq!(call(&cloud, "PutResourcePolicy", &again).status, 200);
    cloud.clear_faults();
    assert_eq!(call(&cloud, "PutResourcePolicy", &again).code(), "ConditionCheckFailureException");
}

#[test]
fn what_was_there_before_is_read() {
    let cloud = with("configuration-reads-are-stale");
    let read = |name: &str| call(&cloud, "GetSecurityConfiguration", &json!({ "Name": name })).status;
    create(&cloud, "a");
    assert_eq!(read("a"), 400);
    create(&cloud, "b");
    assert_eq!((read("a"), read("b")), (200, 400));
}

#[test]
fn a_fault_of_two_shows_both_and_can_be_for_one_operation() {
    let cloud = cloud();
    cloud.inject(
        Injection::new("everything-is-valid-and-refused".parse().unwrap()).on("GetSecurityConfiguration"),
    );
    assert_eq!(create(&cloud, "a").status, 200);
    let refused = call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "a" }));
    assert_eq!(refused.code(), "OperationTimeoutException");
}
