//! Managed policies: made, attached, and deciding.

use serde_json::json;

use super::support::{Signer, alice, all, ask, done, enforcing, policy, refusal, root, text};
use crate::support::{Answer, call, cloud, request, send};

const GLUE_ROLE: &str = "arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole";
const OWN: &str = "arn:aws:iam::123456789012:policy/team/reads";

fn document() -> String {
    policy(&json!({ "Effect": "Allow", "Action": "glue:Get*", "Resource": "*" }))
}

fn create(name: &str) -> Answer {
    ask(&cloud(), &[("Action", "CreatePolicy"), ("PolicyName", name), ("PolicyDocument", &document())])
}

#[test]
fn a_policy_is_created_described_and_deleted() {
    let cloud = cloud();
    let document = document();
    let create = [
        ("Action", "CreatePolicy"),
        ("PolicyName", "reads"),
        ("Path", "/team/"),
        ("Description", "may read"),
        ("PolicyDocument", &*document),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "blue"),
    ];
    let made = done(ask(&cloud, &create));
    assert_eq!((text(&made, "Arn"), text(&made, "DefaultVersionId")), (OWN.to_owned(), "v1".to_owned()));
    assert_eq!(refusal(&ask(&cloud, &create)), (409, "EntityAlreadyExists".to_owned()));
    let known = done(ask(&cloud, &[("Action", "GetPolicy"), ("PolicyArn", OWN)]));
    assert_eq!(
        (text(&known, "Description"), text(&known, "Key")),
        ("may read".to_owned(), "team".to_owned())
    );
    let version = [("Action", "GetPolicyVersion"), ("PolicyArn", OWN), ("VersionId", "v1")];
    assert!(text(&done(ask(&cloud, &version)), "Document").starts_with("%7B%22Version%22"));
    assert_eq!(
        all(&done(ask(&cloud, &[("Action", "ListPolicyVersions"), ("PolicyArn", OWN)])), "VersionId"),
        ["v1"]
    );
    let local = done(ask(&cloud, &[("Action", "ListPolicies"), ("Scope", "Local")]));
    assert_eq!(all(&local, "PolicyName"), ["reads"]);
    assert!(all(&done(ask(&cloud, &[("Action", "ListPolicies")])), "Arn").contains(&GLUE_ROLE.to_owned()));
    done(ask(&cloud, &[("Action", "DeletePolicy"), ("PolicyArn", OWN)]));
    let gone = ask(&cloud, &[("Action", "GetPolicy"), ("PolicyArn", OWN)]);
    assert_eq!(refusal(&gone), (404, "NoSuchEntity".to_owned()));
    assert!(text(&gone, "Message").contains(OWN));
    assert_eq!(
        refusal(&ask(&cloud, &[("Action", "DeletePolicy"), ("PolicyArn", GLUE_ROLE)])).1,
        "AccessDenied"
    );
    assert_eq!(refusal(&create_invalid()).1, "MalformedPolicyDocument");
    assert_eq!(refusal(&self::create("no spaces please")).1, "ValidationError");
}

fn create_invalid() -> Answer {
    ask(&cloud(), &[("Action", "CreatePolicy"), ("PolicyName", "a"), ("PolicyDocument", "{}")])
}

#[test]
fn an_attached_policy_is_listed_and_keeps_its_owner() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ("UserName", "bob")]));
    let on_bob =
        |action: &str, arn: &str| ask(&cloud, &[("Action", action), ("UserName", "bob"), ("PolicyArn", arn)]);
    done(on_bob("AttachUserPolicy", GLUE_ROLE));
    done(on_bob("AttachUserPolicy", GLUE_ROLE));
    let listed = done(ask(&cloud, &[("Action", "ListAttachedUserPolicies"), ("UserName", "bob")]));
    assert_eq!(
        (all(&listed, "PolicyArn"), all(&listed, "PolicyName")),
        (vec![GLUE_ROLE.to_owned()], vec!["AWSGlueServiceRole".to_owned()])
    );
    assert_eq!(
        text(&done(ask(&cloud, &[("Action", "GetPolicy"), ("PolicyArn", GLUE_ROLE)])), "AttachmentCount"),
        "1"
    );
    let kept = ask(&cloud, &[("Action", "DeleteUser"), ("UserName", "bob")]);
    assert_eq!(refusal(&kept), (409, "DeleteConflict".to_owned()));
    assert_eq!(text(&kept, "Message"), "Cannot delete entity, must detach all policies first.");
    done(on_bob("DetachUserPolicy", GLUE_ROLE));
    assert_eq!(refusal(&on_bob("DetachUserPolicy", GLUE_ROLE)), (404, "NoSuchEntity".to_owned()));
    let unknown = on_bob("AttachUserPolicy", "arn:aws:iam::aws:policy/Nothing");
    assert_eq!(refusal(&unknown), (404, "NoSuchEntity".to_owned()));
    done(ask(&cloud, &[("Action", "DeleteUser"), ("UserName", "bob")]));
}

/// Signed by alice, who may do nothing of her own.
fn settings(cloud: &glueproof_fake::FakeCloud) -> u16 {
    let mut request = request("PutDataCatalogEncryptionSettings", r#"{"DataCatalogEncryptionSettings":{}}"#);
    request.headers_mut().insert("host", "localhost".parse().unwrap());
    send(cloud, alice("glue").sign(request)).status
}

#[test]
fn attached_policies_decide() {
    let cloud = enforcing();
    assert_eq!(settings(&cloud), 400);
    let attach = |action: &str| {
        root("iam").ask(&cloud, &[("Action", action), ("UserName", "alice"), ("PolicyArn", GLUE_ROLE)])
    };
    done(attach("AttachUserPolicy"));
    assert_eq!(settings(&cloud), 200);
    done(attach("DetachUserPolicy"));
    assert_eq!(settings(&cloud), 400);
    assert_eq!(refusal(&alice("iam").ask(&cloud, &[("Action", "ListPolicies")])).1, "AccessDenied");
}

#[test]
fn managed_policies_limit_sessions() {
    let cloud = enforcing();
    let read_only = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let assume = |arn: &str| {
        alice("sts").ask(
            &cloud,
            &[
                ("Action", "AssumeRole"),
                ("RoleArn", "arn:aws:iam::123456789012:role/team/writer"),
                ("RoleSessionName", "now"),
                ("PolicyArns.member.1.arn", arn),
            ],
        )
    };
    let answer = done(assume(read_only));
    let mut read = request("GetSecurityConfigurations", "{}");
    read.headers_mut().insert("host", "localhost".parse().unwrap());
    let signed = |answer: &Answer| send(&cloud, Signer::of_answer(answer, "glue").sign(read.clone()));
    assert_eq!(signed(&answer).code(), "AccessDeniedException");
    signed(&done(assume("arn:aws:iam::aws:policy/AdministratorAccess"))).ok();
    assert_eq!(refusal(&assume("arn:aws:iam::aws:policy/Nothing")).1, "MalformedPolicyDocument");
}

#[test]
fn roles_have_no_instance_profiles_and_users_no_groups_nor_passwords() {
    let cloud = cloud();
    done(ask(&cloud, &[("Action", "CreateUser"), ("UserName", "bob")]));
    let trust = policy(
        &json!({ "Effect": "Allow", "Principal": { "Service": "glue.amazonaws.com" }, "Action": "sts:AssumeRole" }),
    );
    done(ask(&cloud, &[("Action", "CreateRole"), ("RoleName", "job"), ("AssumeRolePolicyDocument", &trust)]));
    done(ask(&cloud, &[("Action", "ListInstanceProfilesForRole"), ("RoleName", "job")]));
    done(ask(&cloud, &[("Action", "ListGroupsForUser"), ("UserName", "bob")]));
    let answer = ask(&cloud, &[("Action", "GetLoginProfile"), ("UserName", "bob")]);
    assert_eq!(refusal(&answer), (404, "NoSuchEntity".to_owned()));
    assert_eq!(text(&answer, "Message"), "Login Profile for User bob cannot be found.");
    for action in ["ListInstanceProfilesForRole", "ListAttachedRolePolicies", "ListRoleTags"] {
        let answer = ask(&cloud, &[("Action", action), ("RoleName", "absent")]);
        assert_eq!(refusal(&answer), (404, "NoSuchEntity".to_owned()), "{action}");
    }
    call(&cloud, "GetSecurityConfigurations", &json!({})).ok();
}
