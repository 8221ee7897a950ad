//! Cases of condition cells: the calls before the act make the state of the cell, and the conditions of the act
//! mean there what the cell says. Followed step by step by hands that know nothing of the generator.

use std::collections::BTreeSet;

use glueproof::case::{Body, Case, Step};
use glueproof::model::{CellKey, ConditionValue, Edition, Expect, Predicate, Presence, Role, Specs};
use glueproof::rule::{Catalog, ConditionAspect, ConditionCell, Rule};
use serde_json::{Value, json};

use super::draws::{Source, act, sent};
use crate::specs::altered;

fn cells(source: &Source) -> impl Iterator<Item = (&Rule, &CellKey, ConditionAspect)> {
    source.rules.iter().filter_map(|rule| {
        let cell: &ConditionCell = rule.test.downcast_ref()?;
        (cell.aspect != ConditionAspect::NearMiss).then_some((rule, &cell.key, cell.aspect))
    })
}

/// The steps that set a policy before the act, and whether the last of them is still in force.
fn history(case: &Case) -> (Vec<&Step>, bool) {
    let (mut puts, mut there) = (Vec::new(), false);
    for step in case.steps.iter().take_while(|step| step.role != Role::Act) {
        match step.operation.as_str() {
            "PutResourcePolicy" => {
                puts.push(step);
                there = true;
            }
            "DeleteResourcePolicy" => there = false,
            other => assert_eq!(other, "GetResourcePolicy"),
        }
    }
    (puts, there)
}

/// The meaning of a condition on the version, after these puts.
fn meaning(condition: Option<&Value>, puts: &[&Step], there: bool) -> ConditionValue {
    let Some(condition) = condition else { return ConditionValue::Absent };
    let Some(step) = condition.get("$answer") else {
        let text = condition.as_str().unwrap();
        assert_eq!((text.len(), &text[22..]), (24, "=="), "sixteen bytes in base64");
        return ConditionValue::Foreign;
    };
    assert_eq!(condition["at"], "/PolicyHash");
    let place =
        puts.iter().position(|put| put.name.as_deref() == step.as_str()).expect("an earlier put told it");
    if there && place + 1 == puts.len() { ConditionValue::Current } else { ConditionValue::Former }
}

#[test]
fn the_state_and_the_conditions_are_those_of_the_cell() {
    for edition in Edition::ALL {
        let source = Source::new(edition);
        for (rule, situation, _) in cells(&source) {
            for (_, case) in source.cases(rule) {
                let (puts, there) = history(&case);
                assert_eq!(there, situation.state == Presence::Present, "{}", rule.id);
                let input = sent(act(&case));
                assert_eq!(act(&case).operation, rule.operation);
                for (member, choice) in &situation.conditions {
                    let said = match (member.as_str(), input.get(member)) {
                        ("PolicyExistsCondition", Some(word)) => {
                            ConditionValue::Value(word.as_str().unwrap().to_owned())
                        }
                        (_, condition) => meaning(condition, &puts, there),
                    };
                    assert_eq!(said, *choice, "{}: {member} in {case:#?}", rule.id);
                }
            }
        }
    }
}

#[test]
fn no_two_policies_of_a_case_are_the_same() {
    let source = Source::new(Edition::Current);
    for (rule, ..) in cells(&source) {
        for (_, case) in source.shrunk(rule) {
            let policies = case.steps.iter().filter_map(|step| sent(step).get("PolicyInJson").cloned());
            let mut policies: Vec<String> = policies.map(|policy| policy.to_string()).collect();
            let all = policies.len();
            policies.sort();
            policies.dedup();
            assert_eq!(policies.len(), all, "{}", rule.id);
        }
    }
}

#[test]
fn every_state_is_reached_in_two_ways_unless_a_condition_needs_the_longer() {
    let source = Source::new(Edition::Current);
    for (rule, situation, _) in cells(&source) {
        let needs_past = situation.conditions.values().any(|choice| *choice == ConditionValue::Former);
        let mut lengths: Vec<usize> =
            source.cases(rule).iter().map(|(_, case)| history(case).0.len()).collect();
        lengths.dedup();
        let short = usize::from(situation.state == Presence::Present);
        let long = short.max(1) + short;
        assert_eq!(lengths, if needs_past { vec![long] } else { vec![short, long] }, "{}", rule.id);
    }
}

/// The members an expectation looks at.
fn looked_at(expect: &Expect, found: &mut Vec<String>) {
    match expect {
        Expect::Ok(assertions) => {
            for assertion in assertions {
                assert!(matches!(assertion.holds, Predicate::Equals(_) | Predicate::JsonEquals(_)));
                found.push(assertion.at.clone());
            }
        }
        Expect::If(branch) => {
            looked_at(&branch.then, found);
            looked_at(&branch.otherwise, found);
        }
        Expect::Absent => found.push("gone".to_owned()),
        _ => {}
    }
}

#[test]
fn reads_check_the_subject_of_the_rule_and_times_have_rules_of_their_own() {
    let source = Source::new(Edition::Current);
    for (rule, _, aspect) in cells(&source) {
        for (_, case) in source.cases(rule) {
            let last = case.steps.last().unwrap();
            assert_eq!((last.operation.as_str(), last.role), ("GetResourcePolicy", Role::Observe));
            let mut found = Vec::new();
            looked_at(&last.expect, &mut found);
            assert!(!found.is_empty(), "{}", rule.id);
            let times = found.iter().filter(|at| at.ends_with("Time")).count();
            assert_eq!(
                times,
                if aspect == ConditionAspect::Times { found.len() } else { 0 },
                "{}: {found:?}",
                rule.id
            );
        }
    }
}

#[test]
fn where_both_outcomes_are_open_the_read_goes_by_what_came() {
    let source = Source::new(Edition::Current);
    let rule = source.rule("glue/PutResourcePolicy/condition/absent/absent/foreign");
    let (_, case) = &source.cases(rule)[0];
    assert!(matches!(&act(case).body, Body::Json(_)) && matches!(&act(case).expect, Expect::Either(_)));
    let Expect::If(branch) = &case.steps.last().unwrap().expect else { panic!("{case:#?}") };
    assert_eq!(Some(branch.accepted.as_str()), act(case).name.as_deref());
    assert!(matches!(&branch.then, Expect::Ok(all) if all.len() == 2), "policy and hash");
    assert_eq!(branch.otherwise, Expect::Absent);
}

#[test]
fn expectations_with_weaker_evidence_than_the_refusal_have_rules_of_their_own() {
    let files = altered("glue/tables/DeleteResourcePolicy.json", |table| {
        let foreign = &mut table["cells"].as_array_mut().unwrap()[6];
        foreign["unchanged"] = json!({ "level": "assumed", "sources": ["E029"] });
    });
    let specs = Specs::from_files(&files, Edition::Current).unwrap();
    let source = Source { model: specs.services[0].clone(), rules: Catalog::new(&specs).rules };
    let case = |id: &str| source.cases(source.rule(id)).remove(0).1;
    let sure = case("glue/DeleteResourcePolicy/condition/present/foreign");
    assert_eq!(sure.steps.last().unwrap().role, Role::Act, "the cell's own rule does not look");
    assert_eq!(act(&sure).expect, Expect::refused(["ConditionCheckFailureException"]));
    let unsure = case("glue/DeleteResourcePolicy/condition/present/foreign/unchanged");
    assert_eq!(act(&unsure).expect, Expect::refused(Vec::<String>::new()), "whatever the code");
    assert!(
        matches!(&unsure.steps.last().unwrap().expect, Expect::Ok(all) if all.len() == 2),
        "policy and hash"
    );
}

#[test]
fn near_misses_differ_from_the_current_version_alone() {
    let source = Source::new(Edition::Current);
    let rule = source.rule("glue/DeleteResourcePolicy/condition/present/foreign/near-miss");
    let mut alterations = BTreeSet::new();
    for (_, case) in source.cases(rule) {
        assert_eq!(history(&case).0.len(), 1, "{case:#?}");
        let condition = sent(act(&case))["PolicyHashCondition"].clone();
        assert_eq!(condition["of"], json!({ "$answer": "current", "at": "/PolicyHash" }));
        let Expect::Refused { codes, .. } = &act(&case).expect else { panic!("{case:#?}") };
        assert_eq!(codes[0], "ConditionCheckFailureException");
        alterations.insert(condition["$altered"].as_str().unwrap().to_owned());
    }
    assert_eq!(alterations.len(), 12, "{alterations:?}");
}
