//! Tables with a mistake: every one is refused with the name of file and cell.

use glueproof::model::{Edition, SpecFile, Specs, embedded_files};
use serde_json::{Value, json};

const FILE: &str = "glue/tables/DeleteResourcePolicy.json";

/// The loader's problem with an edited table of `DeleteResourcePolicy`.
fn error(edit: impl Fn(&mut Value)) -> String {
    let mut files = embedded_files().unwrap();
    let file = files.iter_mut().find(|file| file.path == FILE).unwrap();
    let mut table: Value = serde_json::from_str(&file.text).unwrap();
    edit(&mut table);
    file.text = table.to_string();
    load(&files)
}

fn load(files: &[SpecFile]) -> String {
    Specs::from_files(files, Edition::Current).unwrap_err().to_string()
}

fn assert_says(error: &str, parts: &[&str]) {
    assert!(parts.iter().all(|part| error.contains(part)), "{error}");
}

#[test]
fn a_missing_cell() {
    let error = error(|table| {
        table["cells"].as_array_mut().unwrap().remove(2);
    });
    assert_says(&error, &[FILE, "`state absent, PolicyHashCondition foreign`", "has no cell"]);
}

#[test]
fn a_cell_twice() {
    let error = error(|table| {
        let first = table["cells"][0].clone();
        table["cells"].as_array_mut().unwrap().push(first);
    });
    assert_says(&error, &[FILE, "`state absent, PolicyHashCondition absent`", "has a cell already"]);
}

#[test]
fn a_cell_of_no_situation() {
    for when in [
        json!({ "state": "absent", "PolicyHashCondition": "current" }),
        json!({ "state": "absent", "PolicyHashCondition": "stale" }),
        json!({ "state": "there", "PolicyHashCondition": "absent" }),
        json!({ "state": "absent" }),
        json!({ "PolicyHashCondition": "absent" }),
        json!({ "state": "absent", "PolicyHashCondition": "absent", "PolicyExistsCondition": "NONE" }),
    ] {
        let error = error(|table| table["cells"][0]["when"] = when.clone());
        assert_says(&error, &[FILE, "cell `state", "no such situation"]);
    }
}

#[test]
fn bad_evidence() {
    let unknown = error(|table| table["cells"][1]["evidence"]["sources"] = json!(["E999"]));
    assert_says(&unknown, &[FILE, "`state absent, PolicyHashCondition former`", "E999"]);
    let none = error(|table| table["cells"][1]["evidence"]["sources"] = json!([]));
    assert_says(&none, &[FILE, "PolicyHashCondition former", "names no source"]);
    let level = error(|table| table["cells"][1]["evidence"]["level"] = json!("certain"));
    assert_says(&level, &[FILE, "certain"]);
    let unchanged = error(|table| table["cells"][1]["unchanged"]["sources"] = json!(["E999"]));
    assert_says(&unchanged, &[FILE, "PolicyHashCondition former", "E999"]);
}

#[test]
fn a_refusal_that_says_nothing_of_the_state_and_an_acceptance_that_does() {
    let missing = error(|table| {
        table["cells"][0].as_object_mut().unwrap().remove("unchanged");
    });
    assert_says(&missing, &[FILE, "`state absent, PolicyHashCondition absent`", "`unchanged` is missing"]);
    let superfluous = error(|table| {
        table["cells"][3]["unchanged"] = table["cells"][0]["unchanged"].clone();
    });
    assert_says(&superfluous, &[FILE, "state present", "no refusal may come"]);
}

#[test]
fn an_expectation_that_is_no_answer() {
    for expect in
        [json!("any"), json!({ "refused": [] }), json!({ "either": ["ok", "gone"] }), json!({ "either": [] })]
    {
        let error = error(|table| table["cells"][0]["expect"] = expect.clone());
        assert_says(&error, &[FILE, "`state absent, PolicyHashCondition absent`", "a cell expects"]);
    }
    let code = error(|table| table["cells"][0]["expect"] = json!({ "refused": ["NoSuchException"] }));
    assert_says(&code, &[FILE, "NoSuchException"]);
}

#[test]
fn unknown_fields_and_subjects() {
    assert_says(&error(|table| table["cells"][0]["color"] = json!(1)), &[FILE, "color"]);
    assert_says(
        &error(|table| table["subject"] = json!("DropResourcePolicy")),
        &[FILE, "DropResourcePolicy"],
    );
    let unconditional = error(|table| table["subject"] = json!("GetResourcePolicy"));
    assert_says(&unconditional, &[FILE, "GetResourcePolicy", "glueproof#condition"]);
}

/// The loader's problem with another trait on the hash condition.
fn conditioned(condition: &Value) -> String {
    let path = "glue/operations/DeleteResourcePolicy.json";
    let mut files = embedded_files().unwrap();
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    let mut document: Value = serde_json::from_str(&file.text).unwrap();
    let shape = &mut document["shapes"]["com.amazonaws.glue#DeleteResourcePolicyRequest"];
    shape["members"]["PolicyHashCondition"]["traits"]["glueproof#condition"] = condition.clone();
    file.text = document.to_string();
    load(&files)
}

#[test]
fn a_version_without_a_source() {
    assert_says(&conditioned(&json!({})), &[FILE, "`PolicyHashCondition` names no `version`"]);
    // The first is in no answer, the second in that of reads alone.
    for version in ["PolicyETag", "UpdateTime"] {
        let error = conditioned(&json!({ "version": version }));
        assert_says(&error, &[FILE, &format!("`{version}` of `PolicyHashCondition` is not told")]);
    }
}

#[test]
fn a_version_for_an_enumeration() {
    let path = "glue/operations/PutResourcePolicy.json";
    let mut files = embedded_files().unwrap();
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    let mut document: Value = serde_json::from_str(&file.text).unwrap();
    let shape = &mut document["shapes"]["com.amazonaws.glue#PutResourcePolicyRequest"];
    let traits = &mut shape["members"]["PolicyExistsCondition"]["traits"];
    traits["glueproof#condition"] = json!({ "version": "PolicyHash" });
    file.text = document.to_string();
    assert_says(
        &load(&files),
        &["tables/PutResourcePolicy.json", "`PolicyExistsCondition` is an enumeration"],
    );
}

#[test]
fn a_resource_without_a_way_to_make_the_states() {
    let mut files = embedded_files().unwrap();
    let file = files.iter_mut().find(|file| file.path == "glue/service.json").unwrap();
    let mut document: Value = serde_json::from_str(&file.text).unwrap();
    let resource = &mut document["shapes"]["com.amazonaws.glue#ResourcePolicyResource"];
    resource.as_object_mut().unwrap().remove("put");
    file.text = document.to_string();
    assert_says(&load(&files), &[FILE, "put, read and deleted"]);
}

#[test]
fn a_second_table_of_one_operation() {
    let mut files = embedded_files().unwrap();
    let copy = files.iter().find(|file| file.path == FILE).unwrap().clone();
    files.push(SpecFile { path: "glue/tables/Again.json".to_owned(), ..copy });
    assert_says(&load(&files), &["glue/tables/Again.json", "second table"]);
}
