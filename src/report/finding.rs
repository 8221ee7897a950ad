//! One finding for people: what was required, who says so, what came, the calls, and how to see it again.
//! Chooses no findings.

use std::collections::BTreeSet;

use crate::run::{Finding, FindingStep, Reproduce, RuleResult};

use super::body::{brief, cut, is_html, whole, without_html};
use super::cause::sentence;
use super::escape::on_one_line;
use super::header;
use super::page::{Ink, Page};
use super::symptom::{missing, not_judged};

/// How much of a finding is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail<'t> {
    /// Whether bodies are shown whole, however long.
    pub whole: bool,
    /// Commands longer than this are only mentioned.
    pub longest_command: usize,
    /// What stands above the finding and need not be said again.
    pub title: &'t str,
}

/// Writes a rule and its finding in full.
pub(super) fn in_full(page: &mut Page, indent: usize, rule: &RuleResult, detail: Detail<'_>) {
    let id = page.paint(Ink::Cyan, &on_one_line(&rule.id));
    page.block(indent, &id);
    let indent = indent + 2;
    match (not_judged(rule), &rule.reason) {
        (Some(why), _) => page.line(indent, Ink::Yellow, &format!("not judged: {why}")),
        (None, Some(reason)) => page.field(indent, "reason", reason),
        (None, None) => {}
    }
    page.field(indent, "rule", &rule.requirement);
    page.field(indent, "evidence", &evidence(rule));
    if let Some(note) = &rule.evidence.note {
        page.field(indent, "", note);
    }
    let Some(finding) = &rule.finding else { return };
    verdict(page, indent, rule, finding, detail);
    for (number, step) in finding.steps.iter().enumerate() {
        call(page, indent, &format!("call {}", number + 1), step, (service(rule), detail.whole));
    }
    commands(page, indent, &finding.reproduce, detail.longest_command);
}

/// What is wrong; where the rule was not judged, what stood in its way.
fn verdict(page: &mut Page, indent: usize, rule: &RuleResult, finding: &Finding, detail: Detail<'_>) {
    if finding.violated.trim_end_matches('.') != detail.title {
        let label = if not_judged(rule).is_some() { "obstacle" } else { "violated" };
        page.field(indent, label, &finding.violated);
    }
    page.inked_field(indent, "expected", Ink::Green, &alternatives(&finding.expected));
    page.inked_field(indent, "actual", Ink::Red, &actual(finding, detail.whole));
    for line in without_html(&finding.actual).lines().skip(1) {
        page.verbatim(indent, line);
    }
}

/// Alternatives joined by `, or `, each once.
pub(super) fn alternatives(expected: &str) -> String {
    let mut seen = BTreeSet::new();
    let parts = expected.split(", or ").filter(|part| seen.insert(*part));
    parts.collect::<Vec<_>>().join(", or ")
}

/// What came, in words; a timeline stands in the lines behind the first.
pub(super) fn actual(finding: &Finding, whole: bool) -> String {
    let came = without_html(finding.actual.trim_end());
    let came = came.lines().next().unwrap_or_default().to_owned();
    if whole { came } else { cut(&came) }
}

/// Writes rules on one line each: the id, and what came.
pub(super) fn in_short(page: &mut Page, indent: usize, rules: &[&RuleResult]) {
    each(page, indent, rules, came);
}

/// Writes rules on one line each: the id, and in words what the target does.
pub(super) fn in_words(page: &mut Page, indent: usize, rules: &[&RuleResult]) {
    each(page, indent, rules, |rule| {
        let does = sentence(rule).trim_end_matches('.');
        let steps = rule.finding.iter().flat_map(|finding| &finding.steps);
        let mut operations = steps.map(|step| step.operation.as_str()).chain([rule.operation.as_str()]);
        let bare = operations.find_map(|operation| does.strip_prefix(operation)?.strip_prefix(' '));
        match (missing(rule), &rule.finding) {
            (Some((_, member)), _) => format!("{member} is missing from the answer"),
            (None, Some(_)) => format!("{}: {}", bare.unwrap_or(does), came(rule)),
            (None, None) => does.to_owned(),
        }
    });
}

fn each(page: &mut Page, indent: usize, rules: &[&RuleResult], say: impl Fn(&RuleResult) -> String) {
    let widest = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or(0);
    for rule in rules {
        page.pair(indent, &format!("{:<widest$}", rule.id), &say(rule));
    }
}

/// What came, in short.
pub(super) fn came(rule: &RuleResult) -> String {
    let came = rule.finding.as_ref().map_or_else(|| sentence(rule).to_owned(), |found| actual(found, false));
    let came = came
        .split_once(", an HTML page titled ")
        .map_or(came.clone(), |(status, _)| format!("{status}, an HTML page"));
    if not_judged(rule).is_some() { format!("not judged: {came}") } else { came }
}

/// `documented (doc.PutResourcePolicy, E012)`.
pub(super) fn evidence(rule: &RuleResult) -> String {
    let sources = rule.evidence.sources.join(", ");
    match sources.as_str() {
        "" => rule.evidence.level.name().to_owned(),
        sources => format!("{} ({sources})", rule.evidence.level.name()),
    }
}

/// The service of a rule, which its calls need not repeat.
fn service(rule: &RuleResult) -> &str {
    rule.id.split('/').next().unwrap_or_default()
}

/// Writes a call with the headers an ordinary client would not have sent, and what came of it.
fn call(page: &mut Page, indent: usize, label: &str, step: &FindingStep, (usual, whole): (&str, bool)) {
    let service = if step.service == usual { String::new() } else { format!("{} ", step.service) };
    let headers = header::altered(step).into_iter().map(|header| format!("with {}", cut(&header)));
    let by = step.by.as_ref().map(|by| format!("by {}", by.name()));
    let mut words = vec![format!("{service}{}", step.operation)];
    words.extend(by);
    words.extend(headers);
    words.push(body(&step.request.body, whole));
    page.field(indent, label, &words.join(" "));
    let came = match &step.response {
        None => "no answer".to_owned(),
        Some(response) => {
            let error = response.error.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
            let hidden = is_html(&response.body) && !whole;
            let body = if hidden { String::new() } else { format!(" {}", self::body(&response.body, whole)) };
            format!("{}{error}{body}", response.status)
        }
    };
    page.field(indent, "", &format!("→ {came}"));
}

fn body(json: &serde_json::Value, all: bool) -> String {
    if all { whole(json) } else { brief(json) }
}

fn commands(page: &mut Page, indent: usize, reproduce: &Reproduce, longest: usize) {
    let replay = reproduce.replay.as_slice();
    for (label, commands) in [("replay", replay), ("curl", &reproduce.curl), ("aws cli", &reproduce.aws_cli)]
    {
        let commands: Vec<&String> = commands.iter().filter(|command| !command.is_empty()).collect();
        if commands.is_empty() {
            continue;
        }
        page.label(indent, label);
        for command in commands {
            match command.chars().count() {
                length if length > longest => {
                    let text = format!("({length} characters: see the JSON report)");
                    page.line(indent + 2, Ink::Dim, &text);
                }
                _ => page.verbatim(indent + 2, command),
            }
        }
    }
}
