//! The arguments of the commands that read saved reports: `report`, `site` and `show`.

use std::path::PathBuf;

use clap::Args;

use crate::report::CommandForm;

use super::shared::RenderedArgs;
use super::values::command_form;

/// The report of the last run, in the folder for findings.
pub(in crate::cli) const LAST_REPORT: &str = "glueproof-findings/report.json";
/// The name of the report of the last run.
pub(in crate::cli) const LAST_REPORT_NAME: &str = "report.json";

/// `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// JSON reports that `run` wrote
    #[arg(required = true, value_name = "FILES")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub rendered: RenderedArgs,
    /// Show every finding in full, not the causes in brief
    #[arg(long)]
    pub all: bool,
}

/// `site`.
#[derive(Debug, Clone, Args)]
pub struct SiteArgs {
    /// JSON reports that `run` wrote; `run --name "moto 5.2.5"` gives a report its target and version
    #[arg(required = true, value_name = "REPORTS")]
    pub files: Vec<PathBuf>,
    /// Write the pages into this folder
    #[arg(long, value_name = "DIR", default_value = "glueproof-site")]
    pub out: PathBuf,
}

/// `show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// Number of the cause in the report
    pub number: usize,
    /// Read this JSON report instead of that of the last run
    #[arg(long, value_name = "FILE", default_value = LAST_REPORT)]
    pub report: PathBuf,
    /// Show every finding of the cause in full, not only the shortest
    #[arg(long)]
    pub all: bool,
    /// Show the calls in this form alone: `replay`, `curl`, `aws-cli`, `boto3` or `rust` [default: the first three]
    #[arg(long, value_name = "FORM", value_parser = command_form)]
    pub reproduce: Option<CommandForm>,
}
