//! Keys where policies decide: the key policy, the identity's, grants, and the condition keys of KMS.

use glueproof_fake::{FakeCloud, Mode, SeedFile};
use http::Request;
use serde_json::{Value, json};

use super::support::{ACCOUNT, arn, text};
use crate::iam::support::Signer;

const BOB: &str = "arn:aws:iam::123456789012:user/bob";

/// Root may do everything, alice what KMS can, bob nothing by himself.
fn cloud() -> FakeCloud {
    let seed = r#"
        root_keys = [{ id = "AKIAROOT", secret = "root-secret" }]
        [[users]]
        name = "alice"
        access_keys = [{ id = "AKIAALICE", secret = "alice-secret" }]
        [users.policies.keys]
        Version = "2012-10-17"
        Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*" }]
        [[users]]
        name = "bob"
        access_keys = [{ id = "AKIABOB", secret = "bob-secret" }]
    "#;
    let clock = crate::support::clock();
    let seed = SeedFile::parse(seed).unwrap();
    FakeCloud::builder().clock(clock).mode(Mode::Enforce).identities(seed).build().unwrap()
}

/// Returns the output of a call by one of them, or code and text of its error.
fn ask(cloud: &FakeCloud, who: &str, operation: &str, input: &Value) -> Result<Value, (String, String)> {
    let request = Request::post("http://localhost/")
        .header("host", "localhost")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("TrentService.{operation}"))
        .body(input.to_string().into())
        .unwrap();
    let key = format!("AKIA{}", who.to_uppercase());
    let (head, body) =
        cloud.handle(Signer::new(&key, &format!("{who}-secret"), "kms").sign(request)).into_parts();
    let body: Value = if body.is_empty() { json!({}) } else { serde_json::from_slice(&body).unwrap() };
    if head.status == 200 { Ok(body) } else { Err((text(&body["__type"]), text(&body["message"]))) }
}

#[track_caller]
fn denied(cloud: &FakeCloud, who: &str, operation: &str, input: &Value) -> String {
    let (code, text) = ask(cloud, who, operation, input).expect_err("a refusal");
    assert_eq!(code, "AccessDeniedException", "{text}");
    text
}

fn new_key(cloud: &FakeCloud, statements: Option<Value>) -> String {
    let root =
        json!({ "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "kms:*", "Resource": "*" });
    let members = match statements {
        Some(Value::Array(mut more)) => {
            more.push(root);
            json!({ "Policy": json!({ "Version": "2012-10-17", "Statement": more }).to_string() })
        }
        _ => json!({}),
    };
    text(&ask(cloud, "root", "CreateKey", &members).unwrap()["KeyMetadata"]["KeyId"])
}

fn plain(key: &str, context: &Value) -> Value {
    json!({ "KeyId": key, "Plaintext": "YQ==", "EncryptionContext": context })
}

#[test]
fn the_usual_policy_leaves_it_to_the_identitys() {
    let cloud = cloud();
    let id = new_key(&cloud, None);
    assert!(ask(&cloud, "root", "Encrypt", &plain(&id, &json!({}))).is_ok());
    assert!(ask(&cloud, "alice", "Encrypt", &plain(&id, &json!({}))).is_ok());
    assert_eq!(
        denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({}))),
        format!(
            "User: {BOB} is not authorized to perform: kms:Encrypt on resource: {} \
             because no identity-based policy allows the kms:Encrypt action",
            arn(&id)
        )
    );
    for (operation, input) in [
        ("CreateKey", json!({})),
        ("ListKeys", json!({})),
        ("ListAliases", json!({})),
        ("GenerateRandom", json!({ "NumberOfBytes": 1 })),
        ("CreateAlias", json!({ "AliasName": "alias/a", "TargetKeyId": id })),
        ("DescribeKey", json!({ "KeyId": id })),
        ("ListGrants", json!({ "KeyId": id })),
        ("DisableKey", json!({ "KeyId": id })),
        ("GetKeyPolicy", json!({ "KeyId": id })),
    ] {
        let said = denied(&cloud, "bob", operation, &input);
        assert!(said.contains(&format!("perform: kms:{operation} ")), "{said}");
        assert!(ask(&cloud, "alice", operation, &input).is_ok(), "{operation}");
    }
}

#[test]
fn a_key_policy_can_ask_for_an_encryption_context() {
    let cloud = cloud();
    let statement = json!([{ "Effect": "Allow", "Principal": { "AWS": BOB }, "Action": ["kms:Encrypt", "kms:Decrypt"],
        "Resource": "*", "Condition": { "StringEquals": { "kms:EncryptionContext:team": "a" } } }]);
    let id = new_key(&cloud, Some(statement));
    let sealed = ask(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "a", "more": "x" }))).unwrap();
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "b" })));
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({})));
    let open =
        |context: Value| json!({ "CiphertextBlob": sealed["CiphertextBlob"], "EncryptionContext": context });
    assert!(ask(&cloud, "bob", "Decrypt", &open(json!({ "team": "a", "more": "x" }))).is_ok());
    denied(&cloud, "bob", "Decrypt", &open(json!({})));
    denied(&cloud, "bob", "GenerateDataKey", &json!({ "KeyId": id, "KeySpec": "AES_256" }));
}

#[test]
fn re_encryption_needs_leave_on_both_sides() {
    let cloud = cloud();
    let may = |action: &str| json!([{ "Effect": "Allow", "Principal": { "AWS": BOB }, "Action": action, "Resource": "*" }]);
    let (from, to) =
        (new_key(&cloud, Some(may("kms:ReEncryptFrom"))), new_key(&cloud, Some(may("kms:ReEncryptTo"))));
    let move_it = |from: &str, to: &str| {
        let sealed = ask(&cloud, "root", "Encrypt", &plain(from, &json!({}))).unwrap();
        json!({ "CiphertextBlob": sealed["CiphertextBlob"], "DestinationKeyId": to })
    };
    assert!(ask(&cloud, "bob", "ReEncrypt", &move_it(&from, &to)).is_ok());
    assert!(denied(&cloud, "bob", "ReEncrypt", &move_it(&to, &from)).contains("kms:ReEncryptFrom"));
    assert!(denied(&cloud, "bob", "ReEncrypt", &move_it(&from, &from)).contains("kms:ReEncryptTo"));
}

#[test]
fn a_grant_allows_what_it_says_until_it_is_gone() {
    let cloud = cloud();
    let id = new_key(&cloud, None);
    let grant = json!({ "KeyId": id, "GranteePrincipal": BOB, "RetiringPrincipal": BOB,
        "Operations": ["Encrypt"], "Constraints": { "EncryptionContextSubset": { "team": "a" } } });
    denied(&cloud, "bob", "CreateGrant", &grant);
    let made = ask(&cloud, "root", "CreateGrant", &grant).unwrap();
    assert!(ask(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "a", "more": "x" }))).is_ok());
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "b" })));
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({})));
    denied(&cloud, "bob", "DescribeKey", &json!({ "KeyId": id }));
    denied(&cloud, "bob", "RevokeGrant", &json!({ "KeyId": id, "GrantId": made["GrantId"] }));
    ask(&cloud, "bob", "RetireGrant", &json!({ "GrantToken": made["GrantToken"] })).unwrap();
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "a" })));
    let mut equal = grant.clone();
    equal["RetiringPrincipal"] = Value::Null;
    equal["Constraints"] = json!({ "EncryptionContextEquals": { "team": "a" } });
    let made = ask(&cloud, "root", "CreateGrant", &equal).unwrap();
    assert!(ask(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "a" }))).is_ok());
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "a", "more": "x" })));
    denied(&cloud, "bob", "RetireGrant", &json!({ "GrantToken": made["GrantToken"] }));
    ask(&cloud, "root", "RevokeGrant", &json!({ "KeyId": id, "GrantId": made["GrantId"] })).unwrap();
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({ "team": "a" })));
}

#[test]
fn the_keys_of_aws_are_used_through_their_service_only() {
    let cloud = cloud();
    let described = ask(&cloud, "root", "DescribeKey", &json!({ "KeyId": "alias/aws/glue" })).unwrap();
    assert_eq!(described["KeyMetadata"]["KeyManager"], "AWS");
    denied(&cloud, "root", "Encrypt", &plain("alias/aws/glue", &json!({})));
    denied(&cloud, "alice", "GenerateDataKey", &json!({ "KeyId": "alias/aws/s3", "KeySpec": "AES_256" }));
}

#[test]
fn a_condition_can_ask_for_alias_algorithm_and_window() {
    let cloud = cloud();
    let allow = |actions: &str, condition: Value| {
        json!({ "Effect": "Allow", "Principal": { "AWS": BOB }, "Action": actions, "Resource": "*",
            "Condition": { "StringEquals": condition } })
    };
    let id = new_key(
        &cloud,
        Some(json!([
            allow("kms:Encrypt", json!({ "kms:RequestAlias": "alias/front" })),
            allow("kms:ScheduleKeyDeletion", json!({ "kms:ScheduleKeyDeletionPendingWindowInDays": "30" })),
        ])),
    );
    ask(&cloud, "root", "CreateAlias", &json!({ "AliasName": "alias/front", "TargetKeyId": id })).unwrap();
    assert!(ask(&cloud, "bob", "Encrypt", &plain("alias/front", &json!({}))).is_ok());
    let alias_arn = format!("arn:aws:kms:us-east-1:{ACCOUNT}:alias/front");
    assert!(ask(&cloud, "bob", "Encrypt", &plain(&alias_arn, &json!({}))).is_ok());
    denied(&cloud, "bob", "Encrypt", &plain(&id, &json!({})));
    denied(&cloud, "bob", "ScheduleKeyDeletion", &json!({ "KeyId": id, "PendingWindowInDays": 7 }));
    assert!(
        ask(&cloud, "bob", "ScheduleKeyDeletion", &json!({ "KeyId": id, "PendingWindowInDays": 30 })).is_ok()
    );
}

#[test]
fn a_grantee_passes_on_only_what_its_own_grant_allows() {
    let cloud = cloud();
    let id = new_key(&cloud, None);
    let grant = |who: &str, operations: Value, constraints: Option<Value>| {
        let mut input = json!({ "KeyId": id, "GranteePrincipal": BOB, "Operations": operations });
        if let Some(constraints) = constraints {
            input["Constraints"] = constraints;
        }
        ask(&cloud, who, "CreateGrant", &input)
    };
    let own = json!({ "EncryptionContextSubset": { "a": "b" } });
    grant("root", json!(["Encrypt", "CreateGrant"]), Some(own.clone())).unwrap();
    let narrower = json!({ "EncryptionContextEquals": { "a": "b", "c": "d" } });
    for (operations, constraints, allowed) in [
        (json!(["Decrypt"]), Some(own.clone()), false),
        (json!(["Encrypt", "Decrypt"]), Some(own.clone()), false),
        (json!(["Encrypt"]), None, false),
        (json!(["Encrypt"]), Some(json!({ "EncryptionContextSubset": { "c": "d" } })), false),
        (json!(["Encrypt"]), Some(own), true),
        (json!(["Encrypt"]), Some(narrower), true),
    ] {
        let given = grant("bob", operations.clone(), constraints.clone());
        assert_eq!(given.is_ok(), allowed, "{operations} {constraints:?}");
    }
}
