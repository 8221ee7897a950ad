//! Calls whose outcome leaves open whether they took effect, and what is said of answers in words.

use glueproof::model::{Edition, Level, Specs, embedded_files};
use glueproof::reference::{Answer, Call, NoEvidence, Operation, Outcome, Reference, State};
use serde_json::{Value, json};

use super::walk::{DELETE, FAILED, GET, LIST, PUT, Walk, put, put_if, shown};

fn unanswered(walk: &Walk, operation: &str, input: Value) -> Vec<State> {
    let call = Call::new(operation, input).unwrap();
    walk.reference.after(&walk.state, &call, &Outcome::Unanswered).unwrap()
}

/// The walk in the state where the unanswered put took effect.
fn after_lost_put(level: Level) -> Walk {
    let mut walk = Walk::new(level).with_policy("a", "h1").with_policy("b", "h2");
    walk.state = unanswered(&walk, PUT, put("a")).pop().unwrap();
    assert_eq!(walk.state.policy_hash(), None);
    walk
}

#[test]
fn without_an_answer_a_write_took_effect_or_did_not_and_a_read_did_nothing() {
    let walk = Walk::new(Level::Documented).with_policy("a", "h1");
    assert_eq!(unanswered(&walk, PUT, put("b")).len(), 2);
    assert_eq!(unanswered(&walk, DELETE, json!({})).len(), 2);
    let same = std::slice::from_ref(&walk.state);
    assert_eq!(unanswered(&walk, GET, json!({})), same);
    assert_eq!(unanswered(&walk, PUT, put_if("b", "h9")), same, "must have been refused");
    assert_eq!(unanswered(&walk, "CreateSecurityConfiguration", json!({ "Name": "n" })).len(), 2);
    assert_eq!(unanswered(&walk, "DeleteSecurityConfiguration", json!({ "Name": "n" })).len(), 1);
}

#[test]
fn a_failure_of_the_service_settles_nothing() {
    let walk = Walk::new(Level::Documented).with_policy("a", "h1");
    let call = Call::new(PUT, put("b")).unwrap();
    for (status, code) in
        [(500, "InternalServiceException"), (400, "OperationTimeoutException"), (503, "Any")]
    {
        let outcome = Outcome::Answered(Answer { status, code: Some(code.to_owned()), body: Value::Null });
        assert!(!outcome.settles());
        assert_eq!(walk.reference.after(&walk.state, &call, &outcome).unwrap().len(), 2);
    }
}

#[test]
fn the_hash_of_an_unanswered_put_is_learned_from_the_next_read() {
    let mut walk = after_lost_put(Level::Observed);
    walk.ok(GET, json!({}), shown("a", "h3", 1.0, 1.0));
    assert_eq!(walk.state.policy_hash(), Some("h3"));
    let mut listed = after_lost_put(Level::Observed);
    listed.ok(LIST, json!({}), json!({ "GetResourcePoliciesResponseList": [shown("a", "h3", 1.0, 1.0)] }));
    assert_eq!(listed.state.policy_hash(), Some("h3"));
}

#[test]
fn a_hash_not_yet_learned_may_be_one_told_for_the_same_policy_and_no_other() {
    let walk = after_lost_put(Level::Observed);
    let put_with = |hash, answer| walk.verdict(PUT, put_if("c", hash), answer);
    let won = || Answer::ok(json!({ "PolicyHash": "h4" }));
    assert!(put_with("h1", won()).is_ok() && put_with("h1", Answer::refused(FAILED)).is_ok());
    assert!(put_with("h2", won()).is_err(), "the hash of another policy");
    assert!(put_with("h9", won()).is_err(), "a hash that no response contained");
    let lenient = after_lost_put(Level::Documented);
    assert!(
        lenient.verdict(PUT, put_if("c", "h2"), won()).is_ok(),
        "hashes may be equal for all documents say"
    );
}

#[test]
fn a_state_is_said_in_words() {
    let mut walk = Walk::new(Level::Documented);
    assert_eq!(walk.state.in_words(), "no policy");
    walk.ok("CreateSecurityConfiguration", json!({ "Name": "n" }), json!({ "Name": "n" }));
    let walk = walk.with_policy("a", "h1");
    assert_eq!(walk.state.in_words(), "a policy with the hash h1, and the configurations `n`");
    let lost = after_lost_put(Level::Observed).state.in_words();
    assert_eq!(lost, "a policy with a hash that no answer told");
}

#[test]
fn allowed_answers_are_described_in_words() {
    let walk = Walk::new(Level::Documented).with_policy("a", "h1");
    let expected =
        |operation, input| walk.reference.expected(&walk.state, &Call::new(operation, input).unwrap());
    assert_eq!(expected(GET, json!({})), "the call is accepted, because there is a policy");
    assert_eq!(
        expected("GetSecurityConfiguration", json!({ "Name": "n" })),
        "the call is refused with EntityNotFoundException, because there is no configuration `n`"
    );
    assert_eq!(
        expected(DELETE, json!({ "PolicyHashCondition": "h9" })),
        "the call is refused with ConditionCheckFailureException, because the situation is: state present, \
         PolicyHashCondition foreign"
    );
}

#[test]
fn the_reference_stands_on_the_specs_of_both_editions_and_misses_what_they_lose() {
    for edition in Edition::ALL {
        let specs = Specs::embedded(edition).unwrap();
        let model = specs.service("glue").unwrap();
        for level in [Level::Documented, Level::Observed, Level::Assumed] {
            Reference::new(model, level).unwrap();
        }
        for (lost, missing) in [
            ("behaviors/PutResourcePolicy-policies.toml", "glue/PutResourcePolicy/valid/hash-is-returned"),
            ("tables/DeleteResourcePolicy.json", "tables/DeleteResourcePolicy"),
        ] {
            let mut files = embedded_files().unwrap();
            files.retain(|file| !file.path.ends_with(lost));
            let specs = Specs::from_files(&files, edition).unwrap();
            let refused = Reference::new(specs.service("glue").unwrap(), Level::Documented);
            assert_eq!(refused.unwrap_err(), NoEvidence(missing.to_owned()));
        }
    }
}

#[test]
fn every_operation_has_its_name_and_no_other_is_known() {
    let specs = Specs::embedded(Edition::Current).unwrap();
    let model = specs.service("glue").unwrap();
    for operation in Operation::ALL {
        assert!(model.operations.contains_key(operation.name()));
        assert_eq!(Call::new(operation.name(), json!({})).unwrap().operation, operation);
    }
    assert_eq!(model.operations.values().filter(|o| o.is_core()).count(), Operation::ALL.len());
    assert!(Call::new("DropResourcePolicy", json!({})).is_err());
}
