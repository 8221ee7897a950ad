//! One report a cause for the target's own tracker: what the API says and where, the shortest calls, what was
//! expected and what came, the versions, and the command that shows it again. For people who never heard of us.

use crate::run::{Finding, Report, RuleResult};

use super::super::body::without_html;
use super::super::cause::{Cause, causes};
use super::super::closing;
use super::super::finding::alternatives;
use super::super::html::Sources;
use super::super::shell::word;
use super::super::standin;
use super::super::terminal::count;
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
    let mut text = format!("# {}\n\n", plain(&cause.title));
    for part in &cause.parts {
        text += &format!("- {}\n", plain(part));
    }
    text += &format!("\n## What the API says\n\n{}\n\n{}", plain(&rule.requirement), evidence(rule, sources));
    if let Some(finding) = &rule.finding {
        text += &shown(finding, rule);
    }
    text += &others(cause);
    text + &versions(report, rule)
}

fn evidence(rule: &RuleResult, sources: &Sources) -> String {
    let mut text = String::new();
    for id in &rule.evidence.sources {
        text += &match sources.get(id) {
            Some(source) => format!("- {} ({})\n", plain(&source.says), place(&source.source)),
            None => format!("- {}\n", code(id)),
        };
    }
    if let Some(note) = &rule.evidence.note {
        text += &format!("- {}\n", plain(note));
    }
    text + "\n"
}

/// An address may become a link: it comes from the specs.
fn place(source: &str) -> String {
    let address = source.starts_with("https://") && !source.contains([' ', '<', '>', '(', ')']);
    if address { format!("<{source}>") } else { plain(source) }
}

fn shown(finding: &Finding, rule: &RuleResult) -> String {
    let calls = count(finding.steps.len(), "call");
    let mut text = format!(
        "## What happens\n\n{}\n\nThe shortest way to see it, {calls}:\n\n",
        plain(&finding.violated)
    );
    text += &commands(&finding.reproduce.curl);
    text += &answers(finding);
    text += &format!("**Expected**\n\n{}\n", block("", &alternatives(&finding.expected)));
    text += &format!("**Actual**\n\n{}\n", block("", &without_html(&finding.actual)));
    if let Some(words) = standin::words([rule].into_iter()) {
        text += &format!("{}\n\n", plain(&words));
    }
    text
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

/// What was called and what was answered, in order.
fn answers(finding: &Finding) -> String {
    let mut text = "| | call | answer |\n|--:|:--|:--|\n".to_owned();
    for (number, step) in finding.steps.iter().enumerate() {
        let answer = step.response.as_ref().map_or_else(
            || "no answer".to_owned(),
            |response| match &response.error {
                Some(error) => format!("{} {}", response.status, code(error)),
                None => response.status.to_string(),
            },
        );
        text += &format!("| {} | {} | {answer} |\n", number + 1, code(&step.operation));
    }
    text + "\n"
}

fn others(cause: &Cause<'_>) -> String {
    if cause.rules.len() < 2 {
        return String::new();
    }
    let mut text = format!(
        "<details><summary>{} rules do not hold, most likely for this one reason</summary>\n\n",
        cause.rules.len()
    );
    for rule in &cause.rules {
        text += &format!("- {}: {}\n", code(&rule.id), plain(&rule.requirement));
    }
    text + "\n</details>\n\n"
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
        code(&closing::target(report)),
        code(&suite.version),
        code(&suite.specs),
        suite.edition,
        code(&report.started),
    )
}
