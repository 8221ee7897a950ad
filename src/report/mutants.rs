//! The results of the mutants as text: a matrix of mutants and families, the figures, and the surprises.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::Family;
use crate::mutants::{Fate, MutantResult, MutantsReport};
use crate::rule::Catalog;

/// The whole report.
#[must_use]
pub fn mutants(report: &MutantsReport, catalog: &Catalog, matrix: bool) -> String {
    let mut text = String::new();
    if matrix {
        text.push_str(&table(report, catalog));
    }
    let rate = per_cent(report.killed, report.mutants - report.equivalent);
    let _ = writeln!(
        text,
        "{} mutants: {} killed ({rate} of those that are not equivalent), {} equivalent ({})",
        report.mutants,
        report.killed,
        report.equivalent,
        per_cent(report.equivalent, report.mutants),
    );
    let _ = writeln!(
        text,
        "calls until the first finding: median {}, worst {}",
        report.calls.median, report.calls.worst
    );
    for coverage in &report.coverage {
        let _ = writeln!(
            text,
            "rules of `{}` that a mutant turns red: {} of {}",
            coverage.capability, coverage.red, coverage.of
        );
    }
    for never in report.never_red() {
        let _ = writeln!(text, "  never red  {never}");
    }
    for result in &report.results {
        if let Some(line) = unexpected_line(result) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// Returns the unexpected result of a mutant, or the reason why it cannot be killed.
fn unexpected_line(result: &MutantResult) -> Option<String> {
    let MutantResult { name, summary, .. } = result;
    match &result.fate {
        Fate::Killed { .. } => None,
        Fate::Survived => Some(format!("SURVIVED    {name}: {summary}")),
        Fate::Equivalent { reason } => Some(format!("equivalent  {name}: {reason}")),
        Fate::NotEquivalent { rule } => Some(format!("NOT EQUIVALENT  {name}: {rule} notices")),
    }
}

/// A column a family; `#` where a rule of it noticed.
fn table(report: &MutantsReport, catalog: &Catalog) -> String {
    let families: BTreeMap<&str, Family> =
        catalog.rules.iter().map(|rule| (rule.id.as_str(), rule.family)).collect();
    let there: BTreeSet<Family> = families.values().copied().collect();
    let columns: Vec<Family> = there.into_iter().collect();
    let mut text = String::new();
    for (index, family) in columns.iter().enumerate() {
        let _ = writeln!(text, "{}{family}", "| ".repeat(index));
    }
    for result in &report.results {
        let red: BTreeSet<Family> =
            result.red.iter().filter_map(|id| families.get(id.as_str()).copied()).collect();
        let cells: Vec<&str> =
            columns.iter().map(|family| if red.contains(family) { "#" } else { "." }).collect();
        let _ = writeln!(text, "{}  {}", cells.join(" "), result.name);
    }
    text
}

fn per_cent(part: usize, whole: usize) -> String {
    let tenths = (part * 1000).checked_div(whole).unwrap_or_default();
    format!("{}.{} %", tenths / 10, tenths % 10)
}
