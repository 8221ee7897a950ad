//! The JSON report and its schema.

use glueproof::check::{ExpectedOutcome, ViolationKind};
use glueproof::model::{Capability, Family, Level};
use glueproof::report::Report;
use glueproof::report::json::{FORMAT, ReportError, SCHEMA, read, write};
use glueproof::run::{Blocker, FailureRate, Outcome, Reason, ReasonKind, RuleResult, Shard};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::fixture::{HOSTILE, lax, passed, report, with, with_commands};

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn validator() -> Validator {
    jsonschema::options().should_validate_formats(true).build(&schema()).unwrap()
}

/// Every kind of violation, in the order of the schema.
fn every_kind() -> [ViolationKind; 19] {
    use ViolationKind as Kind;
    let text = || "a".to_owned();
    [
        Kind::Refused,
        Kind::Accepted,
        Kind::WrongCode,
        Kind::WrongMessage,
        Kind::ServerError,
        Kind::NotAnObject,
        Kind::Value(text()),
        Kind::Changed,
        Kind::StillThere,
        Kind::Missing(text()),
        Kind::Shape(text()),
        Kind::EndlessPages,
        Kind::Header(text()),
        Kind::ErrorForm,
        Kind::SdkMismatch,
        Kind::ReferenceMismatch(text()),
        Kind::NotLinearizable(vec![0, 3]),
        Kind::Differs(text()),
        Kind::Undecided,
    ]
}

fn every_outcome() -> [ExpectedOutcome; 3] {
    [ExpectedOutcome::Success, ExpectedOutcome::Refusal(vec!["E".to_owned()]), ExpectedOutcome::Other]
}

/// Every optional part there, and every optional part absent.
fn whole() -> Report {
    let mut full = with_commands(lax("glue/Op/invalid/A.B[].C/length.max"));
    full = full.with_reason(&Reason::ControlFailed);
    let detailed = full.finding.as_mut().unwrap();
    detailed.kind = Some(ViolationKind::Value("/A".to_owned()));
    detailed.expected_outcome = Some(every_outcome()[1].clone());
    detailed.intermittent = Some(FailureRate { failed: 1, of: 3 });
    full.evidence.note = Some("a note".to_owned());
    full.missing_permission = Some("glue:Op".to_owned());
    full.retries = 1;
    full.blocker = Some(Blocker {
        service: "glue".to_owned(),
        operation: "Other".to_owned(),
        answer: "400".to_owned(),
        unimplemented: false,
        rule: Some("glue/Other/valid/input".to_owned()),
    });
    let mut silent = with_commands(lax("glue/Op/wire/request-id"));
    silent.finding.as_mut().unwrap().steps[0].response = None;
    silent.finding.as_mut().unwrap().steps[0].request.body = json!(HOSTILE);
    let mut refused = lax("glue/Op/errors/E-and-more");
    refused.finding.as_mut().unwrap().steps[0].response.as_mut().unwrap().error = Some("E".to_owned());
    let others = Outcome::ALL.map(|o| with(&format!("glue/Op/valid/{}", o.name()), o, "so"));
    let levels = [Level::Assumed, Level::Observed, Level::Documented].map(|level| {
        let mut rule = passed(&format!("glue/Op/sequence/{}", level.name()));
        rule.evidence.level = level;
        rule
    });
    let mut results: Vec<RuleResult> = vec![full, silent, refused];
    results.extend(every_kind().into_iter().enumerate().map(|(number, kind)| {
        let mut rule = lax(&format!("glue/Op/condition/kind-{number}"));
        rule.finding.as_mut().unwrap().kind = Some(kind);
        rule
    }));
    results.extend(others.into_iter().chain(levels));
    let missing_permissions = Some(json!({ "Version": "2012-10-17", "Statement": [] }));
    let shard = Some(Shard { number: 2, of: 4 });
    Report { seed: u64::MAX, shard, missing_permissions, ..report(results) }
}

fn value(report: &Report) -> Value {
    serde_json::from_str(&write(report).unwrap()).unwrap()
}

#[test]
fn real_reports_are_valid_and_read_back_equal() {
    let validator = validator();
    let mut bare = report(Vec::new());
    bare.target.url = None;
    bare.target.capabilities.clear();
    for report in [whole(), bare] {
        let value = value(&report);
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        let text = write(&report).unwrap();
        assert!(text.ends_with("}\n"));
        assert_eq!(read(&text).unwrap(), report);
    }
}

#[test]
fn altered_reports_are_not_valid() {
    let validator = validator();
    let good = value(&whole());
    let alterations: &[(&str, Value)] = &[
        ("/format", json!(2)),
        ("/seed", json!(-1)),
        ("/seed", json!(1.5)),
        ("/started", json!("yesterday")),
        ("/started", json!("2026-13-21T10:00:00Z")),
        ("/verdict", json!("fine")),
        ("/shard", json!({ "number": 0, "of": 4 })),
        ("/shard", json!(2)),
        ("/suite/specs", json!("md5:1")),
        ("/suite/edition", json!("2019")),
        ("/target/kind", json!("cloud")),
        ("/target/url", json!(1)),
        ("/target/capabilities/core", json!("maybe")),
        ("/summary/passed", json!(-1)),
        ("/summary/conformance", json!({ "held": 1 })),
        ("/results/0/id", json!("glue/Op")),
        ("/results/0/id", json!("glue/Op/odd/x")),
        ("/results/0/id", json!("glue/Op/valid/a b")),
        ("/results/0/family", json!("odd")),
        ("/results/0/outcome", json!("Passed")),
        ("/results/0/capability", json!("teleport")),
        ("/results/0/reason_kind", json!("because")),
        ("/results/0/finding/kind", json!("refused")),
        ("/results/0/finding/kind/name", json!("odd")),
        ("/results/0/finding/kind/detail", json!({})),
        ("/results/0/finding/expected_outcome/name", json!("odd")),
        ("/results/0/evidence/level", json!("rumoured")),
        ("/results/0/finding", json!({})),
        ("/results/0/finding/steps/0/response", json!("none")),
        ("/results/0/finding/steps/0/request/headers", json!({ "AUTHORIZATION": "x" })),
        ("/results/0/finding/reproduce/curl", json!(null)),
    ];
    let results = good["results"].as_array().unwrap();
    let target = results.iter().position(|rule| !rule["reason_kind"].is_null()).unwrap();
    for (at, new) in alterations {
        let at = at.replace("/results/0", &format!("/results/{target}"));
        let mut bad = good.clone();
        *bad.pointer_mut(&at).unwrap_or_else(|| panic!("{at} is not there")) = new.clone();
        assert!(!validator.is_valid(&bad), "{at} = {new}");
    }
}

/// Members that may be absent: parts that not every report has, and those that earlier versions did not write.
const OPTIONAL: [&str; 18] = [
    "boto3",
    "rust",
    "note",
    "shard",
    "reason_kind",
    "kind",
    "expected_outcome",
    "detail",
    "unimplemented",
    "blocked",
    "flaky",
    "retries",
    "operations",
    "obstacle",
    "intermittent",
    "missing_permission",
    "missing_permissions",
    "rule",
];

/// Walks over every object that the schema closes: a member more or less must be refused.
#[test]
fn no_member_more_and_none_less() {
    let validator = validator();
    let good = value(&whole());
    // Documents of other formats.
    let free = ["/body", "/headers", "/capabilities", "/missing_permissions"];
    let mut places = Vec::new();
    objects(&good, String::new(), &mut places);
    for at in places.iter().filter(|at| !free.iter().any(|end| at.contains(end))) {
        let object = |v: &mut Value| v.pointer_mut(at).unwrap().as_object_mut().unwrap().clone();
        let mut more = good.clone();
        more.pointer_mut(at).unwrap().as_object_mut().unwrap().insert("extra".to_owned(), json!(1));
        assert!(!validator.is_valid(&more), "one more at `{at}`");
        for name in object(&mut good.clone()).keys().filter(|name| !OPTIONAL.contains(&name.as_str())) {
            let mut less = good.clone();
            less.pointer_mut(at).unwrap().as_object_mut().unwrap().shift_remove(name);
            assert!(!validator.is_valid(&less), "`{at}` without {name}");
        }
    }
}

fn objects(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                objects(inner, format!("{at}/{name}"), found);
            }
            found.push(at);
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                objects(inner, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The schema names exactly the fields that the structs write.
#[test]
fn properties_are_the_fields() {
    let schema = schema();
    let report = value(&whole());
    let results = report["results"].as_array().unwrap();
    let rule = results.iter().find(|r| !r["evidence"]["note"].is_null()).unwrap();
    let finding = &rule["finding"];
    let samples = [
        ("Obstacle", &rule["obstacle"]),
        ("Report", &report),
        ("Shard", &report["shard"]),
        ("SuiteInfo", &report["suite"]),
        ("TargetInfo", &report["target"]),
        ("Summary", &report["summary"]),
        ("Score", &report["summary"]["parity"]),
        ("RuleResult", rule),
        ("Evidence", &rule["evidence"]),
        ("Finding", finding),
        ("ViolationKind", &finding["kind"]),
        ("ExpectedOutcome", &finding["expected_outcome"]),
        ("FindingStep", &finding["steps"][0]),
        ("RequestShown", &finding["steps"][0]["request"]),
        ("ResponseShown", &finding["steps"][0]["response"]),
        ("Reproduce", &finding["reproduce"]),
    ];
    for (name, sample) in samples {
        let properties: Vec<&String> =
            schema["$defs"][name]["properties"].as_object().unwrap().keys().collect();
        let fields: Vec<&String> = sample.as_object().unwrap().keys().collect();
        assert_eq!(properties, fields, "{name}");
        assert_eq!(schema["$defs"][name]["additionalProperties"], json!(false), "{name}");
    }
    let definitions = schema["$defs"].as_object().unwrap().len();
    assert_eq!(definitions, samples.len() + 1, "all definitions but Count are structs");
}

#[test]
fn enumerations_are_the_enums() {
    let schema = schema();
    let of = |definition: &str, property: &str| {
        schema["$defs"][definition]["properties"][property]["enum"].as_array().unwrap().clone()
    };
    assert_eq!(of("RuleResult", "outcome"), Outcome::ALL.map(|o| json!(o.name())));
    assert_eq!(of("RuleResult", "family"), Family::ALL.map(|f| json!(f.name())));
    assert_eq!(of("RuleResult", "capability"), Capability::ALL.map(|c| json!(c.name())));
    assert_eq!(of("RuleResult", "reason_kind"), ReasonKind::ALL.map(|kind| json!(kind)));
    let capabilities = &schema["$defs"]["TargetInfo"]["properties"]["capabilities"]["propertyNames"]["enum"];
    assert_eq!(*capabilities, json!(Capability::ALL));
    let kinds = every_kind().map(|kind| json!(kind)["name"].clone());
    assert_eq!(of("ViolationKind", "name"), kinds);
    assert_eq!(of("ExpectedOutcome", "name"), every_outcome().map(|outcome| json!(outcome)["name"].clone()));
    let pattern = schema["$defs"]["RuleResult"]["properties"]["id"]["pattern"].as_str().unwrap();
    assert!(pattern.contains(&format!("({})", Family::ALL.map(Family::name).join("|"))), "{pattern}");
    assert_eq!(schema["$defs"]["Report"]["properties"]["format"]["const"], json!(FORMAT));
}

#[test]
fn credentials_are_left_out() {
    let mut report = whole();
    let finding = report.results.iter_mut().find_map(|rule| rule.finding.as_mut()).unwrap();
    for name in ["authorization", "X-Amz-Security-Token"] {
        finding.steps[0].request.headers.insert(name.to_owned(), "hunter2".to_owned());
    }
    let junit = glueproof::report::junit::write(&report).unwrap();
    let terminal =
        glueproof::report::terminal(&report, glueproof::report::TerminalOptions { color: false, width: 100 });
    for text in [write(&report).unwrap(), junit, terminal] {
        assert!(!text.contains("hunter2"));
    }
}

#[test]
fn other_formats_and_broken_reports_say_what_is_wrong() {
    let text = write(&whole()).unwrap();
    let other = read(&text.replacen("\"format\": 1", "\"format\": 2", 1)).unwrap_err();
    assert!(matches!(other, ReportError::OtherFormat { found: 2 }));
    assert_eq!(other.to_string(), "the report has format 2; this version of glueproof reads format 1");
    // A later format may have any shape; its number alone is what counts.
    assert!(matches!(read(r#"{"format": 7, "new": []}"#), Err(ReportError::OtherFormat { found: 7 })));
    assert!(matches!(read("{}"), Err(ReportError::NoReport(_))));
    assert!(matches!(read("<xml/>"), Err(ReportError::NoReport(_))));
    let broken = read(&text.replacen("\"seed\"", "\"sead\"", 1)).unwrap_err();
    assert!(broken.to_string().contains("unknown field `sead`"), "{broken}");
}

#[test]
fn reports_of_earlier_versions_are_read() {
    let mut old = value(&whole());
    for rule in old["results"].as_array_mut().unwrap() {
        rule.as_object_mut().unwrap().shift_remove("reason_kind");
        if let Some(finding) = rule["finding"].as_object_mut() {
            finding.shift_remove("kind");
            finding.shift_remove("expected_outcome");
        }
    }
    assert!(validator().is_valid(&old));
    let report = read(&old.to_string()).unwrap();
    assert_eq!(value(&report), old);
    let rules: usize = glueproof::report::causes(&report.results).iter().map(|cause| cause.rules.len()).sum();
    assert_eq!(rules, report.results.iter().filter(|rule| rule.outcome == Outcome::Failed).count());
}
