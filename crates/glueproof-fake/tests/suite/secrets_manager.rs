//! Secrets Manager over the wire: a secret is created and read, its value is encrypted at rest, and the key and the
//! policies of the caller decide who reads it.

use glueproof_fake::{FakeCloud, Mode, SeedFile};
use http::Request;
use serde_json::{Value, json};

use crate::iam::support::Signer;
use crate::support::{ACCOUNT, clock, cloud};

const VALUE: &str = "open-sesame";

fn request(target: &str, input: &Value) -> Request<bytes::Bytes> {
    Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(input.to_string().into())
        .unwrap()
}

/// Returns the output, or the code and the text of the refusal.
fn send(cloud: &FakeCloud, request: Request<bytes::Bytes>) -> Result<Value, (String, String)> {
    let (head, body) = cloud.handle(request).into_parts();
    let body: Value = if body.is_empty() { json!({}) } else { serde_json::from_slice(&body).unwrap() };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if head.status == 200 {
        Ok(body)
    } else {
        Err((text(&body["__type"]), text(body.get("Message").or(body.get("message")).unwrap())))
    }
}

fn call(cloud: &FakeCloud, operation: &str, input: &Value) -> Result<Value, (String, String)> {
    send(cloud, request(&format!("secretsmanager.{operation}"), input))
}

#[track_caller]
fn refusal(cloud: &FakeCloud, operation: &str, input: &Value) -> (String, String) {
    call(cloud, operation, input).expect_err("a refusal")
}

#[test]
fn a_secret_is_read_by_name_and_by_arn() {
    let cloud = cloud();
    let created = call(&cloud, "CreateSecret", &json!({ "Name": "db/prod", "SecretString": VALUE })).unwrap();
    let arn = created["ARN"].as_str().unwrap();
    let partial = format!("arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db/prod");
    assert!(arn.starts_with(&format!("{partial}-")) && arn.len() == partial.len() + 7, "{arn}");
    for id in ["db/prod", arn, &partial] {
        let read = call(&cloud, "GetSecretValue", &json!({ "SecretId": id })).unwrap();
        assert_eq!(read["SecretString"], VALUE);
        assert_eq!(read["VersionId"], created["VersionId"]);
        assert_eq!(read["VersionStages"], json!(["AWSCURRENT"]));
        assert!(read.get("SecretBinary").is_none());
    }
}

#[test]
fn a_binary_value_comes_back_as_binary() {
    let cloud = cloud();
    let token = "3f1d0c9a-7e21-4f0e-9a55-2f6f4c1f8b10";
    let input = json!({ "Name": "blob", "SecretBinary": "AAEC/w==", "ClientRequestToken": token });
    assert_eq!(call(&cloud, "CreateSecret", &input).unwrap()["VersionId"], token);
    let read = call(&cloud, "GetSecretValue", &json!({ "SecretId": "blob", "VersionId": token })).unwrap();
    assert_eq!(read["SecretBinary"], "AAEC/w==");
    assert!(read.get("SecretString").is_none());
}

#[test]
fn the_value_is_encrypted_at_rest_and_in_snapshots() {
    let cloud = cloud();
    call(&cloud, "CreateSecret", &json!({ "Name": "s", "SecretString": VALUE })).unwrap();
    let stored = cloud.at_rest();
    let stored: Vec<_> = stored.iter().filter(|item| item.service == "secretsmanager").collect();
    assert_eq!(stored.iter().map(|item| item.item.as_str()).collect::<Vec<_>>(), ["secret/s"]);
    let contains_value = |bytes: &[u8]| bytes.windows(VALUE.len()).any(|part| part == VALUE.as_bytes());
    assert!(!contains_value(&stored[0].bytes));
    let snapshot = cloud.snapshot();
    assert!(!snapshot.to_json().unwrap().contains(VALUE));
    let other = crate::support::cloud();
    other.restore(snapshot).unwrap();
    assert_eq!(call(&other, "GetSecretValue", &json!({ "SecretId": "s" })).unwrap()["SecretString"], VALUE);
}

#[test]
fn a_disabled_key_closes_the_secret() {
    let cloud = cloud();
    let key = send(&cloud, request("TrentService.CreateKey", &json!({}))).unwrap();
    let key = &key["KeyMetadata"]["KeyId"];
    call(&cloud, "CreateSecret", &json!({ "Name": "s", "SecretString": VALUE, "KmsKeyId": key })).unwrap();
    send_void(&cloud, "TrentService.DisableKey", &json!({ "KeyId": key }));
    let (code, _) = refusal(&cloud, "GetSecretValue", &json!({ "SecretId": "s" }));
    assert_eq!(code, "DecryptionFailure");
    let another = json!({ "Name": "t", "SecretString": VALUE, "KmsKeyId": key });
    assert_eq!(refusal(&cloud, "CreateSecret", &another).0, "EncryptionFailure");
    send_void(&cloud, "TrentService.EnableKey", &json!({ "KeyId": key }));
    call(&cloud, "GetSecretValue", &json!({ "SecretId": "s" })).unwrap();
}

fn send_void(cloud: &FakeCloud, target: &str, input: &Value) {
    assert_eq!(cloud.handle(request(target, input)).status(), 200);
}

#[test]
fn wrong_calls_are_refused_with_a_text() {
    let cloud = cloud();
    call(&cloud, "CreateSecret", &json!({ "Name": "taken", "SecretString": VALUE })).unwrap();
    call(&cloud, "CreateSecret", &json!({ "Name": "empty" })).unwrap();
    let both = json!({ "Name": "n", "SecretString": "a", "SecretBinary": "YQ==" });
    let cases = [
        ("CreateSecret", json!({}), "ValidationException", "'name'"),
        ("CreateSecret", json!({ "Name": "a b" }), "ValidationException", "Invalid name"),
        ("CreateSecret", json!({ "Name": "taken" }), "ResourceExistsException", "taken"),
        ("CreateSecret", both, "InvalidParameterException", "both"),
        ("CreateSecret", json!({ "Name": "n", "Tags": [] }), "InvalidParameterException", "Tags"),
        (
            "CreateSecret",
            json!({ "Name": "n", "ClientRequestToken": "x" }),
            "InvalidParameterException",
            "32",
        ),
        ("GetSecretValue", json!({ "SecretId": "none" }), "ResourceNotFoundException", "can't find"),
        ("GetSecretValue", json!({ "SecretId": "empty" }), "ResourceNotFoundException", "AWSCURRENT"),
        (
            "GetSecretValue",
            json!({ "SecretId": "taken", "VersionStage": "AWSPREVIOUS" }),
            "ResourceNotFoundException",
            "AWSPREVIOUS",
        ),
    ];
    for (operation, input, code, text) in cases {
        let refused = refusal(&cloud, operation, &input);
        assert_eq!(refused.0, code, "{operation} {input}");
        assert!(refused.1.contains(text), "{operation} {input}: {}", refused.1);
    }
}

#[test]
fn policies_decide_who_reads_a_secret() {
    let seed = r#"
        root_keys = [{ id = "AKIAROOT", secret = "root-secret" }]
        [[users]]
        name = "alice"
        access_keys = [{ id = "AKIAALICE", secret = "alice-secret" }]
        [users.policies.secrets]
        Version = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "arn:aws:secretsmanager:*:*:secret:open-*" }]
    "#;
    let identities = SeedFile::parse(seed).unwrap();
    let builder = FakeCloud::builder().clock(clock()).mode(Mode::Enforce).identities(identities);
    let cloud = builder.build().unwrap();
    let as_user = |user: &str, operation: &str, input: &Value| {
        let signer =
            Signer::new(&format!("AKIA{}", user.to_uppercase()), &format!("{user}-secret"), "secretsmanager");
        send(&cloud, signer.sign(request(&format!("secretsmanager.{operation}"), input)))
    };
    for name in ["open-one", "shut-one"] {
        as_user("root", "CreateSecret", &json!({ "Name": name, "SecretString": VALUE })).unwrap();
    }
    let read = as_user("alice", "GetSecretValue", &json!({ "SecretId": "open-one" })).unwrap();
    assert_eq!(read["SecretString"], VALUE);
    for (operation, input) in [
        ("GetSecretValue", json!({ "SecretId": "shut-one" })),
        ("CreateSecret", json!({ "Name": "mine", "SecretString": VALUE })),
    ] {
        let (code, text) = as_user("alice", operation, &input).expect_err("a refusal");
        assert_eq!(code, "AccessDeniedException", "{text}");
        assert!(text.contains(&format!("secretsmanager:{operation}")), "{text}");
    }
}
