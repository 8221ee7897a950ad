//! The resource policy: form, hash, times, life.

use std::time::Duration;

use glueproof_fake::FakeCloud;
use serde_json::json;

use crate::support::{call, clock, cloud, policy, put_policy};

/// Recorded of the real service (E011).
const LAID_OUT: &str = "{\n  \"Version\" : \"2012-10-17\",\n  \"Statement\" : [ {\n    \"Sid\" : \"SpecificAllow\",\n    \"Effect\" : \"Allow\",\n    \"Principal\" : {\n      \"AWS\" : \"arn:aws:iam::123456789012:root\"\n    },\n    \"Action\" : \"glue:GetDatabase\",\n    \"Resource\" : \"arn:aws:glue:us-east-1:123456789012:catalog\"\n  } ]\n}";

#[test]
fn a_policy_comes_back_laid_out_as_recorded() {
    let cloud = cloud();
    put_policy(&cloud, "glue:GetDatabase");
    let answer = call(&cloud, "GetResourcePolicy", &json!({})).ok();
    assert_eq!(answer["PolicyInJson"], LAID_OUT, "E011, E013");
    call(&cloud, "PutResourcePolicy", &json!({ "PolicyInJson": LAID_OUT })).ok();
    assert_eq!(call(&cloud, "GetResourcePolicy", &json!({})).ok()["PolicyInJson"], LAID_OUT);
}

#[test]
fn order_and_form_of_members_are_kept() {
    let cloud = cloud();
    let written = r#"{"Statement":{"Resource":["arn:aws:glue:us-east-1:123456789012:*"],"Condition":{},"Action":["glue:A","glue:B"],"Principal":{"AWS":["*"]},"Effect":"Deny"},"Version":"2012-10-17"}"#;
    call(&cloud, "PutResourcePolicy", &json!({ "PolicyInJson": written })).ok();
    let expected = "{\n  \"Statement\" : {\n    \"Resource\" : [ \"arn:aws:glue:us-east-1:123456789012:*\" ],\n    \"Condition\" : { },\n    \"Action\" : [ \"glue:A\", \"glue:B\" ],\n    \"Principal\" : {\n      \"AWS\" : [ \"*\" ]\n    },\n    \"Effect\" : \"Deny\"\n  },\n  \"Version\" : \"2012-10-17\"\n}";
    assert_eq!(call(&cloud, "GetResourcePolicy", &json!({})).ok()["PolicyInJson"], expected, "E013, E022");
}

#[test]
fn hashes_are_opaque_and_follow_the_policy() {
    let cloud = cloud();
    let first = put_policy(&cloud, "glue:GetDatabase");
    let form = regex::Regex::new("^[A-Za-z0-9+/]{22}==$").unwrap();
    assert!(form.is_match(&first), "{first}, E014");
    assert_eq!(call(&cloud, "GetResourcePolicy", &json!({})).ok()["PolicyHash"], *first, "E012");
    assert_ne!(put_policy(&cloud, "glue:GetTable"), first, "E014");
    assert_eq!(put_policy(&cloud, "glue:GetDatabase"), first);
}

#[test]
fn the_time_of_creation_is_kept_and_that_of_update_moves() {
    let clock = clock();
    let cloud = FakeCloud::builder().clock(clock.clone()).build().unwrap();
    put_policy(&cloud, "glue:GetDatabase");
    let times = || {
        let answer = call(&cloud, "GetResourcePolicy", &json!({})).ok();
        (answer["CreateTime"].clone(), answer["UpdateTime"].clone())
    };
    assert_eq!(times(), (json!(1_590_621_822.47), json!(1_590_621_822.47)));
    clock.advance(Duration::from_millis(2577));
    put_policy(&cloud, "glue:GetTable");
    assert_eq!(times(), (json!(1_590_621_822.47), json!(1_590_621_825.047)), "E011, E015");
    call(&cloud, "DeleteResourcePolicy", &json!({})).ok();
    put_policy(&cloud, "glue:GetTable");
    assert_eq!(times(), (json!(1_590_621_825.047), json!(1_590_621_825.047)));
}

#[test]
fn without_a_policy_nothing_is_found() {
    let cloud = cloud();
    for operation in ["GetResourcePolicy", "DeleteResourcePolicy"] {
        let answer = call(&cloud, operation, &json!({}));
        assert_eq!(
            answer.text, r#"{"__type":"EntityNotFoundException","Message":"Policy not found"}"#,
            "E018, E020"
        );
    }
    put_policy(&cloud, "glue:GetTable");
    call(&cloud, "DeleteResourcePolicy", &json!({})).ok();
    assert_eq!(call(&cloud, "DeleteResourcePolicy", &json!({})).code(), "EntityNotFoundException", "E112");
}

#[test]
fn the_list_holds_the_one_policy_or_none() {
    let cloud = cloud();
    let list = || call(&cloud, "GetResourcePolicies", &json!({ "MaxResults": 1 })).ok();
    assert_eq!(list(), json!({ "GetResourcePoliciesResponseList": [] }));
    put_policy(&cloud, "glue:GetTable");
    let one = call(&cloud, "GetResourcePolicy", &json!({})).ok();
    assert_eq!(list(), json!({ "GetResourcePoliciesResponseList": [one] }), "E100");
}

#[test]
fn only_the_catalog_has_a_policy() {
    let cloud = cloud();
    let arn = "arn:aws:glue:us-east-1:123456789012:catalog";
    let put = call(
        &cloud,
        "PutResourcePolicy",
        &json!({ "PolicyInJson": policy("glue:GetTable"), "ResourceArn": arn }),
    );
    assert_eq!(
        put.text,
        r#"{"__type":"InvalidInputException","Message":"Glue resource level policy is not currently supported"}"#,
        "E023"
    );
    put_policy(&cloud, "glue:GetTable");
    for operation in ["GetResourcePolicy", "DeleteResourcePolicy"] {
        assert_eq!(
            call(&cloud, operation, &json!({ "ResourceArn": arn })).code(),
            "EntityNotFoundException",
            "E025"
        );
    }
    call(&cloud, "GetResourcePolicy", &json!({})).ok();
}

#[test]
fn hybrid_access_is_accepted_and_leaves_no_trace() {
    let cloud = cloud();
    for hybrid in ["TRUE", "FALSE"] {
        let input = json!({ "PolicyInJson": policy("glue:GetTable"), "EnableHybrid": hybrid });
        call(&cloud, "PutResourcePolicy", &input).ok();
        assert_eq!(call(&cloud, "GetResourcePolicy", &json!({})).ok().get("EnableHybrid"), None, "E022");
    }
    let input = json!({ "PolicyInJson": policy("glue:GetTable"), "EnableHybrid": "MAYBE" });
    assert_eq!(call(&cloud, "PutResourcePolicy", &input).code(), "ValidationException");
}
