//! The encryption settings.

use glueproof::model::Level;
use glueproof::reference::{Answer, Mismatch, State};
use serde_json::{Value, json};

use super::walk::Walk;

const PUT: &str = "PutDataCatalogEncryptionSettings";
const GET: &str = "GetDataCatalogEncryptionSettings";

fn settings(at_rest: Value, passwords: Value) -> Value {
    let mut settings = json!({});
    for (member, half) in [("EncryptionAtRest", at_rest), ("ConnectionPasswordEncryption", passwords)] {
        if !half.is_null() {
            settings[member] = half;
        }
    }
    json!({ "DataCatalogEncryptionSettings": settings })
}

fn kms(key: &str) -> Value {
    json!({ "CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key })
}

fn on(key: &str) -> Value {
    json!({ "ReturnConnectionPasswordEncrypted": true, "AwsKmsKeyId": key })
}

fn disabled() -> Value {
    json!({ "CatalogEncryptionMode": "DISABLED" })
}

fn off() -> Value {
    json!({ "ReturnConnectionPasswordEncrypted": false })
}

/// The possible results of a read after that put.
fn after(level: Level, put: Value, read: Value) -> Result<Vec<State>, Mismatch> {
    let mut walk = Walk::new(level);
    walk.ok(PUT, put, json!({}));
    walk.verdict(GET, json!({}), Answer::ok(read))
}

#[test]
fn before_a_put_they_hold_anything_but_not_two_things() {
    let mut walk = Walk::new(Level::Assumed);
    walk.ok(GET, json!({}), settings(kms("k"), off()));
    let other = walk.wrong_ok(GET, json!({}), settings(disabled(), off()));
    assert_eq!(other.law, "GetDataCatalogEncryptionSettings/metamorphic/reading-changes-nothing");
    let mut lenient = Walk::new(Level::Observed);
    lenient.ok(GET, json!({}), settings(kms("k"), off())).ok(GET, json!({}), settings(disabled(), off()));
}

#[test]
fn the_last_put_counts_letter_by_letter() {
    let put = || settings(kms("alias/a"), on("arn:aws:kms:r:1:key/k"));
    for level in [Level::Documented, Level::Assumed] {
        assert!(after(level, put(), put()).is_ok());
        assert!(after(level, put(), settings(disabled(), on("arn:aws:kms:r:1:key/k"))).is_err());
        assert!(after(level, put(), settings(kms("alias/a"), off())).is_err());
    }
    let resolved = || settings(kms("arn:aws:kms:r:1:key/a"), on("arn:aws:kms:r:1:key/k"));
    assert!(after(Level::Documented, put(), resolved()).is_ok(), "that keys stay verbatim is only recorded");
    let mismatch = after(Level::Observed, put(), resolved()).unwrap_err();
    assert_eq!(mismatch.law, "PutDataCatalogEncryptionSettings/valid/key-verbatim-arn");
}

#[test]
fn a_key_that_was_not_named_may_read_as_the_default_or_not_at_all() {
    let put = || {
        settings(
            json!({ "CatalogEncryptionMode": "SSE-KMS" }),
            json!({ "ReturnConnectionPasswordEncrypted": true }),
        )
    };
    for level in [Level::Documented, Level::Observed, Level::Assumed] {
        assert!(after(level, put(), settings(kms("alias/aws/glue"), on("alias/aws/glue"))).is_ok());
        assert!(after(level, put(), put()).is_ok());
        let unnamed = after(level, put(), settings(kms("k"), on("k")));
        assert_eq!(unnamed.is_ok(), level == Level::Documented, "documents do not say which key it is");
    }
}

#[test]
fn a_put_replaces_the_whole_where_recordings_count() {
    let merged = |level| {
        let mut walk = Walk::new(level);
        walk.ok(PUT, settings(kms("k"), on("p")), json!({}));
        walk.ok(PUT, settings(disabled(), Value::Null), json!({}));
        let read = |half| walk.verdict(GET, json!({}), Answer::ok(settings(disabled(), half)));
        let keyless = json!({ "ReturnConnectionPasswordEncrypted": true });
        (read(on("p")).is_ok(), read(off()).is_ok(), read(keyless).is_ok())
    };
    assert_eq!(merged(Level::Observed), (false, true, false));
    assert_eq!(merged(Level::Documented), (true, true, false));
}

#[test]
fn a_lenient_read_settles_an_open_outcome() {
    let mut walk = Walk::new(Level::Documented);
    walk.ok(PUT, settings(kms("k"), on("p")), json!({}));
    walk.ok(PUT, settings(disabled(), Value::Null), json!({}));
    walk.ok(GET, json!({}), settings(disabled(), off()));
    walk.wrong_ok(GET, json!({}), settings(disabled(), on("p")));
}

#[test]
fn both_halves_are_there_where_recordings_count() {
    let put = || settings(disabled(), off());
    assert!(after(Level::Observed, put(), settings(disabled(), Value::Null)).is_err());
    assert!(after(Level::Documented, put(), json!({})).is_err(), "the settings themselves are documented");
}

#[test]
fn valid_settings_are_never_refused() {
    let walk = Walk::new(Level::Documented);
    walk.wrong(PUT, settings(kms("alias/none"), Value::Null), Answer::refused("InvalidInputException"));
}
