//! Cases of boundary rules: the call violates nothing, and the value really is at the edge.

use std::collections::BTreeSet;

use glueproof::case::{Case, RUN};
use glueproof::model::{Edition, Family, Role};
use glueproof::rule::{Boundary, PromisedMember, Rule, ValidInput};
use serde_json::{Value, json};

use super::draws::{Source, about, act, at, sent};
use super::validator::{Validator, on_one_line};

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap()
}

fn is_plain(text: &str) -> bool {
    text.strip_prefix(RUN).unwrap_or(text).chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// Returns whether a value lies at the edge of the constraint.
fn is_at_the_edge(validator: &Validator, operation: &str, path: &str, name: &str, value: &Value) -> bool {
    let site = validator.site(operation, path);
    let text = value.as_str().unwrap_or_default();
    match name {
        "null" => value.is_null(),
        "enum" => validator.values(&site.target).iter().any(|v| v == text),
        "length.min" => site.bound("length", "min") == Some(count(text.chars().count())),
        "length.max" => site.bound("length", "max") == Some(count(text.len())),
        "length.units" => {
            let max = site.bound("length", "max").unwrap();
            count(text.len()) > max && count(text.chars().count()) <= max
        }
        "pattern" if path.ends_with("Arn") || path.ends_with("Role") => text.starts_with("arn:aws:"),
        "pattern" => !is_plain(text) && text.chars().all(on_one_line),
        "range.min" => value.as_i64() == site.bound("range", "min"),
        "range.max" => {
            let certain = site.bound("range", "max").min(site.reported("range", "max").or(Some(i64::MAX)));
            value.as_i64() == certain
        }
        other => panic!("an edge without a check: {other}"),
    }
}

fn check(validator: &Validator, rule: &Rule, case: &Case) {
    for step in case.steps.iter().filter(|s| s.role != Role::Observe) {
        let found = validator.faults(&step.operation, &sent(step));
        assert_eq!(found, [], "{} ({}): {case:#?}", rule.id, case.label);
    }
    let Some((path, name)) = about(rule).filter(|(_, name)| !name.starts_with("distinct")) else { return };
    let (step, input) = (act(case), sent(act(case)));
    let value = at(&input, &path).unwrap_or_else(|| panic!("{}: nothing at {path}: {case:#?}", rule.id));
    let there = is_at_the_edge(validator, &step.operation, &path, &name, value);
    assert!(there, "{} ({}): {value}", rule.id, case.label);
}

fn is_positive(rule: &Rule) -> bool {
    rule.test.is::<Boundary>() || rule.test.is::<ValidInput>() || rule.test.is::<PromisedMember>()
}

#[test]
fn edges_and_valid_inputs_violate_nothing() {
    for edition in Edition::ALL {
        let (source, validator) = (Source::new(edition), Validator::new(edition));
        for rule in source.rules.iter().filter(|r| is_positive(r)) {
            let cases = source.cases(rule);
            assert!(!cases.is_empty(), "{} has no cases", rule.id);
            for (_, case) in &cases {
                check(&validator, rule, case);
            }
        }
    }
}

#[test]
fn shrunk_edges_stay_at_the_edge() {
    for edition in Edition::ALL {
        let (source, validator) = (Source::new(edition), Validator::new(edition));
        for rule in source.rules.iter().filter(|r| is_positive(r)) {
            for (_, case) in source.shrunk(rule) {
                check(&validator, rule, &case);
            }
        }
    }
}

#[test]
fn every_value_of_an_enumeration_is_tried() {
    let (source, validator) = (Source::new(Edition::Current), Validator::new(Edition::Current));
    let mut rules = 0;
    for rule in source.rules.iter().filter(|r| r.family == Family::Boundary) {
        let Some((path, _)) = about(rule).filter(|(_, name)| name == "enum") else { continue };
        let target = validator.site(&rule.operation, &path).target.clone();
        let wanted: BTreeSet<String> = validator.values(&target).into_iter().collect();
        let tried: BTreeSet<String> = source
            .cases(rule)
            .iter()
            .map(|(_, case)| at(&sent(act(case)), &path).unwrap().as_str().unwrap().to_owned())
            .collect();
        assert_eq!(tried, wanted, "{}", rule.id);
        rules += 1;
    }
    assert_eq!(rules, 6);
}

/// Modes with their companions, as recordings show them accepted.
#[test]
fn keys_go_with_the_modes_that_take_them() {
    let source = Source::new(Edition::Current);
    for (_, case) in source.cases(source.rule("glue/CreateSecurityConfiguration/valid/input")) {
        let configuration = sent(act(&case))["EncryptionConfiguration"].clone();
        let part = |mode: &str, value: &Value| {
            let takes_key = matches!(value[mode].as_str().unwrap(), "SSE-KMS" | "CSE-KMS");
            assert_eq!(value.get("KmsKeyArn").is_some(), takes_key, "{value}");
        };
        assert_eq!(configuration["S3Encryption"].as_array().unwrap().len(), 1);
        part("S3EncryptionMode", &configuration["S3Encryption"][0]);
        part("CloudWatchEncryptionMode", &configuration["CloudWatchEncryption"]);
        part("JobBookmarksEncryptionMode", &configuration["JobBookmarksEncryption"]);
        if let Some(quality) = configuration.get("DataQualityEncryption") {
            part("DataQualityEncryptionMode", quality);
        }
    }
    for (_, case) in source.cases(source.rule("glue/PutDataCatalogEncryptionSettings/valid/input")) {
        let settings = sent(act(&case))["DataCatalogEncryptionSettings"].clone();
        let (rest, password) = (&settings["EncryptionAtRest"], &settings["ConnectionPasswordEncryption"]);
        let role = rest["CatalogEncryptionMode"] == "SSE-KMS-WITH-SERVICE-ROLE";
        assert_eq!(rest.get("CatalogEncryptionServiceRole").is_some(), role, "{rest}");
        assert!(rest["CatalogEncryptionMode"] != "DISABLED" || rest.get("SseAwsKmsKeyId").is_none());
        let on = password["ReturnConnectionPasswordEncrypted"] == json!(true);
        assert!(on || password.get("AwsKmsKeyId").is_none(), "{password}");
    }
}

#[test]
fn members_that_depend_on_state_stay_out_of_valid_inputs() {
    let source = Source::new(Edition::Current);
    for rule in source.rules.iter().filter(|r| r.test.is::<ValidInput>()) {
        for (_, case) in source.cases(rule) {
            let input = sent(act(&case));
            for name in ["ResourceArn", "PolicyHashCondition", "PolicyExistsCondition", "NextToken"] {
                assert!(input.get(name).is_none(), "{}: {input}", rule.id);
            }
        }
    }
}
