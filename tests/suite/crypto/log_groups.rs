//! Log groups that jobs of a run cause under fixed names are removed, unless they were there before.

use serde_json::{Value, json};

use crate::server::{Socket, fake};
use crate::trial::{Setting, cloud};

const ONLY: &str = "CloudWatchEncryption/encryption/logs-of-jobs/DISABLED";

fn log_groups(cloud: &glueproof::fake::FakeCloud) -> Vec<String> {
    let request = http::Request::post("/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("host", "127.0.0.1")
        .header("x-amz-target", "Logs_20140328.DescribeLogGroups")
        .body(bytes::Bytes::from_static(b"{}"))
        .unwrap();
    let body: Value = serde_json::from_slice(cloud.handle(request).body()).unwrap();
    let groups = body["logGroups"].as_array().unwrap();
    groups.iter().map(|group| group["logGroupName"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn log_groups_that_a_run_caused_are_removed() {
    let (setting, cloud) = (Setting::new(), cloud());
    let server = Socket::serve(fake(&cloud));
    let ended = setting.run(&["run", &server.url(), "--only", ONLY, "--cases", "1"]);
    assert_eq!((ended.code(), log_groups(&cloud)), (0, Vec::new()), "{ended:#?}");
}

#[test]
fn log_groups_that_were_there_before_stay() {
    let (setting, cloud) = (Setting::new(), cloud());
    let create = http::Request::post("/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("host", "127.0.0.1")
        .header("x-amz-target", "Logs_20140328.CreateLogGroup")
        .body(bytes::Bytes::from(json!({ "logGroupName": "/aws-glue/jobs/output" }).to_string()))
        .unwrap();
    assert!(cloud.handle(create).status().is_success());
    let server = Socket::serve(fake(&cloud));
    let ended = setting.run(&["run", &server.url(), "--only", ONLY, "--cases", "1"]);
    assert_eq!(
        (ended.code(), log_groups(&cloud)),
        (0, vec!["/aws-glue/jobs/output".to_owned()]),
        "{ended:#?}"
    );
}
