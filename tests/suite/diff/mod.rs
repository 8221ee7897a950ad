//! `glueproof diff`: what it finds between two targets, what it does not, and whom it calls right.

mod alike;
mod different;

use glueproof::diff::{DiffCause, DiffReport};
use glueproof::report::diff::SCHEMA;
use serde_json::Value;

use crate::trial::{Ended, Setting};

/// Compares, and reads the JSON, which must be as its schema says.
#[track_caller]
fn compared(arguments: &[&str]) -> (Ended, DiffReport) {
    let setting = Setting::new();
    let ended = setting.run(&[&["diff"], arguments, &["--json", "diff.json"]].concat());
    ended.code();
    let text = std::fs::read_to_string(setting.path("diff.json")).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    (ended, serde_json::from_value(json).unwrap())
}

fn titles(report: &DiffReport) -> Vec<&str> {
    report.causes.iter().map(|cause| cause.title.as_str()).collect()
}

fn cause<'r>(report: &'r DiffReport, rule: &str) -> &'r DiffCause {
    let with = |cause: &&DiffCause| cause.rules.iter().any(|id| id == rule);
    report.causes.iter().find(with).unwrap_or_else(|| panic!("{rule}: {:?}", titles(report)))
}
