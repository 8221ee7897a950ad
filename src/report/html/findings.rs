//! All rules with what became of them: findings by cause, then the rest by outcome, under one filter. Groups
//! nothing itself.

use maud::{Markup, html};

use crate::model::Level;
use crate::run::{Outcome, RuleResult};

use super::super::cluster::Cause;
use super::super::escape::on_one_line;
use super::super::placeholders;
use super::super::tally::{ALL, families, rows};
use super::super::wording::{count, count_causes};
use super::page::ReportPage;
use super::rule::rule;
use super::text::prose;

/// Controls that the script works; without it everything is shown.
pub(super) fn filter(page: &ReportPage<'_>) -> Markup {
    let results = &page.report.results;
    let present = |outcome: &Outcome| results.iter().any(|rule| rule.outcome == *outcome);
    let operations = rows(results).into_iter().filter(|row| *row != ALL);
    html! {
        form #filter .filter.scripted role="search" aria-label="Filter rules" {
            label.search { span { "Search" } input #search type="search" placeholder="id, member, error, text" autocomplete="off"; }
            label { span { "Operation" } select #operation { option value="" { "all" } @for name in operations { option { (on_one_line(name)) } } } }
            label { span { "Family" } select #family { option value="" { "all" } @for name in families(results) { option { (name.name()) } } } }
            label { span { "Outcome" } select #outcome {
                option value="" { "all" }
                @for outcome in Outcome::ALL.into_iter().filter(present) { option { (outcome.name()) } }
            } }
            label { span { "Evidence" } select #level {
                option value="" { "all" }
                @for level in [Level::Documented, Level::Observed, Level::Assumed] { option { (level.name()) } }
            } }
            button type="reset" { "Reset" }
            p #shown role="status" {}
        }
    }
}

/// Failed rules by cause.
pub(super) fn failed(page: &ReportPage<'_>) -> Markup {
    let rules: usize = page.causes.iter().map(|cause| cause.rules.len()).sum();
    html! {
        @if rules > 0 {
            section.list aria-labelledby="findings" {
                h2 #findings { (count(rules, "finding")) ", " (count_causes(&page.causes)) }
                @if let Some(words) = placeholders::words(page.report.results.iter()) { p.hint { (prose(&words)) } }
                @for (number, one) in page.causes.iter().enumerate() { (cause(page, number + 1, one)) }
            }
        }
    }
}

fn cause(page: &ReportPage<'_>, number: usize, cause: &Cause<'_>) -> Markup {
    let others = cause.other_rules();
    html! {
        details.cause id={ "cause-" (number) } {
            summary {
                span.number { (number) } " "
                h3 { (prose(&cause.title)) } " "
                span class={ "level " (cause.level().name()) } { (cause.level().name()) } " "
                span.count { (count(cause.rules.len(), "finding")) }
            }
            div.inside {
                @for part in &cause.parts { p.part { (prose(part)) } }
                (rule(cause.representative, page.anchor(cause.representative), page.sources, true))
                @if !others.is_empty() {
                    p.hint { (others.len()) " more findings with this cause" }
                    (page.packer.part(html! { @for other in others { (rule(other, page.anchor(other), page.sources, false)) } }))
                }
            }
        }
    }
}

/// The other outcomes, a section each; what held comes last.
pub(super) fn others(page: &ReportPage<'_>) -> Markup {
    let order = [
        (Outcome::Unimplemented, "Not implemented"),
        (Outcome::Blocked, "Blocked: the state that the rule needs could not be created"),
        (Outcome::Flaky, "Flaky: failed once, and held when run again"),
        (Outcome::Errored, "Not judged"),
        (Outcome::Known, "Known gaps"),
        (Outcome::Noted, "Noted: assumed rules that do not hold here"),
        (Outcome::Skipped, "Skipped"),
        (Outcome::Passed, "Held"),
    ];
    html! { @for (outcome, title) in order { (section(page, outcome, title)) } }
}

fn section(page: &ReportPage<'_>, outcome: Outcome, title: &str) -> Markup {
    let rules: Vec<&RuleResult> = page.report.results.iter().filter(|rule| rule.outcome == outcome).collect();
    html! {
        @if !rules.is_empty() {
            section.list aria-label=(title) {
                details.group id=(outcome.name()) {
                    summary { h2 { (title) } " " span.count { (count(rules.len(), "rule")) } }
                    div.inside { (page.packer.part(html! { @for one in rules { (rule(one, page.anchor(one), page.sources, false)) } })) }
                }
            }
        }
    }
}
