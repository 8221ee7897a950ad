//! Calls of S3 that the tests share.

use std::time::Duration;

use bytes::Bytes;
use glueproof_fake::{Clock, FakeCloud};
use http::{HeaderMap, Method, Request};
use serde_json::{Value, json};

/// A response as it was received.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Returns the text of the first such element.
    pub fn element(&self, name: &str) -> String {
        self.elements(name).into_iter().next().unwrap_or_default()
    }

    /// Returns the texts of all such elements.
    pub fn elements(&self, name: &str) -> Vec<String> {
        let (text, open, close) = (self.text(), format!("<{name}>"), format!("</{name}>"));
        let behind = text.split(&open).skip(1);
        behind.map(|rest| rest.split(&close).next().unwrap().to_owned()).collect()
    }

    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.element("Code"))
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(self.status < 300, "{} {}", self.status, self.text());
        self
    }
}

/// A cloud whose clock stands, with a bucket `bucket`.
pub fn cloud() -> FakeCloud {
    let clock = Clock::fixed(std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let cloud = FakeCloud::builder().clock(clock).build().unwrap();
    send(&cloud, Method::PUT, "/bucket", &[], "").ok();
    cloud
}

pub fn send(
    cloud: &FakeCloud,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Answer {
    let request = Request::builder().method(method).uri(path).header("host", "localhost:4566");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let (head, body) = cloud.handle(request.body(body.into()).unwrap()).into_parts();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

pub fn put(cloud: &FakeCloud, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    send(cloud, Method::PUT, path, headers, body.to_owned())
}

pub fn get(cloud: &FakeCloud, path: &str) -> Answer {
    send(cloud, Method::GET, path, &[], "")
}

pub fn kms(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    let request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("TrentService.{operation}"))
        .body(input.to_string().into())
        .unwrap();
    let answer = cloud.handle(request);
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
    if answer.body().is_empty() { Value::Null } else { serde_json::from_slice(answer.body()).unwrap() }
}

/// Id and ARN of a new key.
pub fn key(cloud: &FakeCloud) -> (String, String) {
    let made = &kms(cloud, "CreateKey", &json!({}))["KeyMetadata"];
    (made["KeyId"].as_str().unwrap().to_owned(), made["Arn"].as_str().unwrap().to_owned())
}

/// Returns true if a text lies at rest in the clear.
pub fn at_rest(cloud: &FakeCloud, text: &str) -> bool {
    let items = cloud.at_rest();
    assert!(!items.is_empty());
    items.iter().any(|item| item.bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}
