//! Condition tables and rules say the same: every cell has its rule, with the cell's evidence and in words,
//! and what is less sure than the cell stands apart.

use std::collections::BTreeMap;

use glueproof::model::{Edition, Family, Level, SpecFile, Specs, embedded_files};
use glueproof::rule::{Catalog, ConditionAspect, ConditionCell, Rule};
use serde_json::{Value, json};

use crate::specs::altered;

const PUT: &str = "glue/tables/PutResourcePolicy.json";

/// The rules of cells, by id.
fn rules(files: &[SpecFile]) -> BTreeMap<String, Rule> {
    let all = Catalog::new(&Specs::from_files(files, Edition::Current).unwrap()).rules;
    let cells = all.into_iter().filter(|r| r.test.is::<ConditionCell>());
    cells.map(|r| (r.id.clone(), r)).collect()
}

fn aspect(rule: &Rule) -> ConditionAspect {
    rule.test.downcast_ref::<ConditionCell>().unwrap().aspect
}

/// The tables a second time, from the raw text: the id a cell must have, and the cell.
fn cells(files: &[SpecFile]) -> Vec<(String, Value)> {
    let tables = files.iter().filter(|file| file.path.contains("/tables/"));
    let mut found = Vec::new();
    for table in tables.map(|file| serde_json::from_str::<Value>(&file.text).unwrap()) {
        for cell in table["cells"].as_array().unwrap() {
            let word = |name: &str| cell["when"][name].as_str().map(|word| format!("/{word}"));
            let words = ["state", "PolicyExistsCondition", "PolicyHashCondition"].map(word);
            let words: String = words.into_iter().flatten().collect();
            let subject = table["subject"].as_str().unwrap();
            found.push((format!("glue/{subject}/condition{words}"), cell.clone()));
        }
    }
    found
}

#[test]
fn every_cell_has_one_rule_with_its_evidence() {
    let files = embedded_files().unwrap();
    let (rules, cells) = (rules(&files), cells(&files));
    assert_eq!(cells.len(), 35);
    for (id, cell) in &cells {
        let rule = &rules[id];
        assert_eq!(rule.family, Family::Condition);
        assert_eq!(rule.evidence.level.name(), cell["evidence"]["level"], "{id}");
        for source in cell["evidence"]["sources"].as_array().unwrap() {
            assert!(rule.evidence.sources.iter().any(|known| known == source), "{id} {source}");
        }
        for code in cell["expect"]["refused"].as_array().into_iter().flatten() {
            assert!(rule.requirement.contains(code.as_str().unwrap()), "{id}: {}", rule.requirement);
        }
    }
    let own = rules.values().filter(|r| aspect(r) == ConditionAspect::Response).count();
    assert_eq!(own, cells.len());
}

#[test]
fn times_stand_apart_wherever_there_are_any_and_a_refusal_may_come() {
    let files = embedded_files().unwrap();
    let rules = rules(&files);
    for (id, cell) in cells(&files) {
        let times = rules.get(&format!("{id}/times"));
        let wanted = cell["when"]["state"] == "present" && cell.get("unchanged").is_some();
        assert_eq!(times.is_some(), wanted, "{id}");
        // A document that says that nothing changes does not mean the times.
        assert!(times.is_none_or(|rule| rule.evidence.level == Level::Assumed), "{id}");
    }
}

#[test]
fn words_for_every_kind_of_cell() {
    let rules = rules(&embedded_files().unwrap());
    let at = |tail: &str| rules[&format!("glue/{tail}")].requirement.as_str();
    assert_eq!(
        at("PutResourcePolicy/condition/present/NOT_EXIST/former"),
        "While the resource policy is there, PutResourcePolicy with PolicyExistsCondition NOT_EXIST and a former \
         PolicyHash as PolicyHashCondition is refused with ConditionCheckFailureException or InvalidInputException, \
         and changes nothing."
    );
    assert_eq!(
        at("PutResourcePolicy/condition/absent/absent/foreign"),
        "While there is no resource policy, PutResourcePolicy with a made-up PolicyHash as PolicyHashCondition is \
         accepted and read back, or is refused with ConditionCheckFailureException, EntityNotFoundException or \
         InvalidInputException, and changes nothing."
    );
    assert_eq!(
        at("DeleteResourcePolicy/condition/present/current"),
        "While the resource policy is there, DeleteResourcePolicy with the PolicyHash in force as \
         PolicyHashCondition is accepted and removes it."
    );
    assert_eq!(
        at("DeleteResourcePolicy/condition/absent/absent"),
        "While there is no resource policy, DeleteResourcePolicy without a condition is refused with \
         EntityNotFoundException, and changes nothing."
    );
    assert_eq!(
        at("PutResourcePolicy/condition/present/NONE/foreign/times"),
        "While the resource policy is there, a refusal of PutResourcePolicy with PolicyExistsCondition NONE and a \
         made-up PolicyHash as PolicyHashCondition leaves CreateTime and UpdateTime as they were."
    );
}

/// The table of puts with the cell of `NOT_EXIST` and no hash, where there is a policy, changed.
fn with_cell(change: impl Fn(&mut Value)) -> BTreeMap<String, Rule> {
    let is_it = |cell: &&mut Value| {
        let when = json!({ "state": "present", "PolicyExistsCondition": "NOT_EXIST", "PolicyHashCondition": "absent" });
        cell["when"] == when
    };
    rules(&altered(PUT, |table| {
        change(table["cells"].as_array_mut().unwrap().iter_mut().find(is_it).unwrap());
    }))
}

const CELL: &str = "glue/PutResourcePolicy/condition/present/NOT_EXIST/absent";

#[test]
fn a_rule_states_its_cell_of_the_table() {
    let rules = with_cell(|cell| {
        cell["expect"] = json!("ok");
        cell["evidence"] = json!({ "level": "observed", "sources": ["E015"] });
        cell.as_object_mut().unwrap().remove("unchanged");
    });
    let rule = &rules[CELL];
    assert_eq!(
        (rule.evidence.level, rule.evidence.sources.as_slice()),
        (Level::Observed, &["E015".to_owned()][..])
    );
    assert!(rule.requirement.ends_with("NOT_EXIST is accepted and read back."), "{}", rule.requirement);
    assert!(!rules.contains_key(&format!("{CELL}/times")));
}

#[test]
fn a_refusal_that_may_change_something_has_a_rule_of_its_own_that_says_so() {
    let own = format!("{CELL}/unchanged");
    assert!(!rules(&embedded_files().unwrap()).contains_key(&own));
    let rules = with_cell(|cell| cell["unchanged"] = json!({ "level": "observed", "sources": ["E015"] }));
    let (cell, unchanged) = (&rules[CELL], &rules[&own]);
    assert_eq!((cell.evidence.level, unchanged.evidence.level), (Level::Documented, Level::Observed));
    assert!(!cell.requirement.contains("changes nothing"), "{}", cell.requirement);
    assert!(!cell.evidence.sources.iter().any(|source| source == "E015"));
    assert_eq!(aspect(unchanged), ConditionAspect::Unchanged);
}
