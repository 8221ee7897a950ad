//! Facts of the evidence file about KMS. Each test names its fact.

use http::Request;
use serde_json::{Value, json};

use super::support::{ACCOUNT, arn, base64, call, cloud, code, key, message, text};

fn is_material_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[test]
fn operations_without_an_output_answer_an_empty_body_e217() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let alias = json!({ "AliasName": "alias/a", "TargetKeyId": id });
    for (operation, input) in [
        ("CreateAlias", &alias),
        ("DeleteAlias", &alias),
        ("EnableKeyRotation", &json!({ "KeyId": id })),
        ("DisableKey", &json!({ "KeyId": id })),
    ] {
        let request = Request::post("http://localhost/")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("TrentService.{operation}"))
            .body(input.to_string().into())
            .unwrap();
        let answer = cloud.handle(request);
        assert_eq!((answer.status().as_u16(), answer.body().len()), (200, 0), "{operation}");
        assert_eq!(answer.headers()["content-length"], "0", "{operation}");
        assert_eq!(answer.headers()["content-type"], "application/x-amz-json-1.1", "{operation}");
    }
}

#[test]
fn get_key_policy_is_rewritten_in_the_service_layout_e219() {
    let (cloud, _) = cloud();
    let statement =
        format!(r#"{{"Effect":"Allow","Principal":{{"AWS":"{ACCOUNT}"}},"Action":"kms:*","Resource":"*"}}"#);
    let sent = format!(r#"{{"Statement":[{statement}],"Id":"Lulu","Version":"2012-10-17"}}"#);
    let id = key(&cloud, &json!({ "Policy": sent }));
    let read = text(&call(&cloud, "GetKeyPolicy", &json!({ "KeyId": id })).unwrap()["Policy"]);
    let expected = "{\n  \"Version\" : \"2012-10-17\",\n  \"Id\" : \"Lulu\",\n  \"Statement\" : [ {\n    \"Effect\" : \
                    \"Allow\",\n    \"Principal\" : {\n      \"AWS\" : \"123456789012\"\n    },\n    \"Action\" : \
                    \"kms:*\",\n    \"Resource\" : \"*\"\n  } ]\n}";
    assert_eq!(read, expected);
}

#[test]
fn key_metadata_has_the_id_of_the_material_until_a_rotation_e222() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let material = || {
        let described = call(&cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap();
        described["KeyMetadata"]["CurrentKeyMaterialId"].clone()
    };
    let first = material();
    assert!(is_material_id(&first), "{first}");
    call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    assert!(is_material_id(&material()));
    assert_ne!(material(), first);
    let hmac = json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" });
    let made = call(&cloud, "CreateKey", &hmac).unwrap();
    assert_eq!(made["KeyMetadata"].get("CurrentKeyMaterialId"), None);
}

#[test]
fn decrypt_names_the_material_that_encrypted_e223() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let sealed = call(&cloud, "GenerateDataKey", &json!({ "KeyId": id, "KeySpec": "AES_256" })).unwrap();
    call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    let opened = call(&cloud, "Decrypt", &json!({ "CiphertextBlob": sealed["CiphertextBlob"] })).unwrap();
    assert!(is_material_id(&opened["KeyMaterialId"]));
    assert_eq!(opened["KeyMaterialId"], sealed["KeyMaterialId"]);
}

#[test]
fn rotate_key_on_demand_answers_the_arn_e224() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    assert_eq!(
        call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap(),
        json!({ "KeyId": arn(&id) })
    );
}

#[test]
fn list_key_rotations_has_arn_material_and_state_e225() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for _ in 0..2 {
        call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    }
    let listed = call(&cloud, "ListKeyRotations", &json!({ "KeyId": id })).unwrap();
    let rotations = listed["Rotations"].as_array().unwrap();
    let states: Vec<_> = rotations.iter().map(|one| text(&one["KeyMaterialState"])).collect();
    assert_eq!(states, ["NON_CURRENT", "CURRENT"]);
    assert!(rotations.iter().all(|one| one["KeyId"] == arn(&id) && is_material_id(&one["KeyMaterialId"])));
    let input = json!({ "KeyId": id, "IncludeKeyMaterial": "ALL_KEY_MATERIAL" });
    let all = call(&cloud, "ListKeyRotations", &input).unwrap();
    assert_eq!(all["Rotations"].as_array().unwrap().len(), 3);
    assert_eq!(all["Rotations"][0].get("RotationDate"), None);
}

#[test]
fn too_many_tags_are_a_tag_exception_e227() {
    let (cloud, _) = cloud();
    let tags: Vec<Value> =
        (0..51).map(|index| json!({ "TagKey": format!("k{index}"), "TagValue": "" })).collect();
    let refused = call(&cloud, "CreateKey", &json!({ "Tags": tags })).unwrap_err();
    assert_eq!(refused, ("TagException".to_owned(), Some("Too many tags".to_owned())));
}

#[test]
fn reserved_tags_are_a_tag_exception_e228() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for reserved in ["aws:key1", "AWS:key1"] {
        let tags = json!([{ "TagKey": reserved, "TagValue": "" }]);
        for (operation, input) in
            [("CreateKey", json!({ "Tags": tags })), ("TagResource", json!({ "KeyId": id, "Tags": tags }))]
        {
            assert_eq!(code(&cloud, operation, &input), "TagException", "{operation}");
            let said = "Tags beginning with aws: are reserved";
            assert_eq!(message(&cloud, operation, &input), said, "{operation}");
        }
    }
}

#[test]
fn plaintext_limit_does_not_quote_the_bytes_e234() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let input = json!({ "KeyId": id, "Plaintext": base64(vec![0; 4097]) });
    assert_eq!(
        message(&cloud, "Encrypt", &input),
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length \
         less than or equal to 4096"
    );
}

#[test]
fn a_wrong_context_has_no_text_and_a_wrong_key_has_one_e235() {
    let (cloud, _) = cloud();
    let (id, other) = (key(&cloud, &json!({})), key(&cloud, &json!({})));
    let blob = super::support::encrypt(&cloud, &id, "a", &json!({ "a": "b" }));
    let refused = call(&cloud, "Decrypt", &json!({ "CiphertextBlob": blob })).unwrap_err();
    assert_eq!(refused, ("InvalidCiphertextException".to_owned(), None));
    let input = json!({ "CiphertextBlob": blob, "KeyId": other, "EncryptionContext": { "a": "b" } });
    let said = "The key ID in the request does not identify a CMK that can perform this operation.";
    assert_eq!(code(&cloud, "Decrypt", &input), "IncorrectKeyException");
    assert_eq!(message(&cloud, "Decrypt", &input), said);
}

#[test]
fn rotation_of_imported_material_is_not_supported_e257() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "Origin": "EXTERNAL" }));
    for operation in ["GetKeyRotationStatus", "EnableKeyRotation", "ListKeyRotations"] {
        let input = json!({ "KeyId": id });
        assert_eq!(code(&cloud, operation, &input), "UnsupportedOperationException", "{operation}");
        let said = format!("{} origin is EXTERNAL which is not valid for this operation.", arn(&id));
        assert_eq!(message(&cloud, operation, &input), said, "{operation}");
    }
}

#[test]
fn a_policy_that_locks_everyone_out_is_malformed() {
    let (cloud, _) = cloud();
    let statement = |effect: &str, principal: Value, action: &str| json!({ "Effect": effect, "Principal": principal, "Action": action, "Resource": "*" });
    let root = statement("Allow", json!({ "AWS": ACCOUNT }), "kms:*");
    for statements in [
        json!([statement("Allow", json!({ "Service": "logs.amazonaws.com" }), "kms:*")]),
        json!([statement("Allow", json!({ "AWS": "210987654321" }), "kms:*")]),
        json!([statement("Allow", json!({ "AWS": ACCOUNT }), "kms:Encrypt")]),
        json!([root, statement("Deny", json!("*"), "kms:Put*")]),
    ] {
        let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let input = json!({ "Policy": policy });
        assert_eq!(code(&cloud, "CreateKey", &input), "MalformedPolicyDocumentException", "{policy}");
        let bypass = json!({ "Policy": policy, "BypassPolicyLockoutSafetyCheck": true });
        assert!(call(&cloud, "CreateKey", &bypass).is_ok(), "{policy}");
    }
}

#[test]
fn an_unknown_mac_algorithm_is_refused_with_the_known_ones_e233() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let input = json!({ "KeyId": id, "Message": "YQ==", "MacAlgorithm": "INVALID" });
    let said = message(&cloud, "GenerateMac", &input);
    let (start, set) = said.split_once("enum value set: [").unwrap();
    assert_eq!(
        start,
        "1 validation error detected: Value 'INVALID' at 'macAlgorithm' failed to satisfy constraint: Member must \
         satisfy "
    );
    let mut names: Vec<_> = set.trim_end_matches(']').split(", ").collect();
    names.sort_unstable();
    assert_eq!(names, ["HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"]);
}

#[test]
fn a_list_of_keys_has_their_number_e221() {
    let (cloud, _) = cloud();
    let list = |input: &Value| call(&cloud, "ListKeys", input).unwrap();
    assert_eq!(list(&json!({})), json!({ "KeyCount": 0, "Keys": [], "Truncated": false }));
    for _ in 0..3 {
        key(&cloud, &json!({}));
    }
    assert_eq!(list(&json!({ "Limit": 2 }))["KeyCount"], 2);
}

/// The newest model lets `Decrypt` ask for permission without a ciphertext (E251), and has kinds of keys that the fake does not
/// implement. The fake says so, instead of ignoring the members.
#[test]
fn members_of_the_newest_model_are_refused_by_name_e251() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let input = json!({ "KeyId": id, "DryRun": true, "DryRunModifiers": ["IGNORE_CIPHERTEXT"] });
    assert_eq!(code(&cloud, "Decrypt", &input), "UnsupportedOperationException");
    let text = message(&cloud, "Decrypt", &input);
    assert_eq!(text, "glueproof does not implement the member DryRunModifiers of Decrypt");
    for spec in [
        "ECC_NIST_EDWARDS25519",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ] {
        let input = json!({ "KeySpec": spec, "KeyUsage": "SIGN_VERIFY" });
        assert_eq!(code(&cloud, "CreateKey", &input), "UnsupportedOperationException", "{spec}");
        let expected = format!("glueproof does not implement the key spec {spec}");
        assert_eq!(message(&cloud, "CreateKey", &input), expected);
    }
}
