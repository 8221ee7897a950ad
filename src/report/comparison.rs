//! Several reports side by side in text, and the names they go by. What single rules came to is in the HTML page.

use std::collections::BTreeSet;

use super::model::Report;

use super::wording;
use super::writer::{Style, TerminalOptions, TextWriter};

/// A target in a comparison.
#[derive(Debug, Clone, Copy)]
pub struct Column<'r> {
    /// The head of the column.
    pub name: &'r str,
    /// The report on the target.
    pub report: &'r Report,
}

/// A name for each report: the target's, with the file where that is not enough to tell them apart.
#[must_use]
pub fn names(reports: &[(String, Report)]) -> Vec<String> {
    let targets: Vec<String> = reports.iter().map(|(_, report)| wording::target(report)).collect();
    let different: BTreeSet<&String> = targets.iter().collect();
    let enough = different.len() == targets.len();
    let both = |(target, (file, _)): (&String, &(String, Report))| {
        if enough { target.clone() } else { format!("{target} ({file})") }
    };
    targets.iter().zip(reports).map(both).collect()
}

/// Verdict and scores of each.
#[must_use]
pub fn side_by_side(columns: &[Column<'_>], options: TerminalOptions) -> String {
    let mut page = TextWriter::new(options);
    for Column { name, report } in columns {
        let summary = &report.summary;
        page.line(0, Style::Bold, name);
        page.field(2, "verdict", report.verdict.name());
        page.field(2, "conformance", &wording::score(summary.conformance, "documented rules"));
        page.field(2, "parity", &wording::score(summary.parity, "documented and observed rules"));
        page.field(2, "rules", &wording::outcomes(report));
        page.field(2, "suite", &wording::suite(report));
    }
    page.finish()
}
