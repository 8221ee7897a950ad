//! The median time of a read and of a write with few and with many security configurations, in memory and with a state file:
//! `cargo bench -p glueproof-fake --bench state_file`. Prints figures and asserts nothing about time.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and stops where it cannot go on"
)]

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use glueproof_fake::{FakeCloud, FakeCloudBuilder, Snapshot};
use http::Request;
use serde_json::{Value, json};

const CALLS: usize = 500;
const CLIENTS: usize = 16;

fn call(cloud: &FakeCloud, operation: &str, input: &Value) {
    let request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("AWSGlue.{operation}"))
        .body(input.to_string().into());
    let answer = cloud.handle(request.unwrap());
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
}

fn create(cloud: &FakeCloud, name: &str) {
    let encryption = json!({ "S3Encryption": [{ "S3EncryptionMode": "SSE-S3" }] });
    call(
        cloud,
        "CreateSecurityConfiguration",
        &json!({ "Name": name, "EncryptionConfiguration": encryption }),
    );
}

/// Returns a snapshot with so many configurations.
fn populated(count: usize) -> Snapshot {
    let cloud = FakeCloud::new().unwrap();
    create(&cloud, "one");
    let mut snapshot: Value = serde_json::from_str(&cloud.snapshot().to_json().unwrap()).unwrap();
    let configurations =
        &mut snapshot["state"]["regions"]["123456789012"]["us-east-1"]["glue"]["security_configurations"];
    let one = configurations["one"].clone();
    for n in 0..count {
        let name = format!("held-{n}");
        configurations[&name] = one.clone();
        configurations[&name]["Name"] = json!(name);
    }
    Snapshot::from_json(snapshot.to_string().as_bytes()).unwrap()
}

fn median(cloud: &FakeCloud, call: impl Fn(&FakeCloud, usize)) -> Duration {
    let mut times: Vec<Duration> = (0..CALLS)
        .map(|n| {
            let since = Instant::now();
            call(cloud, n);
            since.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[CALLS / 2]
}

/// Returns the median time of a write while many clients write.
fn median_at_once(cloud: &FakeCloud) -> Duration {
    let client =
        |client: usize| median(cloud, move |cloud, n| create(cloud, &format!("at-once-{client}-{n}")));
    let mut medians: Vec<Duration> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || client(number))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    medians.sort_unstable();
    medians[CLIENTS / 2]
}

fn measure(label: &str, count: usize, file: Option<&Path>) {
    let builder = FakeCloud::builder().security_configuration_quota(1_000_000);
    let cloud = file.into_iter().fold(builder, FakeCloudBuilder::state_file).build().unwrap();
    cloud.restore(populated(count)).unwrap();
    let read =
        median(&cloud, |cloud, _| call(cloud, "GetSecurityConfiguration", &json!({ "Name": "held-7" })));
    let write = median(&cloud, |cloud, n| create(cloud, &format!("new-{n}")));
    let at_once = median_at_once(&cloud);
    println!(
        "{label}, {count} configurations: read {read:?}, write {write:?}, write of {CLIENTS} clients at once {at_once:?} \
         (medians of {CALLS})"
    );
}

fn main() {
    for count in [10, 100_000] {
        measure("in memory", count, None);
        let room = tempfile::tempdir_in(".").unwrap();
        measure("with a state file", count, Some(&room.path().join("state")));
    }
}
