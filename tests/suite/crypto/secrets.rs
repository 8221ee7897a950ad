//! Sensitive values of calls and answers are in no report, whatever is wrong with them.

use glueproof::run::Outcome;
use serde_json::json;

use crate::altered::servers::successes;
use crate::trial::{Judge, cloud};

/// The secret of these tests, and its base64.
const SECRETS: [&str; 3] = ["swordfish", "c3dvcmRmaXNo", "a password made up for a test"];

#[track_caller]
fn nothing_shows(judged: &crate::trial::Judged, rule: &str) {
    assert!(judged.ids(Outcome::Failed).contains(&rule), "{:?}", judged.ids(Outcome::Failed));
    let report = serde_json::to_string(&judged.report).unwrap();
    assert!(report.contains("[hidden]"), "{report}");
    for secret in SECRETS {
        assert!(!report.contains(secret), "{secret} in {report}");
    }
}

#[test]
fn plaintexts_do_not() {
    let wrong = successes(&cloud(), "Decrypt", |body| body["Plaintext"] = json!("c3dvcmRmaXNo"));
    let judged = Judge::only(&["kms/Decrypt/encryption/round-trip"]).run(wrong);
    nothing_shows(&judged, "kms/Decrypt/encryption/round-trip");
}

#[test]
fn passwords_do_not() {
    let wrong = successes(&cloud(), "GetConnection", |body| {
        let properties = body["Connection"]["ConnectionProperties"].as_object_mut().unwrap();
        properties.insert("PASSWORD".to_owned(), json!("swordfish"));
    });
    let judged = Judge::only(&["GetConnection/encryption/password-comes-encrypted"]).run(wrong);
    nothing_shows(&judged, "glue/GetConnection/encryption/password-comes-encrypted");
}

#[test]
fn passwords_in_lists_do_not() {
    let wrong = successes(&cloud(), "GetConnections", |body| {
        for connection in body["ConnectionList"].as_array_mut().unwrap() {
            connection["ConnectionProperties"] = json!({ "PASSWORD": "a password made up for a test" });
        }
    });
    let judged = Judge::only(&["GetConnections/encryption/hide-password"]).run(wrong);
    nothing_shows(&judged, "glue/GetConnections/encryption/hide-password");
}
