//! Events under a key: only with the service in the key policy, not in the clear at rest, and not to be read
//! once the key is disabled or its policy has changed.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{GROUP, call, cloud, code, kms, ok, put, read, texts};

const SECRET: &str = "card 4242 was charged";

fn policy(service: Option<&Value>) -> String {
    let mut statements = vec![json!({
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
        "Action": "kms:*", "Resource": "*",
    })];
    if let Some(condition) = service {
        statements.push(json!({
            "Effect": "Allow", "Principal": { "Service": "logs.us-east-1.amazonaws.com" },
            "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            "Resource": "*", "Condition": condition,
        }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn key(cloud: &FakeCloud, policy: &str) -> (String, String) {
    let made = &kms(cloud, "CreateKey", &json!({ "Policy": policy }))["KeyMetadata"];
    (made["KeyId"].as_str().unwrap().to_owned(), made["Arn"].as_str().unwrap().to_owned())
}

/// A group under a key with an event in its stream `s`, and the key's id.
fn encrypted() -> (FakeCloud, String) {
    let (cloud, _) = cloud();
    let (id, arn) = key(&cloud, &policy(Some(&json!({}))));
    ok(&cloud, "CreateLogGroup", &json!({ "logGroupName": GROUP, "kmsKeyId": arn }));
    ok(&cloud, "CreateLogStream", &json!({ "logGroupName": GROUP, "logStreamName": "s" }));
    put(&cloud, &[(0, SECRET)]);
    (cloud, id)
}

fn at_rest(cloud: &FakeCloud, text: &str) -> bool {
    let items = cloud.at_rest();
    assert!(!items.is_empty());
    items.iter().any(|item| item.bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

#[test]
fn the_key_policy_must_let_the_service_in() {
    let (cloud, _) = cloud();
    let group_arn = format!("arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}");
    let right = json!({ "ArnEquals": { "kms:EncryptionContext:aws:logs:arn": group_arn } });
    let wrong =
        json!({ "ArnEquals": { "kms:EncryptionContext:aws:logs:arn": format!("{group_arn}-other") } });
    for shut in [policy(None), policy(Some(&wrong))] {
        let input = json!({ "logGroupName": GROUP, "kmsKeyId": key(&cloud, &shut).1 });
        let (refused, text) = call(&cloud, "CreateLogGroup", &input).expect_err("a key that is shut");
        assert_eq!(refused, "AccessDeniedException");
        let said = "The specified KMS key does not exist or is not allowed to be used with Arn";
        assert_eq!(text, format!("{said} '{group_arn}'"));
        assert_eq!(ok(&cloud, "DescribeLogGroups", &json!({}))["logGroups"], json!([]), "no group is left");
    }
    let input = json!({ "logGroupName": GROUP, "kmsKeyId": key(&cloud, &policy(Some(&right))).1 });
    ok(&cloud, "CreateLogGroup", &input);
}

#[test]
fn a_key_that_cannot_be_used_is_an_invalid_parameter() {
    let (cloud, _) = cloud();
    let open = policy(Some(&json!({})));
    let (id, disabled) = key(&cloud, &open);
    kms(&cloud, "DisableKey", &json!({ "KeyId": id }));
    let curve = json!({ "Policy": open, "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" });
    let asymmetric = kms(&cloud, "CreateKey", &curve)["KeyMetadata"]["Arn"].clone();
    ok(&cloud, "CreateLogGroup", &json!({ "logGroupName": "g" }));
    let missing = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000";
    for key in [json!(disabled), asymmetric, json!(missing), json!(id), json!("")] {
        let input = json!({ "logGroupName": "g", "kmsKeyId": key });
        assert_eq!(code(&cloud, "AssociateKmsKey", &input), "InvalidParameterException", "{key}");
    }
    assert!(ok(&cloud, "DescribeLogGroups", &json!({}))["logGroups"][0].get("kmsKeyId").is_none());
}

#[test]
fn encrypted_events_are_ciphertext_at_rest_and_readable_by_call() {
    let (cloud, _) = encrypted();
    assert!(!at_rest(&cloud, SECRET));
    assert_eq!(texts(&read(&cloud, &json!({}))), [SECRET]);
    let found = ok(&cloud, "FilterLogEvents", &json!({ "logGroupName": GROUP, "filterPattern": "charged" }));
    assert_eq!(texts(&found), [SECRET]);
    ok(&cloud, "CreateLogGroup", &json!({ "logGroupName": "plain" }));
    ok(&cloud, "CreateLogStream", &json!({ "logGroupName": "plain", "logStreamName": "s" }));
    let events = json!([{ "timestamp": super::support::NOW, "message": "nothing to hide" }]);
    ok(
        &cloud,
        "PutLogEvents",
        &json!({ "logGroupName": "plain", "logStreamName": "s", "logEvents": events }),
    );
    assert!(at_rest(&cloud, "nothing to hide"), "the search would find what is there");
}

#[test]
fn a_disabled_key_stops_reading_until_it_is_enabled_again() {
    let (cloud, id) = encrypted();
    kms(&cloud, "DisableKey", &json!({ "KeyId": id }));
    let stream = json!({ "logGroupName": GROUP, "logStreamName": "s" });
    assert!(call(&cloud, "GetLogEvents", &stream).is_err());
    assert!(call(&cloud, "FilterLogEvents", &json!({ "logGroupName": GROUP })).is_err());
    let events = json!([{ "timestamp": super::support::NOW, "message": "more" }]);
    let more = json!({ "logGroupName": GROUP, "logStreamName": "s", "logEvents": events });
    assert!(call(&cloud, "PutLogEvents", &more).is_err());
    kms(&cloud, "EnableKey", &json!({ "KeyId": id }));
    assert_eq!(texts(&read(&cloud, &json!({}))), [SECRET], "nothing was lost, nothing was added");
}

#[test]
fn a_policy_without_the_service_stops_reading() {
    let (cloud, id) = encrypted();
    let shut = json!({ "KeyId": id, "PolicyName": "default", "Policy": policy(None) });
    kms(&cloud, "PutKeyPolicy", &shut);
    let stream = json!({ "logGroupName": GROUP, "logStreamName": "s" });
    assert_eq!(code(&cloud, "GetLogEvents", &stream), "AccessDeniedException");
}

#[test]
fn a_change_of_key_is_for_later_events_only() {
    let (cloud, first) = encrypted();
    let (second, arn) = key(&cloud, &policy(Some(&json!({}))));
    ok(&cloud, "AssociateKmsKey", &json!({ "logGroupName": GROUP, "kmsKeyId": arn }));
    assert_eq!(ok(&cloud, "DescribeLogGroups", &json!({}))["logGroups"][0]["kmsKeyId"], arn);
    put(&cloud, &[(1, "under the second key")]);
    ok(&cloud, "DisassociateKmsKey", &json!({ "logGroupName": GROUP }));
    put(&cloud, &[(2, "under no key")]);
    assert!(!at_rest(&cloud, SECRET) && !at_rest(&cloud, "second key") && at_rest(&cloud, "under no key"));
    assert_eq!(texts(&read(&cloud, &json!({}))), [SECRET, "under the second key", "under no key"]);
    kms(&cloud, "DisableKey", &json!({ "KeyId": first }));
    assert_eq!(texts(&read(&cloud, &json!({ "limit": 2 }))), ["under the second key", "under no key"]);
    kms(&cloud, "DisableKey", &json!({ "KeyId": second }));
    assert_eq!(texts(&read(&cloud, &json!({ "limit": 1 }))), ["under no key"]);
}
