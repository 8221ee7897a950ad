//! Specs with one mistake: exit code 2, and a message that names the file and what in it is wrong.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::trial::{Ended, Setting};

const POLICIES: &str = "glue/behaviors/GetResourcePolicies.toml";
const SETTINGS: &str = "glue/operations/GetDataCatalogEncryptionSettings.json";
const SIMPLE: &str = "glue/simple.json";

/// The project's specs, in a folder where they can be broken.
fn copied() -> Setting {
    let setting = Setting::new();
    copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/specs")), &setting.path("specs"));
    setting
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() { copy(&path, &to) } else { fs::write(to, fs::read(path).unwrap()).unwrap() }
    }
}

#[track_caller]
fn refused(setting: &Setting, words: &[&str]) -> Ended {
    let ended = setting.run(&["list", "--specs", "specs"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.starts_with("error: the specs cannot be used: "), "{ended:#?}");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
    ended
}

/// One file changed as JSON.
#[track_caller]
fn broken(file: &str, change: impl FnOnce(&mut Value), words: &[&str]) {
    let setting = copied();
    let path = setting.path("specs").join(file);
    let mut json: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let before = json.clone();
    change(&mut json);
    assert_ne!(json, before, "the mistake was made");
    fs::write(&path, json.to_string()).unwrap();
    refused(&setting, &[&[file], words].concat());
}

/// The text of a behavior file changed.
#[track_caller]
fn broken_behaviors(change: impl FnOnce(&str) -> String, words: &[&str]) {
    let setting = copied();
    let path = setting.path("specs").join(POLICIES);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(&text);
    assert_ne!(changed, text, "the mistake was made");
    fs::write(&path, changed).unwrap();
    refused(&setting, &[&[POLICIES], words].concat());
}

/// The lines of the first behavior of a file, without those that the filter names.
fn without_lines(text: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    let start = text.find("[[behavior]]").unwrap();
    let end = text[start + 1..].find("[[behavior]]").unwrap() + start + 1;
    let kept: Vec<&str> = text[start..end].lines().filter(|line| !is_left_out(line)).collect();
    format!("{}{}\n\n{}", &text[..start], kept.join("\n"), &text[end..])
}

fn shape(name: &str) -> String {
    format!("com.amazonaws.glue#{name}")
}

/// The first shape of a file, by name and definition.
fn first_shape(json: &mut Value) -> (&String, &mut Value) {
    json["shapes"].as_object_mut().unwrap().iter_mut().next().unwrap()
}

#[test]
fn whole_specs_in_a_folder_are_those_built_in() {
    let setting = copied();
    let (own, built_in) = (setting.run(&["list", "--specs", "specs"]), setting.run(&["list"]));
    assert_eq!((own.code(), own.stdout), (0, built_in.stdout));
}

#[test]
fn unknown_traits() {
    let set = |name: &'static str| move |json: &mut Value| first_shape(json).1["traits"][name] = json!({});
    broken(SIMPLE, set("smithy.api#lenght"), &["com.amazonaws.glue#", "smithy.api#lenght"]);
    broken(SIMPLE, set("glueproof#nosuch"), &["the trait `glueproof#nosuch` is not defined in traits.json"]);
}

#[test]
fn undefined_targets() {
    let name = "GetDataCatalogEncryptionSettingsRequest";
    let member = |json: &mut Value| {
        json["shapes"][shape(name)]["members"]["CatalogId"]["target"] = json!(shape("Missing"));
    };
    broken(SETTINGS, member, &[name, "the target `com.amazonaws.glue#Missing` is defined nowhere"]);
    let operation = |json: &mut Value| {
        json["shapes"][shape("GetDataCatalogEncryptionSettings")]["input"]["target"] =
            json!(shape("Missing"));
    };
    broken(SETTINGS, operation, &["GetDataCatalogEncryptionSettings", "com.amazonaws.glue#Missing"]);
}

#[test]
fn shapes_with_two_owners() {
    let setting = copied();
    let text = fs::read(setting.path("specs").join(SETTINGS)).unwrap();
    fs::write(setting.path("specs/glue/operations/Twin.json"), text).unwrap();
    refused(&setting, &["glue/operations/Twin.json", SETTINGS, "a shape is owned by one file"]);
}

#[test]
fn behaviors_without_evidence() {
    let is_evidence =
        |line: &str| ["documented", "observed", "assumed"].iter().any(|level| line.starts_with(level));
    broken_behaviors(|text| without_lines(text, is_evidence), &["glue/GetResourcePolicies/", "evidence"]);
    let empty = |text: &str| {
        let at = text.find("documented = [").unwrap();
        let end = at + text[at..].find('\n').unwrap();
        format!("{}documented = []{}", &text[..at], &text[end..])
    };
    broken_behaviors(empty, &["glue/GetResourcePolicies/", "the evidence names no source"]);
}

#[test]
fn behaviors_with_one_id() {
    let twice = |text: &str| {
        let start = text.find("[[behavior]]").unwrap();
        let end = text[start + 1..].find("[[behavior]]").unwrap() + start + 1;
        format!("{text}\n{}", &text[start..end])
    };
    broken_behaviors(twice, &["glue/GetResourcePolicies/", "the behavior id is also used in"]);
}

#[test]
fn undefined_sources() {
    let unknown = |text: &str| text.replacen("documented = [", "documented = [\"E999\", ", 1);
    broken_behaviors(unknown, &["glue/GetResourcePolicies/", "source `E999`"]);
}

#[test]
fn behaviors_of_no_family_and_without_a_proof() {
    let family = |text: &str| {
        let at = text.find("id = \"").unwrap() + 6;
        let end = at + text[at..].find('"').unwrap();
        format!("{}weird/thing{}", &text[..at], &text[end..])
    };
    broken_behaviors(family, &["weird/thing", "with a family of"]);
    let proof = |text: &str| text.replacen("pages = \"whole-list\"\n", "", 1);
    broken_behaviors(proof, &["glue/GetResourcePolicies/", "this one has 0"]);
}

#[test]
fn patterns_that_are_none() {
    let set = |json: &mut Value| first_string(json)["traits"]["smithy.api#pattern"] = json!("[a-");
    broken(SIMPLE, set, &["com.amazonaws.glue#", "the pattern `[a-` cannot be used"]);
}

#[test]
fn bounds_that_contradict_each_other() {
    let set = |json: &mut Value| {
        first_string(json)["traits"]["smithy.api#length"] = json!({ "min": 9, "max": 3 });
    };
    broken(SIMPLE, set, &["com.amazonaws.glue#", "minimum 9 is above maximum 3"]);
}

fn first_string(json: &mut Value) -> &mut Value {
    let mut shapes = json["shapes"].as_object_mut().unwrap().values_mut();
    shapes.find(|shape| shape["type"] == "string").unwrap()
}

#[test]
fn files_that_are_no_json() {
    for file in [POLICIES, SIMPLE, "traits.json", "glue/evidence.json"] {
        let setting = copied();
        fs::write(setting.path("specs").join(file), "{ \"smithy\": ").unwrap();
        refused(&setting, &[file]);
    }
}

#[test]
fn folders_without_specs() {
    let setting = Setting::new();
    refused(&setting, &["specs"]);
    fs::create_dir(setting.path("specs")).unwrap();
    refused(&setting, &["specs: the folder contains no .json files"]);
    fs::create_dir(setting.path("specs/glue")).unwrap();
    fs::write(setting.path("specs/glue/simple.json"), r#"{"smithy":"2.0","shapes":{}}"#).unwrap();
    refused(&setting, &["traits.json", "missing"]);
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/traits.json"), setting.path("specs/traits.json"))
        .unwrap();
    refused(&setting, &["glue", "no file defines the service shape"]);
}

#[test]
fn specs_that_are_a_file() {
    let setting = Setting::new();
    fs::write(setting.path("specs"), "").unwrap();
    refused(&setting, &["specs"]);
}
