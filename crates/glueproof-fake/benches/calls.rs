//! The median time of five calls in memory and with a state file, with few and with 100,000 items, beside the work that must
//! be done anyway: `cargo bench -p glueproof-fake --bench calls`. Prints figures and asserts nothing about time.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops where it cannot go on"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use glueproof_fake::{FakeCloud, FakeCloudBuilder, Snapshot};
use http::{Method, Request};
use serde_json::{Value, json};

const CALLS: usize = 500;
const PLAINTEXT_BYTES: usize = 1024;
const OBJECT_BYTES: usize = 10_000;
const HELD: usize = 100_000;

fn json_request(target: &str, input: &Value) -> Request<Bytes> {
    Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap()
}

fn rest_request(method: Method, path: &str, body: Vec<u8>) -> Request<Bytes> {
    let uri = format!("http://localhost{path}");
    Request::builder().method(method).uri(uri).header("host", "localhost").body(body.into()).unwrap()
}

fn ask(cloud: &FakeCloud, request: Request<Bytes>) -> Bytes {
    let response = cloud.handle(request);
    assert!(response.status().is_success(), "{:?}", response.body());
    response.into_body()
}

fn median(mut call: impl FnMut(usize)) -> Duration {
    let mut times: Vec<Duration> = (0..CALLS)
        .map(|n| {
            let since = Instant::now();
            call(n);
            since.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[CALLS / 2]
}

/// Fills a cloud with a configuration, a key, a log stream and an object, and with so many configurations, keys and events.
/// Returns the id of the key.
fn fill(cloud: &FakeCloud, held: usize) -> String {
    let create = json!({ "Name": "one", "EncryptionConfiguration": {} });
    ask(cloud, json_request("AWSGlue.CreateSecurityConfiguration", &create));
    let made = ask(cloud, json_request("TrentService.CreateKey", &json!({})));
    let made: Value = serde_json::from_slice(&made).unwrap();
    let id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let stream = json!({ "logGroupName": "g", "logStreamName": "s" });
    ask(cloud, json_request("Logs_20140328.CreateLogGroup", &json!({ "logGroupName": "g" })));
    ask(cloud, json_request("Logs_20140328.CreateLogStream", &stream));
    ask(cloud, rest_request(Method::PUT, "/bucket", Vec::new()));
    ask(cloud, rest_request(Method::PUT, "/bucket/object", vec![b'x'; OBJECT_BYTES]));
    let mut snapshot: Value = serde_json::from_str(&cloud.snapshot().to_json().unwrap()).unwrap();
    let region = &mut snapshot["state"]["regions"]["123456789012"]["us-east-1"];
    for n in 0..held {
        let name = format!("held-{n}");
        let configurations = &mut region["glue"]["security_configurations"];
        configurations[&name] = configurations["one"].clone();
        configurations[&name]["Name"] = json!(name);
        let keys = &mut region["kms"]["keys"];
        keys[&name] = keys[&id].clone();
        keys[&name]["id"] = json!(name);
    }
    cloud.restore(Snapshot::from_json(snapshot.to_string().as_bytes()).unwrap()).unwrap();
    for batch in 0..held.div_ceil(10_000) {
        ask(cloud, events(10_000, batch * 10_000));
    }
    id
}

fn events(count: usize, first: usize) -> Request<Bytes> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let now = i64::try_from(now).unwrap();
    let event = |n| json!({ "timestamp": now, "message": format!("event {n}") });
    let events: Vec<Value> = (first..first + count).map(event).collect();
    let input = json!({ "logGroupName": "g", "logStreamName": "s", "logEvents": events });
    json_request("Logs_20140328.PutLogEvents", &input)
}

fn measure(label: &str, held: usize, file: Option<&Path>) {
    let builder = FakeCloud::builder().security_configuration_quota(1_000_000);
    let cloud = file.into_iter().fold(builder, FakeCloudBuilder::state_file).build().unwrap();
    let key = fill(&cloud, held);
    let plaintext = STANDARD.encode([7; PLAINTEXT_BYTES]);
    let statement = json!({ "Effect": "Allow", "Principal": "*", "Action": "glue:Get*",
        "Resource": "arn:aws:glue:us-east-1:123456789012:*" });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    let call = |request: &dyn Fn(usize) -> Request<Bytes>| {
        median(|n| {
            ask(&cloud, request(n));
        })
    };
    let get = call(&|_| json_request("AWSGlue.GetSecurityConfiguration", &json!({ "Name": "one" })));
    let put = call(&|_| json_request("AWSGlue.PutResourcePolicy", &json!({ "PolicyInJson": policy })));
    let encrypt =
        call(&|_| json_request("TrentService.Encrypt", &json!({ "KeyId": key, "Plaintext": plaintext })));
    let log = call(&|n| events(1, HELD + n));
    let object = call(&|_| rest_request(Method::GET, "/bucket/object", Vec::new()));
    println!(
        "{label}, {held} held: GetSecurityConfiguration {get:?}, PutResourcePolicy {put:?}, Encrypt {encrypt:?}, \
         PutLogEvents {log:?}, GetObject {object:?}"
    );
}

/// Measures the work that must be done anyway: a JSON body that is read and written, and the cipher.
fn measure_bare() {
    let body = json_request("", &json!({ "Plaintext": STANDARD.encode([7; PLAINTEXT_BYTES]) })).into_body();
    let echo = median(|_| {
        let value: Value = serde_json::from_slice(&body).unwrap();
        black_box(serde_json::to_vec(&value).unwrap());
    });
    let key = RandomizedNonceKey::new(&AES_256_GCM, &[7; 32]).unwrap();
    let cipher = median(|_| {
        let mut bytes = vec![7; PLAINTEXT_BYTES];
        black_box(key.seal_in_place_append_tag(Aad::empty(), &mut bytes).unwrap());
        black_box(bytes);
    });
    let copy = median(|_| {
        black_box(vec![b'x'; OBJECT_BYTES]);
    });
    println!("bare: echo of JSON {echo:?}, cipher {cipher:?}, copy of an object {copy:?}");
}

fn main() {
    measure_bare();
    for held in [0, HELD] {
        measure("in memory", held, None);
        let room = tempfile::tempdir_in(".").unwrap();
        measure("with a state file", held, Some(&room.path().join("state")));
    }
}
