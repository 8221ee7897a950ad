//! Inline policies: what was put is read back, and what is no policy is refused.

use serde_json::{Value, json};

use super::support::{all, ask, done, policy, refusal, text};
use crate::support::cloud;

const ALICE: (&str, &str) = ("UserName", "alice");

fn statement(member: &str, value: Value) -> String {
    let mut statement = json!({ "Effect": "Allow", "Action": "glue:Get*", "Resource": "*" });
    statement[member] = value;
    policy(&json!([statement]))
}

#[test]
fn a_policy_reads_back_letter_by_letter() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ALICE]));
    let document =
        "{ \"Statement\" : {\"Effect\":\"Allow\", \"Action\":[\"a:b+c%20\"],\n\"Resource\":\"*\"} }";
    let put = |name| {
        let pairs = [("Action", "PutUserPolicy"), ALICE, ("PolicyName", name), ("PolicyDocument", document)];
        done(ask(&cloud, &pairs))
    };
    put("b");
    put("a");
    put("a");
    assert_eq!(all(&done(ask(&cloud, &[("Action", "ListUserPolicies"), ALICE])), "member"), ["a", "b"]);
    let read = done(ask(&cloud, &[("Action", "GetUserPolicy"), ALICE, ("PolicyName", "a")]));
    let encoded = format!("x={}", text(&read, "PolicyDocument"));
    assert!(!encoded.contains('+'), "RFC 3986 knows no plus for a space: {encoded}");
    assert_eq!(form_urlencoded::parse(encoded.as_bytes()).next().unwrap().1, document);
    assert_eq!((text(&read, "UserName"), text(&read, "PolicyName")), ("alice".to_owned(), "a".to_owned()));
    done(ask(&cloud, &[("Action", "DeleteUserPolicy"), ALICE, ("PolicyName", "a")]));
    let gone = ask(&cloud, &[("Action", "GetUserPolicy"), ALICE, ("PolicyName", "a")]);
    assert_eq!(refusal(&gone), (404, "NoSuchEntity".to_owned()));
    assert_eq!(text(&gone, "Message"), "The user policy with name a cannot be found.");
}

#[test]
fn documents_that_are_no_policy_are_refused() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ALICE]));
    let put = |document: &str| {
        let pairs = [("Action", "PutUserPolicy"), ALICE, ("PolicyName", "p"), ("PolicyDocument", document)];
        ask(&cloud, &pairs)
    };
    done(put(&statement("Sid", json!("legal"))));
    let illegal = [
        "{".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        statement("Effect", json!("allow")),
        statement("Effekt", json!("Allow")),
        statement("Action", json!("GetTable")),
        statement("Action", json!([])),
        statement("Action", json!(7)),
        statement("NotAction", json!("glue:*")),
        statement("Resource", json!("table")),
        statement("Resource", Value::Null),
        statement("Principal", json!("*")),
        statement("Condition", json!([])),
        statement("Condition", json!({ "StringIs": { "a:b": "c" } })),
        statement("Condition", json!({ "StringEquals": "c" })),
        json!({ "Version": "2020-01-01", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] }).to_string(),
    ];
    for document in illegal {
        assert_eq!(refusal(&put(&document)), (400, "MalformedPolicyDocument".to_owned()), "{document}");
    }
    let none = [("Action", "PutUserPolicy"), ALICE, ("PolicyName", "p")];
    assert_eq!(refusal(&ask(&cloud, &none)).1, "ValidationError");
}

#[test]
fn a_policy_belongs_to_one_principal() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ALICE]));
    let document = statement("Sid", json!("s"));
    let stranger = [("Action", "PutRolePolicy"), ALICE, ("PolicyName", "p"), ("PolicyDocument", &*document)];
    assert_eq!(refusal(&ask(&cloud, &stranger)).1, "ValidationError");
    assert!(all(&done(ask(&cloud, &[("Action", "ListUserPolicies"), ALICE])), "member").is_empty());
}
