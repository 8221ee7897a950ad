//! The arguments of the commands that call a target without judging it: `replay`, `cleanup`, `snapshot` and `diff`.

use std::path::PathBuf;

use clap::Args;

use crate::config::account;

use super::shared::{CallArgs, ChoiceArgs, GenerationArgs, SpecArgs};
use super::values::{album, positive};

/// `replay`.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// A case that `run` saved
    pub file: PathBuf,
    /// `fake`, `fake:wiremock`, a URL, `aws`, or a name from `glueproof.toml`
    #[arg(env = "GLUEPROOF_TARGET", default_value = "fake")]
    pub target: String,
    /// Read specs from this folder instead of those built in
    #[arg(long, env = "GLUEPROOF_SPECS", value_name = "DIR")]
    pub specs: Option<PathBuf>,
    /// The account of AWS that may be changed, and no other; asked for with the target `aws`
    #[arg(long, env = "GLUEPROOF_ACCOUNT", value_name = "DIGITS", value_parser = account)]
    pub account: Option<String>,
    #[command(flatten)]
    pub call: CallArgs,
}

/// `cleanup`.
#[derive(Debug, Clone, Args)]
pub struct CleanupArgs {
    /// A URL, `aws`, or a name from `glueproof.toml`
    #[arg(env = "GLUEPROOF_TARGET")]
    pub target: String,
    /// The account of AWS that is cleaned up, and no other
    #[arg(long, env = "GLUEPROOF_ACCOUNT", value_name = "DIGITS", value_parser = account)]
    pub account: Option<String>,
    /// The journal [default: all that runs on this target have left]
    #[arg(long, env = "GLUEPROOF_JOURNAL", value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Restore the policy and the settings even if another user seems to have changed them since
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub specs: SpecArgs,
    #[command(flatten)]
    pub call: CallArgs,
}

/// `snapshot`.
#[derive(Debug, Clone, Args)]
pub struct SnapshotArgs {
    /// `fake`, `fake:wiremock`, `fake+FAULT`, or a URL
    #[arg(env = "GLUEPROOF_TARGET", default_value = "fake")]
    pub target: String,
    /// Name of the recordings of the target [default: `fake` for the embedded fake, its name for one of `glueproof.toml`]
    #[arg(long, env = "GLUEPROOF_SNAPSHOT", value_name = "NAME", value_parser = album)]
    pub name: Option<String>,
    /// Folder of all recordings
    #[arg(long, value_name = "DIR", default_value = "snapshots")]
    pub dir: PathBuf,
    /// Only operations whose `service/Operation` contains this; may be repeated. Others are left alone
    #[arg(long, value_name = "PART")]
    pub only: Vec<String>,
    /// Record what comes, instead of comparing
    #[arg(long)]
    pub accept: bool,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub specs: SpecArgs,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub call: CallArgs,
}

/// `diff`.
#[derive(Debug, Clone, Args)]
pub struct DiffArgs {
    /// `fake`, `fake:wiremock`, `fake+FAULT`, or a URL
    pub a: String,
    /// The one it is compared with
    pub b: String,
    #[command(flatten)]
    pub specs: SpecArgs,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    #[command(flatten)]
    pub call: CallArgs,
    #[command(flatten)]
    pub generation: GenerationArgs,
    /// Rules tried at once; those on account-wide state still run in turn [default: cores, at least 4 for a URL]
    #[arg(long, env = "GLUEPROOF_JOBS", value_name = "N", value_parser = positive)]
    pub jobs: Option<usize>,
    /// Write the comparison as JSON here; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a summary in Markdown here, for `$GITHUB_STEP_SUMMARY`
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// List every rule of a cause
    #[arg(long)]
    pub all: bool,
}
