//! Requests and clients that the tests share.

use std::time::{Duration, SystemTime};

use aws_sdk_glue::Client;
use aws_sdk_glue::config::retry::RetryConfig;
use aws_sdk_glue::config::{BehaviorVersion, Builder, Credentials, Region};
use bytes::Bytes;
use glueproof_fake::transport::Connector;
use glueproof_fake::{Clock, FakeCloud};
use http::{HeaderMap, Request};
use serde_json::{Value, json};

pub const ACCOUNT: &str = "123456789012";

/// A fake whose clock stands at 2020-05-27T23:23:42.470Z, the moment of E011.
pub fn cloud() -> FakeCloud {
    FakeCloud::builder().clock(clock()).build().unwrap()
}

pub fn clock() -> Clock {
    Clock::fixed(SystemTime::UNIX_EPOCH + Duration::from_millis(1_590_621_822_470))
}

/// A response as it was received.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The code of a refusal.
    #[track_caller]
    pub fn code(&self) -> String {
        assert_ne!(self.status, 200, "{}", self.text);
        self.json()["__type"].as_str().unwrap().to_owned()
    }

    /// The text of a refusal.
    #[track_caller]
    pub fn message(&self) -> String {
        assert_ne!(self.status, 200, "{}", self.text);
        // The layer that refuses decides on the spelling (E205).
        let body = self.json();
        body.get("Message").or(body.get("message")).unwrap().as_str().unwrap().to_owned()
    }
}

pub fn request(operation: &str, body: impl Into<Bytes>) -> Request<Bytes> {
    Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("AWSGlue.{operation}"))
        .body(body.into())
        .unwrap()
}

pub fn send(cloud: &FakeCloud, request: Request<Bytes>) -> Answer {
    let (head, body) = cloud.handle(request).into_parts();
    let text = String::from_utf8(body.to_vec()).unwrap();
    Answer { status: head.status.as_u16(), headers: head.headers, text }
}

pub fn call(cloud: &FakeCloud, operation: &str, input: &Value) -> Answer {
    send(cloud, request(operation, input.to_string()))
}

/// A legal policy, another one for another action.
pub fn policy(action: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Sid": "SpecificAllow",
        "Effect": "Allow",
        "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") },
        "Action": action,
        "Resource": format!("arn:aws:glue:us-east-1:{ACCOUNT}:catalog"),
    }] })
    .to_string()
}

pub fn put_policy(cloud: &FakeCloud, action: &str) -> String {
    let answer = call(cloud, "PutResourcePolicy", &json!({ "PolicyInJson": policy(action) }));
    answer.ok()["PolicyHash"].as_str().unwrap().to_owned()
}

pub fn create(cloud: &FakeCloud, name: &str) -> Answer {
    call(cloud, "CreateSecurityConfiguration", &json!({ "Name": name, "EncryptionConfiguration": {} }))
}

/// Settings of an SDK client with that access key.
pub fn config(key: &str, region: &'static str) -> Builder {
    aws_sdk_glue::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(Credentials::new(key, "secret", None, None, "test"))
        .region(Region::new(region))
        .retry_config(RetryConfig::disabled())
}

/// The real SDK on the connector.
pub fn sdk(cloud: &FakeCloud) -> Client {
    Client::from_conf(config("AKIDEXAMPLE", "us-east-1").http_client(Connector::new(cloud.clone())).build())
}
