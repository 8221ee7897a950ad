//! Recordings are the same each time and through each door, readable, and without secrets.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use super::{files, of_the_fake};
use crate::server::{Socket, fake, operation};
use crate::trial::{Setting, cloud};

#[test]
fn two_recordings_are_equal_to_the_byte_and_those_in_the_repository() {
    let (one, two) = (of_the_fake(&Setting::new(), &[]), of_the_fake(&Setting::new(), &["fake:wiremock"]));
    assert!(one.len() > 80, "{}", one.len());
    assert_eq!(one, two);
    assert_eq!(one, files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/fake")));
}

#[test]
fn an_operation_has_one_for_each_outcome() {
    let found = of_the_fake(&Setting::new(), &["--only", "glue/PutResourcePolicy"]);
    let outcomes: BTreeSet<&str> =
        found.keys().map(|path| path.file_stem().unwrap().to_str().unwrap()).collect();
    for outcome in
        ["success", "ConditionCheckFailureException", "EntityNotFoundException", "ValidationException"]
    {
        assert!(outcomes.contains(outcome), "{outcomes:?}");
    }
    let text = &found[Path::new("glue/PutResourcePolicy/ConditionCheckFailureException.snap")];
    assert!(text.contains("\n400 ConditionCheckFailureException\n"), "{text}");
    assert!(text.contains("\"PolicyHashCondition\""), "{text}");
}

#[test]
fn secrets_are_in_none() {
    let found = of_the_fake(&Setting::new(), &["--only", "Connection", "--only", "kms/"]);
    let texts = found.values().cloned().collect::<Vec<_>>().join("\n");
    assert!(texts.contains(r#""Plaintext": "[hidden]""#), "{texts}");
    assert!(texts.contains(r#""ConnectionProperties": "[hidden]""#), "{texts}");
    assert!(!texts.contains("PASSWORD"), "{texts}");
}

#[test]
fn the_first_recording_is_made_only_on_request() {
    let setting = Setting::new();
    let ended = setting.run(&["snapshot"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("glueproof snapshot fake --name fake --accept"), "{ended:#?}");
    assert!(!setting.path("snapshots").exists());
}

#[test]
fn another_target_needs_a_name() {
    let setting = Setting::new();
    std::fs::create_dir_all(setting.path("snapshots/moto")).unwrap();
    let ended = setting.run(&["snapshot", "http://127.0.0.1:9"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("there are: moto"), "{ended:#?}");
}

#[test]
fn an_absent_target_records_nothing() {
    let setting = Setting::new();
    let ended = setting.run(&["snapshot", "http://127.0.0.1:9", "--name", "x", "--accept"]);
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(!setting.path("snapshots").exists());
}

#[test]
fn text_from_a_target_cannot_lead_to_other_files() {
    let setting = Setting::new();
    let body = r#"{"__type":"../../../outside","message":"\u001b[2J"}"#;
    let right = fake(&cloud());
    let server = Socket::serve(Arc::new(move |request| {
        if operation(&request) != "GetResourcePolicy" {
            return right(request);
        }
        let response = Response::builder().status(400).header("content-type", "application/x-amz-json-1.1");
        Some(response.body(Bytes::from(body)).unwrap())
    }));
    let only = ["--only", "glue/GetResourcePolicy", "--name", "hostile", "--accept"];
    let ended = setting.run(&[&["snapshot", &server.url()], &only[..]].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let found = files(&setting.path("."));
    let name = Path::new("snapshots/hostile/glue/GetResourcePolicy/..-..-..-outside.snap");
    assert!(
        found.contains_key(name) && found.keys().all(|path| path.starts_with("snapshots/hostile")),
        "{found:#?}"
    );
    assert!(!found[name].contains('\u{1b}'), "{found:#?}");
}
