//! The conditions of puts and deletes against every state, and that a refusal changes nothing.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use crate::support::{call, cloud, policy, put_policy};

const FOREIGN: &str = "AAAAAAAAAAAAAAAAAAAAAA==";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Hash {
    None,
    Null,
    Current,
    Former,
    Foreign,
}

/// A fake with or without a policy, the hash in force and one that no longer is.
fn prepared(with_policy: bool) -> (FakeCloud, String, String) {
    let cloud = cloud();
    let former = put_policy(&cloud, "glue:GetDatabase");
    let current = put_policy(&cloud, "glue:GetTable");
    if !with_policy {
        call(&cloud, "DeleteResourcePolicy", &json!({})).ok();
    }
    (cloud, former, current)
}

fn attempt(operation: &str, with_policy: bool, exists: &Value, hash: Hash) -> String {
    let (cloud, former, current) = prepared(with_policy);
    let before = call(&cloud, "GetResourcePolicy", &json!({})).text;
    let mut input = json!({});
    if operation == "PutResourcePolicy" {
        input["PolicyInJson"] = policy("glue:GetPartitions").into();
        input["PolicyExistsCondition"] = exists.clone();
    }
    match hash {
        Hash::None => {}
        Hash::Null => input["PolicyHashCondition"] = Value::Null,
        Hash::Current => input["PolicyHashCondition"] = current.into(),
        Hash::Former => input["PolicyHashCondition"] = former.into(),
        Hash::Foreign => input["PolicyHashCondition"] = FOREIGN.into(),
    }
    let answer = call(&cloud, operation, &input);
    let after = call(&cloud, "GetResourcePolicy", &json!({})).text;
    if answer.status == 200 {
        assert_ne!(after, before, "{input}");
        return "ok".to_owned();
    }
    assert_eq!(answer.status, 400);
    assert_eq!(after, before, "a refused call changes nothing: {input}");
    answer.code()
}

#[test]
fn puts_against_a_policy() {
    for exists in [json!(null), json!("NONE"), json!("MUST_EXIST"), json!("NOT_EXIST")] {
        for hash in [Hash::None, Hash::Null, Hash::Current, Hash::Former, Hash::Foreign] {
            let held = exists != "NOT_EXIST" && matches!(hash, Hash::None | Hash::Null | Hash::Current);
            let expected = if held { "ok" } else { "ConditionCheckFailureException" };
            assert_eq!(
                attempt("PutResourcePolicy", true, &exists, hash),
                expected,
                "{exists} {hash:?}, E021, E027, E028"
            );
        }
    }
}

#[test]
fn puts_without_a_policy() {
    for exists in [json!(null), json!("NONE"), json!("MUST_EXIST"), json!("NOT_EXIST")] {
        for hash in [Hash::None, Hash::Null, Hash::Current, Hash::Former, Hash::Foreign] {
            let expected = match hash {
                _ if exists == "MUST_EXIST" => "EntityNotFoundException",
                Hash::None | Hash::Null => "ok",
                _ => "ConditionCheckFailureException",
            };
            assert_eq!(
                attempt("PutResourcePolicy", false, &exists, hash),
                expected,
                "{exists} {hash:?}, E021, E026"
            );
        }
    }
}

#[test]
fn deletes() {
    for hash in [Hash::None, Hash::Null, Hash::Current, Hash::Former, Hash::Foreign] {
        let held = matches!(hash, Hash::None | Hash::Null | Hash::Current);
        let expected = if held { "ok" } else { "ConditionCheckFailureException" };
        assert_eq!(attempt("DeleteResourcePolicy", true, &Value::Null, hash), expected, "{hash:?}, E029");
        assert_eq!(attempt("DeleteResourcePolicy", false, &Value::Null, hash), "EntityNotFoundException");
    }
}

#[test]
fn the_document_is_looked_at_before_the_conditions() {
    let (cloud, ..) = prepared(true);
    let input = json!({ "PolicyInJson": "no policy", "PolicyExistsCondition": "NOT_EXIST" });
    assert_eq!(call(&cloud, "PutResourcePolicy", &input).code(), "InvalidInputException");
}

#[test]
fn of_many_writers_with_one_hash_one_wins() {
    let cloud = cloud();
    let hash = put_policy(&cloud, "glue:GetDatabase");
    let winners = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|index| {
                let input = json!({ "PolicyInJson": policy(&format!("glue:Get{index}")), "PolicyHashCondition": hash });
                let cloud = &cloud;
                scope.spawn(move || call(cloud, "PutResourcePolicy", &input).status == 200)
            })
            .collect();
        writers.into_iter().filter_map(|writer| writer.join().unwrap().then_some(())).count()
    });
    assert_eq!(winners, 1);
}
