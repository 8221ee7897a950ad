//! Every rule has an id of the published form that is used once, a sentence, a family and evidence.

use std::collections::BTreeSet;

use glueproof::model::{Edition, Family, Level};
use glueproof::report::json::SCHEMA;
use glueproof::rule::{Catalog, ProtocolRequirement};
use regex::Regex;
use serde_json::Value;

use crate::specs::specs;

fn catalog(edition: Edition) -> Catalog {
    Catalog::new(&specs(edition))
}

/// The form of ids in the report's schema.
fn published_form() -> Regex {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    Regex::new(schema["$defs"]["RuleResult"]["properties"]["id"]["pattern"].as_str().unwrap()).unwrap()
}

#[test]
fn ids_have_the_published_form_and_are_used_once() {
    let form = published_form();
    for edition in Edition::ALL {
        let mut seen = BTreeSet::new();
        for rule in catalog(edition).rules {
            assert!(form.is_match(&rule.id), "{}", rule.id);
            assert!(rule.id.starts_with(&format!("{}/{}/{}/", rule.service, rule.operation, rule.family)));
            assert!(seen.insert(rule.id.clone()), "{} twice", rule.id);
        }
    }
}

#[test]
fn behaviors_without_a_rule_have_ids_of_the_same_form() {
    let form = published_form();
    for behavior in Catalog::coverage(&specs(Edition::Current)) {
        assert!(form.is_match(&behavior.id), "{}", behavior.id);
    }
}

#[test]
fn every_rule_says_what_it_wants_in_one_sentence() {
    for rule in catalog(Edition::Current).rules {
        let text = &rule.requirement;
        assert!(text.ends_with('.') && !text.contains("  ") && text.len() > 20, "{}: {text}", rule.id);
        assert!(!text.contains(" than , ") && !text.contains(" of , "), "{}: {text}", rule.id);
        assert!(rule.how_tested().ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn behavior_without_evidence_is_assumed() {
    for rule in catalog(Edition::Current).rules {
        let unsure = rule.id.ends_with("/type.lenient")
            || (rule.id.ends_with("/null") && rule.family == Family::Boundary)
            || rule.id.ends_with("/length.units")
            || matches!(
                rule.test.downcast_ref(),
                Some(
                    ProtocolRequirement::TrailingText
                        | ProtocolRequirement::UnknownMembers
                        | ProtocolRequirement::ContentType
                )
            );
        if unsure {
            assert_eq!(rule.evidence.level, Level::Assumed, "{}", rule.id);
        }
        if rule.id.contains("/observed.") {
            assert_ne!(rule.evidence.level, Level::Assumed, "{}", rule.id);
        }
    }
}

#[test]
fn editions_share_the_ids_of_what_they_share() {
    let ids = |edition| catalog(edition).rules.into_iter().map(|r| r.id).collect::<BTreeSet<_>>();
    let (old, new) = (ids(Edition::E2018), ids(Edition::Current));
    let gone: Vec<&String> = old.difference(&new).collect();
    assert_eq!(
        gone,
        [
            "glue/PutResourcePolicy/boundary/PolicyInJson/length.max",
            "glue/PutResourcePolicy/invalid/PolicyInJson/length.max",
        ]
    );
}
