//! RSA encryption, signatures of RSA and elliptic curves, and message authentication codes. What the fake
//! signs is verified by the library itself under the public key that the fake hands out.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, UnparsedPublicKey,
    VerificationAlgorithm,
};
use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{arn, base64, bytes, call, cloud, code, key, message};

fn rsa(cloud: &FakeCloud, usage: &str) -> String {
    key(cloud, &json!({ "KeySpec": "RSA_2048", "KeyUsage": usage }))
}

#[test]
fn rsa_opens_what_it_encrypted_under_both_paddings() {
    let (cloud, _) = cloud();
    let id = rsa(&cloud, "ENCRYPT_DECRYPT");
    for (algorithm, most) in [("RSAES_OAEP_SHA_1", 214), ("RSAES_OAEP_SHA_256", 190)] {
        let input = |length: usize| {
            let plaintext = base64("x".repeat(length));
            json!({ "KeyId": id, "Plaintext": plaintext, "EncryptionAlgorithm": algorithm })
        };
        let sealed = call(&cloud, "Encrypt", &input(most)).unwrap();
        assert_eq!(sealed["EncryptionAlgorithm"], algorithm);
        let blob = bytes(&sealed["CiphertextBlob"]);
        assert_eq!(blob.len(), 256);
        let open = |blob: &[u8]| json!({ "KeyId": id, "CiphertextBlob": base64(blob), "EncryptionAlgorithm": algorithm });
        let opened = call(&cloud, "Decrypt", &open(&blob)).unwrap();
        assert_eq!(bytes(&opened["Plaintext"]), "x".repeat(most).as_bytes());
        assert_eq!(
            message(&cloud, "Encrypt", &input(most + 1)),
            format!(
                "Algorithm {algorithm} and key spec RSA_2048 cannot encrypt data larger than {most} bytes."
            )
        );
        let mut flipped = blob.clone();
        flipped[100] ^= 1;
        assert_eq!(code(&cloud, "Decrypt", &open(&flipped)), "InvalidCiphertextException");
        let other = if most == 214 { "RSAES_OAEP_SHA_256" } else { "RSAES_OAEP_SHA_1" };
        let input = json!({ "KeyId": id, "CiphertextBlob": base64(&blob), "EncryptionAlgorithm": other });
        assert_eq!(code(&cloud, "Decrypt", &input), "InvalidCiphertextException");
    }
}

#[test]
fn an_rsa_ciphertext_names_no_key_and_binds_no_context() {
    let (cloud, _) = cloud();
    let id = rsa(&cloud, "ENCRYPT_DECRYPT");
    let algorithm = "RSAES_OAEP_SHA_256";
    let mut input = json!({ "KeyId": id, "Plaintext": base64("a"), "EncryptionAlgorithm": algorithm });
    let blob = call(&cloud, "Encrypt", &input).unwrap()["CiphertextBlob"].clone();
    let unnamed = json!({ "CiphertextBlob": blob, "EncryptionAlgorithm": algorithm });
    assert_eq!(code(&cloud, "Decrypt", &unnamed), "ValidationException");
    input["EncryptionContext"] = json!({ "a": "b" });
    assert_eq!(code(&cloud, "Encrypt", &input), "ValidationException");
}

#[test]
fn an_algorithm_must_be_the_keys() {
    let (cloud, _) = cloud();
    let (symmetric, rsa) = (key(&cloud, &json!({})), rsa(&cloud, "ENCRYPT_DECRYPT"));
    let input =
        json!({ "KeyId": symmetric, "Plaintext": "YQ==", "EncryptionAlgorithm": "RSAES_OAEP_SHA_256" });
    assert_eq!(code(&cloud, "Encrypt", &input), "InvalidKeyUsageException");
    let input = json!({ "KeyId": rsa, "Plaintext": "YQ==" });
    assert_eq!(
        message(&cloud, "Encrypt", &input),
        "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."
    );
    let input = json!({ "KeyId": rsa, "KeySpec": "AES_256" });
    let said = "You cannot generate a data key with an asymmetric CMK";
    assert_eq!(message(&cloud, "GenerateDataKey", &input), said);
    assert_eq!(code(&cloud, "GenerateDataKey", &input), "InvalidKeyUsageException");
}

/// Signs with every algorithm and has the library verify it.
fn signs(spec: &str, algorithms: &[(&str, &'static digest::Algorithm, &'static dyn VerificationAlgorithm)]) {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "KeySpec": spec, "KeyUsage": "SIGN_VERIFY" }));
    let public = call(&cloud, "GetPublicKey", &json!({ "KeyId": id })).unwrap();
    assert_eq!((&public["KeySpec"], &public["KeyUsage"]), (&json!(spec), &json!("SIGN_VERIFY")));
    let names: Vec<_> = algorithms.iter().map(|(name, ..)| json!(name)).collect();
    let offered = public["SigningAlgorithms"].as_array().unwrap();
    assert!(names.len() == offered.len() && names.iter().all(|name| offered.contains(name)));
    for (algorithm, hash, verification) in algorithms {
        let text = b"pay me";
        let input = json!({ "KeyId": id, "Message": base64(text), "SigningAlgorithm": algorithm });
        let signed = call(&cloud, "Sign", &input).unwrap();
        assert_eq!((&signed["KeyId"], &signed["SigningAlgorithm"]), (&json!(arn(&id)), &json!(algorithm)));
        UnparsedPublicKey::new(*verification, bytes(&public["PublicKey"]))
            .verify(text, &bytes(&signed["Signature"]))
            .unwrap_or_else(|_| panic!("{algorithm}: the library does not accept the signature"));
        let hashed = base64(digest::digest(hash, text));
        verifies(&cloud, &input, &hashed, &signed["Signature"]);
    }
}

/// The fake accepts the signature of message and digest, and no other.
fn verifies(cloud: &FakeCloud, input: &Value, hashed: &str, signature: &Value) {
    let algorithm = &input["SigningAlgorithm"];
    let mut given = input.clone();
    given["Signature"] = signature.clone();
    assert_eq!(call(cloud, "Verify", &given).unwrap()["SignatureValid"], true, "{algorithm}");
    let mut by_digest = given.clone();
    by_digest["MessageType"] = json!("DIGEST");
    by_digest["Message"] = json!(hashed);
    assert_eq!(call(cloud, "Verify", &by_digest).unwrap()["SignatureValid"], true, "{algorithm}");
    by_digest["Signature"] = call(cloud, "Sign", &by_digest).unwrap()["Signature"].clone();
    assert!(call(cloud, "Verify", &given).is_ok(), "{algorithm}");
    by_digest["Message"] = json!(base64("too short"));
    let said = format!("Digest is invalid length for algorithm {}.", algorithm.as_str().unwrap());
    assert_eq!(message(cloud, "Sign", &by_digest), said);
    let mut other = given.clone();
    other["Message"] = json!(base64("pay you"));
    assert_eq!(code(cloud, "Verify", &other), "KMSInvalidSignatureException", "{algorithm}");
    let mut flipped = bytes(signature);
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    given["Signature"] = json!(base64(flipped));
    assert_eq!(code(cloud, "Verify", &given), "KMSInvalidSignatureException", "{algorithm}");
}

#[test]
fn rsa_signs_in_six_ways() {
    signs(
        "RSA_2048",
        &[
            ("RSASSA_PSS_SHA_256", &digest::SHA256, &RSA_PSS_2048_8192_SHA256),
            ("RSASSA_PSS_SHA_384", &digest::SHA384, &RSA_PSS_2048_8192_SHA384),
            ("RSASSA_PSS_SHA_512", &digest::SHA512, &RSA_PSS_2048_8192_SHA512),
            ("RSASSA_PKCS1_V1_5_SHA_256", &digest::SHA256, &RSA_PKCS1_2048_8192_SHA256),
            ("RSASSA_PKCS1_V1_5_SHA_384", &digest::SHA384, &RSA_PKCS1_2048_8192_SHA384),
            ("RSASSA_PKCS1_V1_5_SHA_512", &digest::SHA512, &RSA_PKCS1_2048_8192_SHA512),
        ],
    );
}

#[test]
fn every_curve_signs_with_its_digest() {
    signs("ECC_NIST_P256", &[("ECDSA_SHA_256", &digest::SHA256, &ECDSA_P256_SHA256_ASN1)]);
    signs("ECC_SECG_P256K1", &[("ECDSA_SHA_256", &digest::SHA256, &ECDSA_P256K1_SHA256_ASN1)]);
    signs("ECC_NIST_P384", &[("ECDSA_SHA_384", &digest::SHA384, &ECDSA_P384_SHA384_ASN1)]);
    signs("ECC_NIST_P521", &[("ECDSA_SHA_512", &digest::SHA512, &ECDSA_P521_SHA512_ASN1)]);
}

#[test]
fn a_signing_algorithm_must_be_the_keys() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY" }));
    let input = json!({ "KeyId": id, "Message": "YQ==", "SigningAlgorithm": "ECDSA_SHA_384" });
    assert_eq!(
        message(&cloud, "Sign", &input),
        "Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256."
    );
}

#[test]
fn larger_rsa_keys_have_the_size_they_say() {
    let (cloud, _) = cloud();
    for (spec, size) in [("RSA_3072", 384), ("RSA_4096", 512)] {
        let id = key(&cloud, &json!({ "KeySpec": spec, "KeyUsage": "SIGN_VERIFY" }));
        let input = json!({ "KeyId": id, "Message": "YQ==", "SigningAlgorithm": "RSASSA_PSS_SHA_256" });
        assert_eq!(bytes(&call(&cloud, "Sign", &input).unwrap()["Signature"]).len(), size, "{spec}");
    }
}

#[test]
fn symmetric_and_hmac_keys_have_no_public_half() {
    let (cloud, _) = cloud();
    let hmac = json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" });
    for members in [json!({}), hmac] {
        let id = key(&cloud, &members);
        let code = code(&cloud, "GetPublicKey", &json!({ "KeyId": id }));
        assert_eq!(code, "UnsupportedOperationException");
    }
}

#[test]
fn every_hmac_key_makes_codes_of_its_length() {
    let (cloud, _) = cloud();
    for (spec, algorithm, length) in [
        ("HMAC_224", "HMAC_SHA_224", 28),
        ("HMAC_256", "HMAC_SHA_256", 32),
        ("HMAC_384", "HMAC_SHA_384", 48),
        ("HMAC_512", "HMAC_SHA_512", 64),
    ] {
        let id = key(&cloud, &json!({ "KeySpec": spec, "KeyUsage": "GENERATE_VERIFY_MAC" }));
        let mut input = json!({ "KeyId": id, "Message": base64("a"), "MacAlgorithm": algorithm });
        let made = call(&cloud, "GenerateMac", &input).unwrap();
        assert_eq!(bytes(&made["Mac"]).len(), length);
        assert_eq!(made, call(&cloud, "GenerateMac", &input).unwrap(), "the same again");
        input["Mac"] = made["Mac"].clone();
        assert_eq!(call(&cloud, "VerifyMac", &input).unwrap()["MacValid"], true);
        input["Message"] = json!(base64("b"));
        assert_eq!(code(&cloud, "VerifyMac", &input), "KMSInvalidMacException");
        let other = if spec == "HMAC_224" { "HMAC_SHA_256" } else { "HMAC_SHA_224" };
        let input = json!({ "KeyId": id, "Message": "YQ==", "MacAlgorithm": other });
        let said = format!("Algorithm {other} is incompatible with key spec {spec}.");
        assert_eq!(message(&cloud, "GenerateMac", &input), said);
    }
}

#[test]
fn a_data_key_pair_belongs_together() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    for spec in ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "RSA_2048"] {
        let context = json!({ "for": spec });
        let input = json!({ "KeyId": id, "KeyPairSpec": spec, "EncryptionContext": context });
        let pair = call(&cloud, "GenerateDataKeyPair", &input).unwrap();
        assert_eq!((&pair["KeyPairSpec"], &pair["KeyId"]), (&json!(spec), &json!(arn(&id))));
        let open =
            json!({ "CiphertextBlob": pair["PrivateKeyCiphertextBlob"], "EncryptionContext": context });
        assert_eq!(call(&cloud, "Decrypt", &open).unwrap()["Plaintext"], pair["PrivateKeyPlaintext"]);
        let open = json!({ "CiphertextBlob": pair["PrivateKeyCiphertextBlob"] });
        assert_eq!(code(&cloud, "Decrypt", &open), "InvalidCiphertextException");
        belong_together(spec, &bytes(&pair["PrivateKeyPlaintext"]), &bytes(&pair["PublicKey"]));
        let sealed = call(&cloud, "GenerateDataKeyPairWithoutPlaintext", &input).unwrap();
        assert!(sealed.get("PrivateKeyPlaintext").is_none());
        assert!(sealed["PrivateKeyCiphertextBlob"].is_string() && sealed["PublicKey"].is_string());
    }
    let input = json!({ "KeyId": id, "KeyPairSpec": "SM2" });
    assert_eq!(code(&cloud, "GenerateDataKeyPair", &input), "UnsupportedOperationException");
}

fn belong_together(spec: &str, private: &[u8], public: &[u8]) {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature as sign;
    let random = SystemRandom::new();
    let (signed, verification): (Vec<u8>, &'static dyn VerificationAlgorithm) = if spec == "RSA_2048" {
        let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(private).unwrap();
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&sign::RSA_PKCS1_SHA256, &random, b"m", &mut signature).unwrap();
        (signature, &RSA_PKCS1_2048_8192_SHA256)
    } else {
        let (curve, verification): (_, &'static dyn VerificationAlgorithm) = match spec {
            "ECC_NIST_P256" => (&sign::ECDSA_P256_SHA256_ASN1_SIGNING, &ECDSA_P256_SHA256_ASN1),
            "ECC_NIST_P384" => (&sign::ECDSA_P384_SHA384_ASN1_SIGNING, &ECDSA_P384_SHA384_ASN1),
            "ECC_NIST_P521" => (&sign::ECDSA_P521_SHA512_ASN1_SIGNING, &ECDSA_P521_SHA512_ASN1),
            _ => (&sign::ECDSA_P256K1_SHA256_ASN1_SIGNING, &ECDSA_P256K1_SHA256_ASN1),
        };
        let pair = sign::EcdsaKeyPair::from_pkcs8(curve, private).unwrap();
        (pair.sign(&random, b"m").unwrap().as_ref().to_vec(), verification)
    };
    assert!(UnparsedPublicKey::new(verification, public).verify(b"m", &signed).is_ok(), "{spec}");
}
