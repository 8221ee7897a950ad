//! The JSON report: the published form of everything a run found out, described by a JSON Schema. Writes
//! and reads text, not files.

use serde::Deserialize;

use super::model::Report;

use super::escape::in_json;
use super::headers::remove_credentials;

/// The format this version writes and reads.
pub const FORMAT: u32 = 1;

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The reason why a text is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Not JSON, or JSON without a format.
    #[error("this is not a glueproof report: {0}")]
    NoReport(#[source] serde_json::Error),
    /// A report of another version.
    #[error("the report has format {found}; this version of glueproof reads format {FORMAT}")]
    OtherFormat {
        /// The format it says it has.
        found: u64,
    },
    /// The right format, and yet not as the schema says.
    #[error("the report is broken: {0}")]
    Broken(#[source] serde_json::Error),
    /// The report cannot be written as JSON.
    #[error("the report cannot be written: {0}")]
    Unwritable(#[source] serde_json::Error),
}

/// The report as JSON, indented, with a line break at the end, and without headers that carry credentials.
///
/// # Errors
/// Returns an error if a value cannot be written as JSON.
pub fn write(report: &Report) -> Result<String, ReportError> {
    let mut report = report.clone();
    remove_credentials(&mut report);
    serde_json::to_string_pretty(&report).map(|text| in_json(&text) + "\n").map_err(ReportError::Unwritable)
}

/// The report in a text.
///
/// # Errors
/// Returns an error if the text is no report, a report of another format, or a broken one.
pub fn read(text: &str) -> Result<Report, ReportError> {
    /// The part that every version of the format has.
    #[derive(Deserialize)]
    struct Header {
        format: u64,
    }
    let header: Header = serde_json::from_str(text).map_err(ReportError::NoReport)?;
    if header.format != u64::from(FORMAT) {
        return Err(ReportError::OtherFormat { found: header.format });
    }
    serde_json::from_str(text).map_err(ReportError::Broken)
}
