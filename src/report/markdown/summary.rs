//! A report for a page of CI: verdict, scores, families, the first causes, and everything else folded.

use crate::run::{Outcome, Report, RuleResult, Score, Verdict};

use super::super::body::ends;
use super::super::cause::{Cause, causes};
use super::super::closing;
use super::super::finding::came;
use super::super::tally::{ALL, families, tallies};
use super::super::terminal::count;
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
    let mut text = format!(
        "## {sign} {} {}\n\n{}.\n\n",
        code(&closing::target(report)),
        report.verdict.name(),
        plain(&closing::why(report, &causes))
    );
    text += &scores(report);
    text += &by_family(&report.results);
    text += &first_causes(&causes);
    text += &folded(&causes, &report.results);
    text += &format!("{}; seed {}; {}.\n", closing::suite(report), report.seed, closing::work(report));
    text
}

fn scores(report: &Report) -> String {
    let row = |name: &str, score: Score| {
        let share = score.held.saturating_mul(100).checked_div(score.of);
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

fn by_family(results: &[RuleResult]) -> String {
    let tallies = tallies(results);
    let mut text = "| family | held | failed | known | not judged |\n|:--|--:|--:|--:|--:|\n".to_owned();
    for family in families(results) {
        let tally = tallies.get(&(ALL, family)).copied().unwrap_or_default();
        text += &format!(
            "| {} | {} | {} | {} | {} |\n",
            plain(family),
            tally.held,
            tally.failed,
            tally.known,
            tally.errored
        );
    }
    text + "\n"
}

fn first_causes(causes: &[Cause<'_>]) -> String {
    if causes.is_empty() {
        return String::new();
    }
    let mut text = format!("### {}\n\n", count(causes.len(), "cause"));
    for (number, cause) in causes.iter().take(CAUSES).enumerate() {
        let findings = count(cause.rules.len(), "finding");
        text += &format!("{}. {} ({findings}, {})\n", number + 1, plain(&cause.title), cause.level().name());
    }
    if causes.len() > CAUSES {
        text += &format!("\n{} more are in the report.\n", causes.len() - CAUSES);
    }
    text + "\n"
}

/// Every finding, by cause, and what could not be judged.
fn folded(causes: &[Cause<'_>], results: &[RuleResult]) -> String {
    let errored = results.iter().filter(|rule| rule.outcome == Outcome::Errored);
    let rules: Vec<&RuleResult> =
        causes.iter().flat_map(|cause| cause.rules.clone()).chain(errored).collect();
    if rules.is_empty() {
        return String::new();
    }
    let mut text = format!("<details><summary>{}</summary>\n\n", count(rules.len(), "finding"));
    for rule in rules {
        text += &format!("- {}: {}\n", code(&rule.id), code(&ends(&came(rule), LONGEST_ANSWER)));
    }
    text + "\n</details>\n\n"
}
