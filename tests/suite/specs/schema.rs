//! The schema for editors: every file of behaviors, fixtures and documents names it and is valid by it.

use std::path::Path;

use glueproof::model::embedded_files;
use serde_json::Value;

use super::has_extension;

const SCHEMA: &str = include_str!("../../../specs/behavior.schema.json");

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    let document: Value = toml::from_str(text).unwrap();
    validator().iter_errors(&document).map(|error| error.to_string()).collect()
}

#[test]
fn every_file_is_valid_by_the_schema_it_names() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").canonicalize().unwrap();
    let files = embedded_files().unwrap();
    let files: Vec<_> = files.iter().filter(|file| has_extension(&file.path, "toml")).collect();
    assert!(files.len() > 30);
    for file in files {
        let schema = file.text.lines().next().and_then(|line| line.strip_prefix("#:schema "));
        let schema = schema.unwrap_or_else(|| panic!("{} names no schema", file.path));
        let folder = specs.join(&file.path).parent().unwrap().to_owned();
        let named = folder.join(schema).canonicalize();
        assert_eq!(named.unwrap(), specs.join("behavior.schema.json"), "{}", file.path);
        assert_eq!(problems(&file.text), Vec::<String>::new(), "{}", file.path);
    }
}

#[test]
fn a_wrong_file_is_not_valid() {
    let right = r#"
subject = "GetConnection"
[[behavior]]
id = "valid/x"
requirement = "It is there."
documented = ["E030"]
steps = [{ act = "GetConnection", expect = { "/Connection" = { present = true } } }]
"#;
    assert_eq!(problems(right), Vec::<String>::new());
    for (good, bad) in [
        ("subject =", "subjects ="),
        ("id = \"valid/x\"", "id = \"vaild/x\""),
        ("documented =", "document ="),
        ("[\"E030\"]", "[]"),
        ("{ act =", "{ call ="),
        ("{ act =", "{ arrange = \"GetConnection\", act ="),
        ("\"/Connection\" =", "\"Connection\" ="),
        ("steps =", "untested = \"a reason\"\nsteps ="),
    ] {
        let wrong = right.replace(good, bad);
        assert_ne!(problems(&wrong), Vec::<String>::new(), "{wrong}");
    }
}
