//! A report in every form that was asked for. Chooses no form and renders none.

use std::path::{Path, PathBuf};

use crate::model::Specs;
use crate::report::Report;
use crate::report::html::Sources;
use crate::report::{badge, html, json, junit, markdown};

use super::args::RenderedArgs;
use super::error::CliError;
use super::output;

/// Returns whether anything is to be written.
#[must_use]
pub fn writes_anything(args: &RenderedArgs) -> bool {
    files(args).next().is_some() || args.bug_reports.is_some()
}

fn files(args: &RenderedArgs) -> impl Iterator<Item = &PathBuf> {
    [&args.json, &args.junit, &args.html, &args.markdown, &args.badge].into_iter().flatten()
}

/// Makes sure, before the work is done, that everything can be written.
///
/// # Errors
/// Returns an error if something cannot.
pub fn writable(args: &RenderedArgs) -> Result<(), CliError> {
    files(args).try_for_each(|file| output::writable(file))?;
    args.bug_reports.as_deref().map_or(Ok(()), output::folder)
}

/// Returns whether a form is written to standard output, so that nothing else may be.
#[must_use]
pub fn takes_standard_output(args: &RenderedArgs) -> bool {
    files(args).any(|file| file == Path::new("-"))
}

/// Writes every form.
///
/// # Errors
/// Returns an error if a form cannot be written.
pub fn write(args: &RenderedArgs, report: &Report) -> Result<(), CliError> {
    if let Some(path) = &args.json {
        output::write(path, &json::write(report)?)?;
    }
    if let Some(path) = &args.junit {
        output::write(path, &junit::write(report)?)?;
    }
    let sources = sources(report)?;
    if let Some(path) = &args.html {
        output::write(path, &html::report(report, &sources))?;
    }
    if let Some(path) = &args.markdown {
        output::write(path, &markdown::summary(report))?;
    }
    if let Some(path) = &args.badge {
        let svg = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
        output::write(path, &if svg { badge::svg(report) } else { badge::json(report) })?;
    }
    if let Some(folder) = &args.bug_reports {
        output::folder(folder)?;
        for (name, text) in markdown::bug_reports(report, &sources) {
            output::write(&folder.join(name), &text)?;
        }
    }
    Ok(())
}

/// Returns the texts of the sources, if the report was made with the embedded specs.
pub(super) fn sources(report: &Report) -> Result<Sources, CliError> {
    let specs = Specs::embedded(report.suite.edition)?;
    let same = report.suite.specs == format!("sha256:{}", specs.digest);
    let all = specs.services.iter().filter(|_| same).flat_map(|service| service.sources.clone());
    Ok(all.collect())
}
