//! The comparison of two targets for people: the conforming side, cause by cause, each with the fewest calls. And as
//! JSON, described by a JSON Schema.

use crate::diff::{ConformingSide, DiffCause, DiffReport, DiffStep, DiffVerdict};
use crate::run::{FindingStep, ReportedResponse};

use super::body::{brief, is_html, without_html};
use super::escape::on_one_line;
use super::headers;
use super::json::ReportError;
use super::wording::count;
use super::wording::duration;
use super::writer::{Style, TerminalOptions, TextWriter};

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("diff.schema.json");

/// Rules of a cause that are listed before the rest is only counted.
const MAX_LISTED: usize = 3;

/// The conforming sides, in the order of reports.
pub(super) const SIDES: [ConformingSide; 4] =
    [ConformingSide::A, ConformingSide::B, ConformingSide::Neither, ConformingSide::Undecided];

/// The comparison as JSON, indented, with a line break at the end.
///
/// # Errors
/// Returns an error if a value cannot be written as JSON.
pub fn json(report: &DiffReport) -> Result<String, ReportError> {
    let mut report = report.clone();
    for step in report.causes.iter_mut().flat_map(|cause| &mut cause.shown.steps) {
        headers::remove_request_credentials(&mut step.request);
    }
    serde_json::to_string_pretty(&report).map(|text| text + "\n").map_err(ReportError::Unwritable)
}

/// Renders the comparison. `all` lists every rule of a cause.
#[must_use]
pub fn terminal(report: &DiffReport, options: TerminalOptions, all: bool) -> String {
    let mut page = TextWriter::new(options);
    for right in SIDES {
        let causes: Vec<&DiffCause> = report.causes.iter().filter(|cause| cause.right == right).collect();
        if !causes.is_empty() {
            page.heading(&format!("{}: {}", heading(report, right), count(causes.len(), "cause")));
            for (number, cause) in causes.into_iter().enumerate() {
                write_cause(&mut page, report, number + 1, cause, all);
            }
        }
    }
    write_verdict(&mut page, report);
    page.finish()
}

/// Returns the conforming side in words.
pub(super) fn heading(report: &DiffReport, right: ConformingSide) -> String {
    let (a, b) = (&report.a.name, &report.b.name);
    match right {
        ConformingSide::A => format!("{a} is right and {b} is not"),
        ConformingSide::B => format!("{b} is right and {a} is not"),
        ConformingSide::Neither => "both are wrong, each in its own way".to_owned(),
        ConformingSide::Undecided => "they differ, and no rule says who is right".to_owned(),
    }
}

fn write_cause(page: &mut TextWriter, report: &DiffReport, number: usize, cause: &DiffCause, all: bool) {
    let rules = match cause.rules.len() {
        1 => String::new(),
        many => format!(" — {many} rules"),
    };
    page.blank();
    page.line(0, Style::Bold, &format!("{number}. {}{rules}", cause.title));
    cause.parts.iter().for_each(|part| page.line(3, Style::Plain, part));
    let shown = &cause.shown;
    page.line(3, Style::Cyan, &shown.rule);
    shown.reason.iter().for_each(|reason| page.field(5, "reason", reason));
    if cause.right != ConformingSide::Undecided {
        page.field(5, "rule", &shown.requirement);
        let sources = shown.evidence.sources.join(", ");
        page.field(5, "evidence", &format!("{} ({sources})", shown.evidence.level.name()));
        if shown.violated.trim_end_matches('.') != cause.title {
            page.field(5, "violated", &shown.violated);
        }
        page.styled_field(5, "expected", Style::Green, &shown.expected);
    }
    for (at, step) in shown.steps.iter().enumerate() {
        call(page, report, at + 1, step);
    }
    let others: Vec<&String> = cause.rules.iter().filter(|rule| **rule != shown.rule).collect();
    let listed = if all { others.len() } else { MAX_LISTED };
    for (at, rule) in others.iter().take(listed).enumerate() {
        page.field(5, if at == 0 { "also" } else { "" }, rule);
    }
    if others.len() > listed {
        page.field(5, "", &format!("and {} more (--all)", others.len() - listed));
    }
}

fn call(page: &mut TextWriter, report: &DiffReport, number: usize, step: &DiffStep) {
    let by = step.by.as_ref().map(|by| format!(" by {}", by.name())).unwrap_or_default();
    let call = format!("{}{by} {}", step.operation, brief(&step.request.body));
    page.field(5, &format!("call {number}"), &call);
    for line in headers::altered(&request_only(step)) {
        page.field(5, "", &line);
    }
    let (a, b) = (response_text(step.a.as_ref()), response_text(step.b.as_ref()));
    if a == b {
        page.field(5, "", &format!("→ both: {a}"));
        return;
    }
    page.field(5, "", &format!("→ {}: {a}", report.a.name));
    page.field(5, "", &format!("→ {}: {b}", report.b.name));
}

/// The call alone.
fn request_only(step: &DiffStep) -> FindingStep {
    FindingStep {
        service: step.service.clone(),
        operation: step.operation.clone(),
        by: step.by.clone(),
        lends: None,
        request: step.request.clone(),
        response: None,
    }
}

/// An answer in short.
pub(super) fn response_text(response: Option<&ReportedResponse>) -> String {
    let Some(response) = response else { return "not asked any more".to_owned() };
    let body = match &response.body {
        page if is_html(page) => {
            without_html(&format!("{} {}", response.status, page.as_str().unwrap_or_default()), true)
        }
        body => format!("{} {}", response.status, brief(body)),
    };
    on_one_line(&body)
}

fn write_verdict(page: &mut TextWriter, report: &DiffReport) {
    page.blank();
    page.rule();
    let (style, verdict) = match report.verdict {
        DiffVerdict::Alike => (Style::Green, "ALIKE: no difference was found".to_owned()),
        DiffVerdict::Different => (Style::Red, format!("DIFFERENT: {}", count(report.causes.len(), "cause"))),
        DiffVerdict::Incomplete => {
            (Style::Yellow, "INCOMPLETE: no difference was found, and not everything was compared".to_owned())
        }
    };
    let (summary, suite) = (&report.summary, &report.suite);
    page.styled_field(0, "verdict", style, &verdict);
    page.field(0, "compared", &format!("{} and {}", report.a.name, report.b.name));
    page.field(0, "rules", &rules(report));
    for (one, other) in [(&report.a, &report.b), (&report.b, &report.a)] {
        if !one.alone_has.is_empty() {
            let names: Vec<&str> = one.alone_has.iter().map(|one| one.name()).collect();
            let lacking = format!("{}, which {} was not found to have", names.join(", "), other.name);
            page.field(0, "not compared", &lacking);
        }
    }
    if summary.unsteady > 0 {
        let unsteady = count(usize::try_from(summary.unsteady).unwrap_or(usize::MAX), "difference");
        page.field(0, "unsteady", &format!("{unsteady} that did not come again"));
    }
    let version = format!("glueproof {}, edition {}, seed {}", suite.version, suite.edition, report.seed);
    page.field(0, "suite", &version);
    let (cases, exchanges) = (summary.cases, summary.exchanges);
    page.field(
        0,
        "work",
        &format!("{cases} cases, {exchanges} exchanges in {}", duration(report.duration_ms)),
    );
}

/// `3 without difference, 1 with fake right`.
fn rules(report: &DiffReport) -> String {
    let summary = &report.summary;
    let counts = [
        (summary.alike, "without difference".to_owned()),
        (summary.a_right, format!("with {} right", report.a.name)),
        (summary.b_right, format!("with {} right", report.b.name)),
        (summary.neither, "with both wrong".to_owned()),
        (summary.unsaid, "with differences of which no rule says".to_owned()),
        (summary.elsewhere, "with differences that other rules judge".to_owned()),
        (summary.unjudged, "not compared".to_owned()),
        (summary.at_once, "left out, where calls are made at once".to_owned()),
    ];
    let counts = counts.iter().filter(|(number, _)| *number > 0);
    counts.map(|(number, what)| format!("{number} {what}")).collect::<Vec<_>>().join(", ")
}
