//! No plaintext is kept and nothing secret is shown: neither in what `Debug` says of the cloud nor in what a
//! refusal says.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{base64, bytes, call, cloud, key};

const SECRET: &str = "correct horse battery staple";

/// Every form in which bytes could be found in a text.
fn forms(bytes: &[u8]) -> Vec<String> {
    let hex = bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let list = format!("{bytes:?}");
    let text = String::from_utf8_lossy(bytes).into_owned();
    vec![hex, list.trim_matches(['[', ']']).to_owned(), base64(bytes), text]
}

#[track_caller]
fn not_in(text: &str, secret: &[u8]) {
    for form in forms(secret) {
        assert!(!text.contains(&form), "found {form:.20}…");
    }
}

fn used() -> (FakeCloud, Vec<Vec<u8>>) {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let ask = |operation: &str, input: Value| call(&cloud, operation, &input).unwrap();
    let blob = ask("Encrypt", json!({ "KeyId": id, "Plaintext": base64(SECRET) }))["CiphertextBlob"].clone();
    ask("Decrypt", json!({ "CiphertextBlob": blob }));
    let data_key = ask("GenerateDataKey", json!({ "KeyId": id, "KeySpec": "AES_256" }));
    let pair = ask("GenerateDataKeyPair", json!({ "KeyId": id, "KeyPairSpec": "ECC_NIST_P256" }));
    let random = ask("GenerateRandom", json!({ "NumberOfBytes": 32 }));
    let secrets = vec![
        SECRET.as_bytes().to_vec(),
        bytes(&data_key["Plaintext"]),
        bytes(&pair["PrivateKeyPlaintext"]),
        bytes(&random["Plaintext"]),
    ];
    (cloud, secrets)
}

#[test]
fn debug_shows_no_plaintext_and_no_key_material() {
    let (cloud, secrets) = used();
    let shown = format!("{cloud:?} {cloud:#?}");
    for secret in &secrets {
        not_in(&shown, secret);
    }
    assert!(shown.contains("material: Secret(32 bytes)"), "the key is there, its material is not");
}

#[test]
fn refusals_quote_no_plaintext() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let long = SECRET.repeat(200);
    for (operation, input) in [
        ("Encrypt", json!({ "KeyId": id, "Plaintext": base64(&long) })),
        ("Encrypt", json!({ "KeyId": id, "Plaintext": SECRET })),
        ("Encrypt", json!({ "KeyId": "none", "Plaintext": base64(SECRET) })),
        ("Sign", json!({ "KeyId": id, "Message": base64(&long), "SigningAlgorithm": "ECDSA_SHA_256" })),
        ("Sign", json!({ "KeyId": id, "Message": { "text": SECRET }, "SigningAlgorithm": "ECDSA_SHA_256" })),
    ] {
        let refusal = format!("{:?}", call(&cloud, operation, &input).unwrap_err());
        not_in(&refusal, SECRET.as_bytes());
    }
}

#[test]
fn no_two_keys_are_made_of_the_same_whatever_the_seed() {
    let sealed = || {
        let cloud = FakeCloud::builder().seed(7).build().unwrap();
        let id = key(&cloud, &json!({}));
        let made = call(&cloud, "GenerateDataKey", &json!({ "KeyId": id, "KeySpec": "AES_256" })).unwrap();
        (cloud, id, made)
    };
    let ((_, one, made), (other_cloud, other, made_again)) = (sealed(), sealed());
    assert_eq!(one, other, "ids come from the seed");
    assert_ne!(made["Plaintext"], made_again["Plaintext"], "secrets do not");
    let refusal = call(&other_cloud, "Decrypt", &json!({ "CiphertextBlob": made["CiphertextBlob"] }));
    assert_eq!(refusal.unwrap_err().0, "InvalidCiphertextException");
}
