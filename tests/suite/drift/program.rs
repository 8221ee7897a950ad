//! `glueproof drift` as users meet it: exit codes, known differences, files that are no models.

use std::path::Path;

use serde_json::{Value, json};

use super::models::{packed, shape, smithy};
use crate::trial::{Ended, Setting};

const ID: &str = "PutResourcePolicyRequest.PolicyInJson/length.min";

/// A model in which policies are shorter.
fn shorter() -> Value {
    let mut model = smithy();
    shape(&mut model, "PolicyJsonString")["traits"]["smithy.api#length"] = json!({ "min": 1 });
    shape(&mut model, "GetResourcePolicyResponse")["members"]["PolicyInJson"]["traits"] =
        json!({ "smithy.api#length": { "min": 2 } });
    shape(&mut model, "GluePolicy")["members"]["PolicyInJson"]["traits"] =
        json!({ "smithy.api#length": { "min": 2 } });
    model
}

fn known(model: &str) -> String {
    format!("# ours\n[[known]]\ndifference = \"{ID}\"\n{model}\nreason = \"seen otherwise\"\n")
}

fn compared(files: &[(&str, &[u8])], arguments: &[&str]) -> Ended {
    let setting = Setting::new();
    for (name, bytes) in files {
        std::fs::write(setting.path(name), bytes).unwrap();
    }
    setting.run(&[&["drift"], arguments].concat())
}

#[track_caller]
fn ends(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code(), code, "{ended:#?}");
    let text = format!("{}{}", ended.stdout, ended.stderr);
    for word in words {
        assert!(text.contains(word), "`{word}` in {text}");
    }
}

#[test]
fn agreement_and_difference() {
    let (same, other) = (smithy().to_string(), shorter().to_string());
    ends(&compared(&[("m", same.as_bytes())], &["m"]), 0, &["the specs and the model agree"]);
    ends(&compared(&[("m", &packed(&same))], &["m"]), 0, &["the specs and the model agree"]);
    let rule = "glue/PutResourcePolicy/invalid/PolicyInJson/length.min";
    let ended = compared(&[("m", other.as_bytes())], &["m"]);
    ends(
        &ended,
        1,
        &[&format!("changed  {ID}\n"), "specs        2\n", "model        1\n", rule, "1 difference\n"],
    );
}

#[test]
fn known_differences_are_shown_and_do_not_count() {
    let (other, list) = (shorter().to_string(), known("model = \"1\""));
    let files = [("m", other.as_bytes()), ("known.toml", list.as_bytes())];
    let ended = compared(&files, &["m", "--known", "known.toml"]);
    ends(&ended, 0, &["seen otherwise", "agree, but for 1 known difference"]);
}

#[test]
fn entries_that_no_longer_differ_are_mistakes() {
    let (same, other) = (smithy().to_string(), shorter().to_string());
    for (model, list) in
        [(&same, known("model = \"1\"")), (&other, known("model = \"3\"")), (&other, known(""))]
    {
        let files = [("m", model.as_bytes()), ("known.toml", list.as_bytes())];
        let ended = compared(&files, &["m", "--known", "known.toml"]);
        ends(&ended, 2, &["known.toml: line 3: ", ID, "take it out"]);
    }
    let files = [
        ("m", other.as_bytes()),
        ("known.toml", b"[[known]]\ndifference = \"x\"\nreason = \" \"".as_slice()),
    ];
    ends(&compared(&files, &["m", "--known", "known.toml"]), 2, &["line 2: `x` has no reason"]);
}

#[test]
fn a_model_of_another_service() {
    let whole = packed(&smithy().to_string());
    let mut foreign = smithy();
    foreign["shapes"].as_object_mut().unwrap().retain(|_, shape| shape["type"] != "operation");
    let none = foreign.to_string();
    foreign["shapes"]["a#Sing"] = json!({ "type": "operation" });
    let other = foreign.to_string();
    let cases: [(&[u8], &str); 7] = [
        (b"", "cannot be read"),
        (b"not json", "cannot be read"),
        (b"{}", "it is no model"),
        (b"{\"smithy\":\"2.0\",\"shapes\":[]}", "cannot be read"),
        (&whole[..whole.len() / 2], "cannot be unpacked"),
        (none.as_bytes(), "it has no operations"),
        (other.as_bytes(), "none of the operations of the specs"),
    ];
    for (bytes, words) in cases {
        let ended = compared(&[("m", bytes)], &["m"]);
        ends(&ended, 2, &["error: m: ", words]);
        assert_eq!(ended.stdout, "");
    }
    ends(&compared(&[], &["nowhere.json"]), 2, &["cannot read nowhere.json"]);
}

#[test]
fn the_list_in_the_repository_can_be_read() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/drift.toml");
    glueproof::drift::Allowed::parse(&std::fs::read_to_string(list).unwrap()).unwrap();
}
