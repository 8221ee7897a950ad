//! Resources that rules create outside Glue's nine operations are gone after a run.

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::altered::servers::altered;
use crate::server::fake;
use crate::trial::{Judge, cloud};

fn ask(cloud: &FakeCloud, target: &str, input: &Value) -> Value {
    let request = Request::post("http://localhost/").header("x-amz-target", target);
    let request = request.header("content-type", "application/x-amz-json-1.1");
    let answer = cloud.handle(request.body(Bytes::from(input.to_string())).unwrap());
    serde_json::from_slice(answer.body()).unwrap()
}

#[test]
fn keys_aliases_groups_and_connections_do_not_stay() {
    let cloud = cloud();
    let judged = Judge::only(&["kms/", "logs/", "Connection/", "Connections/"]).run(fake(&cloud));
    assert_eq!(judged.ids(Outcome::Failed), [""; 0]);
    assert!(judged.ids(Outcome::Passed).len() > 50, "{:?}", judged.ids(Outcome::Passed));
    assert_eq!(ask(&cloud, "Logs_20140328.DescribeLogGroups", &json!({}))["logGroups"], json!([]));
    assert_eq!(ask(&cloud, "AWSGlue.GetConnections", &json!({}))["ConnectionList"], json!([]));
    let keys = ask(&cloud, "TrentService.ListKeys", &json!({ "Limit": 1000 }));
    let keys = keys["Keys"].as_array().unwrap();
    assert!(keys.len() > 20, "the rules make keys of their own");
    for key in keys {
        let key = ask(&cloud, "TrentService.DescribeKey", &json!({ "KeyId": key["KeyId"] }));
        assert_eq!(key["KeyMetadata"]["KeyState"], "PendingDeletion");
    }
    let aliases = ask(&cloud, "TrentService.ListAliases", &json!({}));
    let own = |alias: &Value| !alias["AliasName"].as_str().unwrap().starts_with("alias/aws/");
    assert!(!aliases["Aliases"].as_array().unwrap().iter().any(own), "{aliases}");
}

#[test]
fn buckets_with_what_jobs_wrote_and_the_groups_they_logged_to_do_not_stay() {
    let cloud = cloud();
    let judged = Judge::only(&["/StartJobRun/valid/", "/encryption/objects/", "/encryption/logs-of-"])
        .run(fake(&cloud));
    assert_eq!(judged.ids(Outcome::Failed), [""; 0]);
    assert!(judged.ids(Outcome::Passed).len() > 15, "{:?}", judged.ids(Outcome::Passed));
    let buckets = cloud.handle(Request::get("http://localhost/").body(Bytes::new()).unwrap());
    let buckets = String::from_utf8(buckets.body().to_vec()).unwrap();
    assert!(buckets.contains("ListAllMyBucketsResult") && !buckets.contains("<Bucket>"), "{buckets}");
    let of_glue = |operation: &str| ask(&cloud, &format!("AWSGlue.{operation}"), &json!({}));
    for (operation, list) in
        [("GetJobs", "Jobs"), ("GetCrawlers", "Crawlers"), ("GetDatabases", "DatabaseList")]
    {
        assert_eq!(of_glue(operation)[list], json!([]), "{operation}");
    }
    let groups = ask(&cloud, "Logs_20140328.DescribeLogGroups", &json!({}))["logGroups"].clone();
    let names: Vec<&str> =
        groups.as_array().unwrap().iter().map(|group| group["logGroupName"].as_str().unwrap()).collect();
    // Every job without a security configuration logs here: the group belongs to the account and must stay.
    assert_eq!(names, ["/aws-glue/jobs/error", "/aws-glue/jobs/output"]);
}

#[test]
fn a_run_that_fails_is_cleared_up_after_as_well() {
    let cloud = cloud();
    let rule = "glue/CloudWatchEncryption/encryption/logs-of-jobs/DISABLED";
    let wrong = altered(&cloud, |operation, response| match operation {
        "DescribeLogGroups" => Response::new(Bytes::from_static(br#"{"logGroups":[]}"#)),
        _ => response,
    });
    let judged = Judge::only(&[rule]).impatiently().run(wrong);
    assert_eq!(judged.ids(Outcome::Failed), [rule]);
    assert_eq!(ask(&cloud, "Logs_20140328.DescribeLogGroups", &json!({}))["logGroups"], json!([]));
}
