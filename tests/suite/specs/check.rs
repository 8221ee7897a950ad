//! `glueproof specs check` and `glueproof explain --expanded`, for people who write specs.

use serde_json::Value;

use crate::trial::Setting;

/// A folder with the project's specs.
fn copied() -> Setting {
    let setting = Setting::new();
    for file in glueproof::model::embedded_files().unwrap() {
        let path = setting.path("specs").join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
    setting
}

#[test]
fn right_specs_are_counted() {
    let setting = copied();
    let built_in = setting.run(&["specs", "check"]);
    assert!(built_in.stdout.ends_with(" behaviors: no problems\n"), "{built_in:#?}");
    let folder = setting.run(&["specs", "check", "--specs", "specs"]);
    assert_eq!((folder.code(), &folder.stdout), (0, &built_in.stdout));
}

#[test]
fn every_problem_is_printed_with_its_place() {
    let setting = copied();
    for (file, good, bad) in [
        ("glue/behaviors/S3Encryption.toml", "use = \"job\"", "use = \"jbo\""),
        ("kms/behaviors/Encrypt.toml", "subject =", "subjekt ="),
    ] {
        let path = setting.path("specs").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, text.replacen(good, bad, 1)).unwrap();
    }
    let ended = setting.run(&["specs", "check", "--specs", "specs"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("glue/behaviors/S3Encryption.toml, line "), "{ended:#?}");
    assert!(lines[0].contains("unknown fixture or document `jbo`, did you mean `job`?"), "{ended:#?}");
    let kms = "kms/behaviors/Encrypt.toml, line 2, column 1: a behavior file has no member `subjekt`, did you mean `subject`?";
    assert_eq!(lines.last(), Some(&kms), "{ended:#?}");
}

#[test]
fn a_rule_is_printed_as_expanded() {
    let setting = Setting::new();
    let id = "glue/S3Encryption/encryption/objects/SSE-S3";
    let ended = setting.run(&["explain", "--expanded", id]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let behavior: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(behavior["id"], id);
    assert_eq!(behavior["steps"][0]["call"], "kms:CreateKey");
    let derived =
        setting.run(&["explain", "--expanded", "glue/PutResourcePolicy/invalid/PolicyInJson/required"]);
    assert!(derived.stdout.contains("is derived from the shapes"), "{derived:#?}");
}
