//! Metadata, description, policy and tags of keys, and re-encryption.

use serde_json::{Value, json};

use super::support::{ACCOUNT, arn, call, cloud, code, decrypt, encrypt, key, message, text};

#[test]
fn a_new_key_is_described_as_the_service_does() {
    let (cloud, _) = cloud();
    let members = json!({ "Description": "test key 123", "Tags": [{ "TagKey": "a", "TagValue": "b" }] });
    let made = call(&cloud, "CreateKey", &members).unwrap();
    let id = text(&made["KeyMetadata"]["KeyId"]);
    let expected = json!({
        "AWSAccountId": ACCOUNT, "Arn": arn(&id), "CreationDate": 1_700_000_000.0,
        "CurrentKeyMaterialId": made["KeyMetadata"]["CurrentKeyMaterialId"],
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "Description": "test key 123", "Enabled": true,
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"], "KeyId": id, "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled", "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": false, "Origin": "AWS_KMS",
    });
    assert_eq!(made["KeyMetadata"], expected);
    assert_eq!(call(&cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap(), made);
}

#[test]
fn a_key_names_the_algorithms_of_its_usage() {
    let (cloud, _) = cloud();
    let metadata = |members: Value| call(&cloud, "CreateKey", &members).unwrap()["KeyMetadata"].clone();
    let rsa = metadata(json!({ "CustomerMasterKeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT" }));
    assert_eq!(rsa["EncryptionAlgorithms"], json!(["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]));
    assert!(rsa.get("SigningAlgorithms").is_none());
    let hmac = metadata(json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    assert_eq!(hmac["MacAlgorithms"], json!(["HMAC_SHA_256"]));
    assert!(hmac.get("EncryptionAlgorithms").is_none());
}

#[test]
fn a_description_can_be_replaced() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "Description": "old" }));
    let answer = call(&cloud, "UpdateKeyDescription", &json!({ "KeyId": id, "Description": "new" })).unwrap();
    assert_eq!(answer, json!({}));
    let described = call(&cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap();
    assert_eq!(described["KeyMetadata"]["Description"], "new");
}

fn policy(action: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") },
        "Action": action, "Resource": "*",
    }] })
    .to_string()
}

#[test]
fn a_policy_is_returned_with_its_contents() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let read = || call(&cloud, "GetKeyPolicy", &json!({ "KeyId": id, "PolicyName": "default" })).unwrap();
    let usual: Value = serde_json::from_str(&text(&read()["Policy"])).unwrap();
    assert_eq!(usual["Id"], "key-default-1");
    assert_eq!(usual["Statement"][0]["Principal"]["AWS"], format!("arn:aws:iam::{ACCOUNT}:root"));
    let put = |policy: &str| call(&cloud, "PutKeyPolicy", &json!({ "KeyId": id, "Policy": policy }));
    let spaced = format!(" {} ", policy("kms:*"));
    put(&spaced).unwrap();
    assert_eq!(read()["PolicyName"], "default");
    assert_eq!(
        serde_json::from_str::<Value>(&text(&read()["Policy"])).unwrap(),
        serde_json::from_str::<Value>(&spaced).unwrap()
    );
    let given = key(&cloud, &json!({ "Policy": policy("kms:*") }));
    let given = text(&call(&cloud, "GetKeyPolicy", &json!({ "KeyId": given })).unwrap()["Policy"]);
    assert_eq!(
        serde_json::from_str::<Value>(&given).unwrap(),
        serde_json::from_str::<Value>(&policy("kms:*")).unwrap()
    );
    let names = call(&cloud, "ListKeyPolicies", &json!({ "KeyId": id })).unwrap();
    assert_eq!(names, json!({ "PolicyNames": ["default"], "Truncated": false }));
    let other = json!({ "KeyId": id, "PolicyName": "other" });
    assert_eq!(code(&cloud, "GetKeyPolicy", &other), "NotFoundException");
}

#[test]
fn invalid_policies_and_lockouts_are_refused() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let before = call(&cloud, "GetKeyPolicy", &json!({ "KeyId": id })).unwrap();
    let put = |policy: &str, bypass: bool| {
        let input = json!({ "KeyId": id, "Policy": policy, "BypassPolicyLockoutSafetyCheck": bypass });
        call(&cloud, "PutKeyPolicy", &input)
    };
    for wrong in ["my policy", "{}", "[]", r#"{"Statement":[]}"#, r#"{"Statement":[{"Effect":"Maybe"}]}"#] {
        assert_eq!(put(wrong, true).unwrap_err().0, "MalformedPolicyDocumentException", "{wrong}");
        let code = code(&cloud, "CreateKey", &json!({ "Policy": wrong }));
        assert_eq!(code, "MalformedPolicyDocumentException", "{wrong}");
    }
    let locked = put(&policy("kms:Encrypt"), false).unwrap_err();
    let said = "The new key policy will not allow you to update the key policy in the future.";
    assert_eq!(locked, ("MalformedPolicyDocumentException".to_owned(), Some(said.to_owned())));
    assert_eq!(call(&cloud, "GetKeyPolicy", &json!({ "KeyId": id })).unwrap(), before);
    for enough in ["kms:*", "*", "kms:Put*", "KMS:putkeypolicy", "kms:?utKeyPolicy"] {
        assert!(put(&policy(enough), false).is_ok(), "{enough}");
    }
    assert!(put(&policy("kms:Encrypt"), true).is_ok());
    // A comparison that backtracks over every star would not end.
    let stars = format!("kms:{}x", "*".repeat(200));
    assert_eq!(put(&policy(&stars), false).unwrap_err().0, "MalformedPolicyDocumentException");
    let long =
        policy("kms:*").replace("2012-10-17\"", &format!("2012-10-17\",\"Id\":\"{}\"", "x".repeat(32_768)));
    assert_eq!(put(&long, false).unwrap_err().0, "LimitExceededException");
}

#[test]
fn tags_are_added_replaced_and_removed() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "Tags": [{ "TagKey": "a", "TagValue": "1" }] }));
    let tag = |tags: Value| call(&cloud, "TagResource", &json!({ "KeyId": id, "Tags": tags }));
    let entry = |key: &str, value: &str| json!({ "TagKey": key, "TagValue": value });
    tag(json!([entry("b", "2"), entry("a", "3")])).unwrap();
    let listed = || call(&cloud, "ListResourceTags", &json!({ "KeyId": id })).unwrap()["Tags"].clone();
    assert_eq!(listed(), json!([entry("a", "3"), entry("b", "2")]));
    call(&cloud, "UntagResource", &json!({ "KeyId": id, "TagKeys": ["a", "none"] })).unwrap();
    assert_eq!(listed(), json!([entry("b", "2")]));
    let refused = |tags: Value| tag(tags).unwrap_err().0;
    assert_eq!(refused(json!([entry("c", ""), entry("c", "")])), "TagException");
    assert_eq!(refused(json!([entry("aws:c", "")])), "TagException");
    assert_eq!(refused(json!([entry("", "")])), "ValidationException");
    assert_eq!(refused(json!([entry("c", &"x".repeat(257))])), "ValidationException");
    let many: Vec<_> = (0..50).map(|index| entry(&format!("t{index}"), "")).collect();
    assert_eq!(refused(json!(many)), "TagException");
    assert_eq!(listed(), json!([entry("b", "2")]));
}

#[test]
fn re_encryption_moves_a_ciphertext_to_another_key_and_context() {
    let (cloud, _) = cloud();
    let (one, other) = (key(&cloud, &json!({})), key(&cloud, &json!({})));
    let blob = encrypt(&cloud, &one, "a", &json!({ "at": "one" }));
    let mut input = json!({
        "CiphertextBlob": blob, "DestinationKeyId": other,
        "SourceEncryptionContext": { "at": "one" }, "DestinationEncryptionContext": { "at": "other" },
    });
    let moved = call(&cloud, "ReEncrypt", &input).unwrap();
    assert_eq!((&moved["SourceKeyId"], &moved["KeyId"]), (&json!(arn(&one)), &json!(arn(&other))));
    let moved = text(&moved["CiphertextBlob"]);
    call(&cloud, "DisableKey", &json!({ "KeyId": one })).unwrap();
    assert_eq!(decrypt(&cloud, &moved, &json!({ "at": "other" })).unwrap(), "a");
    assert_eq!(decrypt(&cloud, &moved, &json!({ "at": "one" })).unwrap_err(), "InvalidCiphertextException");
    assert_eq!(code(&cloud, "ReEncrypt", &input), "DisabledException");
    call(&cloud, "EnableKey", &json!({ "KeyId": one })).unwrap();
    input["SourceKeyId"] = json!(other);
    assert_eq!(code(&cloud, "ReEncrypt", &input), "IncorrectKeyException");
    input["SourceKeyId"] = json!(one);
    input["SourceEncryptionContext"] = json!({});
    assert_eq!(code(&cloud, "ReEncrypt", &input), "InvalidCiphertextException");
    assert_eq!(message(&cloud, "ReEncrypt", &input), "");
}
