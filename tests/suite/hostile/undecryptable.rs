//! Accounts with a resource that cannot be decrypted any more, of another user or of an earlier case. A rule judges only the
//! resources of its own case.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use glueproof::fake::FakeCloud;
use glueproof::run::{Outcome, ReasonKind};
use http::Request;
use serde_json::{Value, json};

use crate::server::{Answers, Socket, fake, operation};
use crate::trial::{Judge, Setting, cloud};

fn call(cloud: &FakeCloud, target: &str, input: &Value) -> Value {
    let request = Request::post("http://localhost/")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target)
        .body(Bytes::from(input.to_string()))
        .unwrap();
    let answer: Value = serde_json::from_slice(cloud.handle(request).body()).unwrap();
    assert_eq!(answer.get("__type"), None, "{answer}");
    answer
}

/// Creates a connection of another user, whose key is pending deletion.
fn leave_undecryptable_connection(cloud: &FakeCloud) {
    let key = call(cloud, "TrentService.CreateKey", &json!({}))["KeyMetadata"]["Arn"].clone();
    let settings = |key: &Value, encrypted| {
        let passwords = json!({ "ReturnConnectionPasswordEncrypted": encrypted, "AwsKmsKeyId": key });
        let catalog = json!({ "CatalogEncryptionMode": "DISABLED" });
        json!({ "DataCatalogEncryptionSettings":
            { "EncryptionAtRest": catalog, "ConnectionPasswordEncryption": passwords } })
    };
    call(cloud, "AWSGlue.PutDataCatalogEncryptionSettings", &settings(&key, true));
    let connection = json!({ "Name": "production", "ConnectionType": "JDBC", "ConnectionProperties":
        { "JDBC_CONNECTION_URL": "jdbc:mysql://db.invalid/db", "USERNAME": "a", "PASSWORD": "b" } });
    call(cloud, "AWSGlue.CreateConnection", &json!({ "ConnectionInput": connection }));
    call(cloud, "AWSGlue.PutDataCatalogEncryptionSettings", &settings(&key, false));
    call(cloud, "TrentService.ScheduleKeyDeletion", &json!({ "KeyId": key, "PendingWindowInDays": 7 }));
}

#[test]
fn a_list_that_others_make_undecryptable_is_not_judged() {
    let cloud = cloud();
    leave_undecryptable_connection(&cloud);
    let (setting, server) = (Setting::new(), Socket::serve(fake(&cloud)));
    let url = server.url();
    let ended = setting.run(&["run", &url, "--only", "glue/GetConnection", "--json", "report.json", "--all"]);
    let report = setting.report("report.json");
    assert_eq!(ended.code(), 3, "{ended:#?}");
    let of = |outcome| report.results.iter().filter(move |result| result.outcome == outcome);
    assert_eq!(of(Outcome::Failed).count(), 0, "{ended:#?}");
    let blocked: Vec<_> = of(Outcome::Blocked).collect();
    assert!(!blocked.is_empty());
    for result in blocked {
        assert_eq!(result.operation, "GetConnections");
        assert_eq!(result.reason_kind, Some(ReasonKind::Blocked));
        assert_eq!(result.blocker.as_ref().unwrap().answer, "400 GlueEncryptionException");
    }
    let text = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("something else in the list cannot be decrypted"), "{}", ended.stdout);
}

/// The right server, and the requests that delete a key while the settings of the catalog name it.
fn watched() -> (Answers, Arc<Mutex<Vec<String>>>) {
    let (right, settings, named) = (fake(&cloud()), Mutex::new(String::new()), Arc::default());
    let found: Arc<Mutex<Vec<String>>> = Arc::clone(&named);
    let answers: Answers = Arc::new(move |request| {
        let (operation, body) = (operation(&request), String::from_utf8_lossy(request.body()).into_owned());
        match operation.as_str() {
            "PutDataCatalogEncryptionSettings" => settings.lock().unwrap().clone_from(&body),
            "ScheduleKeyDeletion" => {
                let input: Value = serde_json::from_str(&body).unwrap();
                if settings.lock().unwrap().contains(input["KeyId"].as_str().unwrap()) {
                    named.lock().unwrap().push(body);
                }
            }
            _ => {}
        }
        right(request)
    });
    (answers, found)
}

#[test]
fn settings_with_a_key_of_a_case_do_not_outlive_the_key() {
    let (answers, named) = watched();
    let judged = Judge::only(&["glue/GetConnection/encryption"]).run(answers);
    assert!(judged.ids(Outcome::Passed).len() > 10, "{:?}", judged.report.summary);
    assert_eq!(*named.lock().unwrap(), Vec::<String>::new());
}
