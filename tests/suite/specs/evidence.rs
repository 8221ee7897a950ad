//! Evidence: every source exists and is cited, and a level is never higher than its sources allow.

use std::collections::BTreeSet;

use glueproof::cli::describe;
use glueproof::model::{Confidence, Edition, Evidence, Level, ServiceModel, embedded_files};
use glueproof::report::{TerminalOptions, explain, on_one_line};
use glueproof::rule::Catalog;
use serde_json::Value;

use super::{has_extension, in_both, specs};

fn confidences(model: &ServiceModel, evidence: &Evidence) -> Vec<Confidence> {
    evidence.sources.iter().map(|id| model.sources[id].confidence).collect()
}

/// Returns true if the sources carry the level.
fn carries(level: Level, sources: &[Confidence]) -> bool {
    match level {
        Level::Documented => sources.contains(&Confidence::Documented),
        Level::Observed => sources.iter().any(|c| matches!(c, Confidence::Recorded | Confidence::Reported)),
        Level::Assumed => true,
    }
}

#[test]
fn rules_and_behaviors_claim_no_more_than_their_sources() {
    for edition in Edition::ALL {
        let specs = specs(edition);
        let catalog = Catalog::new(&specs);
        for model in &specs.services {
            let rules = catalog.rules.iter().filter(|rule| rule.service == model.name);
            let behaviors = model.behaviors.iter().map(|b| (&b.id, &b.evidence));
            for (id, evidence) in rules.map(|r| (&r.id, &r.evidence)).chain(behaviors) {
                assert!(!evidence.sources.is_empty(), "{id} cites no source");
                let known = confidences(model, evidence);
                assert!(carries(evidence.level, &known), "{id}: {:?} on {known:?}", evidence.level);
            }
        }
    }
}

#[test]
fn inferred_behavior_is_assumed() {
    in_both(|model| {
        for behavior in &model.behaviors {
            let known = confidences(model, &behavior.evidence);
            if known.iter().all(|c| *c == Confidence::Inferred) {
                assert_eq!(behavior.evidence.level, Level::Assumed, "{}", behavior.id);
            }
        }
    });
}

/// Ids in every `sources` list of a document.
fn cited(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                if let ("sources", Some(ids)) = (key.as_str(), inner.as_array()) {
                    found.extend(ids.iter().map(|id| id.as_str().unwrap().to_owned()));
                }
                cited(inner, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| cited(item, found)),
        _ => {}
    }
}

#[test]
fn every_source_is_cited() {
    for model in &specs(Edition::Current).services {
        every_source_of(&model.name);
    }
}

fn every_source_of(service: &str) {
    let mut found = BTreeSet::new();
    let mut written = BTreeSet::new();
    for file in embedded_files().unwrap().into_iter().filter(|file| has_extension(&file.path, "json")) {
        let Some(part) = file.path.strip_prefix(service).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        let document: Value = serde_json::from_str(&file.text).unwrap();
        if part == "evidence.json" {
            written.extend(document.as_object().unwrap().keys().cloned());
        } else {
            cited(&document, &mut found);
        }
    }
    for edition in Edition::ALL {
        let specs = specs(edition);
        let rules = Catalog::new(&specs).rules.into_iter().filter(|rule| rule.service == service);
        found.extend(rules.flat_map(|rule| rule.evidence.sources));
        let behaviors = &specs.service(service).unwrap().behaviors;
        found.extend(behaviors.iter().flat_map(|behavior| behavior.evidence.sources.clone()));
    }
    assert_eq!(written.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "never cited");
    assert_eq!(found.difference(&written).collect::<Vec<_>>(), Vec::<&String>::new(), "cited from nowhere");
}

#[test]
fn sources_say_where_and_what() {
    in_both(|model| {
        for (id, source) in &model.sources {
            assert!(source.source.len() > 10 && source.says.ends_with('.'), "{id}: {source:?}");
        }
    });
}

/// In the words a user sees: level, sources, what each says, and where it stands.
#[test]
fn explain_shows_the_sources_of_every_rule() {
    let look = TerminalOptions { color: false, width: usize::MAX };
    for edition in Edition::ALL {
        let specs = specs(edition);
        for rule in &Catalog::new(&specs).rules {
            let model = specs.service(&rule.service).unwrap();
            let text = explain(&describe(&specs, rule), look);
            let (what, who) = text.split_once("Who says so").unwrap();
            assert!(what.contains(&format!("evidence     {}\n", rule.evidence.level.name())), "{text}");
            assert!(!rule.evidence.sources.is_empty(), "{} cites no source", rule.id);
            for id in &rule.evidence.sources {
                let source = &model.sources[id];
                for words in [id, &on_one_line(&source.says), &on_one_line(&source.source)] {
                    assert!(who.contains(words.as_str()), "`{words}` in {text}");
                }
            }
        }
    }
}
