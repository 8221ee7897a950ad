//! Roles: made, read, listed, trusted anew, removed.

use serde_json::json;

use super::support::{all, ask, done, policy, refusal, text};
use crate::support::{ACCOUNT, call, cloud};

fn trust(account: &str) -> String {
    policy(&json!([{ "Effect": "Allow", "Principal": { "AWS": account }, "Action": "sts:AssumeRole" }]))
}

const ROLE: (&str, &str) = ("RoleName", "writer");

#[test]
fn a_role_reads_back_as_created_and_its_trust_can_change() {
    let cloud = cloud();
    let create = [
        ("Action", "CreateRole"),
        ROLE,
        ("Path", "/team/"),
        ("Description", "a < b"),
        ("MaxSessionDuration", "7200"),
    ];
    let made =
        done(ask(&cloud, &[&create[..], &[("AssumeRolePolicyDocument", &trust("123456789012"))]].concat()));
    assert!(text(&made, "RoleId").starts_with("AROA"));
    let update = [("Action", "UpdateAssumeRolePolicy"), ROLE];
    done(ask(&cloud, &[&update[..], &[("PolicyDocument", &trust("999999999999"))]].concat()));
    let read = done(ask(&cloud, &[("Action", "GetRole"), ROLE]));
    assert_eq!(text(&read, "Arn"), format!("arn:aws:iam::{ACCOUNT}:role/team/writer"));
    assert_eq!(
        (text(&read, "Description"), text(&read, "MaxSessionDuration")),
        ("a < b".to_owned(), "7200".to_owned())
    );
    let encoded = text(&read, "AssumeRolePolicyDocument");
    assert!(!encoded.contains(['{', '"', ' ', '+']), "{encoded}");
    let encoded = format!("x={encoded}");
    assert_eq!(form_urlencoded::parse(encoded.as_bytes()).next().unwrap().1, trust("999999999999"));
    assert_eq!(all(&done(ask(&cloud, &[("Action", "ListRoles")])), "RoleName"), ["writer"]);
}

#[test]
fn a_role_goes_after_its_policies() {
    let cloud = cloud();
    let trust = trust("123456789012");
    done(ask(&cloud, &[("Action", "CreateRole"), ROLE, ("AssumeRolePolicyDocument", &trust)]));
    let again = ask(&cloud, &[("Action", "CreateRole"), ROLE, ("AssumeRolePolicyDocument", &trust)]);
    assert_eq!(refusal(&again), (409, "EntityAlreadyExists".to_owned()));
    let document = policy(&json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    let name = ("PolicyName", "p");
    done(ask(&cloud, &[("Action", "PutRolePolicy"), ROLE, name, ("PolicyDocument", &document)]));
    assert_eq!(refusal(&ask(&cloud, &[("Action", "DeleteRole"), ROLE])), (409, "DeleteConflict".to_owned()));
    done(ask(&cloud, &[("Action", "DeleteRolePolicy"), ROLE, name]));
    done(ask(&cloud, &[("Action", "DeleteRole"), ROLE]));
    assert_eq!(refusal(&ask(&cloud, &[("Action", "GetRole"), ROLE])), (404, "NoSuchEntity".to_owned()));
}

#[test]
fn trust_policies_name_a_principal_and_no_resource() {
    let statements = [
        json!([{ "Effect": "Allow", "Action": "sts:AssumeRole" }]),
        json!([{ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*", "Resource": "*" }]),
        json!([]),
    ];
    for statements in statements {
        let document = policy(&statements);
        let answer =
            ask(&cloud(), &[("Action", "CreateRole"), ROLE, ("AssumeRolePolicyDocument", &document)]);
        assert_eq!(refusal(&answer), (400, "MalformedPolicyDocument".to_owned()), "{document}");
    }
    let long = [("Action", "CreateRole"), ROLE, ("MaxSessionDuration", "43201")];
    let answer =
        ask(&cloud(), &[&long[..], &[("AssumeRolePolicyDocument", &trust("123456789012"))]].concat());
    assert_eq!(refusal(&answer).1, "ValidationError");
}

#[test]
fn policies_of_the_catalog_may_name_users_and_roles_that_exist() {
    let cloud = cloud();
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/writer");
    let put = || {
        let document = policy(&json!([{
            "Effect": "Allow", "Principal": { "AWS": arn }, "Action": "glue:*",
            "Resource": format!("arn:aws:glue:us-east-1:{ACCOUNT}:catalog"),
        }]));
        call(&cloud, "PutResourcePolicy", &json!({ "PolicyInJson": document })).status
    };
    assert_eq!(put(), 400);
    done(ask(
        &cloud,
        &[("Action", "CreateRole"), ROLE, ("AssumeRolePolicyDocument", &trust("123456789012"))],
    ));
    assert_eq!(put(), 200);
    done(ask(&cloud, &[("Action", "DeleteRole"), ROLE]));
    assert_eq!(put(), 400);
}

#[test]
fn principals_of_the_builder_are_users_and_roles() {
    let builder =
        glueproof_fake::FakeCloud::builder().principal("arn:aws:iam::123456789012:role/team/writer");
    let cloud = builder.principal("arn:aws:iam::123456789012:user/alice").build().unwrap();
    assert_eq!(text(&done(ask(&cloud, &[("Action", "GetRole"), ROLE])), "Path"), "/team/");
    done(ask(&cloud, &[("Action", "GetUser"), ("UserName", "alice")]));
    let put = || {
        let document = policy(&json!([{
            "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:role/team/writer" },
            "Action": "glue:*", "Resource": format!("arn:aws:glue:us-east-1:{ACCOUNT}:catalog"),
        }]));
        call(&cloud, "PutResourcePolicy", &json!({ "PolicyInJson": document })).status
    };
    assert_eq!(put(), 200);
    done(ask(&cloud, &[("Action", "DeleteRole"), ROLE]));
    assert_eq!(put(), 400, "what is deleted is gone");
}
