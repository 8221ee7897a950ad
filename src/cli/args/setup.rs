//! The arguments of the commands that prepare a machine or a repository: `init`, `doctor` and `completions`.

use clap::Args;

use crate::config::account;

use super::shared::{CallArgs, SpecArgs};
use super::values::album;

/// `init`.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// URL of the target
    pub url: String,
    /// Name of the target in glueproof.toml
    #[arg(long, value_name = "NAME", default_value = "emulator", value_parser = album)]
    pub name: String,
    /// Write no known gaps, and make no run
    #[arg(long)]
    pub no_run: bool,
}

/// `doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// `fake`, a URL, `aws`, or a name from `glueproof.toml`
    #[arg(env = "GLUEPROOF_TARGET")]
    pub target: String,
    /// The account of AWS; needed for the target `aws`
    #[arg(long, env = "GLUEPROOF_ACCOUNT", value_name = "DIGITS", value_parser = account)]
    pub account: Option<String>,
    #[command(flatten)]
    pub specs: SpecArgs,
    #[command(flatten)]
    pub call: CallArgs,
}

/// `completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}
