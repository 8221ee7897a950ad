//! Multi-Region keys: one key in several regions.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{ACCOUNT, base64, call, call_as, cloud, code, days, encrypt, key, text};

const EU: &str = "123456789012/20200101/eu-west-1/kms/aws4_request";

fn in_eu(cloud: &FakeCloud, operation: &str, input: &Value) -> Result<Value, (String, Option<String>)> {
    call_as(cloud, Some(EU), operation, input)
}

fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:kms:{region}:{ACCOUNT}:key/{id}")
}

fn replicated(cloud: &FakeCloud) -> String {
    let id = key(cloud, &json!({ "MultiRegion": true }));
    assert!(id.starts_with("mrk-"), "{id}");
    let input = json!({ "KeyId": id, "ReplicaRegion": "eu-west-1", "Description": "there" });
    let made = call(cloud, "ReplicateKey", &input).unwrap();
    assert_eq!(made["ReplicaKeyMetadata"]["Arn"], arn("eu-west-1", &id));
    assert!(text(&made["ReplicaPolicy"]).contains("kms:*"));
    id
}

#[test]
fn a_replica_decrypts_what_its_primary_encrypted() {
    let (cloud, _) = cloud();
    let id = replicated(&cloud);
    let metadata = in_eu(&cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap()["KeyMetadata"].clone();
    let expected = json!({
        "MultiRegionKeyType": "REPLICA",
        "PrimaryKey": { "Arn": arn("us-east-1", &id), "Region": "us-east-1" },
        "ReplicaKeys": [{ "Arn": arn("eu-west-1", &id), "Region": "eu-west-1" }],
    });
    assert_eq!((&metadata["MultiRegion"], &metadata["MultiRegionConfiguration"]), (&json!(true), &expected));
    for _ in 0..2 {
        let blob = encrypt(&cloud, &id, "a", &json!({}));
        for input in [json!({ "CiphertextBlob": blob }), json!({ "CiphertextBlob": blob, "KeyId": id })] {
            let opened = in_eu(&cloud, "Decrypt", &input).unwrap();
            assert_eq!(
                (&opened["Plaintext"], &opened["KeyId"]),
                (&json!(base64("a")), &json!(arn("eu-west-1", &id)))
            );
        }
        // The second round encrypts with rotated material.
        call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    }
    let refused = in_eu(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap_err();
    assert_eq!(refused.0, "UnsupportedOperationException");
}

#[test]
fn a_replica_can_become_the_primary_key() {
    let (cloud, _) = cloud();
    let id = replicated(&cloud);
    let nowhere = json!({ "KeyId": id, "PrimaryRegion": "ap-south-1" });
    assert_eq!(code(&cloud, "UpdatePrimaryRegion", &nowhere), "NotFoundException");
    call(&cloud, "UpdatePrimaryRegion", &json!({ "KeyId": id, "PrimaryRegion": "eu-west-1" })).unwrap();
    let metadata = call(&cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap()["KeyMetadata"].clone();
    assert_eq!(metadata["MultiRegionConfiguration"]["MultiRegionKeyType"], "REPLICA");
    assert_eq!(metadata["MultiRegionConfiguration"]["PrimaryKey"]["Region"], "eu-west-1");
    let again = json!({ "KeyId": id, "ReplicaRegion": "ap-south-1" });
    assert_eq!(code(&cloud, "ReplicateKey", &again), "UnsupportedOperationException");
    assert!(in_eu(&cloud, "ReplicateKey", &again).is_ok());
    assert_eq!(in_eu(&cloud, "ReplicateKey", &again).unwrap_err().0, "AlreadyExistsException");
}

#[test]
fn a_primary_key_outlives_its_replicas() {
    let (cloud, clock) = cloud();
    let id = replicated(&cloud);
    let input = json!({ "KeyId": id, "PendingWindowInDays": 7 });
    let scheduled = call(&cloud, "ScheduleKeyDeletion", &input).unwrap();
    assert_eq!(
        (&scheduled["KeyState"], scheduled.get("DeletionDate")),
        (&json!("PendingReplicaDeletion"), None)
    );
    let state = || {
        let described = call(&cloud, "DescribeKey", &json!({ "KeyId": id }));
        described.map(|described| text(&described["KeyMetadata"]["KeyState"]))
    };
    clock.advance(days(30));
    assert_eq!(state().unwrap(), "PendingReplicaDeletion");
    in_eu(&cloud, "ScheduleKeyDeletion", &input).unwrap();
    clock.advance(days(7));
    assert_eq!(state().unwrap(), "PendingDeletion");
    clock.advance(days(7));
    assert_eq!(state().unwrap_err().0, "NotFoundException");
}
