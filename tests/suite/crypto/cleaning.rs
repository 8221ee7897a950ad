//! What rules make beyond Glue's nine operations is gone after a run.

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;
use http::Request;
use serde_json::{Value, json};

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
