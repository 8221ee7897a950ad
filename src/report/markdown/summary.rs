//! A report for a page of CI: verdict, scores, the matrix by resource, families, the first causes with their shortest
//! calls, and everything else folded.

use super::super::model::{Report, Score, Verdict};
use crate::model::Family;
use crate::run::{Outcome, RuleResult};

use super::super::body::ends;
use super::super::cluster::{Cause, causes};
use super::super::escape::on_one_line;
use super::super::tally::{ALL, ResourceRow, Tally, families, groups, resources, tallies};
use super::super::terminal::brief::call_line;
use super::super::terminal::finding::response_line;
use super::super::wording;
use super::super::wording::{count, count_causes};
use super::text::{code, plain};

/// Causes shown before the fold.
const CAUSES: usize = 10;
/// Longer answers are shortened.
const LONGEST_ANSWER: usize = 120;

/// The summary.
#[must_use]
pub fn summary(report: &Report) -> String {
    let causes = causes(&report.results);
    let sign = match report.verdict {
        Verdict::Conforms => "✅",
        Verdict::Deviates => "❌",
        Verdict::Incomplete => "⚠️",
    };
    let title = format!("## {sign} {} {}\n\n", code(&wording::target(report)), report.verdict.name());
    [
        title,
        format!("{}.\n\n", plain(&wording::verdict_reason(report, &causes))),
        implemented(report),
        scores(report),
        by_resource(&report.results),
        by_family(&report.results),
        first_causes(&causes),
        folded(&causes, &report.results),
        permissions(report),
        format!("{}; seed {}; {}.\n", plain(&wording::suite(report)), report.seed, wording::work(report)),
    ]
    .concat()
}

fn implemented(report: &Report) -> String {
    wording::implemented(report).map_or_else(String::new, |coverage| format!("It {}.\n\n", plain(&coverage)))
}

fn scores(report: &Report) -> String {
    let row = |name: &str, score: Score| {
        let share = score.percent();
        let share = share.map_or_else(|| "–".to_owned(), |share| format!("{share} %"));
        format!("| {name} | {} | {} | {share} |\n", score.held, score.of)
    };
    let summary = &report.summary;
    format!(
        "| score | held | of | |\n|:--|--:|--:|--:|\n{}{}\n",
        row("conformance", summary.conformance),
        row("parity", summary.parity)
    )
}

fn by_resource(results: &[RuleResult]) -> String {
    let (rows, groups) = (resources(results), groups(results));
    if rows.is_empty() {
        return String::new();
    }
    let heads: Vec<&str> = groups.iter().map(|group| group.name()).collect();
    let head = format!("| held of judged | {} |\n|:--|{}\n", heads.join(" | "), "--:|".repeat(heads.len()));
    let line = |row: &ResourceRow<'_>| {
        let cell = |group| row.cells.get(group).map(|tally| tally.text()).unwrap_or_default();
        let cells: Vec<String> = groups.iter().map(cell).collect();
        let name = format!("{} {}", row.service, row.resource);
        format!("| {} | {} |\n", plain(name.trim_end()), cells.join(" | "))
    };
    let lines: String = rows.iter().map(line).collect();
    format!("{head}{lines}\n")
}

fn by_family(results: &[RuleResult]) -> String {
    let tallies = tallies(results);
    let row = |family: Family| {
        let Tally { held, failed, known, errored, unimplemented } =
            tallies.get(&(ALL, family)).copied().unwrap_or_default();
        format!("| {} | {held} | {failed} | {known} | {errored} | {unimplemented} |\n", family.name())
    };
    let rows: String = families(results).into_iter().map(row).collect();
    format!(
        "| family | held | failed | known | not judged | not implemented |\n|:--|--:|--:|--:|--:|--:|\n{rows}\n"
    )
}

fn first_causes(causes: &[Cause<'_>]) -> String {
    if causes.is_empty() {
        return String::new();
    }
    let line = |(number, cause): (usize, &Cause<'_>)| {
        let findings = count(cause.rules.len(), "finding");
        let call = call_line(cause, LONGEST_ANSWER).map(|call| format!("   - {}\n", code(&call)));
        let title =
            format!("{}. {} ({findings}, {})\n", number + 1, plain(&cause.title), cause.level().name());
        title + &call.unwrap_or_default()
    };
    let lines: String = causes.iter().take(CAUSES).enumerate().map(line).collect();
    let more = match causes.len().saturating_sub(CAUSES) {
        0 => String::new(),
        more => format!("\n{more} more are in the report.\n"),
    };
    format!("### {}\n\n{lines}{more}\n", count_causes(causes))
}

fn permissions(report: &Report) -> String {
    let Some(policy) = &report.missing_permissions else { return String::new() };
    let policy = serde_json::to_string_pretty(policy).unwrap_or_default();
    format!(
        "### Missing permissions\n\nThe run's own caller lacks permissions. This policy allows what it lacks:\n\n\
         ```json\n{policy}\n```\n\n"
    )
}

/// Every finding, by cause, and what could not be judged.
fn folded(causes: &[Cause<'_>], results: &[RuleResult]) -> String {
    let errored = results
        .iter()
        .filter(|rule| matches!(rule.outcome, Outcome::Errored | Outcome::Blocked | Outcome::Flaky));
    let rules: Vec<&RuleResult> =
        causes.iter().flat_map(|cause| cause.rules.clone()).chain(errored).collect();
    if rules.is_empty() {
        return String::new();
    }
    let line = |rule: &&RuleResult| {
        format!("- {}: {}\n", code(&rule.id), code(&ends(&on_one_line(&response_line(rule)), LONGEST_ANSWER)))
    };
    let lines: String = rules.iter().map(line).collect();
    format!("<details><summary>{}</summary>\n\n{lines}\n</details>\n\n", count(rules.len(), "rule"))
}
