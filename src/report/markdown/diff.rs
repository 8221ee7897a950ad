//! The comparison of two targets for a page of CI: the conforming side, counts, and the causes in a line each.

use crate::diff::{ConformingSide, DiffCause, DiffReport, DiffVerdict};

use super::super::diff::{SIDES, heading};
use super::super::wording::count;
use super::text::{code, plain};

/// The summary.
#[must_use]
pub fn diff(report: &DiffReport) -> String {
    let (sign, word) = match report.verdict {
        DiffVerdict::Alike => ("✅", "alike"),
        DiffVerdict::Different => ("❌", "different"),
        DiffVerdict::Incomplete => ("⚠️", "incomplete"),
    };
    let title = format!("## {sign} {} and {}: {word}\n\n", code(&report.a.name), code(&report.b.name));
    let sections: String = SIDES.into_iter().map(|right| section(report, right)).collect();
    let summary = &report.summary;
    let end = format!(
        "{} rules compared, {} without difference; edition {}, seed {}.\n",
        summary.rules, summary.alike, report.suite.edition, report.seed
    );
    [title, sections, end].concat()
}

fn section(report: &DiffReport, right: ConformingSide) -> String {
    let causes: Vec<_> = report.causes.iter().filter(|cause| cause.right == right).collect();
    if causes.is_empty() {
        return String::new();
    }
    let line = |(at, cause): (usize, &&DiffCause)| {
        let rules = count(cause.rules.len(), "rule");
        format!("{}. {} ({rules})", at + 1, plain(&cause.title))
    };
    let lines: Vec<String> = causes.iter().enumerate().map(line).collect();
    format!("### {}\n\n{}\n\n", plain(&heading(report, right)), lines.join("\n"))
}
