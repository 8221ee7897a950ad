//! AES-256-GCM: what is encrypted opens again, for the right key, the right context and every bit right.

use serde_json::json;

use super::support::{arn, base64, bytes, call, cloud, code, decrypt, encrypt, key, message, text};

#[test]
fn a_ciphertext_decrypts_again() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let input = json!({ "KeyId": id, "Plaintext": base64("hunter2") });
    let sealed = call(&cloud, "Encrypt", &input).unwrap();
    assert_eq!(sealed["KeyId"], arn(&id));
    assert_eq!(sealed["EncryptionAlgorithm"], "SYMMETRIC_DEFAULT");
    let blob = bytes(&sealed["CiphertextBlob"]);
    assert!(!blob.windows(7).any(|window| window == b"hunter2"));
    let opened = call(&cloud, "Decrypt", &json!({ "CiphertextBlob": sealed["CiphertextBlob"] })).unwrap();
    assert_eq!(bytes(&opened["Plaintext"]), b"hunter2");
    assert_eq!(opened["KeyId"], arn(&id));
}

#[test]
fn the_same_plaintext_never_gives_the_same_ciphertext() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    assert_ne!(encrypt(&cloud, &id, "a", &json!({})), encrypt(&cloud, &id, "a", &json!({})));
}

#[test]
fn the_context_must_be_the_same_in_any_order() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = encrypt(&cloud, &id, "a", &json!({ "one": "1", "two": "2" }));
    assert_eq!(decrypt(&cloud, &blob, &json!({ "two": "2", "one": "1" })).unwrap(), "a");
    for other in [
        json!({}),
        json!({ "one": "1" }),
        json!({ "one": "1", "two": "2", "three": "3" }),
        json!({ "one": "1", "two": "3" }),
        json!({ "one": "2", "two": "1" }),
        json!({ "one1": "", "two": "2" }),
        json!({ "one": "1two2" }),
        json!({ "One": "1", "two": "2" }),
    ] {
        assert_eq!(decrypt(&cloud, &blob, &other).unwrap_err(), "InvalidCiphertextException", "{other}");
    }
}

#[test]
fn any_flipped_bit_and_any_cut_makes_a_ciphertext_invalid() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = bytes(&json!(encrypt(&cloud, &id, "a", &json!({}))));
    for bit in 0..blob.len() * 8 {
        let mut flipped = blob.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let code = decrypt(&cloud, &base64(&flipped), &json!({})).unwrap_err();
        assert_eq!(code, "InvalidCiphertextException", "bit {bit}");
    }
    for length in 1..blob.len() {
        let code = decrypt(&cloud, &base64(&blob[..length]), &json!({})).unwrap_err();
        assert_eq!(code, "InvalidCiphertextException", "{length} bytes");
    }
}

#[test]
fn a_ciphertext_opens_under_no_other_key() {
    let (cloud, _) = cloud();
    let (own, other) = (key(&cloud, &json!({})), key(&cloud, &json!({})));
    let blob = encrypt(&cloud, &own, "a", &json!({}));
    let input = |id: &str| json!({ "CiphertextBlob": blob, "KeyId": id });
    assert!(call(&cloud, "Decrypt", &input(&own)).is_ok());
    assert!(call(&cloud, "Decrypt", &input(&arn(&own))).is_ok());
    assert_eq!(code(&cloud, "Decrypt", &input(&other)), "IncorrectKeyException");
    let said = "The key ID in the request does not identify a CMK that can perform this operation.";
    assert_eq!(message(&cloud, "Decrypt", &input(&other)), said);
}

#[test]
fn a_plaintext_has_at_least_one_byte_and_at_most_4096() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = encrypt(&cloud, &id, &"x".repeat(4096), &json!({}));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap().len(), 4096);
    let input = |length| json!({ "KeyId": id, "Plaintext": base64("x".repeat(length)) });
    assert_eq!(
        message(&cloud, "Encrypt", &input(4097)),
        "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: \
         Member must have length less than or equal to 4096"
    );
    assert_eq!(code(&cloud, "Encrypt", &input(0)), "ValidationException");
}

#[test]
fn a_data_key_equals_its_decrypted_ciphertext() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let context = json!({ "a": "b" });
    for (how, length) in [
        (json!({ "KeySpec": "AES_256" }), 32),
        (json!({ "KeySpec": "AES_128" }), 16),
        (json!({ "NumberOfBytes": 1 }), 1),
        (json!({ "NumberOfBytes": 1024 }), 1024),
    ] {
        let mut input = how;
        input["KeyId"] = json!(id);
        input["EncryptionContext"] = context.clone();
        let made = call(&cloud, "GenerateDataKey", &input).unwrap();
        assert_eq!(bytes(&made["Plaintext"]).len(), length);
        let open = json!({ "CiphertextBlob": made["CiphertextBlob"], "EncryptionContext": context });
        assert_eq!(call(&cloud, "Decrypt", &open).unwrap()["Plaintext"], made["Plaintext"]);
        assert_eq!(
            decrypt(&cloud, &text(&made["CiphertextBlob"]), &json!({})).unwrap_err(),
            "InvalidCiphertextException"
        );
        let sealed = call(&cloud, "GenerateDataKeyWithoutPlaintext", &input).unwrap();
        assert!(sealed.get("Plaintext").is_none());
        let open = json!({ "CiphertextBlob": sealed["CiphertextBlob"], "EncryptionContext": context });
        assert_eq!(bytes(&call(&cloud, "Decrypt", &open).unwrap()["Plaintext"]).len(), length);
    }
}
