//! Our own traits: those used are defined, those defined are used, and readers find all in the README.

use std::collections::BTreeSet;

use glueproof::model::embedded_files;
use serde_json::Value;

use super::has_extension;

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.keys().filter(|key| key.starts_with("glueproof#")).cloned());
            map.values().for_each(|inner| keys(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

/// The traits that `traits.json` defines: its shapes with `smithy.api#trait`.
fn defined() -> BTreeSet<String> {
    let files = embedded_files().unwrap();
    let file = files.iter().find(|f| f.path == "traits.json").unwrap();
    let document: Value = serde_json::from_str(&file.text).unwrap();
    let shapes = document["shapes"].as_object().unwrap().clone();
    let is_trait = |shape: &Value| shape["traits"].get("smithy.api#trait").is_some();
    shapes.into_iter().filter(|(_, shape)| is_trait(shape)).map(|(id, _)| id).collect()
}

#[test]
fn used_and_defined_are_the_same() {
    let mut used = BTreeSet::new();
    let is_shapes = |path: &str| has_extension(path, "json") && path != "traits.json";
    for file in embedded_files().unwrap().iter().filter(|file| is_shapes(&file.path)) {
        keys(&serde_json::from_str(&file.text).unwrap(), &mut used);
    }
    assert_eq!(used, defined());
}

#[test]
fn the_table_for_readers_holds_each() {
    let readme = include_str!("../../../specs/README.md");
    for name in defined() {
        assert!(readme.contains(&format!("| `{name}` |")), "{name} is missing from specs/README.md");
    }
}
