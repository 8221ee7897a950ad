//! The page about several targets side by side: scores, families, and rule by rule, where they differ first.
//! Says which differ, not who is right beyond what each report says.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::super::model::{Report, Score};
use crate::run::{Outcome, RuleResult};

use super::super::body::ends;
use super::super::cluster::causes;
use super::super::comparison::Column;
use super::super::escape::on_one_line;
use super::super::tally::{ALL, Tally, families, tallies};
use super::super::terminal::finding::response_line;
use super::super::wording;
use super::super::wording::count;
use super::document::document;
use super::matrix::class;
use super::overview::{bar, percent, word};
use super::rule::outcome_icon;
use super::text::{breakable, prose};

/// Longer answers are shortened; the reports have them whole.
const LONGEST_ANSWER: usize = 120;

/// A rule and what became of it on each target; nothing where it was not among the rules.
struct Row<'r> {
    rule: &'r RuleResult,
    cells: Vec<Option<&'r RuleResult>>,
}

impl Row<'_> {
    fn outcomes(&self) -> BTreeSet<Option<Outcome>> {
        self.cells.iter().map(|cell| cell.map(|rule| rule.outcome)).collect()
    }
}

/// The reports side by side, as a page.
#[must_use]
pub fn comparison(columns: &[Column<'_>]) -> String {
    comparison_page(columns, None)
}

/// Renders the comparison as a page of a site whose first page is `home`.
pub(super) fn comparison_page(columns: &[Column<'_>], home: Option<&str>) -> String {
    let (differ, same): (Vec<Row<'_>>, Vec<Row<'_>>) =
        by_rule(columns).into_iter().partition(|row| row.outcomes().len() > 1);
    let (held, open): (Vec<_>, Vec<_>) =
        same.into_iter().partition(|row| row.outcomes().contains(&Some(Outcome::Passed)));
    let main = html! {
        h1 { (count(columns.len(), "target")) " side by side" }
        (warning(columns))
        (scores(columns))
        (by_family(columns))
        form #filter .filter.scripted role="search" aria-label="Filter rules" {
            label.search { span { "Search" } input #search type="search" placeholder="id, requirement, answer" autocomplete="off"; }
            button type="reset" { "Reset" }
            p #shown role="status" {}
        }
        (section(columns, "They differ", &differ, true))
        (section(columns, "Alike, and not held", &open, false))
        (section(columns, "Alike, and held", &held, false))
    };
    let suites: BTreeSet<String> = columns.iter().map(|column| wording::suite(column.report)).collect();
    let suites = suites.into_iter().collect::<Vec<_>>().join("; ");
    document("glueproof: targets side by side", &main, &suites, home)
}

fn by_rule<'r>(columns: &[Column<'r>]) -> Vec<Row<'r>> {
    let mut rows: BTreeMap<&str, Row<'r>> = BTreeMap::new();
    for (place, column) in columns.iter().enumerate() {
        for rule in &column.report.results {
            let row = rows.entry(&rule.id).or_insert_with(|| Row { rule, cells: vec![None; columns.len()] });
            row.cells[place] = Some(rule);
        }
    }
    rows.into_values().collect()
}

/// Warns of reports that were made with different specs: one rule may mean different things in them.
fn warning(columns: &[Column<'_>]) -> Markup {
    let suites: BTreeSet<(&str, String)> =
        columns.iter().map(|c| (c.report.suite.specs.as_str(), c.report.suite.edition.to_string())).collect();
    let seeds: BTreeSet<u64> = columns.iter().map(|column| column.report.seed).collect();
    html! {
        @if suites.len() > 1 {
            p.warning { "These reports were made with different specs or editions: a rule of one name may ask for different things." }
        } @else if seeds.len() > 1 {
            p.warning { "These reports were made from different seeds: the rules are the same, the calls are not." }
        }
    }
}

fn scores(columns: &[Column<'_>]) -> Markup {
    html! {
        section aria-labelledby="scores" {
            h2 #scores { "Scores" }
            div.scroll role="region" aria-labelledby="scores" tabindex="0" {
                table.scores {
                    (head("", columns))
                    tbody {
                        (line("verdict", columns, |report| html! { strong class={ "word " (report.verdict.name()) } { (word(report.verdict)) } }))
                        (line("conformance", columns, |report| share(report.summary.conformance)))
                        (line("parity", columns, |report| share(report.summary.parity)))
                        (line("causes", columns, |report| html! { (causes(&report.results).len()) }))
                        (line("rules", columns, |report| html! { (wording::outcomes(report)) }))
                        (line("suite", columns, |report| html! { (on_one_line(&wording::suite(report))) }))
                        (line("seed", columns, |report| html! { (report.seed) }))
                        (line("started", columns, |report| html! { (on_one_line(&report.started)) }))
                    }
                }
            }
        }
    }
}

fn head(first: &str, columns: &[Column<'_>]) -> Markup {
    html! { thead { tr { th scope="col" { (first) } @for column in columns { th scope="col" { (breakable(column.name)) } } } } }
}

fn line(name: &str, columns: &[Column<'_>], cell: impl Fn(&Report) -> Markup) -> Markup {
    html! { tr { th scope="row" { (name) } @for column in columns { td { (cell(column.report)) } } } }
}

fn share(score: Score) -> Markup {
    html! { span.percent { (percent(score)) } " " span.words { (score.held) " of " (score.of) } (bar(score)) }
}

fn by_family(columns: &[Column<'_>]) -> Markup {
    let all: Vec<RuleResult> = by_rule(columns).into_iter().map(|row| row.rule.clone()).collect();
    let counted: Vec<_> = columns.iter().map(|column| tallies(&column.report.results)).collect();
    html! {
        section aria-labelledby="families" {
            h2 #families { "Families" }
            p.hint { "Rules that hold, of those judged." }
            div.scroll role="region" aria-labelledby="families" tabindex="0" {
                table.matrix {
                    (head("family", columns))
                    tbody {
                        @for family in families(&all) {
                            tr {
                                th scope="row" { (breakable(family.name())) }
                                @for tallies in &counted {
                                    @let tally = tallies.get(&(ALL, family)).copied().unwrap_or_else(Tally::default);
                                    td { span class={ "cell " (class(tally)) } { (tally.text()) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn section(columns: &[Column<'_>], title: &str, rows: &[Row<'_>], open: bool) -> Markup {
    html! {
        @if !rows.is_empty() {
            section.list aria-label=(title) {
                details.group open[open] {
                    summary { h2 { (title) } " " span.count { (count(rows.len(), "rule")) } }
                    div.scroll role="region" aria-label=(title) tabindex="0" {
                        table.rules { (head("rule", columns)) tbody { @for row in rows { (rule_row(row)) } } }
                    }
                }
            }
        }
    }
}

fn rule_row(row: &Row<'_>) -> Markup {
    html! {
        tr.rule {
            th scope="row" {
                code.id { (breakable(&row.rule.id)) }
                p.requirement { (prose(&row.rule.requirement)) " " span class={ "level " (row.rule.evidence.level.name()) } { (row.rule.evidence.level.name()) } }
            }
            @for cell in &row.cells {
                td {
                    @match cell {
                        None => { span.brief { "not run" } }
                        Some(rule) => { (outcome_icon(rule.outcome)) " " span.brief { (outcome_text(rule)) } }
                    }
                }
            }
        }
    }
}

fn outcome_text(rule: &RuleResult) -> String {
    if rule.outcome == Outcome::Passed {
        "held".to_owned()
    } else {
        ends(&on_one_line(&response_line(rule)), LONGEST_ANSWER)
    }
}
