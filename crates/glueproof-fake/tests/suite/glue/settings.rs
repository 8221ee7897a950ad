//! The encryption settings of the Data Catalog.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use crate::support::{ACCOUNT, call, cloud};

fn put(cloud: &FakeCloud, settings: &Value) {
    let input = json!({ "DataCatalogEncryptionSettings": settings });
    assert_eq!(call(cloud, "PutDataCatalogEncryptionSettings", &input).ok(), json!({}), "E009");
}

fn read(cloud: &FakeCloud) -> Value {
    let mut answer = call(cloud, "GetDataCatalogEncryptionSettings", &json!({})).ok();
    answer["DataCatalogEncryptionSettings"].take()
}

fn disabled() -> Value {
    json!({
        "EncryptionAtRest": { "CatalogEncryptionMode": "DISABLED" },
        "ConnectionPasswordEncryption": { "ReturnConnectionPasswordEncrypted": false },
    })
}

#[test]
fn everything_is_disabled_and_without_keys_at_first() {
    assert_eq!(read(&cloud()), disabled(), "E002");
}

#[test]
fn settings_are_read_as_put() {
    let cloud = cloud();
    for key in
        ["alias/skunk/glue/encrypted", "arn:aws:kms:us-east-1:123456789012:key/k", "alias/aws/xyz", "k"]
    {
        let settings = json!({
            "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key },
            "ConnectionPasswordEncryption": { "ReturnConnectionPasswordEncrypted": true, "AwsKmsKeyId": key },
        });
        put(&cloud, &settings);
        assert_eq!(read(&cloud), settings, "E001, E005, E006");
    }
    let role = json!({ "CatalogEncryptionMode": "SSE-KMS-WITH-SERVICE-ROLE", "SseAwsKmsKeyId": "k",
        "CatalogEncryptionServiceRole": "arn:aws:iam::123456789012:role/r" });
    put(&cloud, &json!({ "EncryptionAtRest": role }));
    assert_eq!(read(&cloud)["EncryptionAtRest"], role, "E096");
}

#[test]
fn keys_that_are_needed_and_not_named_are_filled_in() {
    let cloud = cloud();
    put(&cloud, &json!({ "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS" } }));
    let expected = json!({
        "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "alias/aws/glue" },
        "ConnectionPasswordEncryption": { "ReturnConnectionPasswordEncrypted": false },
    });
    assert_eq!(read(&cloud), expected, "E003");
    put(&cloud, &json!({ "ConnectionPasswordEncryption": { "ReturnConnectionPasswordEncrypted": true } }));
    let expected = json!({
        "EncryptionAtRest": { "CatalogEncryptionMode": "DISABLED" },
        "ConnectionPasswordEncryption":
            { "ReturnConnectionPasswordEncrypted": true, "AwsKmsKeyId": "alias/aws/glue" },
    });
    assert_eq!(read(&cloud), expected, "E004, E007");
}

#[test]
fn empty_settings_reset_both_halves() {
    let cloud = cloud();
    put(&cloud, &json!({ "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS" } }));
    put(&cloud, &json!({}));
    assert_eq!(read(&cloud), disabled(), "E008");
}

#[test]
fn a_password_flag_left_out_is_false() {
    let cloud = cloud();
    put(&cloud, &json!({ "ConnectionPasswordEncryption": { "AwsKmsKeyId": "k" } }));
    let expected = json!({ "ReturnConnectionPasswordEncrypted": false, "AwsKmsKeyId": "k" });
    assert_eq!(read(&cloud)["ConnectionPasswordEncryption"], expected);
}

#[test]
fn the_catalog_is_that_of_the_account() {
    let cloud = cloud();
    put(&cloud, &json!({ "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS" } }));
    let own = call(&cloud, "GetDataCatalogEncryptionSettings", &json!({ "CatalogId": ACCOUNT })).ok();
    assert_eq!(own["DataCatalogEncryptionSettings"], read(&cloud));

    let other = json!({ "CatalogId": "000000000001", "DataCatalogEncryptionSettings": {} });
    for operation in ["GetDataCatalogEncryptionSettings", "PutDataCatalogEncryptionSettings"] {
        assert_eq!(call(&cloud, operation, &other).code(), "InvalidInputException");
    }
    assert_eq!(read(&cloud)["EncryptionAtRest"]["CatalogEncryptionMode"], "SSE-KMS", "nothing has changed");
}

#[test]
fn a_refused_put_changes_nothing() {
    let cloud = cloud();
    put(&cloud, &json!({ "EncryptionAtRest": { "CatalogEncryptionMode": "SSE-KMS" } }));
    let before = read(&cloud);
    let bad =
        json!({ "DataCatalogEncryptionSettings": { "EncryptionAtRest": { "CatalogEncryptionMode": "X" } } });
    assert_eq!(call(&cloud, "PutDataCatalogEncryptionSettings", &bad).code(), "ValidationException");
    assert_eq!(read(&cloud), before);
}
