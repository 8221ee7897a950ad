//! `replay` of what is no saved case, or one that fits nothing any more.

use std::fs;

use glueproof::case::Case;

use crate::trial::{Ended, Setting};

const CASE: &str = r#"{
    "format": 1, "rule": "glue/GetResourcePolicy/errors/EntityNotFoundException", "edition": "current",
    "region": "eu-west-1", "label": "by hand",
    "steps": [
        { "service": "glue", "operation": "DeleteResourcePolicy", "role": "arrange",
          "body": { "json": {} }, "expect": "any" },
        { "service": "glue", "operation": "GetResourcePolicy", "body": { "json": {} },
          "expect": { "refused": ["EntityNotFoundException"] } }
    ] }"#;

fn replay(text: &str) -> Ended {
    let setting = Setting::new();
    fs::write(setting.path("case.json"), text).unwrap();
    setting.run(&["replay", "case.json"])
}

#[track_caller]
fn refused(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
}

#[test]
fn a_case_by_hand_is_a_case() {
    assert!(Case::from_json(CASE).is_ok());
    let ended = replay(CASE);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(ended.stdout.starts_with("fixed: glue/GetResourcePolicy/errors/EntityNotFoundException\n"));
}

#[test]
fn a_case_whose_state_cannot_be_made_cannot_be_judged() {
    let ended =
        replay(&CASE.replace(r#""expect": "any""#, r#""expect": { "refused": ["NoSuchException"] }"#));
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stdout.starts_with("cannot judge: "), "{ended:#?}");
}

#[test]
fn files_that_are_not_there() {
    refused(&Setting::new().run(&["replay", "no-such.json"]), &["cannot read no-such.json"]);
    refused(&Setting::new().run(&["replay", "."]), &["cannot read ."]);
}

#[test]
fn files_that_hold_no_case() {
    for text in ["", "{}", "[]", "null", "no", "\u{1b}[31m", r#"{"format":1}"#, r#"{"format":"1"}"#] {
        refused(&replay(text), &["case.json: this is no saved case"]);
    }
    let surplus = CASE.replacen('{', r#"{ "more": 1, "#, 1);
    refused(&replay(&surplus), &["case.json: this is no saved case", "more"]);
}

#[test]
fn cases_of_another_format() {
    let ended = replay(&CASE.replace(r#""format": 1"#, r#""format": 99"#));
    refused(&ended, &["the case has format 99; this version reads format 1"]);
}

#[test]
fn cases_of_rules_that_are_gone() {
    let ended = replay(&CASE.replace("errors/EntityNotFoundException\"", "errors/Gone\""));
    refused(&ended, &["there is no rule `glue/GetResourcePolicy/errors/Gone` in edition current"]);
}

#[test]
fn cases_that_call_unknown_operations() {
    let ended = replay(&CASE.replace("\"operation\": \"GetResourcePolicy\"", "\"operation\": \"Nothing\""));
    assert_eq!(ended.code(), 3, "{ended:#?}");
    assert!(ended.stdout.starts_with("cannot judge: "), "{ended:#?}");
}

#[test]
fn a_password_in_a_body_that_is_written_as_text_is_not_shown() {
    let input = r#"{\"ConnectionInput\":{\"Name\":\"gp-thisruncase-a\",\"ConnectionType\":\"JDBC\",\"ConnectionProperties\":{\"PASSWORD\":\"correct horse\",\"P\\u0041SSWORD\":\"correct horse\"}}}  "#;
    let case = format!(
        r#"{{ "format": 1, "rule": "glue/CreateConnection/invalid/no-name", "edition": "current",
             "region": "us-east-1", "label": "by hand",
             "steps": [ {{ "service": "glue", "operation": "CreateConnection", "body": {{ "text": "{input}" }},
                          "expect": {{ "refused": ["EntityNotFoundException"] }} }} ] }}"#
    );
    let ended = replay(&case);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    assert!(ended.stdout.contains("[hidden]"), "{ended:#?}");
    for text in [&ended.stdout, &ended.stderr] {
        assert!(!text.contains("correct horse"), "{ended:#?}");
    }
}
