//! Several targets side by side, for a page of CI: one column for each, and the rules on which they differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Family;
use crate::run::{Outcome, RuleResult};

use super::super::cluster::causes;
use super::super::comparison::Column;
use super::super::model::Score;
use super::super::tally::{ALL, families, tallies};
use super::super::wording::{self, count, count_causes};
use super::text::{code, plain};

/// Renders the comparison.
#[must_use]
pub fn comparison(columns: &[Column<'_>]) -> String {
    let title = format!("## {} side by side\n\n", count(columns.len(), "target"));
    [title, scores(columns), by_family(columns), differences(columns)].concat()
}

fn scores(columns: &[Column<'_>]) -> String {
    let share = |score: Score| match score.percent() {
        Some(share) => format!("{share} % ({} of {})", score.held, score.of),
        None => "–".to_owned(),
    };
    [
        head("", columns),
        row("verdict", columns, |column| format!("**{}**", column.report.verdict.name())),
        row("conformance", columns, |column| share(column.report.summary.conformance)),
        row("parity", columns, |column| share(column.report.summary.parity)),
        row("causes", columns, |column| count_causes(&causes(&column.report.results))),
        row("rules", columns, |column| wording::outcomes(column.report)),
        row("suite", columns, |column| plain(&wording::suite(column.report))),
        "\n".to_owned(),
    ]
    .concat()
}

fn by_family(columns: &[Column<'_>]) -> String {
    let counted: Vec<_> = columns.iter().map(|column| tallies(&column.report.results)).collect();
    let present: BTreeSet<Family> =
        columns.iter().flat_map(|column| families(&column.report.results)).collect();
    let line = |family: Family| {
        let cell = |at: usize| counted[at].get(&(ALL, family)).copied().unwrap_or_default().text();
        let cells: Vec<String> = (0..columns.len()).map(cell).collect();
        format!("| {} | {} |\n", family.name(), cells.join(" | "))
    };
    let lines: String = present.into_iter().map(line).collect();
    format!("{}{lines}\n", head("family: held of judged", columns))
}

/// Lists the rules on which the targets differ, folded.
fn differences(columns: &[Column<'_>]) -> String {
    let mut rules: BTreeMap<&str, Vec<Option<Outcome>>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        for RuleResult { id, outcome, .. } in &column.report.results {
            rules.entry(id).or_insert_with(|| vec![None; columns.len()])[at] = Some(*outcome);
        }
    }
    rules.retain(|_, outcomes| outcomes.iter().any(|outcome| outcome != &outcomes[0]));
    if rules.is_empty() {
        return "The targets differ on no rule.\n".to_owned();
    }
    let word = |outcome: &Option<Outcome>| outcome.map_or("not run", Outcome::name);
    let line = |(id, outcomes): (&&str, &Vec<Option<Outcome>>)| {
        format!("| {} | {} |\n", code(id), outcomes.iter().map(word).collect::<Vec<_>>().join(" | "))
    };
    let lines: String = rules.iter().map(line).collect();
    let summary = format!("They differ on {}", count(rules.len(), "rule"));
    format!("<details><summary>{summary}</summary>\n\n{}{lines}\n</details>\n", head("rule", columns))
}

fn head(first: &str, columns: &[Column<'_>]) -> String {
    let names: Vec<String> = columns.iter().map(|column| code(column.name)).collect();
    format!("| {first} | {} |\n|:--|{}\n", names.join(" | "), ":--|".repeat(columns.len()))
}

fn row(name: &str, columns: &[Column<'_>], cell: impl Fn(&Column<'_>) -> String) -> String {
    let cells: Vec<String> = columns.iter().map(cell).collect();
    format!("| {name} | {} |\n", cells.join(" | "))
}
