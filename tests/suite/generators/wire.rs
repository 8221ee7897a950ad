//! Cases that bend the protocol: what is called no JSON is none, what is called no object is none, and the
//! rest is as valid as it claims to be.

use glueproof::case::{Body, Case};
use glueproof::model::{Edition, Expect};
use glueproof::rule::ProtocolRequirement;
use serde_json::Value;

use super::draws::{Source, act};
use super::validator::Validator;

/// All cases of one kind of rule, with the operation.
fn each(wire: ProtocolRequirement, check: impl Fn(&str, &Case)) {
    for edition in Edition::ALL {
        let source = Source::new(edition);
        let rules: Vec<_> = source.rules.iter().filter(|r| r.test.downcast_ref() == Some(&wire)).collect();
        assert!(!rules.is_empty());
        for rule in rules {
            let bent = source.cases(rule).into_iter().filter(|(control, _)| !control);
            bent.for_each(|(_, case)| check(&rule.operation, &case));
        }
    }
}

fn text(case: &Case) -> &str {
    let Body::Text(text) = &act(case).body else { panic!("a JSON body: {case:#?}") };
    text
}

fn is_refused(case: &Case) -> bool {
    matches!(act(case).expect, Expect::Refused { .. })
}

#[test]
fn malformed_bodies_are_no_json() {
    each(ProtocolRequirement::MalformedJson, |_, case| {
        let text = text(case);
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
        assert!(!matches!(first, Some(Ok(_))), "a parser may stop after the first value: {text}");
        assert!(is_refused(case));
    });
}

#[test]
fn bodies_that_are_no_object_are_json() {
    each(ProtocolRequirement::NotAnObject, |_, case| {
        let value: Value = serde_json::from_str(text(case)).unwrap();
        assert!(!value.is_object() && !value.is_null(), "{value}");
        assert!(is_refused(case));
    });
}

#[test]
fn trailing_text_follows_a_valid_input() {
    let validators = Edition::ALL.map(Validator::new);
    each(ProtocolRequirement::TrailingText, |operation, case| {
        let text = text(case);
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        let first = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
        let input = first.unwrap().unwrap();
        let validator = &validators[usize::from(case.edition == Edition::Current)];
        assert_eq!(validator.faults(operation, &input), [], "{text}");
        assert!(is_refused(case));
    });
}

#[test]
fn unknown_members_are_all_that_is_wrong() {
    let validators = Edition::ALL.map(Validator::new);
    each(ProtocolRequirement::UnknownMembers, |operation, case| {
        let Body::Json(input) = &act(case).body else { panic!("{case:#?}") };
        let validator = &validators[usize::from(case.edition == Edition::Current)];
        let wanted = [("GlueproofUnknownMember".to_owned(), "unknown")];
        assert_eq!(validator.faults(operation, input), wanted, "{case:#?}");
        assert!(!is_refused(case));
    });
}

#[test]
fn another_layout_is_the_same_input() {
    let validators = Edition::ALL.map(Validator::new);
    each(ProtocolRequirement::Layout, |operation, case| {
        let text = text(case);
        let input: Value = serde_json::from_str(text).unwrap();
        let validator = &validators[usize::from(case.edition == Edition::Current)];
        assert_eq!(validator.faults(operation, &input), [], "{text}");
        assert!(!is_refused(case));
        let way = match case.label.as_str() {
            "white space everywhere" => text.contains("\n\t") && text.ends_with('\n'),
            "letters as escapes" => !text.contains('A') && !text.contains("PolicyI"),
            _ => !text.contains("\\u00"),
        };
        assert!(way, "{}: {text}", case.label);
    });
}

#[test]
fn unknown_operations_are_unknown() {
    each(ProtocolRequirement::UnknownOperation, |_, case| {
        let target = act(case).headers["x-amz-target"].clone().unwrap();
        let name = target.strip_prefix("AWSGlue.").unwrap();
        let source = Source::new(Edition::Current);
        assert!(!source.model.operations.contains_key(name), "{target}");
    });
}

#[test]
fn calls_that_are_looked_at_for_their_errors_are_refused() {
    let validators = Edition::ALL.map(Validator::new);
    for wire in [
        ProtocolRequirement::ErrorShape,
        ProtocolRequirement::ErrorMessage,
        ProtocolRequirement::ErrorContentType,
    ] {
        each(wire, |operation, case| {
            assert!(is_refused(case), "{case:#?}");
            // A call that is refused for what it means is valid; every other one is not.
            let meant =
                ["a resource that does not exist", "what is there already"].contains(&case.label.as_str());
            if let (Body::Json(input), false) = (&act(case).body, meant) {
                let validator = &validators[usize::from(case.edition == Edition::Current)];
                assert_ne!(validator.faults(operation, input), [], "{case:#?}");
            }
        });
    }
}
