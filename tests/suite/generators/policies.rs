//! Resource policies: valid JSON of every form, exact in size, and never a danger to the account.

use std::collections::BTreeSet;

use glueproof::case::{ACCOUNT, Case};
use glueproof::model::Edition;
use serde_json::Value;

use super::draws::{REGION, Source, act, sent};

/// Every policy that the cases of an edition put, those of the controls and of the scenarios too.
fn all(edition: Edition) -> Vec<String> {
    let source = Source::new(edition);
    let rules = source.rules.iter().filter(|r| r.operation.ends_with("ResourcePolicy"));
    let mut found = Vec::new();
    for (_, case) in rules.flat_map(|rule| source.cases(rule)) {
        found.extend(policies(&case));
    }
    found
}

fn policies(case: &Case) -> Vec<String> {
    let puts = case.steps.iter().filter(|s| s.operation == "PutResourcePolicy");
    let inputs = puts.filter_map(|s| match &s.body {
        glueproof::case::Body::Json(value) => Some(value),
        glueproof::case::Body::Text(_) => None,
    });
    inputs.filter_map(|input| input.get("PolicyInJson")?.as_str().map(str::to_owned)).collect()
}

/// Those a rule tries, without its control's.
fn tried(edition: Edition, rule: &str) -> Vec<String> {
    let source = Source::new(edition);
    let cases = source.cases(source.rule(&format!("glue/PutResourcePolicy/{rule}")));
    let of_act = |case: &Case| sent(act(case))["PolicyInJson"].as_str().unwrap().to_owned();
    cases.iter().filter(|(control, _)| !control).map(|(_, case)| of_act(case)).collect()
}

fn statements(policy: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(policy).unwrap_or_else(|e| panic!("{e}: {policy}"));
    match &document["Statement"] {
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

#[test]
fn they_come_in_every_form() {
    let mut forms = BTreeSet::new();
    for policy in tried(Edition::Current, "valid/input") {
        let statements = statements(&policy);
        forms.insert(if statements.len() == 1 { "one statement" } else { "many statements" });
        for statement in &statements {
            for (member, scalar, list) in
                [("Action", "one action", "actions"), ("Resource", "one resource", "resources")]
            {
                forms.insert(if statement[member].is_array() { list } else { scalar });
            }
            let principal = &statement["Principal"]["AWS"];
            forms.insert(if principal.is_array() { "principals" } else { "one principal" });
            forms.insert(if statement.get("Condition").is_some() { "condition" } else { "no condition" });
            forms.insert(if statement["Effect"] == "Deny" { "deny" } else { "allow" });
        }
    }
    let wanted = [
        "one statement",
        "many statements",
        "one action",
        "actions",
        "one resource",
        "resources",
        "one principal",
        "principals",
        "condition",
        "no condition",
        "deny",
        "allow",
    ];
    assert_eq!(forms, wanted.into());
}

#[test]
fn they_name_this_account_and_region_and_known_keys() {
    for policy in tried(Edition::Current, "valid/input") {
        let document: Value = serde_json::from_str(&policy).unwrap();
        assert_eq!(document["Version"], "2012-10-17");
        for statement in statements(&policy) {
            let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            for resource in list(&statement["Resource"]) {
                let own = format!("arn:aws:glue:{REGION}:{ACCOUNT}:");
                assert!(resource.as_str().unwrap().starts_with(&own), "{resource}");
            }
            for principal in list(&statement["Principal"]["AWS"]) {
                assert_eq!(principal, format!("arn:aws:iam::{ACCOUNT}:root"));
            }
            let sid = statement["Sid"].as_str().unwrap();
            assert!(sid.chars().all(|c| c.is_ascii_alphanumeric()), "{sid}");
        }
    }
}

/// A denial without a condition would hold for the account that runs the suite, and lock it out.
#[test]
fn none_denies_without_a_condition() {
    for edition in Edition::ALL {
        let mut denials = 0;
        for policy in all(edition) {
            let Ok(document) = serde_json::from_str::<Value>(&policy) else { continue };
            if document.is_object() && document.get("Statement").is_some() {
                for statement in statements(&policy).iter().filter(|s| s["Effect"] == "Deny") {
                    let condition = statement["Condition"].as_object();
                    assert!(condition.is_some_and(|c| !c.is_empty()), "{statement}");
                    denials += 1;
                }
            }
        }
        assert!(denials > 50);
    }
}

#[test]
fn the_largest_of_2018_is_exact_and_larger_ones_are_larger() {
    for policy in tried(Edition::E2018, "boundary/PolicyInJson/length.max") {
        assert_eq!(policy.len(), 10240);
        assert!(!statements(&policy).is_empty());
    }
    for policy in tried(Edition::E2018, "invalid/PolicyInJson/length.max") {
        assert!(policy.len() > 10240 && policy.chars().count() > 10240, "{}", policy.len());
        assert!(policy.len() < 20000, "only just too large: {}", policy.len());
        let sids: BTreeSet<String> = statements(&policy).iter().map(|s| s["Sid"].to_string()).collect();
        assert_eq!(sids.len(), statements(&policy).len(), "a Sid twice would be another mistake");
    }
}

#[test]
fn policies_of_different_labels_differ() {
    let source = Source::new(Edition::Current);
    let rule = source.rule("glue/GetResourcePolicy/valid/policy-is-the-last-one-set");
    for (_, case) in source.cases(rule) {
        let put = policies(&case);
        assert_eq!(put.len(), 2);
        assert_ne!(put[0], put[1]);
    }
}
