//! Clouds, keys and calls that the tests of workloads share.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use glueproof_fake::{Clock, FakeCloud};
use http::Request;
use serde_json::{Value, json};

pub const ACCOUNT: &str = "123456789012";
pub const ROLE: &str = "arn:aws:iam::123456789012:role/worker";

/// A refusal's code and text.
pub type Refusal = (String, String);

/// A cloud with a clock to move.
pub fn cloud() -> (FakeCloud, Clock) {
    let clock = clock();
    (FakeCloud::builder().clock(clock.clone()).build().unwrap(), clock)
}

pub fn clock() -> Clock {
    Clock::fixed(std::time::UNIX_EPOCH + Duration::from_millis(1_590_621_822_470))
}

/// Longer than anything takes.
pub fn wait(clock: &Clock) {
    clock.advance(Duration::from_mins(1));
}

/// A request in AWS JSON 1.1, such as `TrentService.CreateKey`.
pub fn request(target: &str, input: &Value) -> Request<Bytes> {
    Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap()
}

pub fn answer(cloud: &FakeCloud, request: Request<Bytes>) -> Result<Value, Refusal> {
    let (head, body) = cloud.handle(request).into_parts();
    let body: Value = if body.is_empty() { json!({}) } else { serde_json::from_slice(&body).unwrap() };
    if head.status == 200 {
        return Ok(body);
    }
    let text = body.get("Message").or(body.get("message")).and_then(Value::as_str).unwrap_or_default();
    Err((body["__type"].as_str().unwrap().to_owned(), text.to_owned()))
}

pub fn call(cloud: &FakeCloud, target: &str, input: &Value) -> Result<Value, Refusal> {
    answer(cloud, request(target, input))
}

/// Glue's answer, or its refusal.
pub fn try_glue(cloud: &FakeCloud, operation: &str, input: &Value) -> Result<Value, Refusal> {
    call(cloud, &format!("AWSGlue.{operation}"), input)
}

#[track_caller]
pub fn glue(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    try_glue(cloud, operation, input).unwrap_or_else(|refusal| panic!("{operation}: {refusal:?}"))
}

#[track_caller]
pub fn refused(cloud: &FakeCloud, operation: &str, input: &Value) -> Refusal {
    try_glue(cloud, operation, input).expect_err(operation)
}

#[track_caller]
pub fn kms(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    call(cloud, &format!("TrentService.{operation}"), input).unwrap()
}

#[track_caller]
pub fn logs(cloud: &FakeCloud, operation: &str, input: &Value) -> Value {
    call(cloud, &format!("Logs_20140328.{operation}"), input).unwrap()
}

/// ARN of a new key.
pub fn key(cloud: &FakeCloud) -> String {
    kms(cloud, "CreateKey", &json!({}))["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

/// ARN of a new key that the logs service may use too.
pub fn key_for_logs(cloud: &FakeCloud) -> String {
    let everybody =
        json!({ "AWS": format!("arn:aws:iam::{ACCOUNT}:root"), "Service": "logs.us-east-1.amazonaws.com" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": everybody, "Action": "kms:*", "Resource": "*" },
    ] });
    let made = kms(cloud, "CreateKey", &json!({ "Policy": policy.to_string() }));
    made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

pub fn disable(cloud: &FakeCloud, key: &str) {
    kms(cloud, "DisableKey", &json!({ "KeyId": key }));
}

pub fn enable(cloud: &FakeCloud, key: &str) {
    kms(cloud, "EnableKey", &json!({ "KeyId": key }));
}

/// Sets the catalog's keys: of what lies there, and of passwords with whether they stay encrypted.
pub fn settings(cloud: &FakeCloud, catalog: Option<&str>, passwords: Option<(&str, bool)>) {
    let at_rest = match catalog {
        Some(key) => json!({ "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key }),
        None => json!({ "CatalogEncryptionMode": "DISABLED" }),
    };
    let passwords = match passwords {
        Some((key, kept)) => json!({ "ReturnConnectionPasswordEncrypted": kept, "AwsKmsKeyId": key }),
        None => json!({ "ReturnConnectionPasswordEncrypted": false }),
    };
    let settings = json!({ "EncryptionAtRest": at_rest, "ConnectionPasswordEncryption": passwords });
    glue(cloud, "PutDataCatalogEncryptionSettings", &json!({ "DataCatalogEncryptionSettings": settings }));
}

pub const PASSWORD: &str = "correct horse battery staple";

pub fn connection(name: &str) -> Value {
    json!({ "ConnectionInput": {
        "Name": name,
        "ConnectionType": "JDBC",
        "ConnectionProperties": {
            "JDBC_CONNECTION_URL": "jdbc:postgresql://localhost:5432/test",
            "USERNAME": "admin",
            "PASSWORD": PASSWORD,
        },
    } })
}

/// Properties of a connection as they are read.
#[track_caller]
pub fn properties(cloud: &FakeCloud, name: &str) -> Value {
    glue(cloud, "GetConnection", &json!({ "Name": name }))["Connection"]["ConnectionProperties"].clone()
}

pub fn from_base64(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

/// Returns the plaintext of a ciphertext in base64, decrypted with KMS alone.
pub fn opened(cloud: &FakeCloud, ciphertext: &Value) -> String {
    let output = kms(cloud, "Decrypt", &json!({ "CiphertextBlob": ciphertext }));
    String::from_utf8(from_base64(&output["Plaintext"])).unwrap()
}

/// A call of S3 by path, without a signature.
pub fn s3(cloud: &FakeCloud, method: &str, path: &str, body: &str) -> http::Response<Bytes> {
    let request = Request::builder()
        .method(method)
        .uri(format!("http://localhost{path}"))
        .header("host", "localhost")
        .header("content-length", body.len())
        .body(Bytes::from(body.to_owned()));
    cloud.handle(request.unwrap())
}

/// A bucket `data` with a script that initialises its job, and one that does not.
pub fn bucket(cloud: &FakeCloud) {
    let put = |path: &str, body: &str| assert_eq!(s3(cloud, "PUT", path, body).status(), 200, "{path}");
    put("/data", "");
    put("/data/scripts/with.py", SCRIPT);
    put("/data/scripts/without.py", "job = Job(glueContext)\n# job.init(args['JOB_NAME'], args)\n");
}

/// A script with the calls that the developer guide demands.
pub const SCRIPT: &str = "job = Job(glueContext)\njob.init(args['JOB_NAME'], args)\n";

/// The members of a job that runs a script and writes to a target.
pub fn job(name: &str, script: &str, more: &Value) -> Value {
    let mut job = json!({
        "Name": name,
        "Role": ROLE,
        "Command": { "Name": "glueetl", "ScriptLocation": format!("s3://data/scripts/{script}") },
        "DefaultArguments": { "--output": format!("s3://data/out/{name}/") },
    });
    job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    job
}

/// Makes a security configuration that encrypts everything under that key.
pub fn configuration(cloud: &FakeCloud, name: &str, key: &str) {
    let input = json!({ "Name": name, "EncryptionConfiguration": {
        "S3Encryption": [{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key }],
        "CloudWatchEncryption": { "CloudWatchEncryptionMode": "SSE-KMS", "KmsKeyArn": key },
        "JobBookmarksEncryption": { "JobBookmarksEncryptionMode": "CSE-KMS", "KmsKeyArn": key },
    } });
    glue(cloud, "CreateSecurityConfiguration", &input);
}

/// Starts a run and says how it stands.
pub fn start(cloud: &FakeCloud, job: &str) -> String {
    glue(cloud, "StartJobRun", &json!({ "JobName": job }))["JobRunId"].as_str().unwrap().to_owned()
}

pub fn read_run(cloud: &FakeCloud, job: &str, run: &str) -> Value {
    glue(cloud, "GetJobRun", &json!({ "JobName": job, "RunId": run }))["JobRun"].clone()
}

/// Runs the job to its end.
pub fn run(cloud: &FakeCloud, clock: &Clock, job: &str) -> Value {
    let run = start(cloud, job);
    wait(clock);
    read_run(cloud, job, &run)
}

/// The run succeeded.
#[track_caller]
pub fn succeeded(run: &Value) {
    assert_eq!((&run["JobRunState"], run.get("ErrorMessage")), (&json!("SUCCEEDED"), None), "{run}");
}

/// The reason why the run failed.
#[track_caller]
pub fn failure(run: &Value) -> String {
    assert_eq!(run["JobRunState"], "FAILED", "{run}");
    run["ErrorMessage"].as_str().unwrap().to_owned()
}

/// Headers of the object that a run wrote.
pub fn written(cloud: &FakeCloud, job: &str, run: &Value) -> http::HeaderMap {
    let path = format!("/data/out/{job}/run-{}-part-r-00000", run["Id"].as_str().unwrap());
    let answer = s3(cloud, "HEAD", &path, "");
    assert_eq!(answer.status(), 200, "{path}");
    answer.headers().clone()
}

/// Returns the kind of encryption and the key in the headers of an object.
pub fn encryption(headers: &http::HeaderMap) -> (Option<&str>, Option<&str>) {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
    (header("x-amz-server-side-encryption"), header("x-amz-server-side-encryption-aws-kms-key-id"))
}
