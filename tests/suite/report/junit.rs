//! The `JUnit` report: always XML, nothing lost.

use std::collections::BTreeMap;

use glueproof::report::Report;
use glueproof::report::junit::write;
use glueproof::run::Outcome;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use super::fixture::{HOSTILE, lax, passed, report, with, with_commands};

/// Elements in order, with their attributes and the text beneath.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(legal), "characters XML cannot hold");
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut found: Vec<(String, BTreeMap<String, String>, String)> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = String::from_utf8(attribute.value.into_owned()).unwrap();
                    let value = quick_xml::escape::unescape(&value).unwrap().into_owned();
                    (String::from_utf8(attribute.key.0.to_vec()).unwrap(), value)
                });
                let attributes = attributes.collect();
                found.push((String::from_utf8(tag.name().0.to_vec()).unwrap(), attributes, String::new()));
            }
            Event::Text(text) => {
                let text = text.decode().unwrap();
                found.iter_mut().last().into_iter().for_each(|(_, _, inner)| inner.push_str(&text));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn hostile() -> Report {
    let mut bad = with_commands(lax("glue/Op/invalid/A/pattern"));
    let finding = bad.finding.as_mut().unwrap();
    for text in [&mut bad.requirement, &mut finding.violated, &mut finding.expected, &mut finding.actual] {
        HOSTILE.clone_into(text);
    }
    finding.steps[0].request.body = json!(HOSTILE);
    finding.steps[0].response.as_mut().unwrap().body = json!({ HOSTILE: [HOSTILE] });
    finding.reproduce.curl = vec![HOSTILE.to_owned()];
    let mut strange = passed("glue/Op/valid/x");
    for text in [&mut strange.id, &mut strange.operation] {
        HOSTILE.clone_into(text);
    }
    let mut report = report(vec![
        bad,
        strange,
        with("glue/Op/valid/e", Outcome::Errored, HOSTILE),
        with("glue/Op/valid/s", Outcome::Skipped, HOSTILE),
        with("glue/Op/valid/n", Outcome::Noted, HOSTILE),
    ]);
    HOSTILE.clone_into(&mut report.target.name);
    report
}

#[test]
fn hostile_text_leaves_it_xml() {
    let xml = write(&hostile()).unwrap();
    let elements = elements(&xml);
    let failure = elements.iter().find(|(name, ..)| name == "failure").unwrap();
    let shown = glueproof::report::on_one_line(HOSTILE);
    assert_eq!(failure.1["message"], shown);
    assert_eq!(elements.iter().filter(|(name, ..)| name == "testcase").count(), 5);
}

#[test]
fn outcomes_become_what_ci_knows() {
    let rules = Outcome::ALL.map(|outcome| match outcome {
        Outcome::Failed => with_commands(lax("glue/PutResourcePolicy/invalid/A[].B/enum")),
        Outcome::Passed => passed("glue/GetResourcePolicy/valid/passed"),
        other => with(&format!("glue/GetResourcePolicy/valid/{}", other.name()), other, "because"),
    });
    let elements = elements(&write(&report(rules.into())).unwrap());
    let names: Vec<&str> = elements.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "testsuites",
            "testsuite",
            "testcase",
            "skipped",
            "testcase",
            "error",
            "testcase",
            "skipped",
            "testcase",
            "skipped",
            "testcase",
            "system-out",
            "testcase",
            "testcase",
            "skipped",
            "testcase",
            "skipped",
            "testsuite",
            "testcase",
            "failure",
        ]
    );
    let counts =
        |at: usize| ["tests", "failures", "errors", "skipped"].map(|key| elements[at].1[key].clone());
    assert_eq!(counts(0), ["9", "1", "1", "5"]);
    assert_eq!(elements[1].1["name"], "GetResourcePolicy");
    assert_eq!(elements[9].1["message"], "known gap: because");
    let case = &elements[18].1;
    assert_eq!(case["name"], "glue::PutResourcePolicy::invalid::A[].B::enum");
    assert_eq!(case["classname"], "PutResourcePolicy.invalid");
    let (_, attributes, body) = &elements[19];
    assert_eq!(attributes["type"], "invalid");
    for part in
        ["expected", "something else", "actual", "call 1", "glueproof replay", "--aws-sigv4", "aws glue"]
    {
        assert!(body.contains(part), "{part} in {body}");
    }
}
