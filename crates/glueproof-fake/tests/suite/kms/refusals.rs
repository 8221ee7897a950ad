//! Inputs that no key could make right, and what is said of them.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{arn, base64, call, cloud, code, key, message};

fn check(cloud: &FakeCloud, operation: &str, input: &Value, said: &str) {
    assert_eq!(code(cloud, operation, input), "ValidationException", "{operation} {input}");
    assert_eq!(message(cloud, operation, input), said, "{operation} {input}");
}

#[test]
fn missing_members_are_all_named() {
    let (cloud, _) = cloud();
    check(
        &cloud,
        "Encrypt",
        &json!({ "KeyId": null }),
        "2 validation errors detected: \
         Value null at 'keyId' failed to satisfy constraint: Member must not be null; \
         Value null at 'plaintext' failed to satisfy constraint: Member must not be null",
    );
    for (operation, count) in
        [("Decrypt", 1), ("CreateGrant", 3), ("Verify", 4), ("VerifyMac", 4), ("DescribeKey", 1)]
    {
        assert!(
            message(&cloud, operation, &json!({})).starts_with(&format!("{count} validation error")),
            "{operation}"
        );
    }
}

#[test]
fn sizes_and_names_are_held_to_the_model() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    check(
        &cloud,
        "GenerateRandom",
        &json!({ "NumberOfBytes": 1025 }),
        "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: \
         Member must have value less than or equal to 1024",
    );
    check(
        &cloud,
        "GenerateRandom",
        &json!({ "NumberOfBytes": 0 }),
        "1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: \
         Member must have value greater than or equal to 1",
    );
    check(&cloud, "GenerateRandom", &json!({}), "NumberOfBytes is required.");
    check(
        &cloud,
        "CreateKey",
        &json!({ "KeyUsage": "RANDOM" }),
        "1 validation error detected: Value 'RANDOM' at 'keyUsage' failed to satisfy constraint: \
         Member must satisfy enum value set: [SIGN_VERIFY, ENCRYPT_DECRYPT, GENERATE_VERIFY_MAC, KEY_AGREEMENT]",
    );
    for (operation, input) in [
        ("CreateKey", json!({ "KeySpec": "AES_256" })),
        ("CreateKey", json!({ "CustomerMasterKeySpec": "HMAC" })),
        ("CreateKey", json!({ "Description": "x".repeat(8193) })),
        ("CreateKey", json!({ "Policy": "" })),
        ("GenerateDataKey", json!({ "KeyId": id, "KeySpec": "RSA_2048" })),
        ("GenerateDataKey", json!({ "KeyId": id, "NumberOfBytes": 1025 })),
        ("GenerateDataKey", json!({ "KeyId": id })),
        ("GenerateDataKey", json!({ "KeyId": id, "NumberOfBytes": 1, "KeySpec": "AES_128" })),
        ("GenerateDataKeyPair", json!({ "KeyId": id, "KeyPairSpec": "SYMMETRIC_DEFAULT" })),
        ("GenerateMac", json!({ "KeyId": id, "Message": "YQ==", "MacAlgorithm": "INVALID" })),
        (
            "Sign",
            json!({ "KeyId": id, "Message": "YQ==", "MessageType": "x", "SigningAlgorithm": "ECDSA_SHA_256" }),
        ),
        ("CreateKey", json!({ "Origin": "elsewhere" })),
        ("EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 89 })),
        ("EnableKeyRotation", json!({ "KeyId": id, "RotationPeriodInDays": 2561 })),
        ("DescribeKey", json!({ "KeyId": "" })),
        ("DescribeKey", json!({ "KeyId": "x".repeat(2049) })),
        ("Decrypt", json!({ "CiphertextBlob": base64(vec![0; 6145]) })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": "YQ==", "GrantTokens": vec!["t"; 11] })),
    ] {
        assert_eq!(code(&cloud, operation, &input), "ValidationException", "{operation} {input}");
    }
}

#[test]
fn unreadable_input_is_refused() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for input in [
        json!({ "KeyId": id, "Plaintext": "not base64!" }),
        json!({ "KeyId": id, "Plaintext": 1 }),
        json!({ "KeyId": [id], "Plaintext": "YQ==" }),
        json!({ "KeyId": id, "Plaintext": "YQ==", "EncryptionContext": { "a": 1 } }),
    ] {
        assert_eq!(code(&cloud, "Encrypt", &input), "SerializationException", "{input}");
    }
    assert_eq!(code(&cloud, "Nothing", &json!({})), "UnknownOperationException");
}

#[test]
fn garbage_is_no_ciphertext() {
    let (cloud, _) = cloud();
    for blob in
        [vec![0], vec![1], vec![1, 0, 0], vec![1, 255, 255, 0], b"plain text".to_vec(), vec![255; 6144]]
    {
        let input = json!({ "CiphertextBlob": base64(blob) });
        assert_eq!(code(&cloud, "Decrypt", &input), "InvalidCiphertextException", "{input}");
    }
}

#[test]
fn a_key_works_only_for_its_usage() {
    let (cloud, _) = cloud();
    let symmetric = key(&cloud, &json!({}));
    let curve = key(&cloud, &json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" }));
    let hmac = key(&cloud, &json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let blob = super::support::encrypt(&cloud, &symmetric, "a", &json!({}));
    let usage = |id: &str, usage: &str, operation: &str| {
        format!("{} key usage is {usage} which is not valid for {operation}.", arn(id))
    };
    for (operation, id, members, had) in [
        ("Encrypt", &curve, json!({ "Plaintext": "YQ==" }), "SIGN_VERIFY"),
        ("GenerateDataKey", &hmac, json!({ "KeySpec": "AES_256" }), "GENERATE_VERIFY_MAC"),
        (
            "GenerateMac",
            &symmetric,
            json!({ "Message": "YQ==", "MacAlgorithm": "HMAC_SHA_256" }),
            "ENCRYPT_DECRYPT",
        ),
        (
            "Sign",
            &hmac,
            json!({ "Message": "YQ==", "SigningAlgorithm": "ECDSA_SHA_256" }),
            "GENERATE_VERIFY_MAC",
        ),
    ] {
        let mut input = members;
        input["KeyId"] = json!(id);
        assert_eq!(code(&cloud, operation, &input), "InvalidKeyUsageException", "{operation}");
        assert_eq!(message(&cloud, operation, &input), usage(id, had, operation), "E076");
    }
    let input = json!({ "CiphertextBlob": blob, "KeyId": hmac });
    assert_eq!(code(&cloud, "Decrypt", &input), "IncorrectKeyException");
}

#[test]
fn keys_of_unknown_specs_are_refused() {
    let (cloud, _) = cloud();
    let said = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.";
    check(&cloud, "CreateKey", &json!({ "KeySpec": "HMAC_256" }), said);
    for (members, expected) in [
        (json!({ "KeySpec": "HMAC_256", "KeyUsage": "SIGN_VERIFY" }), "ValidationException"),
        (json!({ "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "SIGN_VERIFY" }), "ValidationException"),
        (json!({ "KeySpec": "SM2", "KeyUsage": "SIGN_VERIFY" }), "UnsupportedOperationException"),
        (json!({ "Origin": "AWS_CLOUDHSM" }), "UnsupportedOperationException"),
    ] {
        assert_eq!(code(&cloud, "CreateKey", &members), expected, "{members}");
    }
    assert_eq!(call(&cloud, "ListKeys", &json!({})).unwrap()["Keys"], json!([]));
}

#[test]
fn a_dry_run_does_nothing_and_says_so() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let input = json!({ "KeyId": id, "Plaintext": "YQ==", "DryRun": true });
    let said = "The request would have succeeded, but the DryRun option is set.";
    assert_eq!(code(&cloud, "Encrypt", &input), "DryRunOperationException");
    assert_eq!(message(&cloud, "Encrypt", &input), said);
}

#[test]
fn members_that_the_fake_does_not_implement_are_refused_by_name() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for (operation, member, mut input) in [
        ("GenerateDataKey", "Recipient", json!({ "KeyId": id, "KeySpec": "AES_256" })),
        ("GenerateRandom", "CustomKeyStoreId", json!({ "NumberOfBytes": 1 })),
        ("CreateKey", "XksKeyId", json!({})),
    ] {
        input[member] = json!("x");
        assert_eq!(code(&cloud, operation, &input), "UnsupportedOperationException", "{operation}");
        let said = format!("glueproof does not implement the member {member} of {operation}");
        assert_eq!(message(&cloud, operation, &input), said);
    }
}
