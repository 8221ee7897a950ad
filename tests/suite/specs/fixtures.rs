//! Fixtures, documents, parameters and rows: the calls that they stand for, and the place and the nearest name in each
//! error about them.

use glueproof::model::{Behavior, Edition, Proof, SpecFile, Specs, embedded_files};
use serde_json::{Value, json};

use super::problems::refused;

const FILE: &str = "glue/behaviors/Probe.toml";

/// The embedded specs with a behavior file, a fixture file and a document file more.
fn files(behaviors: &str, fixtures: &str, documents: &str) -> Vec<SpecFile> {
    let mut files = embedded_files().unwrap();
    for (path, more) in [("glue/fixtures.toml", fixtures), ("glue/documents.toml", documents)] {
        let file = files.iter_mut().find(|file| file.path == path).unwrap();
        file.text = format!("{}\n{more}", file.text);
    }
    let text = format!(
        "subject = \"GetSecurityConfiguration\"\nassumed = [\"E050\"]\n\n[[behavior]]\nid = \"valid/probe\"\n\
         requirement = \"It is there.\"\n{behaviors}"
    );
    files.push(SpecFile { path: FILE.to_owned(), text });
    files
}

/// The probe behaviors, as rules see them.
#[track_caller]
fn loaded(behaviors: &str, fixtures: &str, documents: &str) -> Vec<Behavior> {
    let specs = Specs::from_files(&files(behaviors, fixtures, documents), Edition::Current).unwrap();
    let all = &specs.service("glue").unwrap().behaviors;
    all.iter().filter(|behavior| behavior.id.contains("/valid/probe")).cloned().collect()
}

/// The inputs of the only behavior's calls.
#[track_caller]
fn inputs(behaviors: &str, fixtures: &str, documents: &str) -> Vec<Value> {
    let behaviors = loaded(behaviors, fixtures, documents);
    let [Behavior { proof: Proof::Scenario(steps), .. }] = &behaviors[..] else {
        panic!("not one scenario: {behaviors:#?}")
    };
    steps.iter().map(|step| step.input.clone()).collect()
}

#[track_caller]
fn error(behaviors: &str, fixtures: &str, documents: &str) -> String {
    refused(&files(behaviors, fixtures, documents)).to_string()
}

const FIXTURE: &str = r##"
[two-reads]
defaults = { first = "#a" }
steps = [
  { act = "GetSecurityConfiguration", input = { Name = "$first" } },
  { act = "GetSecurityConfiguration", input = { Name = "x-{$second}", Extra = "$extra?" } },
]
"##;

#[test]
fn fixtures_take_parameters_and_have_defaults() {
    let name = |label: &str| json!({ "$name": label });
    let text = |label: &str| json!({ "$concat": ["x-", { "$name": label }] });
    for (step, expected) in [
        (
            r##"{ use = "two-reads", second = "#b" }"##,
            [json!({ "Name": name("a") }), json!({ "Name": text("b") })],
        ),
        (
            r##"{ use = "two-reads", first = "#c", second = "#b", extra = [1, true] }"##,
            [json!({ "Name": name("c") }), json!({ "Name": text("b"), "Extra": [1, true] })],
        ),
    ] {
        assert_eq!(inputs(&format!("steps = [{step}]"), FIXTURE, ""), expected, "{step}");
    }
}

#[test]
fn documents_stand_for_values() {
    let documents = r#"
[greeting]
defaults = { whom = "world" }
text = "hello {$whom}"

[letter]
json = { Text = { use = "greeting", whom = "$whom" } }
"#;
    let steps = r#"steps = [{ act = "GetSecurityConfiguration", input = {
        A = "$greeting", B = { use = "letter", whom = "you" }, C = "$null", D = "$$greeting" } }]"#;
    let expected =
        json!({ "A": "hello world", "B": { "$json": { "Text": "hello you" } }, "C": null, "D": "$greeting" });
    assert_eq!(inputs(steps, "", documents), [expected]);
}

#[test]
fn lists_join_lists_and_optional_parameters_are_left_out() {
    let rows = r#"
steps = ["$before", { act = "GetSecurityConfiguration", input = { A = [1, "$more", "$none?"], B = "$none?" } }]
rows = [{ name = "row", more = [2, 3], before = [{ arrange = "GetSecurityConfigurations" }] }]
"#;
    assert_eq!(inputs(rows, "", ""), [json!({}), json!({ "A": [1, 2, 3] })]);
}

#[test]
fn every_row_is_a_behavior() {
    let rows = r##"
steps = [{ act = "GetSecurityConfiguration", input = { Name = "$value" }, expect = "$expect" }]
defaults = { expect = "ok" }
rows = [
  { name = "one", value = "#a" },
  { name = "two", value = "#b", expect = "EntityNotFoundException", requirement = "Other.", observed = ["E018"] },
]
"##;
    let found = loaded(rows, "", "");
    let said: Vec<_> =
        found.iter().map(|b| (b.id.as_str(), b.requirement.as_str(), b.evidence.level.name())).collect();
    assert_eq!(
        said,
        [
            ("glue/GetSecurityConfiguration/valid/probe/one", "It is there.", "assumed"),
            ("glue/GetSecurityConfiguration/valid/probe/two", "Other.", "observed"),
        ]
    );
}

#[test]
fn several_predicates_hold_at_one_place() {
    let steps = r#"steps = [{ act = "GetSecurityConfiguration", expect = {
        "/A" = [{ differs = 1 }, { differs = 2 }], "/B" = { present = true, differs = 3 }, "/C" = [1] } }]"#;
    let found = loaded(steps, "", "");
    let Proof::Scenario(steps) = &found[0].proof else { panic!("no scenario") };
    let expected = json!({ "ok": [
        { "at": "/A", "differs": 1 }, { "at": "/A", "differs": 2 }, { "at": "/B", "present": true },
        { "at": "/B", "differs": 3 }, { "at": "/C", "equals": [1] },
    ] });
    assert_eq!(serde_json::to_value(steps[0].expectation()).unwrap(), expected);
}

#[test]
fn errors_name_file_line_column_and_the_nearest_name() {
    let start = format!("{FILE}, line 7, column");
    for (step, expected) in [
        (
            r#"{ use = "two-raeds" }"#,
            "18, glue/GetSecurityConfiguration/valid/probe: unknown fixture or document `two-raeds`, did you mean `two-reads`?",
        ),
        (
            r#"{ use = "two-reads" }"#,
            "18, glue/GetSecurityConfiguration/valid/probe: fixture `two-reads` needs a value for `second`",
        ),
        (
            r#"{ use = "two-reads", secnd = 1 }"#,
            "31, glue/GetSecurityConfiguration/valid/probe: fixture `two-reads` has no parameter `secnd`, did you mean `second`?",
        ),
        (
            r#"{ act = "GetSecurityConfiguration", expct = "ok" }"#,
            "46, glue/GetSecurityConfiguration/valid/probe: a step has no member `expct`, did you mean `expect`?",
        ),
        (
            r#"{ act = "GetSecurityConfiguration", expect = "gon" }"#,
            "55, glue/GetSecurityConfiguration/valid/probe: `gon` is neither an expectation nor an error code, did you mean `gone`?",
        ),
        (
            r#"{ act = "GetSecurityConfiguration", input = { A = "$job-scirpt" } }"#,
            "60, glue/GetSecurityConfiguration/valid/probe: unknown parameter or document `job-scirpt`, did you mean `job-script`?",
        ),
        (
            r##"{ act = "GetSecurityConfiguration", input = { A = "# a" } }"##,
            "60, glue/GetSecurityConfiguration/valid/probe: `# a` is not of the form `#label`, `#policy:label` or `#Shape:label`; a text that begins with `#` doubles it",
        ),
        (
            r#"{ act = "GetSecurityConfigration" }"#,
            "10, glue/GetSecurityConfiguration/valid/probe: step 1: there is no operation `GetSecurityConfigration` in edition current, did you mean `GetSecurityConfiguration`?",
        ),
        (
            r#"{ act = "GetSecurityConfiguration", by = "sesion", as = "session" }"#,
            "10, glue/GetSecurityConfiguration/valid/probe: step 1: `by` refers to `sesion`, which no earlier step is called",
        ),
    ] {
        assert_eq!(error(&format!("steps = [{step}]"), FIXTURE, ""), format!("{start} {expected}"), "{step}");
    }
}

#[test]
fn errors_in_a_fixture_name_the_fixture_file() {
    let fixture = "[wrong]\nsteps = [{ act = \"GetNothing\" }]\n";
    let error = error("steps = [{ use = \"wrong\" }]", fixture, "");
    assert!(error.starts_with("glue/fixtures.toml, line "), "{error}");
    assert!(
        error.contains("glue/GetSecurityConfiguration/valid/probe: step 1: there is no operation"),
        "{error}"
    );
}

#[test]
fn rows_fixtures_and_documents_say_neither_too_much_nor_too_little() {
    let row = |row: &str| {
        format!(
            "steps = [{{ act = \"GetSecurityConfiguration\", input = {{ Name = \"$value\" }} }}]\nrows = [{row}]"
        )
    };
    let plain = "steps = [{ act = \"GetSecurityConfiguration\" }]";
    for (behaviors, fixtures, documents, reason) in [
        (row(""), "", "", "`rows` is empty"),
        (row("{ name = \"a\" }"), "", "", "unknown parameter or document `value`"),
        (row("{ value = 1 }"), "", "", "a row needs `name`"),
        (
            row("{ name = \"a\", value = 1, requirment = 2 }"),
            "",
            "",
            "`requirment` of row `a`, did you mean `requirement`?",
        ),
        (row("{ name = \"a\", value = 1, job-script = 2 }"), "", "", "is the name of a document"),
        (format!("{plain}\ndefaults = {{ a = 1 }}"), "", "", "`defaults` needs `rows`"),
        (plain.to_owned(), "[a]\nstep = []", "", "a fixture has no `step`, did you mean `steps`?"),
        (plain.to_owned(), "[a]", "", "a fixture needs `steps`"),
        (
            plain.to_owned(),
            "[job-script]\nsteps = []",
            "",
            "another fixture or document of the name `job-script`",
        ),
        (plain.to_owned(), "[a]\ndefaults = { job-script = 1 }\nsteps = []", "", "is the name of a document"),
        (plain.to_owned(), "", "[a]\nsteps = []", "a document has no `steps`"),
        ("steps = [{ use = \"a\" }]".to_owned(), "[a]\nsteps = [{ use = \"a\" }]", "", "without an end"),
        ("steps = [{ use = \"job-script\" }]".to_owned(), "", "", "a step"),
    ] {
        let error = error(&behaviors, fixtures, documents);
        assert!(error.contains(reason), "{reason}: {error}");
    }
}

#[test]
fn every_problem_of_every_file_is_found() {
    let mut files = files(
        "steps = [{ use = \"nothing-like-it\" }]\n\n[[behavior]]\nid = \"valid/other\"\nuntested = \"x\"",
        "",
        "",
    );
    let kms = files.iter_mut().find(|file| file.path == "kms/behaviors/Encrypt.toml").unwrap();
    kms.text = kms.text.replacen("documented = [", "documented = [\"E999\", ", 1);
    let problems: Vec<String> = Specs::problems(&files).iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 3, "{problems:#?}");
    for (problem, text) in problems.iter().zip([
        "line 7, column 18, glue/GetSecurityConfiguration/valid/probe: unknown fixture",
        "glue/GetSecurityConfiguration/valid/other: a behavior needs `requirement`",
        "source `E999`",
    ]) {
        assert!(problem.contains(text), "{text}: {problem}");
    }
    assert!(Specs::problems(&embedded_files().unwrap()).is_empty());
}

#[test]
fn the_worked_example_for_readers_is_a_real_file() {
    let readme = include_str!("../../../specs/README.md");
    let files = embedded_files().unwrap();
    let text = |path: &str| files.iter().find(|file| file.path == path).unwrap().text.as_str();
    let mut blocks = readme.split("```toml\n").skip(1).map(|block| block.split("```").next().unwrap());
    assert_eq!(blocks.next(), Some(text("glue/behaviors/DeleteConnection.toml")));
    assert!(text("glue/fixtures.toml").contains(blocks.next().unwrap()));
}
