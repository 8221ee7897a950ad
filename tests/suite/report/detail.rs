//! The page of one finding: shortened bodies, facts that stand once, and explanations.

use glueproof::check::ViolationKind;
use glueproof::report::{CauseDetail, Report, TerminalOptions, cause, terminal};
use glueproof::run::{Outcome, Reason, RuleResult};
use serde_json::json;

use super::fixture::{failed, lax, report, with_commands};

const PLAIN: TerminalOptions = TerminalOptions { color: false, width: 90 };

/// The first cause, as `glueproof show 1` prints it.
fn shown(report: &Report, options: TerminalOptions) -> String {
    cause(report, 1, options, CauseDetail::default()).unwrap()
}

/// A finding that was answered with this body.
fn answered(id: &str, status: u16, body: serde_json::Value) -> RuleResult {
    let mut rule = failed(id, status, None);
    let finding = rule.finding.as_mut().unwrap();
    finding.actual =
        format!("{status} {}", body.as_str().map_or_else(|| body.to_string(), ToOwned::to_owned));
    finding.steps[0].response.as_mut().unwrap().body = body;
    rule
}

#[test]
fn a_page_of_html_is_named_once() {
    let page = "<!doctype html>\n<html lang=en>\n<title>500 Oops</title>\n<p>The server failed.</p>\n";
    let report = report(vec![answered("glue/A/valid/x", 500, json!(page))]);
    let text = shown(&report, PLAIN);
    assert!(text.contains("actual       500, an HTML page titled \"500 Oops\"\n"), "{text}");
    assert!(text.contains("→ 500\n") && !text.contains('<'), "{text}");
    let whole = terminal(&report, TerminalOptions { width: 200, ..PLAIN });
    assert_eq!(whole.matches("The server failed.").count(), 1, "{whole}");
}

#[test]
fn long_bodies_are_cut_unless_all_is_wanted() {
    let list: Vec<String> = (0..100).map(|number| format!("item{number}")).collect();
    let report =
        report(vec![answered("glue/A/valid/x", 200, json!({ "List": list, "Text": "x".repeat(100) }))]);
    let wide = TerminalOptions { width: usize::MAX, ..PLAIN };
    let text = shown(&report, wide);
    assert!(text.contains("… (") && !text.contains("item99"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() < 360), "{text}");
    let whole = terminal(&report, wide);
    assert_eq!(whole.matches("item99").count(), 2, "{whole}");
    assert!(whole.contains(&"x".repeat(100)), "{whole}");
}

#[test]
fn an_unjudged_rule_begins_with_that_fact() {
    let mut rule = lax("glue/A/wire/error-shape");
    rule = rule.with_reason(&Reason::SetupFailed);
    let other = RuleResult { id: "glue/B/wire/error-shape".to_owned(), ..rule.clone() };
    let text = shown(&report(vec![rule, other]), PLAIN);
    let id = "   glue/A/wire/error-shape\n     not judged: the state that the rule needs could not be created, so no case could be\n";
    assert!(text.contains(id) && text.contains("obstacle") && !text.contains("     violated"), "{text}");
    assert!(text.contains("glue/B/wire/error-shape  not judged: 200"), "{text}");
    assert!(
        text.contains("1. not judged in A and B: an operation does what wire error-shape says"),
        "{text}"
    );
}

#[test]
fn altered_headers_stand_in_the_line_of_the_call() {
    let mut rule = lax("glue/A/wire/x");
    let headers = &mut rule.finding.as_mut().unwrap().steps[0].request.headers;
    headers.insert("Content-Type".to_owned(), "text/plain".to_owned());
    headers.insert("X-Amz-Target".to_owned(), "AWSGlue.".to_owned());
    let text = shown(&report(vec![rule.clone()]), PLAIN);
    let line = "call 1       A with Content-Type: text/plain with X-Amz-Target: AWSGlue. {\"Name\":\"a\"}\n";
    assert!(text.contains(line), "{text}");
    rule.finding.as_mut().unwrap().steps[0].request.headers.clear();
    let text = shown(&report(vec![rule]), PLAIN);
    assert!(text.contains("A with X-Amz-Target: (none) with Content-Type: (none) {"), "{text}");
}

#[test]
fn stand_ins_are_explained_where_they_occur() {
    let about = |body| {
        let mut rule = lax("glue/A/valid/x");
        rule.finding.as_mut().unwrap().steps[0].request.body = body;
        rule
    };
    let text = |rule| shown(&report(vec![rule]), TerminalOptions { width: 200, ..PLAIN });
    assert!(!text(about(json!({ "Name": "a" }))).contains("stand-ins"));
    let run = "Bodies show stand-ins: `gp-thisruncase` for the run's unique names.\n";
    assert_eq!(text(about(json!({ "Sid": "gpthisruncase0" }))).matches(run).count(), 1);
    let both = "names, and 000000000000 for the target's account, which the commands name.\n";
    let body = json!({ "Name": "gp-thisruncase-a", "Arn": "arn:aws:iam::000000000000:root" });
    assert_eq!(text(with_commands(about(body))).matches(both).count(), 1);
}

#[test]
fn a_target_without_an_address_has_no_empty_headings() {
    let mut rule = lax("glue/A/valid/x");
    rule.finding.as_mut().unwrap().reproduce.curl = vec![String::new()];
    for rule in [lax("glue/A/valid/x"), rule] {
        let text = terminal(&report(vec![rule]), PLAIN);
        for label in ["replay", "curl", "aws cli"] {
            assert!(!text.contains(label), "{label} in {text}");
        }
    }
}

#[test]
fn noted_rules_say_in_words_what_the_target_does() {
    let noted = |id, kind: ViolationKind| {
        let mut rule = RuleResult { outcome: Outcome::Noted, ..lax(id) };
        rule.finding.as_mut().unwrap().kind = Some(kind);
        rule
    };
    let report = report(vec![
        noted("glue/A/wire/content-type", ViolationKind::Accepted),
        noted("glue/A/valid/time", ViolationKind::Missing("A.Time".to_owned())),
    ]);
    let text = terminal(&report, PLAIN);
    assert!(text.contains("glue/A/wire/content-type  accepts a call that must be refused: 200\n"), "{text}");
    assert!(text.contains("glue/A/valid/time         Time is missing from the answer\n"), "{text}");
}

#[test]
fn ids_are_never_broken() {
    let id = format!("glue/A/valid/{}/present", "Member.".repeat(12));
    let text = shown(&report(vec![lax(&id)]), PLAIN);
    assert!(text.contains(&format!("\n   {id}\n")), "{text}");
}
