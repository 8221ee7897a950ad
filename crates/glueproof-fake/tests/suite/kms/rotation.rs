//! Rotation: by the clock, on demand, and what was encrypted before.

use serde_json::{Value, json};

use super::support::{call, cloud, code, days, decrypt, encrypt, key, message};
use glueproof_fake::FakeCloud;

fn rotations(cloud: &FakeCloud, id: &str) -> Vec<(f64, String)> {
    let listed = call(cloud, "ListKeyRotations", &json!({ "KeyId": id, "Limit": 1000 })).unwrap();
    let read = |entry: &Value| {
        let kind = entry["RotationType"].as_str().unwrap().to_owned();
        (entry["RotationDate"].as_f64().unwrap(), kind)
    };
    listed["Rotations"].as_array().unwrap().iter().map(read).collect()
}

const START: f64 = 1_700_000_000.0;
const DAY: f64 = 86_400.0;

#[test]
fn a_rotated_key_opens_what_it_encrypted_before() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let before = encrypt(&cloud, &id, "before", &json!({ "a": "b" }));
    let answer = call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    assert_eq!(answer, json!({ "KeyId": super::support::arn(&id) }));
    let after = encrypt(&cloud, &id, "after", &json!({ "a": "b" }));
    assert_eq!(decrypt(&cloud, &before, &json!({ "a": "b" })).unwrap(), "before");
    assert_eq!(decrypt(&cloud, &after, &json!({ "a": "b" })).unwrap(), "after");
    assert_eq!(decrypt(&cloud, &before, &json!({})).unwrap_err(), "InvalidCiphertextException");
    assert_eq!(rotations(&cloud, &id), [(START, "ON_DEMAND".to_owned())]);
}

#[test]
fn a_schedule_rotates_with_the_clock() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    let status = || call(&cloud, "GetKeyRotationStatus", &json!({ "KeyId": id })).unwrap();
    assert_eq!(status()["KeyRotationEnabled"], false);
    call(&cloud, "EnableKeyRotation", &json!({ "KeyId": id, "RotationPeriodInDays": 90 })).unwrap();
    assert_eq!(status()["KeyRotationEnabled"], true);
    assert_eq!(status()["RotationPeriodInDays"], 90);
    assert_eq!(status()["NextRotationDate"], json!(START + 90.0 * DAY));
    let blob = encrypt(&cloud, &id, "a", &json!({}));
    clock.advance(days(89));
    assert_eq!(rotations(&cloud, &id), []);
    clock.advance(days(100));
    let automatic = |days: f64| (START + days * DAY, "AUTOMATIC".to_owned());
    assert_eq!(rotations(&cloud, &id), [automatic(90.0), automatic(180.0)]);
    assert_eq!(status()["NextRotationDate"], json!(START + 270.0 * DAY));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
    call(&cloud, "DisableKeyRotation", &json!({ "KeyId": id })).unwrap();
    clock.advance(days(1000));
    assert_eq!(rotations(&cloud, &id).len(), 2);
}

#[test]
fn a_year_is_the_usual_period_and_a_rotation_on_demand_moves_no_schedule() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    call(&cloud, "EnableKeyRotation", &json!({ "KeyId": id })).unwrap();
    clock.advance(days(10));
    call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    let status = call(&cloud, "GetKeyRotationStatus", &json!({ "KeyId": id })).unwrap();
    assert_eq!(status["NextRotationDate"], json!(START + 365.0 * DAY));
}

#[test]
fn a_disabled_key_is_rotated_when_it_is_enabled_again() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    call(&cloud, "EnableKeyRotation", &json!({ "KeyId": id, "RotationPeriodInDays": 90 })).unwrap();
    call(&cloud, "DisableKey", &json!({ "KeyId": id })).unwrap();
    clock.advance(days(200));
    assert_eq!(rotations(&cloud, &id), []);
    call(&cloud, "EnableKey", &json!({ "KeyId": id })).unwrap();
    assert_eq!(rotations(&cloud, &id), [(START + 200.0 * DAY, "AUTOMATIC".to_owned())]);
    clock.advance(days(90));
    assert_eq!(rotations(&cloud, &id).len(), 2);
}

#[test]
fn a_key_about_to_be_deleted_has_no_rotation_until_it_is_kept() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    let enabled = || {
        let status = call(&cloud, "GetKeyRotationStatus", &json!({ "KeyId": id })).unwrap();
        status["KeyRotationEnabled"].as_bool().unwrap()
    };
    call(&cloud, "EnableKeyRotation", &json!({ "KeyId": id, "RotationPeriodInDays": 90 })).unwrap();
    clock.advance(days(80));
    call(&cloud, "ScheduleKeyDeletion", &json!({ "KeyId": id })).unwrap();
    clock.advance(days(20));
    assert!(!enabled());
    assert_eq!(rotations(&cloud, &id), []);
    call(&cloud, "CancelKeyDeletion", &json!({ "KeyId": id })).unwrap();
    assert!(enabled());
}

#[test]
fn a_clock_that_jumps_far_is_followed_at_once() {
    let (cloud, clock) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = encrypt(&cloud, &id, "a", &json!({}));
    call(&cloud, "EnableKeyRotation", &json!({ "KeyId": id, "RotationPeriodInDays": 90 })).unwrap();
    clock.advance(days(90 * 1_000_000));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
    assert!(!rotations(&cloud, &id).is_empty());
}

#[test]
fn ten_rotations_on_demand_are_the_most() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({}));
    let blob = encrypt(&cloud, &id, "a", &json!({}));
    for _ in 0..10 {
        call(&cloud, "RotateKeyOnDemand", &json!({ "KeyId": id })).unwrap();
    }
    let input = json!({ "KeyId": id });
    assert_eq!(code(&cloud, "RotateKeyOnDemand", &input), "LimitExceededException");
    assert!(message(&cloud, "RotateKeyOnDemand", &input).starts_with("The on-demand rotations limit"));
    assert_eq!(decrypt(&cloud, &blob, &json!({})).unwrap(), "a");
}

#[test]
fn only_symmetric_keys_rotate() {
    let (cloud, _) = cloud();
    let id = key(&cloud, &json!({ "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC" }));
    for operation in ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand", "ListKeyRotations"] {
        let code = code(&cloud, operation, &json!({ "KeyId": id }));
        assert_eq!(code, "UnsupportedOperationException", "{operation}");
    }
}
