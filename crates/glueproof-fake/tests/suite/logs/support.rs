//! Calls of CloudWatch Logs that the tests share.

use std::time::Duration;

use glueproof_fake::{Clock, FakeCloud};
use http::Request;
use serde_json::{Value, json};

/// The time at which the clock of the tests begins, in the milliseconds of the service.
pub const NOW: i64 = 1_700_000_000_000;
pub const DAY: i64 = 86_400_000;
pub const GROUP: &str = "/aws-glue/jobs/output";

/// A cloud with a clock to move.
pub fn cloud() -> (FakeCloud, Clock) {
    let clock = Clock::fixed(std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    (FakeCloud::builder().clock(clock.clone()).build().unwrap(), clock)
}

/// The same with a group and a stream `s`.
pub fn cloud_with_stream() -> (FakeCloud, Clock) {
    let (cloud, clock) = cloud();
    ok(&cloud, "CreateLogGroup", &json!({ "logGroupName": GROUP }));
    ok(&cloud, "CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": "s" }));
    (cloud, clock)
}

/// Returns the output of an operation, or code and text of its error.
pub fn call(cloud: &FakeCloud, operation: &str, input: &Value) -> Result<Value, (String, String)> {
    target(cloud, "Logs_20140328", operation, input)
}

/// The same of KMS.
pub fn kms(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    target(cloud, "TrentService", operation, input).unwrap()
}

fn target(
    cloud: &FakeCloud,
    service: &str,
    operation: &str,
    input: &Value,
) -> Result<Value, (String, String)> {
    let request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("{service}.{operation}"))
        .body(input.to_string().into())
        .unwrap();
    let (head, body) = cloud.handle(request).into_parts();
    let body: Value = if body.is_empty() { json!({}) } else { serde_json::from_slice(&body).unwrap() };
    let text = |member: &str| body[member].as_str().unwrap_or_default().to_owned();
    match head.status.as_u16() {
        200 => Ok(body),
        400 => Err((text("__type"), text("message"))),
        other => panic!("{operation}: {other} {body}"),
    }
}

#[track_caller]
pub fn ok(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    call(cloud, operation, input).unwrap()
}

/// The code of a refusal.
#[track_caller]
pub fn code(cloud: &FakeCloud, operation: &str, input: &Value) -> String {
    call(cloud, operation, input).expect_err("a refusal").0
}

/// Writes events, each its distance from now in milliseconds and its text, to the stream `s`.
#[track_caller]
pub fn put(cloud: &FakeCloud, events: &[(i64, &str)]) -> Value {
    let events: Vec<Value> =
        events.iter().map(|(at, text)| json!({ "timestamp": NOW + at, "message": text })).collect();
    ok(cloud, "PutLogEvents", &json!({ "logGroupName": GROUP, "logStreamName": "s", "logEvents": events }))
}

/// The texts of an answer's events.
pub fn texts(answer: &Value) -> Vec<&str> {
    answer["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap()).collect()
}

/// Reads the stream `s`; the members say how.
#[track_caller]
pub fn read(cloud: &FakeCloud, members: &Value) -> Value {
    ok(cloud, "GetLogEvents", &with(members, &json!({ "logGroupName": GROUP, "logStreamName": "s" })))
}

pub fn with(members: &Value, more: &Value) -> Value {
    let mut all = members.as_object().unwrap().clone();
    all.extend(more.as_object().unwrap().clone());
    Value::Object(all)
}
