//! The full report: matrix, every cause with every finding, the other outcomes, and the verdict at the end, which a
//! terminal shows last.
//! Entry point: [`terminal`].

use std::collections::BTreeMap;

use crate::run::{Outcome, RuleResult};

use super::super::cluster::{Cause, causes};
use super::super::model::Report;
use super::super::placeholders;
use super::super::wording::{count, count_causes, outcome_heading};
use super::super::writer::{Style, TerminalOptions, TextWriter};
use super::cause::{OtherFindings, write_cause};
use super::finding::write_sentences;
use super::matrix::by_family;
use super::summary::summary;

/// Renders everything that the report holds for people.
#[must_use]
pub fn terminal(report: &Report, options: TerminalOptions) -> String {
    let mut page = TextWriter::new(options);
    let causes = causes(&report.results);
    by_family(&mut page, &report.results);
    write_findings(&mut page, &causes);
    write_closed_gaps(&mut page, &report.results);
    write_unimplemented(&mut page, &report.results);
    write_blocked(&mut page, &report.results);
    write_flaky(&mut page, &report.results);
    write_errored(&mut page, &report.results);
    write_noted(&mut page, &report.results);
    write_known(&mut page, &report.results);
    write_skipped(&mut page, &report.results);
    summary(&mut page, report, &causes);
    page.finish()
}

fn write_findings(page: &mut TextWriter, causes: &[Cause<'_>]) {
    let rules: usize = causes.iter().map(|cause| cause.rules.len()).sum();
    if rules == 0 {
        return;
    }
    page.heading(&format!("{}, {}", count(rules, "finding"), count_causes(causes)));
    for (number, cause) in causes.iter().enumerate() {
        write_cause(page, number + 1, cause, (OtherFindings::InFull, None));
    }
    placeholders::remark(page, causes.iter().flat_map(|cause| cause.rules.clone()));
}

fn with_outcome(results: &[RuleResult], outcome: Outcome) -> Vec<&RuleResult> {
    results.iter().filter(|rule| rule.outcome == outcome).collect()
}

fn write_errored(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Errored);
    if !rules.is_empty() {
        page.heading(&outcome_heading(Outcome::Errored, rules.len()));
        write_by_reason(page, &rules);
    }
}

/// Writes one line for each operation.
fn write_unimplemented(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Unimplemented);
    if !rules.is_empty() {
        let operations = by_reason(&rules);
        page.heading(&format!("Not implemented: {}", count(operations.len(), "operation")));
        for (reason, rules) in operations {
            page.line(2, Style::Yellow, &format!("{reason} — {}", count(rules.len(), "rule")));
        }
    }
}

fn write_blocked(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Blocked);
    if !rules.is_empty() {
        page.heading(&outcome_heading(Outcome::Blocked, rules.len()));
        for (reason, rules) in by_reason(&rules) {
            page.line(2, Style::Yellow, reason);
            let judge = rules.iter().find_map(|rule| rule.blocker.as_ref()?.rule.as_deref());
            if let Some(judge) = judge {
                page.line(2, Style::Plain, &format!("{judge} judges that call"));
            }
            for rule in rules {
                page.verbatim(4, &rule.id);
            }
        }
    }
}

fn write_flaky(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Flaky);
    if !rules.is_empty() {
        page.heading(&outcome_heading(Outcome::Flaky, rules.len()));
        write_sentences(page, 2, &rules);
    }
}

fn write_known(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Known);
    if !rules.is_empty() {
        page.heading(&outcome_heading(Outcome::Known, rules.len()));
        write_by_reason(page, &rules);
    }
}

/// Writes the known gaps that hold. Each is a line to take out of the file.
fn write_closed_gaps(page: &mut TextWriter, results: &[RuleResult]) {
    let rules: Vec<_> = results.iter().filter_map(|r| Some((r, r.closed_gap()?))).collect();
    if rules.is_empty() {
        return;
    }
    page.heading(&format!(
        "{} closed: remove from the list the rules that hold",
        count(rules.len(), "known gap")
    ));
    for (rule, why) in rules {
        page.line(2, Style::Red, &rule.id);
        page.line(4, Style::Plain, why);
    }
}

/// Writes one paragraph for each reason, since many rules often have the same one.
fn write_by_reason(page: &mut TextWriter, rules: &[&RuleResult]) {
    for (reason, rules) in by_reason(rules) {
        page.line(2, Style::Yellow, reason);
        for rule in rules {
            page.verbatim(4, &rule.id);
        }
    }
}

/// Returns the rules by their reason, the most frequent reason first.
pub(super) fn by_reason<'r>(rules: &[&'r RuleResult]) -> Vec<(&'r str, Vec<&'r RuleResult>)> {
    let mut groups: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for rule in rules {
        groups.entry(rule.reason.as_deref().unwrap_or("no reason given")).or_default().push(rule);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, rules)| std::cmp::Reverse(rules.len()));
    groups
}

fn write_noted(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Noted);
    if !rules.is_empty() {
        let verb = if rules.len() == 1 { "does" } else { "do" };
        page.heading(&format!("Noted: {} {verb} not hold here", count(rules.len(), "assumed rule")));
        write_sentences(page, 2, &rules);
    }
}

fn write_skipped(page: &mut TextWriter, results: &[RuleResult]) {
    let rules = with_outcome(results, Outcome::Skipped);
    if !rules.is_empty() {
        page.heading(&outcome_heading(Outcome::Skipped, rules.len()));
        for (reason, rules) in by_reason(&rules) {
            page.line(2, Style::Plain, &format!("{} × {reason}", rules.len()));
        }
    }
}
