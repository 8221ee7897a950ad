//! The policy documents that are legal (E030).

use glueproof_fake::{FakeCloud, SeedFile};
use serde_json::{Value, json};

use crate::support::{call, cloud, policy};

/// A legal policy with one change to its only statement.
fn with(change: impl FnOnce(&mut Value)) -> String {
    let mut document: Value = serde_json::from_str(&policy("glue:GetTable")).unwrap();
    change(&mut document["Statement"][0]);
    document.to_string()
}

fn set(member: &str, value: Value) -> String {
    with(|statement| statement[member] = value)
}

fn unset(member: &str) -> String {
    with(|statement| {
        statement.as_object_mut().unwrap().remove(member);
    })
}

/// `member` under its negated name.
fn negated(member: &str) -> String {
    with(|statement| {
        let value = statement.as_object_mut().unwrap().remove(member).unwrap();
        statement[format!("Not{member}")] = value;
    })
}

fn code(cloud: &FakeCloud, document: &str) -> String {
    let answer = call(cloud, "PutResourcePolicy", &json!({ "PolicyInJson": document }));
    if answer.status == 200 { "ok".to_owned() } else { answer.code() }
}

#[track_caller]
fn refused(document: &str) {
    let cloud = cloud();
    assert_eq!(code(&cloud, document), "InvalidInputException", "{document}");
    assert_eq!(call(&cloud, "GetResourcePolicy", &json!({})).code(), "EntityNotFoundException");
}

#[track_caller]
fn accepted(document: &str) {
    assert_eq!(code(&cloud(), document), "ok", "{document}");
}

fn arn(rest: &str) -> String {
    format!("arn:aws:glue:us-east-1:123456789012:{rest}")
}

#[test]
fn documents_that_are_no_policy() {
    let deep = format!("{}{}", "[".repeat(3000), "]".repeat(3000));
    for document in [
        "no policy",
        "{\"Version\":",
        "[]",
        "\"\"",
        "{}",
        "null",
        r#"{"Statement":[]}"#,
        r#"{"Statement":1}"#,
        r#"{"Statement":[1]}"#,
        r#"{"Statement":"\ud800"}"#,
        &deep,
    ] {
        refused(document);
    }
    let mut document: Value = serde_json::from_str(&policy("glue:GetTable")).unwrap();
    document["Version"] = json!("2020-01-01");
    refused(&document.to_string());
    document.as_object_mut().unwrap().remove("Version");
    accepted(&document.to_string());
}

#[test]
fn statements_need_their_parts() {
    for member in ["Effect", "Principal", "Action", "Resource"] {
        refused(&unset(member));
    }
    for member in ["Principal", "Action", "Resource"] {
        accepted(&negated(member));
        refused(&set(&format!("Not{member}"), json!("*")));
        refused(&set(member, json!([])));
        refused(&set(member, json!(1)));
        refused(&set(member, json!([1])));
    }
    for effect in [json!("allow"), json!("Maybe"), json!(null)] {
        refused(&set("Effect", effect));
    }
    refused(&set("Condition", json!("x")));
    refused(&set("Sid", json!(1)));
    refused(&set("Other", json!(1)));
    refused(&set("Action", json!("GetTable")));
}

#[test]
fn one_statement_needs_no_list() {
    let mut document: Value = serde_json::from_str(&policy("glue:GetTable")).unwrap();
    document["Statement"] = document["Statement"][0].take();
    accepted(&document.to_string());
}

#[test]
fn the_second_statement_is_checked_too() {
    let mut document: Value = serde_json::from_str(&policy("glue:GetTable")).unwrap();
    let mut second = document["Statement"][0].clone();
    second["Resource"] = json!("*");
    document["Statement"].as_array_mut().unwrap().push(second);
    refused(&document.to_string());
}

#[test]
fn resources_are_of_this_catalog() {
    for rest in ["catalog", "*", "database/db", "database/*", "table/db/*", "*/x", "userDefinedFunction/db/f"]
    {
        accepted(&set("Resource", json!(arn(rest))));
        accepted(&set("Resource", json!([arn("catalog"), arn(rest)])));
    }
    for resource in [
        "*",
        "",
        "arn:aws:s3:::bucket",
        "arn:aws:glue:us-east-1:000000000001:catalog",
        "arn:aws:glue:eu-west-1:123456789012:catalog",
        "arn:aws:glue:*:*:catalog",
        "arn:aws-cn:glue:us-east-1:123456789012:catalog",
        "arn:aws:glue:us-east-1:123456789012:",
        "arn:aws:glue:us-east-1:123456789012:1",
    ] {
        refused(&set("Resource", json!(resource)));
        refused(&set("Resource", json!([arn("catalog"), resource])));
    }
}

#[test]
fn principals_exist_and_hold_no_pattern() {
    let everybody = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-abc" } });
    accepted(&with(|statement| {
        statement["Principal"] = json!("*");
        statement["Condition"] = everybody;
    }));
    for principal in [
        json!({ "AWS": "*" }),
        json!({ "AWS": ["*"] }),
        json!({ "AWS": "123456789012" }),
        json!({ "AWS": ["arn:aws:iam::000000000001:root", "123456789012"] }),
        json!({ "Service": "glue.amazonaws.com" }),
    ] {
        accepted(&set("Principal", principal));
    }
    for principal in [
        json!("arn:aws:iam::123456789012:root"),
        json!({}),
        json!({ "AWS": [] }),
        json!({ "AWS": "arn:aws:iam::123456789012:user/*" }),
        json!({ "AWS": "arn:aws:iam::*:root" }),
        json!({ "AWS": "arn:aws:iam::123456789012:user/missing" }),
        json!({ "AWS": "alice" }),
        json!({ "Service": "*" }),
        json!({ "Unknown": "x" }),
    ] {
        refused(&set("Principal", principal));
    }
}

#[test]
fn users_and_roles_exist_when_the_fake_is_told_of_them() {
    let role = "arn:aws:iam::123456789012:role/etl";
    let cloud = FakeCloud::builder().principal(role).build().unwrap();
    assert_eq!(code(&cloud, &set("Principal", json!({ "AWS": role }))), "ok");
    assert_eq!(
        code(&cloud, &set("Principal", json!({ "AWS": format!("{role}2") }))),
        "InvalidInputException"
    );
}

#[test]
fn a_document_has_at_most_10240_bytes() {
    let room = 10_240 - policy("glue:").len();
    accepted(&policy(&format!("glue:{}", "x".repeat(room))));
    refused(&policy(&format!("glue:{}", "x".repeat(room + 1))));
    // Bytes, not characters (E031).
    refused(&policy(&format!("glue:{}", "é".repeat(room / 2 + 1))));
}

#[test]
fn principals_of_other_accounts_are_declared() {
    let role = "arn:aws:iam::210987654321:role/partner";
    let statement = |cloud: &FakeCloud| {
        let policy = set("Principal", json!({ "AWS": role }));
        call(cloud, "PutResourcePolicy", &json!({ "PolicyInJson": policy }))
    };
    let answer = statement(&cloud());
    assert_eq!(answer.code(), "InvalidInputException");
    for word in [role, "210987654321", "--seed", "FakeCloudBuilder::principal"] {
        assert!(answer.message().contains(word), "{word}: {}", answer.message());
    }
    statement(&FakeCloud::builder().principal(role).build().unwrap()).ok();
    let seed = "account = \"210987654321\"\n[[roles]]\nname = \"partner\"\n";
    let seeded = FakeCloud::builder().identities(SeedFile::parse(seed).unwrap()).build().unwrap();
    statement(&seeded).ok();
}
