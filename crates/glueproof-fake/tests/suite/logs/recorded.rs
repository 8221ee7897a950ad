//! Facts of the evidence file about CloudWatch Logs. Each test names its fact.

use http::Request;
use serde_json::json;

use super::support::{GROUP, call, cloud, cloud_with_stream, kms, ok};

#[test]
fn operations_without_an_output_answer_an_empty_body_e218() {
    let (cloud, _) = cloud();
    let group = json!({ "logGroupName": GROUP });
    for (operation, input) in [
        ("CreateLogGroup", &group),
        ("CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": "s" })),
        ("PutRetentionPolicy", &json!({ "logGroupName": GROUP, "retentionInDays": 7 })),
        ("DeleteLogGroup", &group),
    ] {
        let request = Request::post("http://localhost/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("Logs_20140328.{operation}"))
            .body(input.to_string().into())
            .unwrap();
        let answer = cloud.handle(request);
        assert_eq!((answer.status().as_u16(), answer.body().len()), (200, 0), "{operation}");
    }
}

#[test]
fn groups_have_deletion_protection_but_not_in_lists_by_pattern_e239() {
    let (cloud, _) = cloud_with_stream();
    let group = ok(&cloud, "DescribeLogGroups", &json!({}))["logGroups"][0].clone();
    assert_eq!(group["deletionProtectionEnabled"], false);
    assert_eq!((&group["storedBytes"], &group["metricFilterCount"]), (&json!(0), &json!(0)));
    let by_pattern = json!({ "logGroupNamePattern": "jobs" });
    let found = ok(&cloud, "DescribeLogGroups", &by_pattern);
    assert_eq!(found["logGroups"][0].get("deletionProtectionEnabled"), None);
    assert_eq!(found["logGroups"][0].get("storedBytes"), None);
    let next = json!({ "logGroupNamePattern": "jobs", "nextToken": found["nextToken"] });
    let last = ok(&cloud, "DescribeLogGroups", &next);
    assert_eq!((&last["logGroups"], last.get("nextToken")), (&json!([]), None));
}

#[test]
fn a_token_that_was_not_issued_is_invalid_e240() {
    let (cloud, _) = cloud_with_stream();
    for operation in ["GetLogEvents", "FilterLogEvents"] {
        let mut input = json!({ "logGroupName": GROUP, "nextToken": "made up" });
        if operation == "GetLogEvents" {
            input["logStreamName"] = json!("s");
        }
        let refused = call(&cloud, operation, &input).unwrap_err();
        let said = ("InvalidParameterException".to_owned(), "The specified nextToken is invalid.".to_owned());
        assert_eq!(refused, said, "{operation}");
    }
}

#[test]
fn a_key_id_instead_of_an_arn_is_not_found_e241() {
    let (cloud, _) = cloud_with_stream();
    let key = kms(&cloud, "CreateKey", &json!({}))["KeyMetadata"]["KeyId"].clone();
    let refused =
        call(&cloud, "AssociateKmsKey", &json!({ "logGroupName": GROUP, "kmsKeyId": key })).unwrap_err();
    let said = format!("The specified KMS Key Id could not be found. '{GROUP}'");
    assert_eq!(refused, ("InvalidParameterException".to_owned(), said));
}

#[test]
fn a_key_whose_policy_does_not_admit_the_service_is_denied_e242() {
    let (cloud, _) = cloud_with_stream();
    let key = kms(&cloud, "CreateKey", &json!({}))["KeyMetadata"]["Arn"].clone();
    let refused =
        call(&cloud, "AssociateKmsKey", &json!({ "logGroupName": GROUP, "kmsKeyId": key })).unwrap_err();
    let said = format!(
        "The specified KMS key does not exist or is not allowed to be used with Arn \
         'arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}'"
    );
    assert_eq!(refused, ("AccessDeniedException".to_owned(), said));
}

#[test]
fn a_protected_group_is_not_deleted() {
    let (cloud, _) = cloud();
    ok(&cloud, "CreateLogGroup", &json!({ "logGroupName": GROUP, "deletionProtectionEnabled": true }));
    let group = json!({ "logGroupName": GROUP });
    let listed =
        || ok(&cloud, "DescribeLogGroups", &json!({}))["logGroups"][0]["deletionProtectionEnabled"].clone();
    assert_eq!(listed(), true);
    assert_eq!(call(&cloud, "DeleteLogGroup", &group).unwrap_err().0, "ValidationException");
    let open = json!({ "logGroupIdentifier": GROUP, "deletionProtectionEnabled": false });
    ok(&cloud, "PutLogGroupDeletionProtection", &open);
    assert_eq!(listed(), false);
    ok(&cloud, "DeleteLogGroup", &group);
}

#[test]
fn there_are_no_metric_filters_and_no_subscription_filters() {
    let (cloud, _) = cloud_with_stream();
    assert_eq!(ok(&cloud, "DescribeMetricFilters", &json!({})), json!({ "metricFilters": [] }));
    let group = json!({ "logGroupName": GROUP });
    assert_eq!(ok(&cloud, "DescribeSubscriptionFilters", &group), json!({ "subscriptionFilters": [] }));
    let none = json!({ "logGroupName": "none" });
    assert_eq!(call(&cloud, "DescribeMetricFilters", &none).unwrap_err().0, "ResourceNotFoundException");
}
