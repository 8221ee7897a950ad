//! The catalogue of faults, held against the rules of the suite.

use std::collections::BTreeSet;

use glueproof::fake::{Catalogue, Fault};
use glueproof::model::{Capability, Edition, Level, Specs};
use glueproof::rule::{Catalog, Constraint, InvalidInput};

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
        let invalid: Option<&InvalidInput> = rule.test.downcast_ref();
        invalid.is_some_and(|test| test.constraint != Constraint::LenientType)
            && rule.service == "glue"
            && rule.capability == Capability::Core
            // A constraint without evidence is not enforced in the first place.
            && rule.evidence.level != Level::Assumed
    });
    for rule in asked.filter(|rule| !rule.id.starts_with(by_hand)) {
        assert!(meant.contains(rule.id.as_str()), "{}", rule.id);
    }
}
