//! Names: each case has names of its run, so that two runs never share a resource.

use glueproof::case::{Case, RUN};
use glueproof::model::{Edition, Expect, Family, Role};
use glueproof::rule::{Boundary, ValidInput};
use serde_json::Value;

use super::draws::{Source, about, act, sent};

const CREATE: &str = "CreateSecurityConfiguration";
const READ: &str = "GetSecurityConfiguration";

/// Names that a case asks the service to make something under.
fn made(case: &Case) -> Vec<String> {
    let creates = case.steps.iter().filter(|s| s.operation == CREATE && !is_text_in_general(s));
    creates.filter_map(|s| sent(s).get("Name").and_then(Value::as_str).map(str::to_owned)).collect()
}

/// Bodies that are bent on purpose are looked at elsewhere.
fn is_text_in_general(step: &glueproof::case::Step) -> bool {
    matches!(&step.body, glueproof::case::Body::Text(text) if !text.contains("\\ud800"))
}

#[test]
fn names_are_the_runs_own_but_for_those_of_one_character() {
    for edition in Edition::ALL {
        let source = Source::new(edition);
        for rule in &source.rules {
            let single = about(rule).is_some_and(|about| about == ("Name".into(), "length.min".into()));
            for (_, case) in source.cases(rule) {
                for name in made(&case).into_iter().filter(|name| !name.is_empty()) {
                    let own = name.starts_with(RUN);
                    let looked = single && rule.family == Family::Boundary && name.chars().count() == 1;
                    assert!(own || looked, "{}: {name:?}", rule.id);
                }
            }
        }
    }
}

#[test]
fn a_name_of_one_character_is_used_only_if_it_is_free() {
    let source = Source::new(Edition::Current);
    for operation in [CREATE, READ, "DeleteSecurityConfiguration"] {
        let rule = source.rule(&format!("glue/{operation}/boundary/Name/length.min"));
        let cases = source.cases(rule);
        for (_, case) in &cases {
            let (look, name) = (&case.steps[0], sent(act(case))["Name"].clone());
            assert_eq!((look.operation.as_str(), look.role), (READ, Role::Arrange), "{case:#?}");
            assert_eq!(sent(look)["Name"], name);
            assert!(
                matches!(&look.expect, Expect::Refused { codes, .. } if codes == &["EntityNotFoundException"])
            );
        }
        let names: std::collections::BTreeSet<String> =
            cases.iter().map(|(_, case)| sent(act(case))["Name"].to_string()).collect();
        assert!(names.len() > cases.len() / 2, "runs would meet each other");
    }
}

#[test]
fn reads_and_deletes_are_of_what_the_case_made() {
    let source = Source::new(Edition::Current);
    for rule in source.rules.iter().filter(|r| r.test.is::<ValidInput>() || r.test.is::<Boundary>()) {
        if ![READ, "DeleteSecurityConfiguration"].contains(&rule.operation.as_str()) {
            continue;
        }
        for (_, case) in source.cases(rule) {
            let name = sent(act(&case))["Name"].as_str().unwrap().to_owned();
            assert_eq!(made(&case), [name], "{}: {case:#?}", rule.id);
        }
    }
}

#[test]
fn lookalikes_differ_and_only_just() {
    let source = Source::new(Edition::Current);
    let rule = source.rule("glue/CreateSecurityConfiguration/boundary/Name/distinct");
    let (mut case_only, mut space_only, mut composition) = (false, false, false);
    for (_, case) in source.cases(rule) {
        let names = made(&case);
        let [one, other] = names.as_slice() else { panic!("two names: {case:#?}") };
        assert_ne!(one, other);
        let bare = |name: &str| name.replace([' ', '\t'], "");
        case_only |= one.to_lowercase() == other.to_lowercase();
        space_only |= bare(one) == bare(other);
        composition |= one.contains('\u{e9}') && other.contains("e\u{301}");
        let reads = case.steps.iter().filter(|s| s.operation == READ && s.role == Role::Observe);
        assert_eq!(reads.count(), 2, "both are read: {case:#?}");
    }
    assert!(case_only && space_only && composition);
}

#[test]
fn names_that_differ_in_one_place_have_the_same_length() {
    let source = Source::new(Edition::Current);
    let rule = source.rule("glue/CreateSecurityConfiguration/boundary/Name/distinct.place");
    let mut places = Vec::new();
    for (_, case) in source.cases(rule).into_iter().filter(|(_, case)| case.label.contains("character")) {
        let names = made(&case);
        let [one, other] = names.as_slice() else { panic!("two names: {case:#?}") };
        let different: Vec<usize> = one
            .bytes()
            .zip(other.bytes())
            .enumerate()
            .filter(|(_, (a, b))| a != b)
            .map(|(at, _)| at + 1)
            .collect();
        assert_eq!((one.len(), different.len()), (other.len(), 1), "{one} {other}");
        places.push(different[0]);
    }
    places.dedup();
    assert_eq!(places, [17, 33, 65, 129, 192, 255]);
}
