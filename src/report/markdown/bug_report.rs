//! Renders one bug report a cause for the tracker of the target: the sources, the shortest calls, the expected and the
//! actual response, the versions, and the command that repeats the fault. Assumes no knowledge of glueproof.

use super::super::model::Report;
use crate::run::{Finding, FindingStep, ReportedResponse, RuleResult};

use super::super::body::without_html;
use super::super::cluster::{Cause, causes};
use super::super::html::Sources;
use super::super::placeholders;
use super::super::reproduce::word;
use super::super::wording;
use super::super::wording::count;
use super::text::{block, code, plain};

/// Longer file names are cut.
const LONGEST_NAME: usize = 60;
/// Longer commands would hide the rest; the JSON report has them.
const LONGEST_COMMAND: usize = 6_000;

/// A file name and a text for each cause, in the order of reports.
#[must_use]
pub fn bug_reports(report: &Report, sources: &Sources) -> Vec<(String, String)> {
    let causes = causes(&report.results);
    let named = causes.iter().enumerate();
    named
        .map(|(number, cause)| (file_name(number + 1, &cause.title), bug_report(report, cause, sources)))
        .collect()
}

fn file_name(number: usize, title: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let words: String = title.chars().map(plain).collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let mut name = words.join("-");
    name.truncate(LONGEST_NAME);
    format!("{number:02}-{}.md", name.trim_end_matches('-'))
}

fn bug_report(report: &Report, cause: &Cause<'_>, sources: &Sources) -> String {
    let rule = cause.representative;
    let line = |part: &String| format!("- {}\n", plain(part));
    let parts: String = cause.parts.iter().map(line).collect();
    [
        format!("# {}\n\n{parts}\n", plain(&cause.title)),
        format!("## What the API says\n\n{}\n\n{}\n", plain(&rule.requirement), evidence(rule, sources)),
        rule.finding.as_ref().map(|finding| shown(finding, rule)).unwrap_or_default(),
        others(cause),
        versions(report, rule),
    ]
    .concat()
}

/// A line a source, and one for what is to be known about the evidence.
fn evidence(rule: &RuleResult, sources: &Sources) -> String {
    let said = rule.evidence.sources.iter().map(|id| match sources.get(id) {
        Some(source) => format!("- {} ({})\n", plain(&source.says), place(&source.source)),
        None => format!("- {}\n", code(id)),
    });
    let note = rule.evidence.note.iter().map(|note| format!("- {}\n", plain(note)));
    said.chain(note).collect()
}

/// An address may become a link: it comes from the specs.
fn place(source: &str) -> String {
    let address = source.starts_with("https://") && !source.contains([' ', '<', '>', '(', ')']);
    if address { format!("<{source}>") } else { plain(source) }
}

fn shown(finding: &Finding, rule: &RuleResult) -> String {
    let calls = count(finding.steps.len(), "call");
    let remark = placeholders::words([rule].into_iter()).map(|words| format!("{}\n\n", plain(&words)));
    [
        format!(
            "## What happens\n\n{}\n\nThe shortest way to see it, {calls}:\n\n",
            plain(&finding.violated)
        ),
        commands(&finding.reproduce.curl),
        answers(finding),
        format!("**Expected**\n\n{}\n", block("", &finding.expected)),
        format!("**Actual**\n\n{}\n", block("", &without_html(&finding.actual, true))),
        remark.unwrap_or_default(),
    ]
    .concat()
}

fn commands(curl: &[String]) -> String {
    let short: Vec<&str> = curl.iter().map(String::as_str).filter(|c| c.len() <= LONGEST_COMMAND).collect();
    match (curl.len(), short.len()) {
        (0, _) => String::new(),
        (all, some) if some < all => {
            "The commands are too long for here; the JSON report has them.\n\n".to_owned()
        }
        _ => block("sh", &short.join("\n")) + "\n",
    }
}

/// Returns the calls and their responses, in order.
fn answers(finding: &Finding) -> String {
    let row = |(number, step): (usize, &FindingStep)| {
        let answer = match &step.response {
            None => "no answer".to_owned(),
            Some(ReportedResponse { status, error: Some(error), .. }) => format!("{status} {}", code(error)),
            Some(response) => response.status.to_string(),
        };
        format!("| {} | {} | {answer} |\n", number + 1, code(&step.operation))
    };
    let rows: String = finding.steps.iter().enumerate().map(row).collect();
    format!("| | call | answer |\n|--:|:--|:--|\n{rows}\n")
}

fn others(cause: &Cause<'_>) -> String {
    let many = cause.rules.len();
    if many < 2 {
        return String::new();
    }
    let line = |rule: &&RuleResult| format!("- {}: {}\n", code(&rule.id), plain(&rule.requirement));
    let lines: String = cause.rules.iter().map(line).collect();
    let summary = format!("{many} rules do not hold, most likely for this one reason");
    format!("<details><summary>{summary}</summary>\n\n{lines}\n</details>\n\n")
}

fn versions(report: &Report, rule: &RuleResult) -> String {
    let suite = &report.suite;
    let place = report.target.url.as_ref().unwrap_or(&report.target.name);
    let again = format!(
        "glueproof run {} --edition {} --seed {} --only {}",
        word(place),
        suite.edition,
        report.seed,
        word(&rule.id)
    );
    format!(
        "## See it again\n\n{}\n| | |\n|:--|:--|\n| target | {} |\n| glueproof | {} |\n| specs | {} |\n| edition | {} |\n| judged | {} |\n",
        block("sh", &again),
        code(&wording::target(report)),
        code(&suite.version),
        code(&suite.specs),
        suite.edition,
        code(&report.started),
    )
}
