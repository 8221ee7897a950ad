//! The condition tables as they are, and the reference as they say.

use std::collections::BTreeSet;

use glueproof::model::{Cell, ConditionValue, Edition, Level, Presence, ServiceModel, Specs};
use glueproof::reference::Answer;
use serde_json::{Value, json};

use super::walk::{DELETE, FAILED, NOT_FOUND, PUT, Walk, policy};

const INVALID: &str = "InvalidInputException";

fn service(edition: Edition) -> std::sync::Arc<ServiceModel> {
    Specs::embedded(edition).unwrap().service("glue").unwrap().clone()
}

/// The cell where every condition is as its word says.
fn cell<'a>(model: &'a ServiceModel, operation: &str, state: Presence, words: &[&str]) -> &'a Cell {
    let is = |conditions: Vec<&ConditionValue>| conditions.iter().map(|c| c.word()).eq(words.iter().copied());
    let cells = &model.tables[operation].cells;
    let found = cells.iter().find(|(at, _)| at.state == state && is(at.conditions.values().collect()));
    found.unwrap_or_else(|| panic!("{operation} {words:?}")).1
}

#[test]
fn both_editions_have_both_tables_whole() {
    for edition in Edition::ALL {
        let model = service(edition);
        let sizes: Vec<_> =
            model.tables.iter().map(|(name, table)| (name.as_str(), table.cells.len())).collect();
        assert_eq!(sizes, [(DELETE, 7), (PUT, 28)], "{edition}");
    }
}

#[test]
fn the_documented_cells_say_what_the_document_says() {
    use Presence::{Absent, Present};
    let model = service(Edition::Current);
    let refusals = [
        (PUT, Present, &["absent", "former"][..], &[FAILED][..]),
        (PUT, Present, &["NONE", "foreign"], &[FAILED]),
        (PUT, Present, &["MUST_EXIST", "former"], &[FAILED]),
        (PUT, Present, &["NOT_EXIST", "absent"], &[FAILED]),
        (PUT, Present, &["NOT_EXIST", "current"], &[FAILED, INVALID]),
        (PUT, Absent, &["MUST_EXIST", "absent"], &[FAILED, NOT_FOUND]),
        (PUT, Absent, &["MUST_EXIST", "foreign"], &[FAILED, NOT_FOUND, INVALID]),
        (DELETE, Present, &["foreign"], &[FAILED]),
        (DELETE, Absent, &["absent"], &[NOT_FOUND]),
        (DELETE, Absent, &["former"], &[FAILED, NOT_FOUND]),
    ];
    for (operation, state, words, codes) in refusals {
        let cell = cell(&model, operation, state, words);
        assert!(!cell.accepts(), "{operation} {words:?}");
        assert_eq!(cell.codes().collect::<BTreeSet<_>>(), codes.iter().copied().collect(), "{words:?}");
        assert_eq!(cell.evidence.level, Level::Documented, "{operation} {words:?}");
        assert_eq!(cell.unchanged.as_ref().unwrap().level, Level::Documented, "{operation} {words:?}");
    }
    for words in [["absent", "foreign"], ["NONE", "former"], ["NOT_EXIST", "foreign"]] {
        let open = cell(&model, PUT, Absent, &words);
        assert!(open.accepts() && open.codes().count() == 3, "{words:?}");
        assert_eq!(open.evidence.level, Level::Assumed, "{words:?}");
    }
    for words in [["absent", "absent"], ["NONE", "absent"], ["MUST_EXIST", "absent"]] {
        assert_eq!(cell(&model, PUT, Present, &words).evidence.level, Level::Observed, "{words:?}");
    }
}

/// Inputs whose conditions mean what the cell's words say, after a walk to its state.
fn arrange(state: Presence, conditions: impl Iterator<Item = (String, ConditionValue)>) -> (Walk, Value) {
    let mut walk = Walk::new(Level::Assumed).with_policy("a", "h1").with_policy("b", "h2");
    if state == Presence::Absent {
        walk.ok(DELETE, json!({}), json!({}));
    }
    let mut input = json!({ "PolicyInJson": policy("c") });
    for (member, choice) in conditions {
        match choice {
            ConditionValue::Absent => {}
            ConditionValue::Value(word) => input[member] = word.into(),
            ConditionValue::Current => input[member] = "h2".into(),
            ConditionValue::Former => input[member] = "h1".into(),
            ConditionValue::Foreign => input[member] = "h9".into(),
        }
    }
    (walk, input)
}

#[test]
fn the_reference_accepts_what_each_cell_accepts_and_nothing_else() {
    let model = service(Edition::Current);
    for (operation, table) in &model.tables {
        for (situation, cell) in &table.cells {
            let (walk, input) = arrange(situation.state, situation.conditions.clone().into_iter());
            let ok = walk.verdict(operation, input.clone(), Answer::ok(json!({ "PolicyHash": "h3" })));
            assert_eq!(ok.is_ok(), cell.accepts(), "{operation}: {situation}");
            for code in
                [FAILED, NOT_FOUND, INVALID, "AlreadyExistsException", "ConcurrentModificationException"]
            {
                let refused = walk.verdict(operation, input.clone(), Answer::refused(code));
                assert_eq!(
                    refused.is_ok(),
                    cell.codes().any(|c| c == code),
                    "{operation}: {situation}: {code}"
                );
                assert!(refused.is_err() || refused == Ok(vec![walk.state.clone()]), "nothing changed");
            }
        }
    }
}

#[test]
fn a_mismatch_names_the_cell_and_its_sources() {
    let walk = Walk::new(Level::Documented).with_policy("a", "h1");
    let input = json!({ "PolicyInJson": policy("b"), "PolicyHashCondition": "h9" });
    let mismatch = walk.wrong_ok(PUT, input, json!({ "PolicyHash": "h2" }));
    assert_eq!(mismatch.law, "PutResourcePolicy/condition/present/absent/foreign");
    assert_eq!(mismatch.evidence.sources, ["doc.PutResourcePolicy", "E028"]);
    assert!(mismatch.expected.contains("refused with ConditionCheckFailureException"), "{mismatch}");
    assert!(mismatch.actual.contains("accepted"), "{mismatch}");
}

#[test]
fn a_null_condition_is_none() {
    let mut walk = Walk::new(Level::Assumed).with_policy("a", "h1");
    let input =
        json!({ "PolicyInJson": policy("b"), "PolicyHashCondition": null, "PolicyExistsCondition": null });
    walk.ok(PUT, input, json!({ "PolicyHash": "h2" }));
}
