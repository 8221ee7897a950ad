//! `glueproof report`: saved JSON reports, rendered; shards merged, targets compared. Judges nothing anew.

use std::path::Path;

use crate::report::{Column, exit_code, html, json, merge, names, side_by_side, terminal};
use crate::report::{Report, Verdict};

use super::args::{RenderedArgs, ReportArgs};
use super::error::CliError;
use super::{output, rendered};

/// Renders saved reports. The exit code is the verdict's; of several targets, the worst.
///
/// # Errors
/// When a file is no report, reports do not go together, or a form cannot be written.
pub fn report(args: &ReportArgs) -> Result<u8, CliError> {
    let read: Vec<(String, Report)> = args.files.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let reports = merge::by_run(read)?;
    if let [(_, only)] = reports.as_slice() {
        rendered::writable(&args.rendered)?;
        rendered::write(&args.rendered, only)?;
        if !rendered::takes_standard_output(&args.rendered) {
            output::print(&terminal(only, output::look(), args.all))?;
        }
        return Ok(exit_code(only.verdict));
    }
    compared(&args.rendered, &reports)
}

fn read(file: &Path) -> Result<(String, Report), CliError> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|source| CliError::Unreadable { path: file.to_owned(), source })?;
    let report = json::read(&text).map_err(|source| CliError::Report { path: file.to_owned(), source })?;
    Ok((name, report))
}

fn compared(args: &RenderedArgs, reports: &[(String, Report)]) -> Result<u8, CliError> {
    let one_target = RenderedArgs { html: None, ..args.clone() };
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
    if args.html.as_deref() != Some(Path::new("-")) {
        output::print(&side_by_side(&columns, output::look()))?;
    }
    let worst = |verdict| reports.iter().any(|(_, report)| report.verdict == verdict);
    let verdicts = [Verdict::Deviates, Verdict::Incomplete];
    Ok(verdicts.into_iter().find(|verdict| worst(*verdict)).map_or(0, exit_code))
}
