//! Every kind of caller, through a target onto the fake that asks who calls.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use glueproof::client::{CallLimits, Request, Response, Signer, Target, TargetSetup};
use glueproof::fake::FakeCloud;
use glueproof::fake::transport::Connector;
use glueproof::model::{Edition, Specs};
use serde_json::{Value, json};

pub fn enforcing() -> FakeCloud {
    FakeCloud::builder().judged().unwrap().build().unwrap()
}

pub fn target(cloud: &FakeCloud) -> Target {
    let client = SharedHttpClient::new(Connector::new(cloud.clone()));
    let specs = Specs::embedded(Edition::Current).unwrap();
    let limits = CallLimits { poll_timeout: Some(Duration::from_secs(1)), ..CallLimits::default() };
    let setup = TargetSetup { name: "fake", specs: &specs, limits };
    Target::in_process(setup, client, "123456789012", "us-east-1")
}

pub async fn ask(
    target: &Target,
    signer: &Signer,
    service: &str,
    operation: &str,
    input: &Value,
) -> Response {
    let request = Request::plain(service, operation, input);
    target.call_as(&target.alias(), request, signer).await.outcome.unwrap()
}

async fn refused(target: &Target, signer: Signer) -> String {
    let answer = ask(target, &signer, "glue", "GetSecurityConfigurations", &json!({})).await;
    assert!(answer.is_client_error(), "{answer:?}");
    answer.error_code().unwrap().to_owned()
}

#[tokio::test]
async fn unauthenticated_callers_are_refused() {
    let target = target(&enforcing());
    assert_eq!(refused(&target, Signer::Unsigned).await, "MissingAuthenticationTokenException");
    assert_eq!(refused(&target, Signer::WrongSecret).await, "InvalidSignatureException");
    assert_eq!(refused(&target, Signer::UnknownKey).await, "UnrecognizedClientException");
    assert_eq!(refused(&target, Signer::Expired).await, "InvalidSignatureException");
    assert!(ask(&target, &Signer::Own, "glue", "GetSecurityConfigurations", &json!({})).await.is_success());
}

#[tokio::test]
async fn a_role_is_made_lent_used_and_removed() {
    let target = target(&enforcing());
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": "arn:aws:iam::123456789012:root" } }] });
    let input = json!({ "RoleName": "r", "AssumeRolePolicyDocument": trust.to_string() });
    let made = ask(&target, &Signer::Own, "iam", "CreateRole", &input).await;
    assert_eq!(made.json.as_ref().unwrap()["Role"]["RoleName"], "r");
    assert_eq!(made.json.as_ref().unwrap()["Role"]["MaxSessionDuration"], 3600, "numbers are numbers again");
    let policy = json!({ "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "glue:GetSecurityConfigurations", "Resource": "*" }] });
    let put = json!({ "RoleName": "r", "PolicyName": "p", "PolicyDocument": policy.to_string() });
    assert!(ask(&target, &Signer::Own, "iam", "PutRolePolicy", &put).await.is_success());
    let arn = &made.json.as_ref().unwrap()["Role"]["Arn"];
    let lent =
        ask(&target, &Signer::Own, "sts", "AssumeRole", &json!({ "RoleArn": arn, "RoleSessionName": "now" }))
            .await;
    let session = Signer::Session(lent.session.clone().unwrap());
    let who = ask(&target, &session, "sts", "GetCallerIdentity", &json!({})).await;
    let assumed = who.json.unwrap()["Arn"].clone();
    // The target takes its own account out of every answer.
    assert_eq!(assumed, "arn:aws:sts::000000000000:assumed-role/r/now");
    assert!(ask(&target, &session, "glue", "GetSecurityConfigurations", &json!({})).await.is_success());
    let denied = ask(&target, &session, "glue", "DeleteResourcePolicy", &json!({})).await;
    assert_eq!(denied.error_code(), Some("AccessDeniedException"));
    let still = ask(&target, &Signer::Own, "iam", "DeleteRole", &json!({ "RoleName": "r" })).await;
    assert_eq!(still.error_code(), Some("DeleteConflict"));
    ask(&target, &Signer::Own, "iam", "DeleteRolePolicy", &json!({ "RoleName": "r", "PolicyName": "p" }))
        .await;
    assert!(ask(&target, &Signer::Own, "iam", "DeleteRole", &json!({ "RoleName": "r" })).await.is_success());
    let gone = ask(&target, &Signer::Own, "iam", "GetRole", &json!({ "RoleName": "r" })).await;
    assert_eq!((gone.status, gone.error_code()), (404, Some("NoSuchEntity")));
}

#[tokio::test]
async fn borrowed_credentials_show_in_no_answer() {
    let target = target(&enforcing());
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": "*" } }] });
    let input = json!({ "RoleName": "r", "AssumeRolePolicyDocument": trust.to_string() });
    ask(&target, &Signer::Own, "iam", "CreateRole", &input).await;
    let input = json!({ "RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "now" });
    let lent = ask(&target, &Signer::Own, "sts", "AssumeRole", &input).await;
    let credentials = lent.json.as_ref().unwrap()["Credentials"].clone();
    assert!(credentials["AccessKeyId"].as_str().unwrap().starts_with("ASIA"), "{credentials}");
    assert_eq!(
        (&credentials["SecretAccessKey"], &credentials["SessionToken"]),
        (&json!("[hidden]"), &json!("[hidden]"))
    );
    let shown = format!("{lent:?}");
    assert!(!shown.contains("<SecretAccessKey>") && !shown.contains("<SessionToken>"), "{shown}");
}
