//! A run leaves a target as the run found it.

use std::sync::Arc;

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::server::{Socket, fake, operation};
use crate::trial::{Judge, Setting, cloud};

/// All that can be seen of an account from outside.
#[derive(Debug, PartialEq)]
pub struct State(Vec<Value>);

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1b2c3d4e-0000-4000-8000-00000000000a";

impl State {
    pub fn of(cloud: &FakeCloud) -> Self {
        let looks = [
            "GetResourcePolicy",
            "GetResourcePolicies",
            "GetDataCatalogEncryptionSettings",
            "GetSecurityConfigurations",
        ];
        Self(looks.into_iter().map(|operation| call(cloud, operation, &json!({}))).collect())
    }

    /// An account in use.
    pub fn made_on(cloud: &FakeCloud) -> Self {
        let statement = json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
            "Action": "glue:GetTable", "Resource": "arn:aws:glue:us-east-1:123456789012:catalog" });
        let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        done(cloud, "PutResourcePolicy", &json!({ "PolicyInJson": policy }));
        let settings = json!({
            "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": KEY },
            "ConnectionPasswordEncryption": { "ReturnConnectionPasswordEncrypted": true, "AwsKmsKeyId": KEY },
        });
        let input = json!({ "DataCatalogEncryptionSettings": settings });
        done(cloud, "PutDataCatalogEncryptionSettings", &input);
        for name in ["production", "gp-of-another-user", "Ünïcode 😀"] {
            let s3 = json!([{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": KEY }]);
            let input = json!({ "Name": name, "EncryptionConfiguration": { "S3Encryption": s3 } });
            done(cloud, "CreateSecurityConfiguration", &input);
        }
        Self::of(cloud)
    }
}

fn call(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    let request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("AWSGlue.{operation}"))
        .body(Bytes::from(input.to_string()))
        .unwrap();
    serde_json::from_slice(cloud.handle(request).body()).unwrap()
}

pub fn done(cloud: &FakeCloud, operation: &str, input: &Value) {
    let answer = call(cloud, operation, input);
    assert_eq!(answer.get("__type"), None, "{answer}");
}

#[test]
fn a_run_on_an_account_in_use_leaves_it_as_it_was() {
    let cloud = cloud();
    let before = State::made_on(&cloud);
    let judged = Judge::default().run(fake(&cloud));
    assert!(judged.report.summary.exchanges > 1000);
    assert_eq!(State::of(&cloud), before);
}

#[test]
fn a_run_on_an_empty_account_leaves_it_empty() {
    let cloud = cloud();
    let before = State::of(&cloud);
    Judge::default().run(fake(&cloud));
    assert_eq!(State::of(&cloud), before);
}

#[test]
fn a_run_on_a_server_that_does_what_it_refuses_leaves_nothing_either() {
    let cloud = cloud();
    let before = State::of(&cloud);
    Judge::only(&["PutResourcePolicy"]).run(crate::altered::servers::refused_and_done(&cloud));
    assert_eq!(State::of(&cloud), before);
}

/// A target without a deletion leaves many resources; a line for each would hide the rest of the output.
#[test]
fn many_resources_that_stay_are_one_line() {
    let (setting, right) = (Setting::new(), fake(&cloud()));
    let server = Socket::serve(Arc::new(move |request| {
        if operation(&request) != "DeleteSecurityConfiguration" {
            return right(request);
        }
        let refusal = r#"{"__type":"InvalidInputException","Message":"there is no such operation"}"#;
        Some(Response::builder().status(400).body(Bytes::from_static(refusal.as_bytes())).unwrap())
    }));
    let ended = setting.run(&["run", &server.url(), "--only", "glue/CreateSecurityConfiguration/valid/*"]);
    let lines: Vec<_> = ended.stderr.lines().filter(|line| line.starts_with("left behind")).collect();
    assert_eq!(lines.len(), 1, "{}", ended.stderr);
    let line = lines[0];
    assert!(line.contains(" resources could not be removed with DeleteSecurityConfiguration: "), "{line}");
    assert!(line.contains("InvalidInputException") && line.contains("gp-"), "{line}");
}
