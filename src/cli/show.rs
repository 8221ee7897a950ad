//! `glueproof show`: one cause of a saved report in full. Must not judge anything.

use crate::report::{CauseDetail, cause, causes};

use super::args::ShowArgs;
use super::error::CliError;
use super::{output, report};

/// Prints one cause.
///
/// # Errors
/// Returns an error if there is no report, or the report has no cause of this number.
pub fn show(args: &ShowArgs) -> Result<u8, CliError> {
    if !args.report.exists() {
        return Err(CliError::NoLastReport(args.report.clone()));
    }
    let (_, report) = report::read(&args.report)?;
    let detail = CauseDetail { all: args.all, form: args.reproduce };
    let Some(text) = cause(&report, args.number, output::terminal_options(), detail) else {
        return Err(CliError::NoCause { number: args.number, causes: causes(&report.results).len() });
    };
    output::print(text.trim_start_matches('\n'))?;
    Ok(0)
}
