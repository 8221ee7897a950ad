//! Facts of the evidence file about the protocol, and about Glue. Each test names its fact.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::support::{Answer, call, cloud, request, send};

/// Returns the bytes of a refusal, which has status 400.
#[track_caller]
fn refused(answer: Answer) -> String {
    assert_eq!(answer.status, 400, "{}", answer.text);
    answer.text
}

fn raw(target: Option<&str>, body: &str) -> String {
    let mut request = Request::post("http://localhost/").header("content-type", "application/x-amz-json-1.1");
    if let Some(target) = target {
        request = request.header("x-amz-target", target);
    }
    refused(send(&cloud(), request.body(Bytes::from(body.to_owned())).unwrap()))
}

fn text_of(operation: &str, input: &Value) -> String {
    call(&cloud(), operation, input).message()
}

#[test]
fn the_largest_page_differs_by_operation_e200_e201() {
    let input = json!({ "MaxResults": 201 });
    let refused = call(&cloud(), "GetDevEndpoints", &input);
    assert_eq!(refused.code(), "InvalidInputException");
    assert_eq!(refused.message(), "MaxResults size must be between 1 and 200");
    for operation in ["GetConnections", "GetJobs"] {
        call(&cloud(), operation, &json!({ "MaxResults": 1000 })).ok();
    }
}

/// Other services write `message` in violations of the model. Glue's own have never been recorded, so the fake writes `Message`, as
/// in all errors of Glue.
#[test]
fn violations_are_counted_and_joined_e202_e204_e205() {
    let input = json!({ "PolicyInJson": "", "PolicyHashCondition": "" });
    let violations = refused(call(&cloud(), "PutResourcePolicy", &input));
    let start = r#"{"__type":"ValidationException","Message":"2 validation errors detected: Value '' at 'policyInJson'"#;
    assert!(violations.starts_with(start), "{violations}");
    assert!(violations.contains("; Value '' at 'policyHashCondition'"), "{violations}");
    let unreadable = refused(call(&cloud(), "GetConnection", &json!({ "Name": 1 })));
    assert!(unreadable.starts_with(r#"{"__type":"SerializationException","Message":"#), "{unreadable}");
}

#[test]
fn a_value_of_the_wrong_type_is_described_without_its_value_e206_e209() {
    for (operation, input, text) in [
        ("GetJobs", json!({ "MaxResults": "many" }), "STRING_VALUE can not be converted to a Long"),
        ("GetJob", json!({ "JobName": 1 }), "NUMBER_VALUE can not be converted to a String"),
        ("GetJob", json!({ "JobName": true }), "TRUE_VALUE can not be converted to a String"),
        ("GetJob", json!({ "JobName": ["x"] }), "Start of list found where not expected"),
        ("GetJob", json!({ "JobName": {} }), "Start of structure or map found where not expected."),
        ("BatchGetJobs", json!({ "JobNames": "x" }), "Expected list or null"),
        ("ListJobs", json!({ "Tags": "x" }), "Expected map or null"),
    ] {
        let answer = call(&cloud(), operation, &input);
        assert_eq!(answer.code(), "SerializationException", "{operation}");
        assert_eq!(answer.message(), text, "{operation}");
    }
}

/// Another service of the protocol is reported to convert fractions to integers and the texts `true` and `false` to booleans
/// (E207, E208). No report shows that Glue does, so the fake refuses both, as it refuses the others.
#[test]
fn numbers_and_booleans_are_not_converted_e207_e208() {
    for value in [json!("23"), json!(true), json!([]), json!({}), json!(34.56)] {
        let answer = call(&cloud(), "GetSecurityConfigurations", &json!({ "MaxResults": value }));
        assert_eq!(answer.code(), "SerializationException", "{value}");
    }
    for value in [json!("23"), json!("true"), json!(1), json!([]), json!({})] {
        let answer = call(&cloud(), "GetConnection", &json!({ "Name": "c", "HidePassword": value }));
        assert_eq!(answer.code(), "SerializationException", "{value}");
    }
}

#[test]
fn a_body_that_is_no_json_is_refused_without_a_text_e210_e211_e216() {
    for target in ["AWSGlue.GetConnections", "TrentService.ListKeys", "Logs_20140328.DescribeLogGroups"] {
        for body in ["hello", ""] {
            assert_eq!(raw(Some(target), body), r#"{"__type":"SerializationException"}"#, "{target}: {body}");
        }
    }
}

#[test]
fn a_request_without_an_operation_is_refused_without_a_text_e212() {
    for target in [None, Some(""), Some("AWSGlue"), Some("AWSGlue."), Some(".GetConnections")] {
        assert_eq!(raw(target, "{}"), r#"{"__type":"UnknownOperationException"}"#, "{target:?}");
    }
    // The name of an operation that the fake does not have may be one that the service has.
    assert_eq!(
        raw(Some("AWSGlue.GetTriggers"), "{}"),
        r#"{"__type":"UnknownOperationException","Message":"glueproof does not implement AWSGlue.GetTriggers"}"#
    );
}

/// A service of the protocol is recorded to answer JSON of another content type with status 200 and the error within it (E215).
/// The recording is ten years old, and clients take the answer for a success, so that the fake refuses the call.
#[test]
fn another_content_type_is_no_operation_e215() {
    for media_type in ["application/json", "text/plain"] {
        let mut request = request("GetConnections", "{}");
        request.headers_mut().insert("content-type", media_type.parse().unwrap());
        assert_eq!(
            refused(send(&cloud(), request)),
            r#"{"__type":"UnknownOperationException"}"#,
            "{media_type}"
        );
    }
}

#[test]
fn a_configuration_takes_the_arn_of_the_alias_of_an_aws_managed_key_e244() {
    let key = "arn:aws:kms:us-east-1:123456789012:alias/aws/s3";
    let mode = json!([{ "S3EncryptionMode": "SSE-KMS", "KmsKeyArn": key }]);
    let input = json!({ "Name": "a", "EncryptionConfiguration": { "S3Encryption": mode } });
    let cloud = cloud();
    call(&cloud, "CreateSecurityConfiguration", &input).ok();
    let read = call(&cloud, "GetSecurityConfiguration", &json!({ "Name": "a" })).ok();
    assert_eq!(read["SecurityConfiguration"]["EncryptionConfiguration"]["S3Encryption"], mode);
}

#[test]
fn a_policy_can_let_in_everybody_without_a_condition_e245() {
    let resource = |rest: &str| format!("arn:aws:glue:us-east-1:123456789012:{rest}");
    let policy = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["glue:GetTable*", "glue:GetDatabase*", "glue:GetPartition*"],
        "Resource": [resource("catalog"), resource("database/release"), resource("table/release/*")],
    }] });
    call(&cloud(), "PutResourcePolicy", &json!({ "PolicyInJson": policy.to_string() })).ok();
}

#[test]
fn segments_share_the_partitions_of_a_table() {
    let cloud = cloud();
    call(&cloud, "CreateDatabase", &json!({ "DatabaseInput": { "Name": "d" } })).ok();
    let keys = json!([{ "Name": "year", "Type": "string" }]);
    let table = json!({ "DatabaseName": "d", "TableInput": { "Name": "t", "PartitionKeys": keys } });
    call(&cloud, "CreateTable", &table).ok();
    let inputs: Vec<Value> = (2020..2027).map(|year| json!({ "Values": [year.to_string()] })).collect();
    let input = json!({ "DatabaseName": "d", "TableName": "t", "PartitionInputList": inputs });
    call(&cloud, "BatchCreatePartition", &input).ok();
    let segment = |number: u8, total: u8| {
        let segment = json!({ "SegmentNumber": number, "TotalSegments": total });
        call(&cloud, "GetPartitions", &json!({ "DatabaseName": "d", "TableName": "t", "Segment": segment }))
    };
    let mut years = Vec::new();
    for number in 0..3 {
        let found = segment(number, 3).ok()["Partitions"].as_array().unwrap().clone();
        assert!((2..=3).contains(&found.len()), "{found:?}");
        years.extend(found.into_iter().map(|partition| partition["Values"][0].clone()));
    }
    years.sort_by_key(Value::to_string);
    assert_eq!(json!(years), json!(["2020", "2021", "2022", "2023", "2024", "2025", "2026"]));
    assert_eq!(segment(3, 3).code(), "InvalidInputException");
    assert!(
        text_of("GetPartitions", &json!({ "DatabaseName": "d", "TableName": "t" })).contains("not found")
    );
}
