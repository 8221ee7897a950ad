//! One rule with what became of it: a line to scan, and everything behind it. Groups nothing.

use maud::{Markup, html};

use crate::model::Source;
use crate::run::{Finding, Outcome, RuleResult};

use super::super::body::{ends, without_html};
use super::super::cluster::sentence;
use super::super::escape::{on_lines, on_one_line};
use super::super::terminal::finding::response_line;
use super::super::wording::confidence_text;
use super::calls::{calls, commands};
use super::diff::diff;
use super::page::Sources;
use super::text::{breakable, prose};

/// Longer answers are shortened on the line to scan.
const LONGEST_BRIEF: usize = 120;

/// Renders an outcome as an icon, with a word for screen readers.
pub(super) fn outcome_icon(outcome: Outcome) -> Markup {
    let sign = match outcome {
        Outcome::Passed => "✓",
        Outcome::Failed => "✕",
        Outcome::Noted => "i",
        Outcome::Unimplemented => "∅",
        Outcome::Blocked => "⊘",
        Outcome::Flaky => "~",
        Outcome::Errored => "?",
        Outcome::Known => "≈",
        Outcome::Skipped => "–",
    };
    html! { span class={ "mark " (outcome.name()) } title=(outcome.name()) { span aria-hidden="true" { (sign) } span.unseen { (outcome.name()) } } }
}

/// The rule. `anchor` is unique in the page.
pub(super) fn rule(rule: &RuleResult, anchor: &str, sources: &Sources, open: bool) -> Markup {
    html! {
        details.rule id=(anchor) open[open] data-operation=(on_one_line(&rule.operation)) data-family=(rule.family.name())
            data-outcome=(rule.outcome.name()) data-level=(rule.evidence.level.name()) {
            summary {
                (outcome_icon(rule.outcome)) " "
                span.line {
                    code.id { (breakable(&rule.id)) }
                    @if rule.outcome != Outcome::Passed { " " span.brief { (brief_line(rule)) } }
                }
            }
            div.inside {
                p.requirement { (prose(&rule.requirement)) }
                @if let Some(reason) = &rule.reason { (reason_line(rule, reason)) }
                @if let Some(finding) = &rule.finding { (finding_details(rule, finding, anchor)) }
                (evidence(rule, sources))
            }
        }
    }
}

fn brief_line(rule: &RuleResult) -> String {
    let text = if rule.finding.is_some() { response_line(rule) } else { sentence(rule).to_owned() };
    ends(&on_one_line(&text), LONGEST_BRIEF)
}

fn reason_line(rule: &RuleResult, reason: &str) -> Markup {
    let label = if rule.is_not_judged() { "Not judged: " } else { "Reason: " };
    html! { p.reason { strong { (label) } (on_one_line(reason)) } }
}

fn finding_details(rule: &RuleResult, finding: &Finding, anchor: &str) -> Markup {
    let actual = without_html(finding.actual.trim_end(), true);
    let (first, timeline) = actual.split_once('\n').unwrap_or((&actual, ""));
    let usual = rule.service();
    html! {
        p.violated { (on_one_line(&finding.violated)) }
        (diff(&finding.expected, first))
        @if !timeline.is_empty() {
            figure.timeline {
                figcaption { "Who called when" }
                pre tabindex="0" { (on_lines(timeline)) }
            }
        }
        h4 { (if finding.steps.len() == 1 { "The call" } else { "The calls, in order" }) }
        (calls(&finding.steps, usual))
        (commands(&finding.reproduce, anchor))
    }
}

fn evidence(rule: &RuleResult, sources: &Sources) -> Markup {
    let evidence = &rule.evidence;
    let plain: Vec<&String> = evidence.sources.iter().filter(|id| !sources.contains_key(*id)).collect();
    let known: Vec<_> = evidence.sources.iter().filter_map(|id| Some((id, sources.get(id)?))).collect();
    html! {
        div.evidence {
            p {
                strong { "Who says so: " } span class={ "level " (evidence.level.name()) } { (evidence.level.name()) }
                @for id in plain { " " code { (on_one_line(id)) } }
            }
            @if let Some(note) = &evidence.note { p { (on_one_line(note)) } }
            @if !known.is_empty() { ul { @for (id, source) in known { (source_item(id, source)) } } }
        }
    }
}

fn source_item(id: &str, source: &Source) -> Markup {
    let how = confidence_text(source.confidence);
    let address = source.source.starts_with("https://") && !source.source.contains(char::is_whitespace);
    html! {
        li {
            code { (on_one_line(id)) } " " (on_one_line(&source.says)) " "
            span.from {
                @if address {
                    a href=(source.source) rel="noreferrer noopener" { (breakable(&source.source)) }
                } @else { (on_one_line(&source.source)) }
                ", " (how)
            }
        }
    }
}
