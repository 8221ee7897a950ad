//! Each kind of rule fails on a cloud that is wrong in just that.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use glueproof::run::Outcome;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::altered::servers::{altered, successes};
use crate::server::{Answers, fake, operation};
use crate::trial::{Judge, cloud};

#[track_caller]
pub fn caught(rule: &str, wrong: Answers) {
    let right = Judge::only(&[rule]).run(fake(&cloud()));
    assert_eq!(right.ids(Outcome::Passed), [rule], "on a cloud that is right");
    let judged = Judge::only(&[rule]).impatiently().run(wrong);
    assert_eq!(judged.ids(Outcome::Failed), [rule]);
}

/// The right answers, with requests altered before anybody sees them.
pub fn asked_otherwise(
    cloud: &FakeCloud,
    of: &'static str,
    change: impl Fn(&mut Value) + Send + Sync + 'static,
) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request: Request<Bytes>| {
        if operation(&request) != of {
            return Some(cloud.handle(request));
        }
        let (head, body) = request.into_parts();
        let mut input: Value = serde_json::from_slice(&body).unwrap();
        change(&mut input);
        Some(cloud.handle(Request::from_parts(head, Bytes::from(input.to_string()))))
    })
}

/// A cloud in which nothing a key undergoes has any effect.
pub fn deaf_to(cloud: &FakeCloud, ignored: &'static [&'static str]) -> Answers {
    let cloud = cloud.clone();
    Arc::new(move |request| {
        if ignored.contains(&operation(&request).as_str()) {
            return Some(Response::new(Bytes::from_static(b"{}")));
        }
        Some(cloud.handle(request))
    })
}

/// Refuses nothing: a refusal of the operation becomes its last success.
fn lenient(cloud: &FakeCloud, of: &'static str) -> Answers {
    let last = Mutex::new(None::<Bytes>);
    altered(cloud, move |operation, response| {
        if operation != of {
            return response;
        }
        let mut last = last.lock().unwrap();
        if response.status().is_success() {
            *last = Some(response.body().clone());
            return response;
        }
        last.clone().map_or(response, Response::new)
    })
}

#[test]
fn contexts_that_do_not_bind() {
    for rule in ["context-missing", "context-wrong", "context-uncalled-for"] {
        caught(&format!("kms/Decrypt/encryption/{rule}"), lenient(&cloud(), "Decrypt"));
    }
    caught("kms/ReEncrypt/encryption/moves", lenient(&cloud(), "Decrypt"));
}

#[test]
fn keys_and_ciphertexts_that_do_not_matter() {
    for rule in ["other-key", "altered"] {
        caught(&format!("kms/Decrypt/encryption/{rule}"), lenient(&cloud(), "Decrypt"));
    }
    caught("kms/Encrypt/encryption/alias-follows", deaf_to(&cloud(), &["UpdateAlias"]));
}

#[test]
fn keys_that_open_after_they_were_taken_out_of_use() {
    caught("kms/Decrypt/encryption/key-disabled", lenient(&cloud(), "Decrypt"));
    caught("kms/Decrypt/encryption/key-pending-deletion", lenient(&cloud(), "Decrypt"));
    caught("kms/Encrypt/encryption/key-disabled", lenient(&cloud(), "Encrypt"));
    caught("kms/GenerateDataKey/encryption/key-disabled", lenient(&cloud(), "GenerateDataKey"));
}

#[test]
fn data_keys_that_are_always_the_same() {
    caught("kms/GenerateDataKey/encryption/two-copies", {
        successes(&cloud(), "GenerateDataKey", |body| body["Plaintext"] = json!("A".repeat(43) + "="))
    });
}

/// Drops the settings' password protection before the cloud sees it.
fn unprotected() -> Answers {
    asked_otherwise(&cloud(), "PutDataCatalogEncryptionSettings", |input| {
        input["DataCatalogEncryptionSettings"]["ConnectionPasswordEncryption"] =
            json!({ "ReturnConnectionPasswordEncrypted": false });
    })
}

#[test]
fn passwords_that_are_not_encrypted() {
    for rule in [
        "GetConnection/encryption/password-comes-encrypted",
        "GetConnection/encryption/password-opens-with-kms",
        "GetConnection/encryption/password-catalog-encrypted",
        "CreateConnection/encryption/key-disabled",
        "CreateConnection/encryption/key-pending-deletion",
        "CreateConnection/encryption/key-changed",
        "UpdateConnection/encryption/under-the-new-key",
        "GetConnections/encryption/passwords-come-encrypted",
    ] {
        caught(&format!("glue/{rule}"), unprotected());
    }
}

#[test]
fn passwords_under_a_key_that_was_not_requested() {
    let first = Mutex::new(None::<Value>);
    let stuck = asked_otherwise(&cloud(), "PutDataCatalogEncryptionSettings", move |input| {
        let key = &mut input["DataCatalogEncryptionSettings"]["ConnectionPasswordEncryption"]["AwsKmsKeyId"];
        if key.is_string() {
            *key = first.lock().unwrap().get_or_insert_with(|| key.clone()).clone();
        }
    });
    caught("glue/CreateConnection/encryption/key-changed", stuck);
}

#[test]
fn hidden_passwords_that_are_shown() {
    for rule in ["hide-password", "hide-password-needs-no-key"] {
        let shown = asked_otherwise(&cloud(), "GetConnection", |input| input["HidePassword"] = json!(false));
        let shown_and_open: Answers = Arc::new(move |request| {
            let named = operation(&request) == "GetConnection";
            shown(request).map(|answer| if named { with_password(answer) } else { answer })
        });
        caught(&format!("glue/GetConnection/encryption/{rule}"), shown_and_open);
    }
}

fn with_password(answer: Response<Bytes>) -> Response<Bytes> {
    answer.map(|body| {
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        body["Connection"]["ConnectionProperties"]["PASSWORD"] = json!("shown");
        Bytes::from(body.to_string())
    })
}

#[test]
fn a_catalog_that_is_not_encrypted() {
    let open = || {
        asked_otherwise(&cloud(), "PutDataCatalogEncryptionSettings", |input| {
            input["DataCatalogEncryptionSettings"]["EncryptionAtRest"] =
                json!({ "CatalogEncryptionMode": "DISABLED" });
        })
    };
    caught("glue/GetConnection/encryption/catalog-key-disabled", open());
    caught("glue/GetConnection/errors/GlueEncryptionException", open());
}

#[test]
fn connections_that_are_not_kept_as_they_are_told() {
    caught("glue/CreateConnection/errors/AlreadyExistsException", lenient(&cloud(), "CreateConnection"));
    caught("glue/UpdateConnection/valid/replaces", deaf_to(&cloud(), &["UpdateConnection"]));
    caught("glue/DeleteConnection/valid/takes-away", deaf_to(&cloud(), &["DeleteConnection"]));
    caught("glue/UpdateConnection/errors/EntityNotFoundException", deaf_to(&cloud(), &["UpdateConnection"]));
    caught("glue/DeleteConnection/errors/EntityNotFoundException", deaf_to(&cloud(), &["DeleteConnection"]));
}

/// Logs that never ask for a key.
fn keyless() -> Answers {
    let unbound = asked_otherwise(&cloud(), "CreateLogGroup", |input| {
        input.as_object_mut().unwrap().shift_remove("kmsKeyId");
    });
    Arc::new(move |request| {
        if operation(&request) == "AssociateKmsKey" {
            return Some(Response::new(Bytes::new()));
        }
        unbound(request)
    })
}

#[test]
fn logs_that_need_no_key() {
    for rule in [
        "AssociateKmsKey/encryption/reads-back",
        "AssociateKmsKey/encryption/key-policy-lacks-the-service",
        "AssociateKmsKey/encryption/key-disabled",
        "AssociateKmsKey/encryption/no-such-key",
        "CreateLogGroup/encryption/with-a-key",
        "CreateLogGroup/encryption/key-disabled",
        "GetLogEvents/encryption/key-disabled",
        "GetLogEvents/encryption/service-shut-out",
        "DisassociateKmsKey/encryption/later-events-alone",
    ] {
        caught(&format!("logs/{rule}"), keyless());
    }
}

#[test]
fn an_empty_answer_to_a_call_that_tells_nothing_is_right() {
    let empty = altered(&cloud(), |operation, response| {
        let tells_nothing =
            ["DisableKey", "EnableKey", "CreateAlias", "UpdateAlias", "CreateLogGroup", "DeleteLogGroup"];
        if tells_nothing.contains(&operation) && response.status().is_success() {
            return response.map(|_| Bytes::new());
        }
        response
    });
    let judged = Judge::only(&["kms/", "logs/CreateLogGroup"]).run(empty);
    assert_eq!(judged.ids(Outcome::Failed), [""; 0]);
}
