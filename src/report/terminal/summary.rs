//! The end of the full report for a terminal: verdict, scores, target, work, and the next commands.
//! Must not count anything.

use super::super::cluster::Cause;
use super::super::model::{Report, Verdict};
use super::super::reproduce::argument;
use super::super::wording;
use super::super::writer::{Style, TextWriter};

/// Writes the summary.
pub(super) fn summary(page: &mut TextWriter, report: &Report, causes: &[Cause<'_>]) {
    page.blank();
    page.rule();
    verdict(page, report, causes);
    if let Some(coverage) = wording::implemented(report) {
        page.field(0, "operations", &coverage);
    }
    page.field(0, "conformance", &wording::score(report.summary.conformance, "documented rules"));
    page.field(0, "parity", &wording::score(report.summary.parity, "documented and observed rules"));
    page.field(0, "rules", &wording::outcomes(report));
    page.field(0, "target", &wording::target(report));
    page.field(0, "capabilities", &wording::capabilities(report));
    page.field(0, "suite", &wording::suite(report));
    page.field(0, "seed", &report.seed.to_string());
    page.field(0, "work", &wording::work(report));
    permissions(page, report);
    next(page, report, causes);
}

/// Writes the verdict and the reason for it.
pub(super) fn verdict(page: &mut TextWriter, report: &Report, causes: &[Cause<'_>]) {
    let (style, verdict) = match report.verdict {
        Verdict::Conforms => (Style::Green, "CONFORMS"),
        Verdict::Deviates => (Style::Red, "DEVIATES"),
        Verdict::Incomplete => (Style::Yellow, "INCOMPLETE"),
    };
    page.styled_field(
        0,
        "verdict",
        style,
        &format!("{verdict}: {}", wording::verdict_reason(report, causes)),
    );
}

/// Writes the policy that the run's own caller lacks, if it lacks any permission.
pub(super) fn permissions(page: &mut TextWriter, report: &Report) {
    let Some(policy) = &report.missing_permissions else { return };
    page.blank();
    page.line(0, Style::Dim, "The run's own caller lacks permissions. This policy allows what it lacks:");
    let text = serde_json::to_string_pretty(policy).unwrap_or_default();
    text.lines().for_each(|line| page.verbatim(2, line));
}

/// Writes the commands to type next, once something deviates.
fn next(page: &mut TextWriter, report: &Report, causes: &[Cause<'_>]) {
    let (Verdict::Deviates, Some(cause)) = (report.verdict, causes.first()) else { return };
    let rule = cause.representative;
    page.blank();
    page.line(0, Style::Dim, "To have a rule explained, and to see it fail again:");
    page.verbatim(2, &format!("glueproof explain {}", argument(&rule.id)));
    if let Some(replay) = rule.finding.as_ref().and_then(|finding| finding.reproduce.replay.as_ref()) {
        page.verbatim(2, replay);
    }
}
