//! Grants as data: made, made again, listed, given back, taken back.

use glueproof_fake::FakeCloud;
use serde_json::{Value, json};

use super::support::{arn, call, cloud, code, key, text};

const GRANTEE: &str = "arn:aws:iam::123456789012:role/service/reader";
const RETIRING: &str = "arn:aws:iam::123456789012:user/keeper";

fn input(key: &str) -> Value {
    json!({ "KeyId": key, "GranteePrincipal": GRANTEE, "Operations": ["Decrypt", "DescribeKey"] })
}

fn grants(cloud: &FakeCloud, key: &str) -> Vec<Value> {
    call(cloud, "ListGrants", &json!({ "KeyId": key })).unwrap()["Grants"].as_array().unwrap().clone()
}

#[test]
fn a_grant_is_listed_as_it_was_made() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let mut given = input(&id);
    given["Name"] = json!("n");
    given["RetiringPrincipal"] = json!(RETIRING);
    given["Constraints"] = json!({ "EncryptionContextSubset": { "a": "b" } });
    let made = call(&cloud, "CreateGrant", &given).unwrap();
    let grant_id = text(&made["GrantId"]);
    assert!(grant_id.len() == 64 && grant_id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let listed = grants(&cloud, &id);
    let expected = json!({
        "KeyId": arn(&id), "GrantId": grant_id, "Name": "n", "CreationDate": 1_700_000_000.0,
        "GranteePrincipal": GRANTEE, "RetiringPrincipal": RETIRING,
        "IssuingAccount": "arn:aws:iam::123456789012:root", "Operations": ["Decrypt", "DescribeKey"],
        "Constraints": { "EncryptionContextSubset": { "a": "b" } },
    });
    assert_eq!(listed, [expected]);
}

#[test]
fn a_name_makes_the_same_grant_once() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let mut named = input(&id);
    named["Name"] = json!("n");
    let one = call(&cloud, "CreateGrant", &named).unwrap();
    let again = call(&cloud, "CreateGrant", &named).unwrap();
    assert_eq!(one["GrantId"], again["GrantId"]);
    assert_ne!(one["GrantToken"], again["GrantToken"]);
    named["Operations"] = json!(["Encrypt"]);
    assert_ne!(call(&cloud, "CreateGrant", &named).unwrap()["GrantId"], one["GrantId"]);
    call(&cloud, "CreateGrant", &input(&id)).unwrap();
    call(&cloud, "CreateGrant", &input(&id)).unwrap();
    assert_eq!(grants(&cloud, &id).len(), 4, "nameless ones are always new");
}

#[test]
fn grants_are_given_back_by_token_or_id_and_taken_back_by_id() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let make = || call(&cloud, "CreateGrant", &input(&id)).unwrap();
    let (one, two, three) = (make(), make(), make());
    call(&cloud, "RetireGrant", &json!({ "GrantToken": one["GrantToken"] })).unwrap();
    call(&cloud, "RetireGrant", &json!({ "KeyId": arn(&id), "GrantId": two["GrantId"] })).unwrap();
    call(&cloud, "RevokeGrant", &json!({ "KeyId": id, "GrantId": three["GrantId"] })).unwrap();
    assert_eq!(grants(&cloud, &id), [] as [Value; 0]);
    let gone = json!({ "KeyId": id, "GrantId": three["GrantId"] });
    assert_eq!(code(&cloud, "RevokeGrant", &gone), "NotFoundException");
    assert_eq!(code(&cloud, "RetireGrant", &gone), "NotFoundException");
    assert_eq!(code(&cloud, "RetireGrant", &json!({ "GrantToken": "!" })), "InvalidGrantTokenException");
    assert_eq!(code(&cloud, "RetireGrant", &json!({})), "ValidationException");
}

#[test]
fn grants_are_found_by_grantee_id_and_retiring_principal() {
    let (cloud, _) = cloud();
    let (one, two) = (key(&cloud, &json!({})), key(&cloud, &json!({})));
    let mut given = input(&one);
    given["RetiringPrincipal"] = json!(RETIRING);
    let first = call(&cloud, "CreateGrant", &given).unwrap();
    given["KeyId"] = json!(two);
    call(&cloud, "CreateGrant", &given).unwrap();
    call(&cloud, "CreateGrant", &input(&two)).unwrap();
    let found =
        |members: Value| call(&cloud, "ListGrants", &members).unwrap()["Grants"].as_array().unwrap().len();
    assert_eq!(found(json!({ "KeyId": one, "GrantId": first["GrantId"] })), 1);
    assert_eq!(found(json!({ "KeyId": two, "GrantId": first["GrantId"] })), 0);
    assert_eq!(found(json!({ "KeyId": two, "GranteePrincipal": GRANTEE })), 2);
    assert_eq!(found(json!({ "KeyId": two, "GranteePrincipal": RETIRING })), 0);
    let retirable = call(&cloud, "ListRetirableGrants", &json!({ "RetiringPrincipal": RETIRING })).unwrap();
    let keys: Vec<_> =
        retirable["Grants"].as_array().unwrap().iter().map(|grant| text(&grant["KeyId"])).collect();
    assert!(keys.len() == 2 && keys.contains(&arn(&one)) && keys.contains(&arn(&two)));
}

#[test]
fn a_grant_must_suit_its_key() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let hmac = key(&cloud, &json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    let with = |key: &str, member: &str, value: Value| {
        let mut given = input(key);
        given[member] = value;
        code(&cloud, "CreateGrant", &given)
    };
    assert_eq!(with(&id, "Operations", json!(["Sign"])), "ValidationException");
    assert_eq!(with(&id, "Operations", json!([])), "ValidationException");
    assert_eq!(with(&id, "Operations", json!(["Fly"])), "ValidationException");
    assert_eq!(with(&hmac, "Operations", json!(["Decrypt"])), "ValidationException");
    assert_eq!(with(&id, "GranteePrincipal", json!("reader")), "InvalidArnException");
    assert_eq!(with(&id, "GranteePrincipal", json!("a b")), "ValidationException");
    assert_eq!(with(&id, "RetiringPrincipal", json!("arn:aws:s3:::x")), "InvalidArnException");
    assert_eq!(with(&id, "DryRun", json!(true)), "DryRunOperationException");
    assert_eq!(grants(&cloud, &id), [] as [Value; 0]);
}
