//! Calls of KMS that the tests share.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use glueproof_fake::{Clock, FakeCloud};
use http::Request;
use serde_json::{Value, json};

pub const ACCOUNT: &str = "123456789012";

/// A cloud with a clock to move.
pub fn cloud() -> (FakeCloud, Clock) {
    let clock = Clock::fixed(std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    (FakeCloud::builder().clock(clock.clone()).build().unwrap(), clock)
}

pub fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400)
}

/// Returns the output of an operation, or code and text of its error.
pub fn call(cloud: &FakeCloud, operation: &str, input: &Value) -> Result<Value, (String, Option<String>)> {
    call_as(cloud, None, operation, input)
}

/// The same with a credential scope, `KEY/DATE/REGION/…`.
pub fn call_as(
    cloud: &FakeCloud,
    scope: Option<&str>,
    operation: &str,
    input: &Value,
) -> Result<Value, (String, Option<String>)> {
    let mut request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("TrentService.{operation}"));
    if let Some(scope) = scope {
        request =
            request.header("authorization", format!("AWS4-HMAC-SHA256 Credential={scope}, Signature=0"));
    }
    let (head, body) = cloud.handle(request.body(input.to_string().into()).unwrap()).into_parts();
    let body: Value = if body.is_empty() { json!({}) } else { serde_json::from_slice(&body).unwrap() };
    match head.status.as_u16() {
        200 => Ok(body),
        400 => Err((text(&body["__type"]), body.get("message").or(body.get("Message")).map(text))),
        other => panic!("{operation}: {other} {body}"),
    }
}

/// The code of a refusal.
#[track_caller]
pub fn code(cloud: &FakeCloud, operation: &str, input: &Value) -> String {
    call(cloud, operation, input).expect_err("a refusal").0
}

/// The text of a refusal.
#[track_caller]
pub fn message(cloud: &FakeCloud, operation: &str, input: &Value) -> String {
    call(cloud, operation, input).expect_err("a refusal").1.unwrap_or_default()
}

/// A new key; the members say which.
#[track_caller]
pub fn key(cloud: &FakeCloud, members: &Value) -> String {
    text(&call(cloud, "CreateKey", members).unwrap()["KeyMetadata"]["KeyId"])
}

pub fn arn(id: &str) -> String {
    format!("arn:aws:kms:us-east-1:{ACCOUNT}:key/{id}")
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}

pub fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

/// The ciphertext of a text under that key.
#[track_caller]
pub fn encrypt(cloud: &FakeCloud, key: &str, plaintext: &str, context: &Value) -> String {
    let input = json!({ "KeyId": key, "Plaintext": base64(plaintext), "EncryptionContext": context });
    text(&call(cloud, "Encrypt", &input).unwrap()["CiphertextBlob"])
}

/// The text of a ciphertext.
pub fn decrypt(cloud: &FakeCloud, blob: &str, context: &Value) -> Result<String, String> {
    let input = json!({ "CiphertextBlob": blob, "EncryptionContext": context });
    let output = call(cloud, "Decrypt", &input).map_err(|(code, _)| code)?;
    Ok(String::from_utf8(bytes(&output["Plaintext"])).unwrap())
}
