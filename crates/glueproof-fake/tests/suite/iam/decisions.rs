//! The policies that decide: identity, resource, account and session. Every row names what IAM's or KMS's
//! documentation says of it; all go through `SimulatePrincipalPolicy`, which asks what every call is held to.

use serde_json::{Value, json};

use super::simulation::{ALLOWED, Case, DENIED, FORBIDDEN, check};

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1";
const ELSEWHERE: &str = "arn:aws:kms:us-east-1:999999999999:key/1";
const TABLE: &str = "arn:aws:glue:us-east-1:123456789012:table/db/t";

fn allow(action: &str) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": "*" })
}

fn deny(action: &str) -> Value {
    json!({ "Effect": "Deny", "Action": action, "Resource": "*" })
}

fn to(effect: &str, principal: &Value) -> Value {
    json!({ "Effect": effect, "Principal": principal, "Action": "*", "Resource": "*" })
}

fn not(effect: &str, principals: &Value) -> Value {
    json!({ "Effect": effect, "NotPrincipal": { "AWS": principals }, "Action": "*", "Resource": "*" })
}

const ROOT: &str = "arn:aws:iam::123456789012:root";
const ALICE: &str = "arn:aws:iam::123456789012:user/alice";
const ROLE: &str = "arn:aws:iam::123456789012:role/team/writer";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/writer/now";

/// IAM User Guide, "Policy evaluation logic", "Action", "Resource" and their negations.
#[test]
fn identity_policies_alone() {
    let glue = |statement: Value| Case::new(vec![statement], "glue:GetTable", TABLE);
    let on = |resource: &str| glue(json!({ "Effect": "Allow", "Action": "glue:*", "Resource": resource }));
    let not_action = json!({ "Effect": "Allow", "NotAction": "glue:Get*", "Resource": "*" });
    let not_other = json!({ "Effect": "Allow", "NotAction": ["kms:*", "s3:*"], "Resource": "*" });
    let not_resource = |name: &str| json!({ "Effect": "Allow", "Action": "*", "NotResource": name });
    check(&[
        ("nothing allows it", Case::new(vec![], "glue:GetTable", TABLE), DENIED),
        ("allowed by name", glue(allow("glue:GetTable")), ALLOWED),
        ("the case of actions does not matter", glue(allow("GLUE:gettable")), ALLOWED),
        ("a star at the end", glue(allow("glue:Get*")), ALLOWED),
        ("a star within", glue(allow("glue:*Table")), ALLOWED),
        ("a question mark is one letter", glue(allow("glue:GetTabl?")), ALLOWED),
        ("a question mark is not none", glue(allow("glue:GetTable?")), DENIED),
        ("a star of another service", glue(allow("kms:*")), DENIED),
        ("a lone star", glue(allow("*")), ALLOWED),
        ("a name is not a prefix", glue(allow("glue:Get")), DENIED),
        (
            "deny over allow",
            Case::new(vec![allow("*"), deny("glue:GetTable")], "glue:GetTable", TABLE),
            FORBIDDEN,
        ),
        (
            "whatever the order",
            Case::new(vec![deny("glue:Get*"), allow("*")], "glue:GetTable", TABLE),
            FORBIDDEN,
        ),
        (
            "a denial of something else",
            Case::new(vec![allow("*"), deny("glue:Put*")], "glue:GetTable", TABLE),
            ALLOWED,
        ),
        ("NotAction leaves out", glue(not_action), DENIED),
        ("NotAction takes the rest", glue(not_other), ALLOWED),
        ("the resource itself", on(TABLE), ALLOWED),
        ("another resource", on("arn:aws:glue:us-east-1:123456789012:table/db/u"), DENIED),
        ("a star in the name", on("arn:aws:glue:us-east-1:123456789012:table/*/t"), ALLOWED),
        ("a star for region and account", on("arn:aws:glue:*:*:table/db/t"), ALLOWED),
        ("another region", on("arn:aws:glue:eu-west-1:123456789012:table/*"), DENIED),
        ("a star at the end goes beyond colons", on("arn:aws:glue:us-east-1:*"), ALLOWED),
        ("no star for the service", on("arn:aws:*:us-east-1:123456789012:table/db/t"), DENIED),
        ("resources are of their case", on("arn:aws:glue:us-east-1:123456789012:table/DB/t"), DENIED),
        ("NotResource leaves out", glue(not_resource(TABLE)), DENIED),
        ("NotResource takes the rest", glue(not_resource("arn:aws:glue:*:*:database/*")), ALLOWED),
        (
            "a list of resources",
            glue(json!({ "Effect": "Allow", "Action": "*", "Resource": ["arn:aws:s3:::b", TABLE] })),
            ALLOWED,
        ),
    ]);
}

/// IAM User Guide, "Identity-based policies and resource-based policies", "Principal" and its negation.
#[test]
fn resource_policies_in_the_same_account() {
    let named = |effect: &str, principal: Value, identity: Vec<Value>| {
        Case::new(identity, "glue:GetTable", TABLE).resource_policy(vec![to(effect, &principal)])
    };
    let spared = |effect: &str, names: Value, identity: Vec<Value>| {
        Case::new(identity, "glue:GetTable", TABLE).resource_policy(vec![not(effect, &names)])
    };
    check(&[
        ("naming the user is enough", named("Allow", json!({ "AWS": ALICE }), vec![]), ALLOWED),
        ("so is naming everybody", named("Allow", json!("*"), vec![]), ALLOWED),
        ("in either form", named("Allow", json!({ "AWS": "*" }), vec![]), ALLOWED),
        (
            "naming the account leaves it to the account",
            named("Allow", json!({ "AWS": ROOT }), vec![]),
            DENIED,
        ),
        ("which may allow it", named("Allow", json!({ "AWS": ROOT }), vec![allow("glue:*")]), ALLOWED),
        ("an account by its number", named("Allow", json!({ "AWS": "123456789012" }), vec![]), DENIED),
        (
            "another principal",
            named("Allow", json!({ "AWS": "arn:aws:iam::123456789012:user/bob" }), vec![]),
            DENIED,
        ),
        (
            "names are no patterns",
            named("Allow", json!({ "AWS": "arn:aws:iam::123456789012:user/*" }), vec![]),
            DENIED,
        ),
        (
            "one of several, of several kinds",
            named("Allow", json!({ "Service": "glue.amazonaws.com", "AWS": [ALICE, ROOT] }), vec![]),
            ALLOWED,
        ),
        (
            "a service is no AWS principal",
            named("Allow", json!({ "Service": "glue.amazonaws.com" }), vec![]),
            DENIED,
        ),
        ("the user is denied", named("Deny", json!({ "AWS": ALICE }), vec![allow("*")]), FORBIDDEN),
        ("the account is denied", named("Deny", json!({ "AWS": ROOT }), vec![allow("*")]), FORBIDDEN),
        (
            "another is denied",
            named("Deny", json!({ "AWS": "arn:aws:iam::123456789012:user/bob" }), vec![allow("*")]),
            ALLOWED,
        ),
        (
            "all but others are denied",
            spared("Deny", json!(["arn:aws:iam::999999999999:root"]), vec![allow("*")]),
            FORBIDDEN,
        ),
        ("sparing the user without its account", spared("Deny", json!([ALICE]), vec![allow("*")]), FORBIDDEN),
        ("sparing user and account", spared("Deny", json!([ALICE, ROOT]), vec![allow("*")]), ALLOWED),
        ("all but the user are allowed", spared("Allow", json!([ALICE]), vec![]), DENIED),
    ]);
}

/// IAM User Guide, "AWS STS principals"; "Session policies".
#[test]
fn sessions_of_roles() {
    let session = |statements: Vec<Value>| Case::new(vec![], "glue:GetTable", TABLE).of_session(statements);
    let named = |name: &str| session(vec![]).resource_policy(vec![to("Allow", &json!({ "AWS": name }))]);
    let spared = |names: Value| session(vec![allow("*")]).resource_policy(vec![not("Deny", &names)]);
    let arn_is = |name: &str, operator: &str| {
        let condition = json!({ operator: { "aws:PrincipalArn": name } });
        session(vec![json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition })])
    };
    check(&[
        ("the role's policies are its session's", session(vec![allow("glue:*")]), ALLOWED),
        ("a role without policies", session(vec![]), DENIED),
        ("naming the role means its sessions", named(ROLE), ALLOWED),
        ("naming the session", named(SESSION), ALLOWED),
        ("naming another session", named("arn:aws:sts::123456789012:assumed-role/writer/then"), DENIED),
        ("naming the role without its path", named("arn:aws:iam::123456789012:role/writer"), DENIED),
        ("sparing role and account is not the session", spared(json!([ROLE, ROOT])), FORBIDDEN),
        ("sparing role, account and session", spared(json!([ROLE, ROOT, SESSION])), ALLOWED),
        ("aws:PrincipalArn is the role's", arn_is(ROLE, "ArnEquals"), ALLOWED),
        ("and not the session's", arn_is(SESSION, "ArnEquals"), DENIED),
        ("also as a pattern", arn_is("arn:aws:iam::*:role/team/*", "ArnLike"), ALLOWED),
    ]);
}

/// IAM User Guide, "Cross-account policy evaluation logic".
#[test]
fn resources_of_another_account() {
    let bucket = |identity: Vec<Value>, statements: Vec<Value>| {
        let case = Case::new(identity, "s3:GetObject", "arn:aws:s3:::bucket/a").owner("999999999999");
        if statements.is_empty() { case } else { case.resource_policy(statements) }
    };
    check(&[
        ("own permission alone", bucket(vec![allow("*")], vec![]), DENIED),
        ("theirs alone", bucket(vec![], vec![to("Allow", &json!({ "AWS": ALICE }))]), DENIED),
        ("both", bucket(vec![allow("*")], vec![to("Allow", &json!({ "AWS": ALICE }))]), ALLOWED),
        ("theirs by account", bucket(vec![allow("*")], vec![to("Allow", &json!({ "AWS": ROOT }))]), ALLOWED),
        (
            "theirs to themselves",
            bucket(vec![allow("*")], vec![to("Allow", &json!({ "AWS": "999999999999" }))]),
            DENIED,
        ),
        ("own denial", bucket(vec![allow("*"), deny("s3:*")], vec![to("Allow", &json!("*"))]), FORBIDDEN),
    ]);
}

/// KMS Developer Guide, "Key policies": without the key policy's leave no IAM policy counts.
#[test]
fn keys() {
    let key = |identity: Vec<Value>, statements: Vec<Value>| {
        Case::new(identity, "kms:Decrypt", KEY).resource_policy(statements)
    };
    let to_root = || to("Allow", &json!({ "AWS": ROOT }));
    let encrypt =
        |action: &str| Case::new(vec![allow(action)], "kms:Encrypt", KEY).resource_policy(vec![to_root()]);
    let elsewhere = |identity: Vec<Value>, principal: &str| {
        Case::new(identity, "kms:Decrypt", ELSEWHERE)
            .resource_policy(vec![to("Allow", &json!({ "AWS": principal }))])
    };
    let unrelated = || vec![to("Allow", &json!({ "AWS": "arn:aws:iam::123456789012:user/bob" }))];
    check(&[
        ("an IAM policy alone is nothing", key(vec![allow("kms:*")], unrelated()), DENIED),
        ("the key policy names the user", key(vec![], vec![to("Allow", &json!({ "AWS": ALICE }))]), ALLOWED),
        ("the key policy names the account", key(vec![], vec![to_root()]), DENIED),
        ("which makes IAM policies count", key(vec![allow("kms:Decrypt")], vec![to_root()]), ALLOWED),
        (
            "an IAM policy denies",
            key(vec![deny("kms:Decrypt")], vec![to("Allow", &json!({ "AWS": ALICE }))]),
            FORBIDDEN,
        ),
        (
            "the key policy denies",
            key(vec![allow("*")], vec![to_root(), to("Deny", &json!({ "AWS": ALICE }))]),
            FORBIDDEN,
        ),
        ("a wildcard in an IAM policy", encrypt("kms:Encrypt*"), ALLOWED),
        ("of other operations", encrypt("kms:ReEncrypt*"), DENIED),
        ("listing keys is on no key", Case::new(vec![allow("kms:ListKeys")], "kms:ListKeys", "*"), ALLOWED),
        ("another account's key by its policy alone", elsewhere(vec![], ALICE), DENIED),
        ("another account's key by both", elsewhere(vec![allow("kms:*")], ALICE), ALLOWED),
        ("another account's key, to the account", elsewhere(vec![allow("kms:*")], ROOT), ALLOWED),
    ]);
}
