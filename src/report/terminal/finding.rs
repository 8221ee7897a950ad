//! One finding for people: what was required, who says so, what came, the calls, and how to see it again.
//! Chooses no findings.

use crate::run::{Finding, FindingStep, Reproduce, RuleResult};

use super::super::body::{brief, cut, is_html, whole, without_html};
use super::super::cluster::{missing_member, sentence};
use super::super::escape::on_one_line;
use super::super::headers;
use super::super::writer::{Style, TextWriter};

/// The level of detail of a finding.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) struct Detail<'t> {
    /// Set if bodies are shown whole, however long.
    pub whole: bool,
    /// Commands longer than this are only mentioned.
    pub longest_command: usize,
    /// The form of the commands; replay, `curl` and the AWS CLI if none is chosen.
    pub form: Option<CommandForm>,
    /// The title above the finding, which is not repeated.
    pub title: &'t str,
}

/// A form of the commands that repeat a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandForm {
    /// `glueproof replay`.
    Replay,
    /// `curl`.
    Curl,
    /// The AWS CLI.
    AwsCli,
    /// A Python program on boto3.
    Boto3,
    /// A Rust program on the SDK of AWS.
    Rust,
}

impl CommandForm {
    /// All forms, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Replay, Self::Curl, Self::AwsCli, Self::Boto3, Self::Rust];

    /// The word used on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Curl => "curl",
            Self::AwsCli => "aws-cli",
            Self::Boto3 => "boto3",
            Self::Rust => "rust",
        }
    }

    fn label(self) -> &'static str {
        if self == Self::AwsCli { "aws cli" } else { self.name() }
    }

    /// Returns whether the form is a program, which is shown only if a user asks for it.
    fn is_program(self) -> bool {
        matches!(self, Self::Boto3 | Self::Rust)
    }

    fn of(self, reproduce: &Reproduce) -> &[String] {
        match self {
            Self::Replay => reproduce.replay.as_slice(),
            Self::Curl => &reproduce.curl,
            Self::AwsCli => &reproduce.aws_cli,
            Self::Boto3 => &reproduce.boto3,
            Self::Rust => &reproduce.rust,
        }
    }
}

/// Writes a rule and its finding in full.
pub(in crate::report) fn write_rule(
    page: &mut TextWriter,
    indent: usize,
    rule: &RuleResult,
    detail: Detail<'_>,
) {
    let id = page.paint(Style::Cyan, &on_one_line(&rule.id));
    page.block(indent, &id);
    let indent = indent + 2;
    match &rule.reason {
        Some(reason) if rule.is_not_judged() => {
            page.line(indent, Style::Yellow, &format!("not judged: {reason}"));
        }
        Some(reason) => page.field(indent, "reason", reason),
        None => {}
    }
    page.field(indent, "rule", &rule.requirement);
    page.field(indent, "evidence", &evidence(rule));
    if let Some(note) = &rule.evidence.note {
        page.field(indent, "", note);
    }
    let Some(finding) = &rule.finding else { return };
    write_violation(page, indent, rule, finding, detail);
    for (number, step) in finding.steps.iter().enumerate() {
        write_call(page, indent, &format!("call {}", number + 1), step, (rule.service(), detail.whole));
    }
    write_commands(page, indent, &finding.reproduce, detail);
}

/// Writes the violation, or the obstacle of a rule that was not judged.
fn write_violation(
    page: &mut TextWriter,
    indent: usize,
    rule: &RuleResult,
    finding: &Finding,
    detail: Detail<'_>,
) {
    if finding.violated.trim_end_matches('.') != detail.title {
        let label = if rule.is_not_judged() { "obstacle" } else { "violated" };
        page.field(indent, label, &finding.violated);
    }
    if let Some(times) = finding.intermittent {
        page.field(indent, "intermittent", &format!("{} of {}", times.failed, times.of));
    }
    page.styled_field(indent, "expected", Style::Green, &finding.expected);
    page.styled_field(indent, "actual", Style::Red, &actual_line(finding, detail.whole));
    for line in without_html(&finding.actual, true).lines().skip(1) {
        page.verbatim(indent, line);
    }
}

/// Returns the first line of the actual response. A timeline of calls follows in the other lines.
pub(in crate::report) fn actual_line(finding: &Finding, whole: bool) -> String {
    let received = without_html(finding.actual.trim_end(), true);
    if whole { received.lines().next().unwrap_or_default().to_owned() } else { first_line(&received) }
}

fn first_line(text: &str) -> String {
    cut(text.lines().next().unwrap_or_default())
}

/// Writes rules on one line each: the id, and what came.
pub(in crate::report) fn write_responses(page: &mut TextWriter, indent: usize, rules: &[&RuleResult]) {
    write_each(page, indent, rules, response_line);
}

/// Writes rules on one line each: the id and the violation in words.
pub(in crate::report) fn write_sentences(page: &mut TextWriter, indent: usize, rules: &[&RuleResult]) {
    write_each(page, indent, rules, |rule| {
        let predicate = rule.finding.as_ref().and_then(|finding| finding.kind.as_ref()?.predicate());
        let sentence = || sentence(rule).trim_end_matches('.').to_owned();
        match (missing_member(rule), &rule.finding) {
            (Some(member), _) => format!("{member} is missing from the answer"),
            (None, Some(_)) => format!("{}: {}", predicate.unwrap_or_else(sentence), response_line(rule)),
            (None, None) => sentence(),
        }
    });
}

fn write_each(
    page: &mut TextWriter,
    indent: usize,
    rules: &[&RuleResult],
    say: impl Fn(&RuleResult) -> String,
) {
    let widest = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or(0);
    for rule in rules {
        page.pair(indent, &format!("{:<widest$}", rule.id), &say(rule));
    }
}

/// Returns the actual response in short.
pub(in crate::report) fn response_line(rule: &RuleResult) -> String {
    let received = match &rule.finding {
        Some(finding) => first_line(&without_html(finding.actual.trim_end(), false)),
        None => sentence(rule).to_owned(),
    };
    if rule.is_not_judged() { format!("not judged: {received}") } else { received }
}

/// `documented (doc.PutResourcePolicy, E012)`.
pub(in crate::report) fn evidence(rule: &RuleResult) -> String {
    let sources = rule.evidence.sources.join(", ");
    match sources.as_str() {
        "" => rule.evidence.level.name().to_owned(),
        sources => format!("{} ({sources})", rule.evidence.level.name()),
    }
}

/// Writes a call with the headers an ordinary client would not have sent, and what came of it.
fn write_call(
    page: &mut TextWriter,
    indent: usize,
    label: &str,
    step: &FindingStep,
    (usual, whole): (&str, bool),
) {
    let service = if step.service == usual { String::new() } else { format!("{} ", step.service) };
    let headers = headers::altered(step).into_iter().map(|header| format!("with {}", cut(&header)));
    let by = step.by.as_ref().map(|by| format!("by {}", by.name()));
    let mut words = vec![format!("{service}{}", step.operation)];
    words.extend(by);
    words.extend(headers);
    words.push(body(&step.request.body, whole));
    page.field(indent, label, &words.join(" "));
    let received = match &step.response {
        None => "no answer".to_owned(),
        Some(response) => {
            let error = response.error.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
            let hidden = is_html(&response.body) && !whole;
            let body = if hidden { String::new() } else { format!(" {}", self::body(&response.body, whole)) };
            format!("{}{error}{body}", response.status)
        }
    };
    page.field(indent, "", &format!("→ {received}"));
}

fn body(json: &serde_json::Value, all: bool) -> String {
    if all { whole(json) } else { brief(json) }
}

fn write_commands(page: &mut TextWriter, indent: usize, reproduce: &Reproduce, detail: Detail<'_>) {
    let longest = detail.longest_command;
    let is_wanted = |form: CommandForm| detail.form.map_or(!form.is_program(), |wanted| wanted == form);
    for form in CommandForm::ALL.into_iter().filter(|form| is_wanted(*form)) {
        let commands = form.of(reproduce);
        if commands.iter().all(String::is_empty) {
            continue;
        }
        page.label(indent, form.label());
        for command in commands {
            match command.chars().count() {
                length if length > longest => {
                    let text = format!("({length} characters: see the JSON report)");
                    page.line(indent + 2, Style::Dim, &text);
                }
                _ => page.verbatim(indent + 2, command),
            }
        }
    }
}
