//! `enforce`: policies decide on Glue's and IAM's calls, through the real SDK and by hand.

use aws_sdk_glue::config::Credentials;
use aws_sdk_glue::error::ProvideErrorMetadata;
use glueproof_fake::transport::Connector;
use glueproof_fake::{FakeCloud, Mode};
use serde_json::json;

use super::support::{Signer, alice, allow_alice, done, enforcing, policy, refusal, root, seed, text};
use crate::support::{Answer, config, request, send};

fn call(cloud: &FakeCloud, signer: &Signer, operation: &str, input: &serde_json::Value) -> Answer {
    let mut request = request(operation, input.to_string());
    request.headers_mut().insert("host", "localhost".parse().unwrap());
    send(cloud, Signer { service: "glue", ..signer.clone() }.sign(request))
}

fn put(cloud: &FakeCloud, statements: &serde_json::Value) {
    allow_alice(cloud, statements);
}

#[tokio::test]
async fn the_sdk_is_let_in_with_its_secret_and_kept_out_without() {
    // The SDK signs by this machine's clock.
    let cloud = FakeCloud::builder().mode(Mode::Enforce).identities(seed()).build().unwrap();
    let client = |secret: &str, token: Option<&str>| {
        let credentials = Credentials::new("AKIAALICE", secret, token.map(str::to_owned), None, "test");
        let config = config("AKIAALICE", "us-east-1").credentials_provider(credentials);
        aws_sdk_glue::Client::from_conf(config.http_client(Connector::new(cloud.clone())).build())
    };
    client("alice-secret", None).get_security_configurations().send().await.unwrap();
    let wrong = client("wrong", None).get_security_configurations().send().await.unwrap_err();
    assert_eq!(wrong.code(), Some("InvalidSignatureException"));
    let refused =
        client("alice-secret", None).delete_security_configuration().name("a").send().await.unwrap_err();
    assert_eq!(refused.code(), Some("AccessDeniedException"));
    let token = client("alice-secret", Some("token")).get_security_configurations().send().await.unwrap_err();
    assert_eq!(token.code(), Some("UnrecognizedClientException"));
}

#[test]
fn a_refusal_has_the_text_of_the_service() {
    let cloud = enforcing();
    let refused = call(&cloud, &alice("glue"), "DeleteResourcePolicy", &json!({}));
    assert_eq!((refused.status, &*refused.code()), (400, "AccessDeniedException"));
    assert_eq!(
        refused.message(),
        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: glue:DeleteResourcePolicy on \
         resource: arn:aws:glue:us-east-1:123456789012:catalog because no identity-based policy allows the \
         glue:DeleteResourcePolicy action"
    );
    let nowhere = call(&cloud, &alice("glue"), "DeleteSecurityConfiguration", &json!({ "Name": "a" }));
    assert_eq!(
        nowhere.message(),
        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: glue:DeleteSecurityConfiguration \
         because no identity-based policy allows the glue:DeleteSecurityConfiguration action"
    );
    put(&cloud, &json!([{ "Effect": "Deny", "Action": "*", "Resource": "*" }]));
    let forbidden = call(&cloud, &alice("glue"), "GetResourcePolicy", &json!({})).message();
    assert!(forbidden.ends_with("with an explicit deny in an identity-based policy"), "{forbidden}");
}

#[test]
fn every_operation_is_held_to_policies() {
    let cloud = enforcing();
    put(&cloud, &json!([{ "Effect": "Allow", "Action": "kms:*", "Resource": "*" }]));
    let inputs = [
        ("PutResourcePolicy", json!({ "PolicyInJson": "{}" })),
        ("GetResourcePolicy", json!({})),
        ("GetResourcePolicies", json!({})),
        ("DeleteResourcePolicy", json!({})),
        ("PutDataCatalogEncryptionSettings", json!({ "DataCatalogEncryptionSettings": {} })),
        ("GetDataCatalogEncryptionSettings", json!({})),
        ("CreateSecurityConfiguration", json!({ "Name": "a", "EncryptionConfiguration": {} })),
        ("GetSecurityConfiguration", json!({ "Name": "a" })),
        ("GetSecurityConfigurations", json!({})),
        ("DeleteSecurityConfiguration", json!({ "Name": "a" })),
    ];
    for (operation, input) in &inputs {
        assert_eq!(
            call(&cloud, &alice("glue"), operation, input).code(),
            "AccessDeniedException",
            "{operation}"
        );
    }
    put(&cloud, &json!([{ "Effect": "Allow", "Action": "glue:*", "Resource": "*" }]));
    for (operation, input) in &inputs {
        let answer = call(&cloud, &alice("glue"), operation, input);
        assert!(!answer.text.contains("AccessDenied"), "{operation}: {}", answer.text);
    }
}

#[test]
fn resources_are_the_catalogs_own() {
    let cloud = enforcing();
    let on = |resource: &str| {
        put(&cloud, &json!([{ "Effect": "Allow", "Action": "glue:*", "Resource": resource }]));
        let answer = call(&cloud, &alice("glue"), "DeleteResourcePolicy", &json!({}));
        answer.code() != "AccessDeniedException"
    };
    assert!(on("arn:aws:glue:us-east-1:123456789012:catalog"));
    assert!(!on("arn:aws:glue:us-east-1:123456789012:database/*"));
    assert!(!on("arn:aws:glue:eu-west-1:123456789012:catalog"));
    assert!(!on("arn:aws:glue:us-east-1:999999999999:catalog"));
}

#[test]
fn the_policy_of_the_catalog_takes_part() {
    let cloud = enforcing();
    let of_catalog = |effect: &str| {
        let document = policy(&json!([{
            "Effect": effect, "Principal": { "AWS": "arn:aws:iam::123456789012:user/alice" },
            "Action": "glue:*ResourcePolicy", "Resource": "arn:aws:glue:us-east-1:123456789012:catalog",
        }]));
        call(&cloud, &root("glue"), "PutResourcePolicy", &json!({ "PolicyInJson": document })).ok();
    };
    put(&cloud, &json!([{ "Effect": "Allow", "Action": "glue:GetSecurityConfigurations", "Resource": "*" }]));
    let read = || call(&cloud, &alice("glue"), "GetResourcePolicy", &json!({}));
    assert_eq!(read().code(), "AccessDeniedException");
    of_catalog("Allow");
    read().ok();
    put(&cloud, &json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    of_catalog("Deny");
    let refused = read();
    assert!(
        refused.message().ends_with("with an explicit deny in a resource-based policy"),
        "{}",
        refused.message()
    );
}

#[test]
fn callers_cannot_extend_their_own_rights() {
    let cloud = enforcing();
    let everything = policy(&json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]));
    let own = ("UserName", "alice");
    let attempts = [
        vec![("Action", "PutUserPolicy"), own, ("PolicyName", "p"), ("PolicyDocument", &*everything)],
        vec![
            ("Action", "PutRolePolicy"),
            ("RoleName", "writer"),
            ("PolicyName", "p"),
            ("PolicyDocument", &*everything),
        ],
        vec![("Action", "UpdateAssumeRolePolicy"), ("RoleName", "writer"), ("PolicyDocument", &*everything)],
        vec![("Action", "CreateAccessKey")],
        vec![("Action", "CreateUser"), ("UserName", "bob")],
        vec![("Action", "ListUsers")],
    ];
    for pairs in attempts {
        let answer = alice("iam").ask(&cloud, &pairs);
        assert_eq!(refusal(&answer), (403, "AccessDenied".to_owned()), "{pairs:?}");
    }
    put(
        &cloud,
        &json!([{ "Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/${aws:username}" }]),
    );
    done(alice("iam").ask(&cloud, &[("Action", "CreateAccessKey")]));
    done(alice("iam").ask(&cloud, &[("Action", "GetUser"), own]));
    let other = alice("iam").ask(&cloud, &[("Action", "CreateUser"), ("UserName", "bob")]);
    assert_eq!(
        text(&other, "Message"),
        "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: iam:CreateUser on resource: \
         arn:aws:iam::123456789012:user/bob because no identity-based policy allows the iam:CreateUser action"
    );
}

#[test]
fn a_role_has_the_rights_of_its_policies() {
    let cloud = enforcing();
    let role = ("RoleArn", "arn:aws:iam::123456789012:role/team/writer");
    let answer =
        done(alice("sts").ask(&cloud, &[("Action", "AssumeRole"), role, ("RoleSessionName", "now")]));
    let session = Signer::of_answer(&answer, "glue");
    let input = json!({ "Name": "a", "EncryptionConfiguration": {} });
    assert_eq!(
        call(&cloud, &alice("glue"), "CreateSecurityConfiguration", &input).code(),
        "AccessDeniedException"
    );
    call(&cloud, &session, "CreateSecurityConfiguration", &input).ok();
}

#[test]
fn malformed_calls_of_known_callers_are_refused_as_malformed() {
    let cloud = enforcing();
    let empty = call(&cloud, &alice("glue"), "GetSecurityConfiguration", &json!({}));
    assert_eq!(empty.code(), "ValidationException");
    let mut unsigned = request("GetSecurityConfiguration", "not json");
    unsigned.headers_mut().insert("host", "localhost".parse().unwrap());
    assert_eq!(send(&cloud, unsigned).code(), "MissingAuthenticationTokenException");
}
