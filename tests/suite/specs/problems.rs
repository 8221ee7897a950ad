//! Specs that are wrong, one mistake at a time: the loader refuses each with the file and the shape that
//! hold it.

use glueproof::model::{Edition, SpecError, SpecFile, SpecProblem, Specs, embedded_files};
use serde_json::{Value, json};

/// The embedded specs with one file changed.
pub fn altered(path: &str, change: impl FnOnce(&mut Value)) -> Vec<SpecFile> {
    let mut files = embedded_files().unwrap();
    let file = files.iter_mut().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"));
    let mut document: Value = serde_json::from_str(&file.text).unwrap();
    change(&mut document);
    file.text = document.to_string();
    files
}

/// The embedded specs with the text of one file changed.
pub fn altered_text(path: &str, change: impl FnOnce(&str) -> String) -> Vec<SpecFile> {
    let mut files = embedded_files().unwrap();
    let file = files.iter_mut().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"));
    file.text = change(&file.text);
    files
}

pub fn refused(files: &[SpecFile]) -> SpecError {
    Specs::from_files(files, Edition::Current).expect_err("the loader takes it")
}

const SIMPLE: &str = "glue/simple.json";
const GET: &str = "glue/operations/GetSecurityConfiguration.json";
const GET_BEHAVIORS: &str = "glue/behaviors/GetSecurityConfiguration.toml";

fn shape(name: &str) -> String {
    format!("com.amazonaws.glue#{name}")
}

/// The problem with a change to one shape of a file; it must be reported of that file and shape.
#[track_caller]
fn problem(path: &str, name: &str, place: &str, change: impl FnOnce(&mut Value)) -> SpecProblem {
    let error = refused(&altered(path, |document| change(&mut document["shapes"][shape(name)])));
    assert_eq!((error.file.as_str(), error.shape.as_deref()), (path, Some(shape(place).as_str())), "{error}");
    error.problem
}

#[test]
fn a_file_that_is_no_json_is_named() {
    let mut files = embedded_files().unwrap();
    for path in [SIMPLE, "traits.json", "glue/evidence.json", GET_BEHAVIORS] {
        let at = files.iter().position(|f| f.path == path).unwrap();
        let good = std::mem::replace(&mut files[at].text, "{ \"smithy\": ".to_owned());
        let error = refused(&files);
        assert_eq!(error.file, path);
        assert!(matches!(error.problem, SpecProblem::Syntax(_)), "{error}");
        files[at].text = good;
    }
}

#[test]
fn another_version_of_smithy_is_not_read() {
    let error = refused(&altered(SIMPLE, |document| document["smithy"] = json!("1.0")));
    assert_eq!(error.to_string(), "glue/simple.json: the Smithy version is `1.0`; only 2.0 is understood");
}

#[test]
fn unknown_traits_types_and_fields_name_file_and_shape() {
    let changes: [fn(&mut Value); 4] = [
        |s| s["traits"]["smithy.api#uniqueItems"] = json!({}),
        |s| s["type"] = json!("document"),
        |s| s["members"] = json!({}),
        |s| s["traits"]["smithy.api#length"]["most"] = json!(1),
    ];
    for change in changes {
        let found = problem(SIMPLE, "NameString", "NameString", change);
        assert!(matches!(found, SpecProblem::Syntax(_)), "{found}");
    }
}

#[test]
fn a_trait_of_ours_must_be_defined() {
    let found = problem(SIMPLE, "NameString", "NameString", |s| s["traits"]["glueproof#wish"] = json!({}));
    assert!(matches!(&found, SpecProblem::UndefinedTrait { name } if name == "glueproof#wish"), "{found}");
    let on_member = |s: &mut Value| s["members"]["Name"]["traits"]["glueproof#wish"] = json!({});
    let found = problem(GET, "GetSecurityConfigurationRequest", "GetSecurityConfigurationRequest", on_member);
    assert!(matches!(found, SpecProblem::UndefinedTrait { .. }), "{found}");
}

#[test]
fn a_shape_has_one_owner() {
    let files = altered(SIMPLE, |document| {
        document["shapes"][shape("S3Encryption")] = json!({ "type": "string" });
    });
    let error = refused(&files);
    assert_eq!(error.file, "glue/structures/S3Encryption.json");
    assert!(matches!(error.problem, SpecProblem::DuplicateShape { other } if other == SIMPLE));
}

#[test]
fn targets_must_be_defined() {
    let nowhere = || json!({ "target": shape("Nowhere") });
    let dangling = |found: SpecProblem| {
        assert!(matches!(&found, SpecProblem::UnresolvedTarget { target } if *target == shape("Nowhere")));
    };
    let request = "GetSecurityConfigurationRequest";
    dangling(problem(GET, request, "GetSecurityConfigurationRequest$Name", |s| {
        s["members"]["Name"] = nowhere();
    }));
    let operation = "GetSecurityConfiguration";
    dangling(problem(GET, operation, operation, |s| s["output"] = nowhere()));
    dangling(problem(GET, operation, operation, |s| s["errors"][0] = nowhere()));
    let resource = "ResourcePolicyResource";
    dangling(problem("glue/service.json", resource, resource, |s| s["read"] = nowhere()));
    dangling(problem("glue/service.json", "AWSGlue", "AWSGlue", |s| s["operations"][0] = nowhere()));
}

#[test]
fn targets_must_be_of_the_right_kind() {
    let kind = |found: SpecProblem, wanted: &str| {
        assert!(matches!(&found, SpecProblem::WrongKind { expected, .. } if *expected == wanted), "{found}");
    };
    let operation = "GetSecurityConfiguration";
    let (input, output) = ("GetSecurityConfigurationRequest", "GetSecurityConfigurationResponse");
    let member = problem(GET, input, "GetSecurityConfigurationRequest$Name", |s| {
        s["members"]["Name"] = json!({ "target": shape("GetSecurityConfiguration") });
    });
    kind(member, "a data shape");
    let swapped = |from: &'static str, to: &'static str| {
        problem(GET, operation, operation, move |s| s[from] = json!({ "target": shape(to) }))
    };
    kind(swapped("input", "NameString"), "a structure with smithy.api#input");
    kind(swapped("input", output), "a structure with smithy.api#input");
    kind(swapped("output", input), "a structure with smithy.api#output");
    let error = problem(GET, operation, operation, |s| s["errors"][0] = json!({ "target": shape(output) }));
    kind(error, "a structure with smithy.api#error");
}

#[test]
fn evidence_needs_sources_that_exist() {
    let response = "GetSecurityConfigurationResponse";
    let place = "GetSecurityConfigurationResponse$SecurityConfiguration";
    let cite = |sources: Value| {
        problem(GET, response, place, move |s| {
            let promised = &mut s["members"]["SecurityConfiguration"]["traits"]["glueproof#promised"];
            promised["evidence"]["sources"] = sources;
        })
    };
    assert!(matches!(cite(json!([])), SpecProblem::NoSource));
    assert!(matches!(cite(json!(["E999"])), SpecProblem::UnknownSource { id } if id == "E999"));
}

#[test]
fn patterns_and_bounds_must_make_sense() {
    let pattern =
        problem(SIMPLE, "NameString", "NameString", |s| s["traits"]["smithy.api#pattern"] = json!("["));
    assert!(matches!(&pattern, SpecProblem::Pattern { pattern, .. } if pattern == "["), "{pattern}");
    for (name, of) in [("NameString", "smithy.api#length"), ("PageSize", "smithy.api#range")] {
        let bounds = problem(SIMPLE, name, name, |s| s["traits"][of] = json!({ "min": 3, "max": 2 }));
        assert!(matches!(bounds, SpecProblem::Bounds { min: 3, max: 2 }), "{bounds}");
    }
}

#[test]
fn traits_of_one_edition_are_checked_too() {
    let other = problem(SIMPLE, "KmsKeyArn", "KmsKeyArn", |s| {
        s["traits"]["glueproof#edition"]["in"] = json!({ "current": { "smithy.api#sensitive": {} } });
    });
    assert_eq!(other.to_string(), "`smithy.api#sensitive` cannot differ by edition");
}

#[test]
fn a_service_must_say_how_it_is_called() {
    for needed in ["aws.auth#sigv4", "aws.protocols#awsJson1_1", "aws.api#service", "glueproof#refusals"] {
        let missing = problem("glue/service.json", "AWSGlue", "AWSGlue", |s| {
            s["traits"].as_object_mut().unwrap().remove(needed);
        });
        assert!(matches!(&missing, SpecProblem::Missing(text) if text.contains(needed)), "{missing}");
    }
}

#[test]
fn files_that_must_be_there_are_missed() {
    let without = |path: &str| {
        let mut files = embedded_files().unwrap();
        files.retain(|f| f.path != path);
        refused(&files).to_string()
    };
    assert_eq!(without("traits.json"), "traits.json: the file is missing");
    assert_eq!(without("glue/service.json"), "glue: no file defines the service shape");
}

#[test]
fn enum_values_must_be_written() {
    let missing = problem("glue/structures/S3Encryption.json", "S3EncryptionMode", "S3EncryptionMode", |s| {
        s["members"]["DISABLED"]["traits"].as_object_mut().unwrap().remove("smithy.api#enumValue");
    });
    assert!(matches!(missing, SpecProblem::Missing(_)), "{missing}");
}

#[test]
fn folders_that_cannot_be_read_say_so() {
    let gone = std::path::Path::new("no-such-folder");
    let error = Specs::from_dir(gone, Edition::Current).err().unwrap();
    assert!(matches!(error.problem, SpecProblem::Unreadable { .. }), "{error}");
    let empty = std::env::temp_dir().join(format!("glueproof-no-specs-{}", std::process::id()));
    std::fs::create_dir_all(&empty).unwrap();
    let error = Specs::from_dir(&empty, Edition::Current).err().unwrap();
    std::fs::remove_dir(&empty).unwrap();
    assert!(matches!(error.problem, SpecProblem::Missing(_)), "{error}");
}
