//! Ids, ARNs and aliases; accounts and regions; the keys that AWS keeps.

use serde_json::json;

use super::support::{ACCOUNT, arn, call, call_as, cloud, code, decrypt, encrypt, key, message};

const OTHER: &str = "000000000042/20200101/us-east-1/kms/aws4_request";
const ELSEWHERE: &str = "123456789012/20200101/eu-west-1/kms/aws4_request";

#[test]
fn a_key_goes_by_id_arn_alias_and_alias_arn() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    call(&cloud, "CreateAlias", &json!({ "AliasName": "alias/team/a_1-x", "TargetKeyId": arn(&id) }))
        .unwrap();
    let alias_arn = format!("arn:aws:kms:us-east-1:{ACCOUNT}:alias/team/a_1-x");
    for name in [&id, &arn(&id), "alias/team/a_1-x", &alias_arn] {
        let described = call(&cloud, "DescribeKey", &json!({ "KeyId": name })).unwrap();
        assert_eq!(described["KeyMetadata"]["KeyId"], json!(id), "{name}");
        let blob = encrypt(&cloud, name, "a", &json!({}));
        assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
        let input = json!({ "CiphertextBlob": blob, "KeyId": name });
        assert!(call(&cloud, "Decrypt", &input).is_ok(), "{name}");
    }
}

#[test]
fn missing_resources_are_named_in_the_words_of_the_service() {
    let (cloud, _) = cloud();
    let missing = "11111111-2222-4333-8444-555555555555";
    for (name, said) in [
        (missing, format!("Key '{}' does not exist", arn(missing))),
        (&arn(missing), format!("Key '{}' does not exist", arn(missing))),
        ("fake-key-id", "Invalid keyId 'fake-key-id'".to_owned()),
        ("134f2428cec14b25a1ae9048164dba47", "Invalid keyId '134f2428cec14b25a1ae9048164dba47'".to_owned()),
        ("mrk-fake-key-id", "Invalid keyId 'mrk-fake-key-id'".to_owned()),
        ("alias/none", format!("Alias arn:aws:kms:us-east-1:{ACCOUNT}:alias/none is not found.")),
        ("alias/aws/none", format!("Alias arn:aws:kms:us-east-1:{ACCOUNT}:alias/aws/none is not found.")),
        (&arn(missing).replace("us-east-1", "eu-west-1"), "Invalid arn eu-west-1".to_owned()),
    ] {
        let input = json!({ "KeyId": name });
        assert_eq!(code(&cloud, "DescribeKey", &input), "NotFoundException");
        assert_eq!(message(&cloud, "DescribeKey", &input), said, "E073, E074, E077");
    }
    for broken in ["arn:aws:kms", "arn:aws:s3:::bucket", "arn:aws:kms:us-east-1:123456789012:thing/x"] {
        assert_eq!(
            code(&cloud, "DescribeKey", &json!({ "KeyId": broken })),
            "InvalidArnException",
            "{broken}"
        );
    }
}

#[test]
fn some_operations_take_no_alias() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    call(&cloud, "CreateAlias", &json!({ "AliasName": "alias/a", "TargetKeyId": id })).unwrap();
    for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion", "GetKeyPolicy", "ListResourceTags"] {
        let input = json!({ "KeyId": "alias/a" });
        assert_eq!(message(&cloud, operation, &input), "Invalid keyId 'alias/a'", "{operation}");
    }
    let input = json!({ "AliasName": "alias/b", "TargetKeyId": "alias/a" });
    assert_eq!(message(&cloud, "CreateAlias", &input), "Aliases must refer to keys. Not aliases");
}

#[test]
fn an_alias_can_be_given_to_another_key_of_its_kind() {
    let (cloud, _) = cloud();
    let (one, other) = (key(&cloud, &json!({})), key(&cloud, &json!({})));
    let hmac = key(&cloud, &json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let put = |operation: &str, key: &str| {
        call(&cloud, operation, &json!({ "AliasName": "alias/a", "TargetKeyId": key }))
    };
    let said = format!("Alias arn:aws:kms:us-east-1:{ACCOUNT}:alias/a is not found.");
    assert_eq!(put("UpdateAlias", &one).unwrap_err(), ("NotFoundException".to_owned(), Some(said)));
    put("CreateAlias", &one).unwrap();
    let blob = encrypt(&cloud, "alias/a", "a", &json!({}));
    let said = format!("An alias with the name arn:aws:kms:us-east-1:{ACCOUNT}:alias/a already exists");
    assert_eq!(put("CreateAlias", &other).unwrap_err(), ("AlreadyExistsException".to_owned(), Some(said)));
    put("UpdateAlias", &other).unwrap();
    let described = call(&cloud, "DescribeKey", &json!({ "KeyId": "alias/a" })).unwrap();
    assert_eq!(described["KeyMetadata"]["KeyId"], json!(other));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a", "a ciphertext names the key, not the alias");
    assert_eq!(put("UpdateAlias", &hmac).unwrap_err().0, "ValidationException");
    let curve = json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" });
    let other_curve = json!({ "KeySpec": "ECC_NIST_P384", "KeyUsage": "SIGN_VERIFY" });
    let signer = json!({ "AliasName": "alias/signer", "TargetKeyId": key(&cloud, &curve) });
    call(&cloud, "CreateAlias", &signer).unwrap();
    let signer = json!({ "AliasName": "alias/signer", "TargetKeyId": key(&cloud, &other_curve) });
    assert!(call(&cloud, "UpdateAlias", &signer).is_ok());
    let entries = call(&cloud, "ListAliases", &json!({ "KeyId": other })).unwrap();
    assert_eq!(entries["Aliases"][0]["TargetKeyId"], json!(other));
    assert_eq!(call(&cloud, "ListAliases", &json!({ "KeyId": one })).unwrap()["Aliases"], json!([]));
    call(&cloud, "DeleteAlias", &json!({ "AliasName": "alias/a" })).unwrap();
    assert_eq!(code(&cloud, "DeleteAlias", &json!({ "AliasName": "alias/a" })), "NotFoundException");
    assert!(call(&cloud, "DescribeKey", &json!({ "KeyId": other })).is_ok());
}

#[test]
fn alias_names_have_a_form() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for (name, expected) in [
        ("nope", "ValidationException"),
        ("alias/with space", "ValidationException"),
        ("", "ValidationException"),
        ("alias/", "InvalidAliasNameException"),
        ("alias/a:b", "ValidationException"),
        ("alias/aws/mine", "InvalidAliasNameException"),
    ] {
        let input = json!({ "AliasName": name, "TargetKeyId": id });
        assert_eq!(code(&cloud, "CreateAlias", &input), expected, "{name}");
    }
    let input = json!({ "AliasName": "nope", "TargetKeyId": id });
    assert!(
        message(&cloud, "CreateAlias", &input).starts_with("Alias must start with the prefix \"alias/\".")
    );
}

#[test]
fn a_key_has_at_most_fifty_aliases() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let input = |index: usize| json!({ "AliasName": format!("alias/{index}"), "TargetKeyId": id });
    (0..50).for_each(|index| drop(call(&cloud, "CreateAlias", &input(index)).unwrap()));
    assert_eq!(code(&cloud, "CreateAlias", &input(50)), "LimitExceededException");
    assert!(call(&cloud, "UpdateAlias", &input(49)).is_ok(), "it is no new one");
}

#[test]
fn other_accounts_reach_a_key_by_its_arn_only() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    call(&cloud, "CreateAlias", &json!({ "AliasName": "alias/a", "TargetKeyId": id })).unwrap();
    let alias_arn = format!("arn:aws:kms:us-east-1:{ACCOUNT}:alias/a");
    let encrypt = |scope, name: &str| {
        call_as(&cloud, Some(scope), "Encrypt", &json!({ "KeyId": name, "Plaintext": "YQ==" }))
    };
    let sealed = encrypt(OTHER, &arn(&id)).unwrap();
    assert!(encrypt(OTHER, &alias_arn).is_ok());
    assert_eq!(encrypt(OTHER, &id).unwrap_err().0, "NotFoundException");
    assert_eq!(encrypt(OTHER, "alias/a").unwrap_err().0, "NotFoundException");
    assert_eq!(encrypt(ELSEWHERE, &arn(&id)).unwrap_err().1.unwrap(), "Invalid arn us-east-1");
    assert_eq!(encrypt(ELSEWHERE, &id).unwrap_err().0, "NotFoundException");
    let open = json!({ "CiphertextBlob": sealed["CiphertextBlob"] });
    assert_eq!(call_as(&cloud, Some(OTHER), "Decrypt", &open).unwrap()["KeyId"], json!(arn(&id)));
    assert_eq!(call_as(&cloud, Some(ELSEWHERE), "Decrypt", &open).unwrap_err().0, "AccessDeniedException");
    let input = json!({ "KeyId": arn(&id) });
    for operation in ["GetKeyPolicy", "DisableKey", "ScheduleKeyDeletion", "ListResourceTags"] {
        let refusal = call_as(&cloud, Some(OTHER), operation, &input).unwrap_err();
        assert_eq!(refusal.0, "AccessDeniedException", "{operation}");
    }
    assert_eq!(call_as(&cloud, Some(OTHER), "ListKeys", &json!({})).unwrap()["Keys"], json!([]));
}

#[test]
fn the_keys_of_aws_are_there_as_soon_as_they_are_named() {
    let (cloud, _) = cloud();
    assert_eq!(call(&cloud, "ListKeys", &json!({})).unwrap()["Keys"], json!([]));
    let described = call(&cloud, "DescribeKey", &json!({ "KeyId": "alias/aws/glue" })).unwrap();
    let metadata = &described["KeyMetadata"];
    assert_eq!(metadata["KeyManager"], "AWS", "E079");
    assert_eq!(
        metadata["Description"], "Default master key that protects my Glue data when no other key is defined",
        "E079"
    );
    let again = call(&cloud, "DescribeKey", &json!({ "KeyId": "alias/aws/glue" })).unwrap();
    assert_eq!(described, again);
    let id = metadata["KeyId"].as_str().unwrap();
    let status = call(&cloud, "GetKeyRotationStatus", &json!({ "KeyId": id })).unwrap();
    assert_eq!(status["KeyRotationEnabled"], true);
    let blob = encrypt(&cloud, "alias/aws/s3", "a", &json!({}));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
    let other = key(&cloud, &json!({}));
    for (operation, input) in [
        ("DisableKey", json!({ "KeyId": id })),
        ("ScheduleKeyDeletion", json!({ "KeyId": id })),
        ("PutKeyPolicy", json!({ "KeyId": id, "Policy": "{}" })),
        ("DisableKeyRotation", json!({ "KeyId": id })),
        ("TagResource", json!({ "KeyId": id, "Tags": [] })),
        ("UpdateKeyDescription", json!({ "KeyId": id, "Description": "" })),
        ("CreateAlias", json!({ "AliasName": "alias/mine", "TargetKeyId": id })),
    ] {
        assert_eq!(code(&cloud, operation, &input), "AccessDeniedException", "{operation}");
    }
    for (operation, input) in [
        ("DeleteAlias", json!({ "AliasName": "alias/aws/glue" })),
        ("UpdateAlias", json!({ "AliasName": "alias/aws/glue", "TargetKeyId": other })),
    ] {
        assert_eq!(code(&cloud, operation, &input), "InvalidAliasNameException", "{operation}");
    }
}
