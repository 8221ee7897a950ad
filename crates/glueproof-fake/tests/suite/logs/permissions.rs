//! In `enforce`, a caller needs leave of CloudWatch Logs, and none of KMS: that the service needs itself.

use glueproof_fake::FakeCloud;
use http::Request;
use serde_json::{Value, json};

use super::support::GROUP;
use crate::iam::support::{Signer, alice, done, enforcing, policy, root};

fn call(cloud: &FakeCloud, signer: &Signer, target: &str, input: &Value) -> (u16, Value) {
    let request = Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap();
    let answer = cloud.handle(signer.sign(request));
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
}

#[test]
fn leave_is_by_group_and_stream_and_the_key_is_the_service_s_affair() {
    let cloud = enforcing();
    let key_policy = policy(&json!([
        { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Action": "kms:*", "Resource": "*" },
        { "Effect": "Allow", "Principal": { "Service": "logs.us-east-1.amazonaws.com" },
          "Action": ["kms:GenerateDataKey*", "kms:Decrypt*"], "Resource": "*" },
    ]));
    let (_, made) = call(&cloud, &root("kms"), "TrentService.CreateKey", &json!({ "Policy": key_policy }));
    let group = json!({ "logGroupName": GROUP, "kmsKeyId": made["KeyMetadata"]["Arn"] });
    let (status, refused) = call(&cloud, &alice("logs"), "Logs_20140328.CreateLogGroup", &group);
    assert_eq!((status, &refused["__type"]), (400, &json!("AccessDeniedException")));
    let said = refused["message"].as_str().unwrap();
    let on = format!(
        "logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}:log-stream:"
    );
    assert!(said.contains(&on), "{said}");
    let document = policy(&json!([
        { "Effect": "Allow", "Action": ["logs:CreateLogGroup", "logs:GetLogEvents"], "Resource": format!("arn:aws:logs:*:*:log-group:{GROUP}:*") },
        { "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": format!("arn:aws:logs:*:*:log-group:{GROUP}:log-stream:mine") },
    ]));
    let pairs = [
        ("Action", "PutUserPolicy"),
        ("UserName", "alice"),
        ("PolicyName", "logs"),
        ("PolicyDocument", &document),
    ];
    done(root("iam").ask(&cloud, &pairs));
    let status = |operation: &str, input: &Value| {
        call(&cloud, &alice("logs"), &format!("Logs_20140328.{operation}"), input).0
    };
    assert_eq!(status("CreateLogGroup", &group), 200);
    assert_eq!(status("CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": "mine" })), 200);
    assert_eq!(status("CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": "yours" })), 400);
    // The moment of the tests' clock.
    let events = json!([{ "timestamp": 1_590_621_822_470_i64, "message": "m" }]);
    let input = json!({ "logGroupName": GROUP, "logStreamName": "mine", "logEvents": events });
    assert_eq!(status("PutLogEvents", &input), 200);
    assert_eq!(status("GetLogEvents", &json!({ "logGroupName": GROUP, "logStreamName": "mine" })), 200);
    assert_eq!(status("DeleteLogGroup", &json!({ "logGroupName": GROUP })), 400);
    assert_eq!(status("DescribeLogGroups", &json!({})), 400);
}
