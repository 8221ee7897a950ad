//! The report on one screen: verdict and scores, the matrix by resource, then the causes, the heaviest first.
//! Leaves out what does not fit, and names the commands that show it.
//! Entry point: [`brief`].

use crate::run::{Outcome, RuleResult};

use super::super::body::brief as shortened;
use super::super::cluster::{Cause, causes};
use super::super::escape::on_one_line;
use super::super::model::Report;
use super::super::wording::{self, count, count_causes, outcome_heading};
use super::super::writer::{Style, TerminalOptions, TextWriter, truncated};
use super::cause::{findings, title};
use super::finding::{actual_line, evidence};
use super::full::by_reason;
use super::matrix::by_resource;
use super::summary::{permissions, verdict};

/// Lines of the whole report.
const MAX_LINES: usize = 60;
/// Columns where the output is no terminal.
const DEFAULT_WIDTH: usize = 100;
/// Lines of one cause.
const MAX_CAUSE_LINES: usize = 4;
/// Causes that are shown with their shortest finding even if others are left out for it.
const ALWAYS_EXPLAINED: usize = 3;
/// Lines kept for the end, which says how to see more.
const END_LINES: usize = 5;
/// Reasons, or closed known gaps, that are listed before the rest is counted.
const MAX_LISTED: usize = 5;

/// Renders the report in at most 60 lines. `show` is the command that shows one cause,
/// without its number, if the report was saved.
#[must_use]
pub fn brief(report: &Report, options: TerminalOptions, show: Option<&str>) -> String {
    let width = if options.width == usize::MAX { DEFAULT_WIDTH } else { options.width };
    let options = TerminalOptions { width, ..options };
    let mut page = TextWriter::new(options);
    let all = causes(&report.results);
    write_head(&mut page, report, &all);
    by_resource(&mut page, &report.results);
    write_closed_gaps(&mut page, &report.results);
    for outcome in
        [Outcome::Unimplemented, Outcome::Blocked, Outcome::Flaky, Outcome::Errored, Outcome::Known]
    {
        write_reasons(&mut page, &report.results, outcome);
    }
    if !all.is_empty() {
        let rules: usize = all.iter().map(|cause| cause.rules.len()).sum();
        page.heading(&format!("{}: {}", count(rules, "finding"), count_causes(&all)));
        let room = MAX_LINES.saturating_sub(page.lines() + END_LINES);
        write_causes(&mut page, options, &all, room);
    }
    permissions(&mut page, report);
    write_next_commands(&mut page, report, &all, show);
    page.finish()
}

fn write_head(page: &mut TextWriter, report: &Report, causes: &[Cause<'_>]) {
    verdict(page, report, causes);
    if let Some(coverage) = wording::implemented(report) {
        page.field(0, "operations", &coverage);
    }
    page.field(0, "conformance", &wording::score(report.summary.conformance, "documented rules"));
    page.field(0, "parity", &wording::score(report.summary.parity, "documented and observed rules"));
    page.field(0, "rules", &format!("{}; {}", wording::outcomes(report), wording::work(report)));
    page.field(0, "target", &wording::target(report));
    page.field(0, "capabilities", &wording::capabilities(report));
    page.field(0, "suite", &format!("{}, seed {}", wording::suite(report), report.seed));
}

/// Writes the known gaps that hold.
fn write_closed_gaps(page: &mut TextWriter, results: &[RuleResult]) {
    let rules: Vec<&RuleResult> = results.iter().filter(|rule| rule.closed_gap().is_some()).collect();
    if rules.is_empty() {
        return;
    }
    page.heading(&format!(
        "{} closed: remove from the list the rules that hold",
        count(rules.len(), "known gap")
    ));
    for rule in rules.iter().take(MAX_LISTED) {
        page.verbatim(2, &rule.id);
        page.line(4, Style::Plain, rule.closed_gap().unwrap_or_default());
    }
    write_remaining(page, rules.len());
}

/// Writes the reasons for which rules have an outcome.
fn write_reasons(page: &mut TextWriter, results: &[RuleResult], outcome: Outcome) {
    let rules: Vec<&RuleResult> = results.iter().filter(|rule| rule.outcome == outcome).collect();
    if rules.is_empty() {
        return;
    }
    page.heading(&outcome_heading(outcome, rules.len()));
    let reasons = by_reason(&rules);
    for (reason, rules) in reasons.iter().take(MAX_LISTED) {
        let text = truncated(&format!("{} × {}", rules.len(), on_one_line(reason)), page.width() - 2);
        page.line(2, Style::Yellow, &text);
    }
    write_remaining(page, reasons.len());
}

fn write_remaining(page: &mut TextWriter, all: usize) {
    if all > MAX_LISTED {
        page.line(2, Style::Dim, &format!("… and {} more", all - MAX_LISTED));
    }
}

/// Writes the causes into the room: the first ones with their shortest finding, the others on one line.
fn write_causes(page: &mut TextWriter, options: TerminalOptions, causes: &[Cause<'_>], room: usize) {
    let end = page.lines() + room;
    let mut has_room = true;
    for (at, cause) in causes.iter().enumerate() {
        let (left, open) = (end.saturating_sub(page.lines()), causes.len() - at);
        let text = explained(options, at + 1, cause);
        let lines = text.lines().count();
        has_room &= lines <= left && (at < ALWAYS_EXPLAINED || lines + open - 1 <= left);
        if has_room {
            page.block(0, &text);
        } else if left > 1 || open == 1 {
            write_cause_line(page, at + 1, cause);
        } else {
            page.line(0, Style::Dim, &format!("    … and {}", count(open, "lighter cause")));
            return;
        }
    }
}

/// Writes a cause on one line. The number of findings is never cut.
fn write_cause_line(page: &mut TextWriter, number: usize, cause: &Cause<'_>) {
    let start = format!("{number:>2}. ");
    let end = findings(cause);
    let room = page.width().saturating_sub(start.len() + end.chars().count());
    let text = format!("{start}{}{end}", truncated(&on_one_line(&title(cause)), room));
    page.styled(0, Style::Red, &text);
}

/// Returns a cause in at most four lines: title and number of findings, the call and its response, the expectation
/// with its source.
fn explained(options: TerminalOptions, number: usize, cause: &Cause<'_>) -> String {
    let mut page = TextWriter::new(options);
    let indent = usize::from(number < 10);
    page.indented(indent, 4, Style::Red, &format!("{number}. {}{}", title(cause), findings(cause)));
    let title_lines = page.lines();
    let room = page.width().saturating_sub(4);
    if let Some(finding) = &cause.representative.finding {
        if let Some(call) = call_line(cause, room) {
            page.styled(4, Style::Plain, &call);
        }
        if let (Some(reason), false) = (&cause.representative.reason, cause.representative.is_not_judged()) {
            page.styled(4, Style::Yellow, &truncated(&on_one_line(reason), room));
        }
        let source = format!("; {}", evidence(cause.representative));
        let left = room.saturating_sub(source.chars().count() + "expected ".len());
        let expected = truncated(&on_one_line(&finding.expected), left.max(room / 2));
        page.styled(4, Style::Dim, &truncated(&format!("expected {expected}{source}"), room));
    }
    let text = page.finish();
    if title_lines + 2 <= MAX_CAUSE_LINES {
        text
    } else {
        text.lines().take(MAX_CAUSE_LINES).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the last call of the shortest finding, and what came of it, within this number of columns.
pub(in crate::report) fn call_line(cause: &Cause<'_>, room: usize) -> Option<String> {
    let finding = cause.representative.finding.as_ref()?;
    let step = finding.steps.last()?;
    let before = match finding.steps.len() - 1 {
        0 => String::new(),
        earlier => format!("after {}: ", count(earlier, "call")),
    };
    let sent = on_one_line(&format!("{before}{} {}", step.operation, shortened(&step.request.body)));
    let received = on_one_line(&actual_line(finding, false));
    let room = room.saturating_sub(3);
    let received_length = received.chars().count();
    let sent = truncated(&sent, (room / 2).max(room.saturating_sub(received_length)));
    let received = truncated(&received, room.saturating_sub(sent.chars().count()));
    Some(format!("{sent} → {received}"))
}

/// Writes the commands that show more.
fn write_next_commands(page: &mut TextWriter, report: &Report, causes: &[Cause<'_>], show: Option<&str>) {
    let summary = &report.summary;
    let folded = [(summary.noted, "noted"), (summary.skipped, "skipped"), (summary.known, "known")];
    let is_folded = folded.iter().any(|(number, _)| *number > 0);
    if causes.is_empty() && !is_folded {
        return;
    }
    page.blank();
    if let Some(cause) = causes.first() {
        page.line(0, Style::Dim, "To see cause 1 in full, and to see it fail again:");
        let finding = cause.representative.finding.as_ref();
        let replay = finding.and_then(|finding| finding.reproduce.replay.clone());
        for command in show.map(|show| format!("{show} 1")).into_iter().chain(replay) {
            page.verbatim(2, &command);
        }
    }
    page.line(0, Style::Dim, "--all shows every finding and every rule that was noted, skipped or known.");
}
