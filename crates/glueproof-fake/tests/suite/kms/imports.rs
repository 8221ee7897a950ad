//! Imported key material, and key agreement.

use aws_lc_rs::agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{arn, base64, bytes, call, cloud, code, days, decrypt, encrypt, key, message};

/// Encrypts bytes for an import under a public key.
fn oaep(public: &Value, plaintext: &[u8]) -> Vec<u8> {
    let public = PublicEncryptingKey::from_der(&bytes(public)).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let mut sealed = vec![0; public.ciphertext_size()];
    let length = public.encrypt(&OAEP_SHA256_MGF1SHA256, plaintext, &mut sealed, None).unwrap().len();
    sealed.truncate(length);
    sealed
}

fn parameters(cloud: &FakeCloud, id: &str, algorithm: &str) -> Value {
    let input = json!({ "KeyId": id, "WrappingAlgorithm": algorithm, "WrappingKeySpec": "RSA_2048" });
    call(cloud, "GetParametersForImport", &input).unwrap()
}

fn import(
    cloud: &FakeCloud,
    id: &str,
    material: &[u8],
    more: &Value,
) -> Result<Value, (String, Option<String>)> {
    let parameters = parameters(cloud, id, "RSAES_OAEP_SHA_256");
    let mut input = json!({
        "KeyId": id,
        "ImportToken": parameters["ImportToken"],
        "EncryptedKeyMaterial": base64(oaep(&parameters["PublicKey"], material)),
        "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    call(cloud, "ImportKeyMaterial", &input)
}

fn metadata(cloud: &FakeCloud, id: &str) -> Value {
    call(cloud, "DescribeKey", &json!({ "KeyId": id })).unwrap()["KeyMetadata"].clone()
}

#[test]
fn imported_material_encrypts_until_it_is_deleted_and_only_the_same_comes_back() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "Origin": "EXTERNAL" }));
    assert_eq!(
        (&metadata(&cloud, &id)["KeyState"], &metadata(&cloud, &id)["Origin"]),
        (&json!("PendingImport"), &json!("EXTERNAL"))
    );
    let plain = json!({ "KeyId": id, "Plaintext": "YQ==" });
    assert_eq!(code(&cloud, "Encrypt", &plain), "KMSInvalidStateException");
    assert_eq!(message(&cloud, "Encrypt", &plain), format!("{} is pending import.", arn(&id)));
    import(&cloud, &id, &[7; 32], &json!({})).unwrap();
    assert_eq!(metadata(&cloud, &id)["ExpirationModel"], "KEY_MATERIAL_DOES_NOT_EXPIRE");
    let blob = encrypt(&cloud, &id, "a", &json!({}));
    call(&cloud, "DeleteImportedKeyMaterial", &json!({ "KeyId": id })).unwrap();
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap_err(), "KMSInvalidStateException");
    assert_eq!(import(&cloud, &id, &[8; 32], &json!({})).unwrap_err().0, "IncorrectKeyMaterialException");
    assert_eq!(import(&cloud, &id, &[7; 31], &json!({})).unwrap_err().0, "IncorrectKeyMaterialException");
    import(&cloud, &id, &[7; 32], &json!({})).unwrap();
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
}

#[test]
fn material_expires_with_the_clock() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({ "Origin": "EXTERNAL" }));
    let valid_to = 1_700_000_000.0 + 86_400.0;
    let expires = json!({ "ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": valid_to });
    import(&cloud, &id, &[7; 32], &expires).unwrap();
    assert_eq!(metadata(&cloud, &id)["ValidTo"], json!(valid_to));
    clock.advance(days(1));
    assert_eq!(metadata(&cloud, &id)["KeyState"], "PendingImport");
    let missing = import(&cloud, &id, &[7; 32], &json!({ "ExpirationModel": "KEY_MATERIAL_EXPIRES" }));
    assert_eq!(missing.unwrap_err().0, "ValidationException");
}

#[test]
fn a_wrapped_key_can_be_imported_with_a_fresh_token_only() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({ "Origin": "EXTERNAL" }));
    let given = parameters(&cloud, &id, "RSA_AES_KEY_WRAP_SHA_256");
    let mut wrapped = vec![0; 48];
    let length =
        AesKek::new(&AES_256, &[9; 32]).unwrap().wrap_with_padding(&[7; 32], &mut wrapped).unwrap().len();
    let mut sealed = oaep(&given["PublicKey"], &[9; 32]);
    sealed.extend(&wrapped[..length]);
    let input = |token: &Value| {
        json!({
            "KeyId": id, "ImportToken": token, "EncryptedKeyMaterial": base64(&sealed),
            "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE",
        })
    };
    assert_eq!(code(&cloud, "ImportKeyMaterial", &input(&json!("YQ=="))), "InvalidImportTokenException");
    clock.advance(days(1));
    assert_eq!(
        code(&cloud, "ImportKeyMaterial", &input(&given["ImportToken"])),
        "ExpiredImportTokenException"
    );
    let given = parameters(&cloud, &id, "RSA_AES_KEY_WRAP_SHA_256");
    let mut sealed = oaep(&given["PublicKey"], &[9; 32]);
    sealed.extend(&wrapped[..length]);
    let input = json!({
        "KeyId": id, "ImportToken": given["ImportToken"], "EncryptedKeyMaterial": base64(&sealed),
        "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE",
    });
    assert_eq!(call(&cloud, "ImportKeyMaterial", &input).unwrap()["KeyId"], arn(&id));
    assert_eq!(metadata(&cloud, &id)["KeyState"], "Enabled");
}

#[test]
fn only_external_keys_import() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let input =
        json!({ "KeyId": id, "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048" });
    assert_eq!(code(&cloud, "GetParametersForImport", &input), "UnsupportedOperationException");
    let said = format!("{} origin is AWS_KMS which is not valid for this operation.", arn(&id));
    assert_eq!(message(&cloud, "GetParametersForImport", &input), said);
}

#[test]
fn two_parties_derive_the_same_secret() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT" }));
    assert_eq!(metadata(&cloud, &id)["KeyAgreementAlgorithms"], json!(["ECDH"]));
    let own = PrivateKey::generate(&ECDH_P256).unwrap();
    let public: PublicKeyX509Der<'_> = own.compute_public_key().unwrap().as_der().unwrap();
    let input = json!({ "KeyId": id, "KeyAgreementAlgorithm": "ECDH", "PublicKey": base64(public.as_ref()) });
    let derived = call(&cloud, "DeriveSharedSecret", &input).unwrap();
    assert_eq!((&derived["KeyOrigin"], &derived["KeyId"]), (&json!("AWS_KMS"), &json!(arn(&id))));
    let theirs = bytes(&call(&cloud, "GetPublicKey", &json!({ "KeyId": id })).unwrap()["PublicKey"]);
    let theirs = UnparsedPublicKey::new(&ECDH_P256, theirs);
    let secret = agreement::agree(&own, theirs, Unspecified, |secret| Ok(secret.to_vec())).unwrap();
    assert_eq!(bytes(&derived["SharedSecret"]), secret);
    let garbage = json!({ "KeyId": id, "KeyAgreementAlgorithm": "ECDH", "PublicKey": "YQ==" });
    assert_eq!(code(&cloud, "DeriveSharedSecret", &garbage), "ValidationException");
    let signer = key(&cloud, &json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" }));
    let mut wrong = input;
    wrong["KeyId"] = json!(signer);
    assert_eq!(code(&cloud, "DeriveSharedSecret", &wrong), "InvalidKeyUsageException");
}
