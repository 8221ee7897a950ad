//! The operations that each state of a key allows, as the table "Key states of KMS keys" in the KMS Developer Guide has it, and
//! deletion by the clock.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{arn, call, cloud, code, days, decrypt, encrypt, key, message, text};

fn state(cloud: &FakeCloud, id: &str) -> String {
    text(&call(cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap()["KeyMetadata"]["KeyState"])
}

/// Calls that use a symmetric key, with all they need.
fn uses(cloud: &FakeCloud, id: &str) -> Vec<(&'static str, Value)> {
    let blob = encrypt(cloud, id, "a", &json!({}));
    vec![
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "YQ==" })),
        ("Decrypt", json!({ "CiphertextBlob": blob })),
        ("ReEncrypt", json!({ "CiphertextBlob": blob, "DestinationKeyId": id })),
        ("GenerateDataKey", json!({ "KeyId": id, "KeySpec": "AES_256" })),
        ("GenerateDataKeyWithoutPlaintext", json!({ "KeyId": id, "KeySpec": "AES_256" })),
        ("GenerateDataKeyPair", json!({ "KeyId": id, "KeyPairSpec": "ECC_NIST_P256" })),
        ("GenerateDataKeyPairWithoutPlaintext", json!({ "KeyId": id, "KeyPairSpec": "ECC_NIST_P256" })),
        (
            "CreateGrant",
            json!({ "KeyId": id, "Operations": ["Decrypt"],
            "GranteePrincipal": "arn:aws:iam::123456789012:role/r" }),
        ),
        ("EnableKeyRotation", json!({ "KeyId": id })),
        ("DisableKeyRotation", json!({ "KeyId": id })),
        ("RotateKeyOnDemand", json!({ "KeyId": id })),
    ]
}

/// Calls that read or change what is known of a key.
fn administration(id: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("DescribeKey", json!({ "KeyId": id })),
        ("GetKeyPolicy", json!({ "KeyId": id })),
        ("ListKeyPolicies", json!({ "KeyId": id })),
        ("ListGrants", json!({ "KeyId": id })),
        ("ListResourceTags", json!({ "KeyId": id })),
        ("ListAliases", json!({ "KeyId": id })),
        ("GetKeyRotationStatus", json!({ "KeyId": id })),
        ("ListKeyRotations", json!({ "KeyId": id })),
    ]
}

#[test]
fn an_enabled_key_does_everything() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for (operation, input) in uses(&cloud, &id).into_iter().chain(administration(&id)) {
        assert!(call(&cloud, operation, &input).is_ok(), "{operation}");
    }
}

#[test]
fn a_disabled_key_does_nothing_until_it_is_enabled() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let uses = uses(&cloud, &id);
    call(&cloud, "DisableKey", &json!({ "KeyId": id })).unwrap();
    assert_eq!(state(&cloud, &id), "Disabled");
    for (operation, input) in &uses {
        assert_eq!(code(&cloud, operation, input), "DisabledException", "{operation}");
        assert_eq!(message(&cloud, operation, input), format!("{} is disabled.", arn(&id)), "E072");
    }
    for (operation, input) in administration(&id) {
        assert!(call(&cloud, operation, &input).is_ok(), "{operation}");
    }
    call(&cloud, "EnableKey", &json!({ "KeyId": id })).unwrap();
    assert_eq!(state(&cloud, &id), "Enabled");
    for (operation, input) in &uses {
        assert!(call(&cloud, operation, input).is_ok(), "{operation}");
    }
}

#[test]
fn keys_that_sign_or_authenticate_are_disabled_alike() {
    let (cloud, _) = cloud();
    let curve = key(&cloud, &json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" }));
    let hmac = key(&cloud, &json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let sign = json!({ "KeyId": curve, "Message": "YQ==", "SigningAlgorithm": "ECDSA_SHA_256", "Signature": "YQ==" });
    let mac = json!({ "KeyId": hmac, "Message": "YQ==", "MacAlgorithm": "HMAC_SHA_256", "Mac": "YQ==" });
    for id in [&curve, &hmac] {
        call(&cloud, "DisableKey", &json!({ "KeyId": id })).unwrap();
    }
    for (operation, input) in [
        ("Sign", &sign),
        ("Verify", &sign),
        ("GetPublicKey", &sign),
        ("GenerateMac", &mac),
        ("VerifyMac", &mac),
    ] {
        assert_eq!(code(&cloud, operation, input), "DisabledException", "{operation}");
    }
}

#[test]
fn a_key_pending_deletion_can_only_be_looked_at_and_kept() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let mut refused = uses(&cloud, &id);
    let other = key(&cloud, &json!({}));
    call(&cloud, "CreateAlias", &json!({ "AliasName": "alias/moving", "TargetKeyId": other })).unwrap();
    refused.extend([
        ("EnableKey", json!({ "KeyId": id })),
        ("DisableKey", json!({ "KeyId": id })),
        ("ScheduleKeyDeletion", json!({ "KeyId": id })),
        ("TagResource", json!({ "KeyId": id, "Tags": [] })),
        ("UntagResource", json!({ "KeyId": id, "TagKeys": [] })),
        ("UpdateKeyDescription", json!({ "KeyId": id, "Description": "" })),
        ("CreateAlias", json!({ "AliasName": "alias/new", "TargetKeyId": id })),
        ("UpdateAlias", json!({ "AliasName": "alias/moving", "TargetKeyId": id })),
    ]);
    call(&cloud, "ScheduleKeyDeletion", &json!({ "KeyId": id })).unwrap();
    for (operation, input) in refused {
        assert_eq!(code(&cloud, operation, &input), "KMSInvalidStateException", "{operation}");
        assert_eq!(message(&cloud, operation, &input), format!("{} is pending deletion.", arn(&id)));
    }
    for (operation, input) in administration(&id) {
        assert!(call(&cloud, operation, &input).is_ok(), "{operation}");
    }
}

#[test]
fn deletion_comes_with_the_clock_and_takes_the_aliases_along() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = encrypt(&cloud, &id, "a", &json!({}));
    call(&cloud, "CreateAlias", &json!({ "AliasName": "alias/a", "TargetKeyId": id })).unwrap();
    let scheduled =
        call(&cloud, "ScheduleKeyDeletion", &json!({ "KeyId": id, "PendingWindowInDays": 7 })).unwrap();
    assert_eq!((&scheduled["KeyId"], &scheduled["KeyState"]), (&json!(arn(&id)), &json!("PendingDeletion")));
    assert_eq!(scheduled["PendingWindowInDays"], 7);
    assert_eq!(scheduled["DeletionDate"], json!(1_700_000_000.0 + 7.0 * 86_400.0));
    clock.advance(std::time::Duration::from_millis(7 * 86_400_000 - 1));
    let described = call(&cloud, "DescribeKey", &json!({ "KeyId": "alias/a" })).unwrap();
    assert_eq!(described["KeyMetadata"]["DeletionDate"], scheduled["DeletionDate"]);
    assert_eq!(described["KeyMetadata"]["Enabled"], false);
    clock.advance(std::time::Duration::from_millis(1));
    let input = json!({ "KeyId": id });
    assert_eq!(message(&cloud, "DescribeKey", &input), format!("Key '{}' does not exist", arn(&id)), "E073");
    assert_eq!(code(&cloud, "CancelKeyDeletion", &input), "NotFoundException");
    assert_eq!(code(&cloud, "DescribeKey", &json!({ "KeyId": "alias/a" })), "NotFoundException");
    assert_eq!(call(&cloud, "ListKeys", &json!({})).unwrap()["Keys"], json!([]));
    assert_eq!(call(&cloud, "ListAliases", &json!({})).unwrap()["Aliases"], json!([]));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap_err(), "AccessDeniedException", "E071");
}

#[test]
fn lists_forget_a_deleted_key_without_being_asked_for_it() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    call(&cloud, "CreateAlias", &json!({ "AliasName": "alias/a", "TargetKeyId": id })).unwrap();
    call(&cloud, "ScheduleKeyDeletion", &json!({ "KeyId": id })).unwrap();
    clock.advance(days(30));
    assert_eq!(call(&cloud, "ListAliases", &json!({})).unwrap()["Aliases"], json!([]));
    assert_eq!(call(&cloud, "ListKeys", &json!({})).unwrap()["Keys"], json!([]));
}

#[test]
fn deletion_called_off_leaves_the_key_disabled_and_whole() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = encrypt(&cloud, &id, "a", &json!({}));
    let input = json!({ "KeyId": id });
    assert_eq!(code(&cloud, "CancelKeyDeletion", &input), "KMSInvalidStateException");
    assert_eq!(
        message(&cloud, "CancelKeyDeletion", &input),
        format!("{} is not pending deletion.", arn(&id))
    );
    call(&cloud, "ScheduleKeyDeletion", &input).unwrap();
    clock.advance(days(29));
    assert_eq!(call(&cloud, "CancelKeyDeletion", &input).unwrap(), json!({ "KeyId": arn(&id) }));
    assert_eq!(state(&cloud, &id), "Disabled");
    clock.advance(days(400));
    call(&cloud, "EnableKey", &input).unwrap();
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
}

#[test]
fn the_window_has_7_to_30_days() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for days in [0, 6, 31, 366] {
        let input = json!({ "KeyId": id, "PendingWindowInDays": days });
        assert_eq!(code(&cloud, "ScheduleKeyDeletion", &input), "ValidationException", "{days}");
    }
    assert_eq!(state(&cloud, &id), "Enabled");
}
