//! `GetResources` of the Resource Groups Tagging API: the tags of what KMS, Logs and Glue hold.

use glueproof_fake::FakeCloud;
use http::Request;
use serde_json::{Value, json};

fn call(cloud: &FakeCloud, target: &str, input: &Value) -> (u16, Value) {
    let request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap();
    let (head, body) = cloud.handle(request).into_parts();
    (head.status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
}

fn ok(cloud: &FakeCloud, target: &str, input: &Value) -> Value {
    let (status, body) = call(cloud, target, input);
    assert_eq!(status, 200, "{target}: {body}");
    body
}

fn resources(cloud: &FakeCloud, input: &Value) -> Vec<String> {
    let page = ok(cloud, "ResourceGroupsTaggingAPI_20170126.GetResources", input);
    let list = page["ResourceTagMappingList"].as_array().unwrap();
    list.iter().map(|one| one["ResourceARN"].as_str().unwrap().to_owned()).collect()
}

/// A key, a log group and a job with tags, and a key without; the ARN of the first key.
fn tagged() -> (FakeCloud, String) {
    let cloud = FakeCloud::new().unwrap();
    let tags = json!([{ "TagKey": "team", "TagValue": "a" }]);
    let key = ok(&cloud, "TrentService.CreateKey", &json!({ "Tags": tags }));
    ok(&cloud, "TrentService.CreateKey", &json!({}));
    let group = json!({ "logGroupName": "g", "tags": { "team": "b" } });
    ok(&cloud, "Logs_20140328.CreateLogGroup", &group);
    let job = json!({ "Name": "j", "Role": "r", "Command": { "Name": "glueetl" }, "Tags": { "team": "a", "stage": "x" } });
    ok(&cloud, "AWSGlue.CreateJob", &job);
    (cloud, key["KeyMetadata"]["Arn"].as_str().unwrap().to_owned())
}

#[test]
fn everything_with_tags_is_found_by_arn_type_or_tag() {
    let (cloud, key) = tagged();
    let job = "arn:aws:glue:us-east-1:123456789012:job/j".to_owned();
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:g".to_owned();
    assert_eq!(resources(&cloud, &json!({})), [job.clone(), key.clone(), group.clone()]);
    assert_eq!(resources(&cloud, &json!({ "ResourceARNList": [key] })), std::slice::from_ref(&key));
    assert_eq!(
        resources(&cloud, &json!({ "ResourceTypeFilters": ["kms", "glue:job"] })),
        [job.clone(), key.clone()]
    );
    assert_eq!(resources(&cloud, &json!({ "ResourceTypeFilters": ["kms:alias"] })), [""; 0]);
    assert_eq!(
        resources(&cloud, &json!({ "TagFilters": [{ "Key": "team", "Values": ["b", "c"] }] })),
        [group]
    );
    let both = json!([{ "Key": "team", "Values": ["a"] }, { "Key": "stage" }]);
    assert_eq!(resources(&cloud, &json!({ "TagFilters": both })), [job]);
}

#[test]
fn pages_end_with_an_empty_token() {
    let (cloud, _) = tagged();
    let (mut token, mut sizes) = (String::new(), Vec::new());
    loop {
        let input = json!({ "ResourcesPerPage": 2, "PaginationToken": token });
        let page = ok(&cloud, "ResourceGroupsTaggingAPI_20170126.GetResources", &input);
        sizes.push(page["ResourceTagMappingList"].as_array().unwrap().len());
        page["PaginationToken"].as_str().unwrap().clone_into(&mut token);
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(sizes, [2, 1]);
}

#[test]
fn invalid_tags_are_refused() {
    let (cloud, _) = tagged();
    for (input, code) in [
        (json!({ "ResourceARNList": ["a"], "TagFilters": [{ "Key": "k" }] }), "InvalidParameterException"),
        (json!({ "ResourceARNList": vec!["a"; 101] }), "InvalidParameterException"),
        (json!({ "ResourcesPerPage": 0 }), "InvalidParameterException"),
        (json!({ "PaginationToken": "made up" }), "PaginationTokenExpiredException"),
    ] {
        let (status, body) = call(&cloud, "ResourceGroupsTaggingAPI_20170126.GetResources", &input);
        assert_eq!((status, body["__type"].as_str()), (400, Some(code)), "{input}");
    }
}
