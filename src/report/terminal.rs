//! The report for people: table, causes with their findings, what could not be judged, what is only noted,
//! and the verdict at the end, where it is seen. Text only; the caller prints it.

use std::collections::BTreeMap;

use super::model::Report;
use crate::model::Level;
use crate::run::{Outcome, RuleResult};

use super::closing;
use super::cluster::{Cause, causes};
use super::finding::{Detail, in_full, in_short, in_words};
use super::page::{Ink, Look, Page};
use super::standin;
use super::table::table;

/// Longer commands are left to the JSON report.
const LONGEST_COMMAND: usize = 1_000;
/// Rules listed on one line each before the rest is only counted.
const LISTED: usize = 20;

/// Renders the report. `all` shows every finding in full; otherwise each cause shows its shortest one in
/// full and the others on one line, so many as a screen takes; all where the width has no limit.
#[must_use]
pub fn terminal(report: &Report, look: Look, all: bool) -> String {
    let mut page = Page::new(look);
    let causes = causes(&report.results);
    table(&mut page, &report.results);
    findings(&mut page, &causes, all);
    closed(&mut page, &report.results);
    errored(&mut page, &report.results, all);
    noted(&mut page, &report.results, all);
    known(&mut page, &report.results, all);
    skipped(&mut page, &report.results);
    closing::block(&mut page, report, &causes);
    page.finish()
}

fn findings<'r>(page: &mut Page, causes: &[Cause<'r>], all: bool) {
    let rules: usize = causes.iter().map(|cause| cause.rules.len()).sum();
    if rules == 0 {
        return;
    }
    page.heading(&format!("{}, {}", count(rules, "finding"), count(causes.len(), "cause")));
    for (number, cause) in causes.iter().enumerate() {
        one_cause(page, number + 1, cause, all);
    }
    let shown = |cause: &Cause<'r>| if all { cause.rules.clone() } else { vec![cause.representative] };
    let shown = causes.iter().flat_map(shown);
    standin::remark(page, shown);
}

fn one_cause(page: &mut Page, number: usize, cause: &Cause<'_>, all: bool) {
    let level = match cause.level() {
        Level::Documented => String::new(),
        other => format!("[{}] ", other.name()),
    };
    let findings = match cause.rules.len() {
        1 => String::new(),
        many => format!(" — {many} findings"),
    };
    page.blank();
    page.line(0, Ink::Red, &format!("{number}. {level}{}{findings}", cause.title));
    for part in &cause.parts {
        page.line(3, Ink::Plain, part);
    }
    let detail = Detail { whole: all, longest_command: LONGEST_COMMAND, title: &cause.title };
    in_full(page, 3, cause.representative, detail);
    let others = cause.other_rules();
    if all {
        for rule in others {
            page.blank();
            in_full(page, 3, rule, detail);
        }
    } else if !others.is_empty() {
        page.line(3, Ink::Dim, &format!("{} more likewise", others.len()));
        listed(page, 5, &others, all, in_short);
    }
}

/// Rules on one line each; where there are many, the rest as a number.
fn listed(
    page: &mut Page,
    indent: usize,
    rules: &[&RuleResult],
    all: bool,
    write: impl Fn(&mut Page, usize, &[&RuleResult]),
) {
    let unlimited = all || page.width() == usize::MAX;
    let shown = if unlimited || rules.len() <= LISTED + 1 { rules.len() } else { LISTED };
    write(page, indent, &rules[..shown]);
    if shown < rules.len() {
        let rest = rules.len() - shown;
        page.line(indent, Ink::Dim, &format!("… and {rest} more; --all shows them"));
    }
}

fn of(results: &[RuleResult], outcome: Outcome) -> Vec<&RuleResult> {
    results.iter().filter(|rule| rule.outcome == outcome).collect()
}

fn errored(page: &mut Page, results: &[RuleResult], all: bool) {
    let rules = of(results, Outcome::Errored);
    if !rules.is_empty() {
        page.heading(&format!("Errored: {} could not be judged", count(rules.len(), "rule")));
        by_reason(page, &rules, all);
    }
}

fn known(page: &mut Page, results: &[RuleResult], all: bool) {
    let rules = of(results, Outcome::Known);
    if !rules.is_empty() {
        page.heading(&format!("Known: {}, as expected", count(rules.len(), "gap")));
        by_reason(page, &rules, all);
    }
}

/// All of them, since each is a line to take out of the file.
fn closed(page: &mut Page, results: &[RuleResult]) {
    let rules: Vec<_> = results.iter().filter_map(|r| Some((r, r.closed_gap()?))).collect();
    if rules.is_empty() {
        return;
    }
    page.heading(&format!("{} closed: take out of the list what holds", count(rules.len(), "known gap")));
    for (rule, why) in rules {
        page.line(2, Ink::Red, &rule.id);
        page.line(4, Ink::Plain, why);
    }
}

/// One paragraph for each reason, since most often there is one reason for many rules.
fn by_reason(page: &mut Page, rules: &[&RuleResult], all: bool) {
    for (reason, rules) in grouped(rules) {
        page.line(2, Ink::Yellow, reason);
        listed(page, 4, &rules, all, |page, indent, rules| {
            for rule in rules {
                page.verbatim(indent, &rule.id);
            }
        });
    }
}

fn grouped<'r>(rules: &[&'r RuleResult]) -> Vec<(&'r str, Vec<&'r RuleResult>)> {
    let mut groups: BTreeMap<&str, Vec<&RuleResult>> = BTreeMap::new();
    for rule in rules {
        groups.entry(rule.reason.as_deref().unwrap_or("no reason given")).or_default().push(rule);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, rules)| std::cmp::Reverse(rules.len()));
    groups
}

fn noted(page: &mut Page, results: &[RuleResult], all: bool) {
    let rules = of(results, Outcome::Noted);
    if !rules.is_empty() {
        let verb = if rules.len() == 1 { "does" } else { "do" };
        page.heading(&format!("Noted: {} {verb} not hold here", count(rules.len(), "assumed rule")));
        listed(page, 2, &rules, all, in_words);
    }
}

fn skipped(page: &mut Page, results: &[RuleResult]) {
    let rules = of(results, Outcome::Skipped);
    if !rules.is_empty() {
        page.heading(&format!("Skipped: {}", count(rules.len(), "rule")));
        for (reason, rules) in grouped(&rules) {
            page.line(2, Ink::Plain, &format!("{} × {reason}", rules.len()));
        }
    }
}

/// `1 rule`, `2 rules`.
pub(super) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
