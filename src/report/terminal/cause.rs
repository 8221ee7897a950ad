//! One cause in full: its title, the finding that shows it most directly, and the other rules.
//! Entry points: [`cause`], and [`write_cause`] for the full report.

use crate::model::Level;

use super::super::cluster::{Cause, causes};
use super::super::model::Report;
use super::super::placeholders;
use super::super::writer::{Style, TerminalOptions, TextWriter};
use super::finding::{CommandForm, Detail, write_responses, write_rule};

/// Longer commands are left to the JSON report.
const MAX_COMMAND_CHARS: usize = 1_000;

/// The form of the findings that do not represent the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherFindings {
    /// Calls, commands and all.
    InFull,
    /// The id and the response.
    OneLine,
}

/// The choices of a user who looks at one cause.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CauseDetail {
    /// Set if every finding is shown in full, not only the shortest.
    pub all: bool,
    /// The form of the commands; replay, `curl` and the AWS CLI if none is chosen.
    pub form: Option<CommandForm>,
}

/// Renders one cause of the report. Causes count from 1, in the order of every report. Returns nothing if the report has no cause of this number.
#[must_use]
pub fn cause(
    report: &Report,
    number: usize,
    options: TerminalOptions,
    detail: CauseDetail,
) -> Option<String> {
    let causes = causes(&report.results);
    let cause = causes.get(number.checked_sub(1)?)?;
    let mut page = TextWriter::new(options);
    let others = if detail.all { OtherFindings::InFull } else { OtherFindings::OneLine };
    write_cause(&mut page, number, cause, (others, detail.form));
    let shown = if detail.all { cause.rules.clone() } else { vec![cause.representative] };
    placeholders::remark(&mut page, shown.into_iter());
    Some(page.finish())
}

/// Writes a cause with its number.
pub(super) fn write_cause(
    page: &mut TextWriter,
    number: usize,
    cause: &Cause<'_>,
    (others, form): (OtherFindings, Option<CommandForm>),
) {
    page.blank();
    page.line(0, Style::Red, &format!("{number}. {}{}", title(cause), findings(cause)));
    for part in &cause.parts {
        page.line(3, Style::Plain, part);
    }
    let detail = Detail {
        whole: others == OtherFindings::InFull,
        longest_command: MAX_COMMAND_CHARS,
        form,
        title: &cause.title,
    };
    write_rule(page, 3, cause.representative, detail);
    let rules = cause.other_rules();
    match others {
        OtherFindings::InFull => {
            for rule in rules {
                page.blank();
                write_rule(page, 3, rule, detail);
            }
        }
        OtherFindings::OneLine if !rules.is_empty() => {
            page.line(3, Style::Dim, &format!("{} more findings with this cause", rules.len()));
            write_responses(page, 5, &rules);
        }
        OtherFindings::OneLine => {}
    }
}

/// Returns the title, with the evidence where that is not a document.
pub(super) fn title(cause: &Cause<'_>) -> String {
    match cause.level() {
        Level::Documented => cause.title.clone(),
        other => format!("[{}] {}", other.name(), cause.title),
    }
}

/// Returns ` — 3 findings`, or nothing for one.
pub(super) fn findings(cause: &Cause<'_>) -> String {
    match cause.rules.len() {
        1 => String::new(),
        many => format!(" — {many} findings"),
    }
}
