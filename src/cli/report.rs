//! `glueproof report`: saved JSON reports, rendered; shards merged, targets compared. Judges nothing anew.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use flate2::read::GzDecoder;

use crate::report::{
    Column, Report, Verdict, argument, brief, exit_code, html, json, markdown, merge, names, side_by_side,
    terminal,
};

use super::args::{LAST_REPORT, RenderedArgs, ReportArgs};
use super::error::CliError;
use super::{output, rendered};

/// The limit of a compressed report once it is unpacked; a run of all rules takes about 4 MB.
const MAX_REPORT_BYTES: u64 = 1 << 30;

/// Renders saved reports. The exit code is the verdict's; of several targets, the worst.
///
/// # Errors
/// Returns an error if a file is no report, reports do not go together, or a form cannot be written.
pub fn report(args: &ReportArgs) -> Result<u8, CliError> {
    let read: Vec<(String, Report)> = args.files.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let reports = merge::by_run(read)?;
    if let [(_, only)] = reports.as_slice() {
        rendered::writable(&args.rendered)?;
        rendered::write(&args.rendered, only)?;
        if !rendered::takes_standard_output(&args.rendered) {
            let show = match args.files.as_slice() {
                [file] => Some(show_command(file)),
                _ => None,
            };
            output::print(&in_words(only, args.all, show.as_deref()))?;
        }
        return Ok(exit_code(only.verdict));
    }
    compared(&args.rendered, &reports)
}

/// Renders a report for standard output: in full, or in brief with the command that shows one cause.
pub(super) fn in_words(report: &Report, all: bool, show: Option<&str>) -> String {
    let options = output::terminal_options();
    if all { terminal(report, options) } else { brief(report, options, show) }
}

/// Returns the command that shows a cause of a saved report, without its number.
pub(super) fn show_command(file: &Path) -> String {
    let file = file.display().to_string();
    if file == LAST_REPORT {
        return "glueproof show".to_owned();
    }
    format!("glueproof show --report {}", argument(&file))
}

/// Reads a JSON report, compressed by gzip if the file name ends in `.gz`. Returns its file name with it.
pub(super) fn read(file: &Path) -> Result<(String, Report), CliError> {
    let name = file.display().to_string();
    let text = text(file).map_err(|source| CliError::Unreadable { path: file.to_owned(), source })?;
    let report = json::read(&text).map_err(|source| CliError::Report { path: file.to_owned(), source })?;
    Ok((name, report))
}

fn text(file: &Path) -> io::Result<String> {
    if file.extension().is_none_or(|extension| extension != "gz") {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    GzDecoder::new(File::open(file)?).take(MAX_REPORT_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn compared(args: &RenderedArgs, reports: &[(String, Report)]) -> Result<u8, CliError> {
    let one_target = RenderedArgs { html: None, markdown: None, ..args.clone() };
    if rendered::writes_anything(&one_target) {
        let names = reports.iter().map(|(files, _)| files.as_str()).collect::<Vec<_>>().join(", ");
        return Err(CliError::SeveralTargets(names));
    }
    let names = names(reports);
    let columns: Vec<Column<'_>> =
        names.iter().zip(reports).map(|(name, (_, report))| Column { name, report }).collect();
    if let Some(path) = &args.html {
        output::write(path, &html::comparison(&columns))?;
    }
    if let Some(path) = &args.markdown {
        output::write(path, &markdown::comparison(&columns))?;
    }
    if !rendered::takes_standard_output(args) {
        output::print(&side_by_side(&columns, output::terminal_options()))?;
    }
    let worst = |verdict| reports.iter().any(|(_, report)| report.verdict == verdict);
    let verdicts = [Verdict::Deviates, Verdict::Incomplete];
    Ok(verdicts.into_iter().find(|verdict| worst(*verdict)).map_or(0, exit_code))
}
