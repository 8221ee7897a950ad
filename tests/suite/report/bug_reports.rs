//! Reports for a target's tracker: one a cause, each complete by itself.

use std::collections::BTreeSet;

use glueproof::model::{Confidence, Source};
use glueproof::report::causes;
use glueproof::report::html::Sources;
use glueproof::report::markdown::bug_reports;

use super::fixture::{HOSTILE, constraints, failed, lax, passed, report, with_commands};

fn sources() -> Sources {
    let source = Source {
        source: "https://example.org/glue".to_owned(),
        says: "It must be so.".to_owned(),
        confidence: Confidence::Documented,
    };
    Sources::from([("doc.X".to_owned(), source)])
}

#[test]
fn one_a_cause_each_with_all_its_rules() {
    let report = report(constraints(|operation, _, kind| {
        let id = "glue/X/invalid/A/b";
        if operation.starts_with("Put") || kind == "enum" { lax(id) } else { passed(id) }
    }));
    let (written, causes) = (bug_reports(&report, &sources()), causes(&report.results));
    assert_eq!(written.len(), causes.len());
    for ((_, text), cause) in written.iter().zip(&causes) {
        for rule in &cause.rules {
            assert!(
                cause.rules.len() < 2 || text.contains(&format!("- `{}`: ", rule.id)),
                "{} in {text}",
                rule.id
            );
        }
    }
    let names: BTreeSet<&String> = written.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), written.len());
    let bare = |name: &&String| {
        let stem = name.strip_suffix(".md").unwrap_or_default();
        !stem.is_empty() && stem.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    assert!(names.iter().all(bare), "{names:?}");
}

#[test]
fn a_bug_report_has_violation_source_commands_and_versions() {
    let rule = with_commands(failed("glue/PutIt/errors/It[]", 200, None));
    let finding = rule.finding.clone().unwrap();
    let report = report(vec![rule.clone()]);
    let (name, text) = bug_reports(&report, &sources()).remove(0);
    assert_eq!(name, "01-putit-was-wrong-about-it.md");
    for due in [
        "# PutIt was wrong about It\\[\\]\n",
        "- It must be so. (<https://example.org/glue>)\n",
        "PutIt does what errors It\\[\\] says.",
        &format!("```sh\n{}\n```\n", finding.reproduce.curl.join("\n")),
        "| 1 | `PutIt` | 200 |",
        &format!("**Expected**\n\n```\n{}\n```\n", finding.expected),
        &format!("**Actual**\n\n```\n{}\n```\n", finding.actual),
        "```sh\nglueproof run 'http://127.0.0.1:5000' --edition current --seed 42 --only 'glue/PutIt/errors/It[]'\n```\n",
        &format!("| glueproof | `{}` |", report.suite.version),
        &format!("| specs | `{}` |", report.suite.specs),
        "| edition | current |",
    ] {
        assert!(text.contains(due), "{due}\n is not in \n{text}");
    }
    assert!(!text.contains("glueproof-findings"), "other people do not have the saved case");
}

#[test]
fn foreign_text_is_no_markup_and_no_path() {
    let hostile = format!("../../etc/passwd ``` </details><img src=x onerror=alert(1)> @someone {HOSTILE}");
    let mut rule = with_commands(failed("glue/PutIt/errors/hostile", 400, Some(&hostile)));
    let finding = rule.finding.as_mut().unwrap();
    finding.violated = hostile.clone();
    finding.actual = hostile.clone();
    rule.requirement = hostile;
    let (name, text) = bug_reports(&report(vec![rule]), &Sources::new()).remove(0);
    assert!(name.starts_with("01-etc-passwd") && !name.contains(['/', '\\', ' ']), "{name}");
    let prose = text.lines().filter(|line| !line.contains('`')).collect::<Vec<_>>().join("\n");
    assert!(text.starts_with("# ../../etc/passwd \\`\\`\\` &lt;/details&gt;&lt;img"), "{text}");
    assert!(!prose.contains("<img src") || text.contains("````"), "{text}");
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
    assert!(text.contains("**Actual**\n\n````\n"), "a fence longer than any in the text: {text}");
}
