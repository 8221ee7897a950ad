//! The ways to choose rules: parts of ids, whole ids with `*`, names of tests, capabilities.

use glueproof::model::Edition;
use glueproof::rule::{Catalog, FilterError, select};

use crate::specs::specs;

fn catalog() -> Catalog {
    Catalog::new(&specs(Edition::Current))
}

fn chosen(only: &[&str], capabilities: &[&str]) -> Result<Vec<String>, FilterError> {
    let owned = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
    let catalog = catalog();
    let rules = select(&catalog, &owned(only), &owned(capabilities))?;
    Ok(rules.into_iter().map(|rule| rule.id.clone()).collect())
}

#[test]
fn nothing_asked_for_is_everything() {
    assert_eq!(chosen(&[], &[]).unwrap().len(), catalog().rules.len());
}

#[test]
fn a_part_chooses_all_that_have_it() {
    let found = chosen(&["PolicyHashCondition/length"], &[]).unwrap();
    assert_eq!(
        found,
        [
            "glue/DeleteResourcePolicy/invalid/PolicyHashCondition/length.max",
            "glue/DeleteResourcePolicy/invalid/PolicyHashCondition/length.min",
            "glue/PutResourcePolicy/invalid/PolicyHashCondition/length.max",
            "glue/PutResourcePolicy/invalid/PolicyHashCondition/length.min",
        ]
    );
}

#[test]
fn a_star_makes_it_the_whole_id() {
    let found = chosen(&["glue/*/invalid/Name/required"], &[]).unwrap();
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|id| id.ends_with("Configuration/invalid/Name/required")));
    assert!(chosen(&["*/invalid"], &[]).is_err(), "no id ends so");
    assert!(chosen(&["invalid/*"], &[]).is_err(), "no id begins so");
    assert_eq!(chosen(&["*"], &[]).unwrap().len(), catalog().rules.len());
}

#[test]
fn brackets_and_dots_mean_themselves() {
    let found = chosen(&["S3Encryption[].KmsKeyArn/pattern"], &[]).unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(chosen(&["S3Encryption..KmsKeyArn"], &[]).is_err());
}

#[test]
fn names_of_tests_are_filters_too() {
    let id = "glue/GetSecurityConfiguration/invalid/Name/required";
    let catalog = catalog();
    let rule = catalog.find(id).unwrap();
    assert_eq!(chosen(&[&rule.test_name()], &[]).unwrap(), [id]);
    assert_eq!(catalog.find(&rule.test_name()).map(|r| &r.id), Some(&rule.id));
    assert_eq!(chosen(&["*::Name::required"], &[]).unwrap().len(), 3);
}

#[test]
fn several_filters_add_up_and_no_rule_comes_twice() {
    let found = chosen(&["Name/required", "GetSecurityConfiguration/invalid/Name"], &[]).unwrap();
    let mut sorted = found.clone();
    sorted.dedup();
    assert_eq!(sorted, found);
    assert!(found.len() > 3);
}

#[test]
fn a_filter_without_a_rule_is_refused_even_beside_one_that_has_some() {
    let error = chosen(&["Name/required", "name/required"], &[]).unwrap_err();
    let FilterError::NothingMatches { filter, near } = error else { panic!("{error}") };
    assert_eq!(filter, "name/required");
    assert!(near.unwrap().ends_with("Name/required"), "differs by case alone");
    assert!(matches!(chosen(&["nonsense"], &[]), Err(FilterError::NothingMatches { near: None, .. })));
}

#[test]
fn capabilities_narrow_the_choice() {
    let access = chosen(&[], &["access"]).unwrap();
    assert!(access.iter().any(|id| id == "glue/PutResourcePolicy/access/principal-that-does-not-exist"));
    assert!(access.len() > 100 && access.iter().all(|id| id.contains("/access/")), "{access:?}");
    let both = chosen(&[], &["access", "connections", "core", "crypto", "logs", "workloads"]).unwrap();
    assert_eq!(both.len(), catalog().rules.len());
    let error = chosen(&[], &["teleport"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no rule needs the capability `teleport`; there are rules for: access, connections, core, crypto, logs, workloads"
    );
    assert!(chosen(&["Name/required"], &["access"]).is_err(), "a choice that leaves nothing");
}
