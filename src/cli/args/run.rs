//! The arguments of `glueproof run`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::config::{account, duration};
use crate::report::VerdictPolicy;
use crate::run::Shard;

use super::shared::{CallArgs, ChoiceArgs, GenerationArgs, RenderedArgs, SpecArgs};
use super::values::{positive, shard, target_name};

/// The folder for saved cases of findings.
const FINDINGS: &str = "glueproof-findings";

/// `run`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// `fake` (the embedded one, in process), `fake:wiremock` (the same through a socket), either with faults on
    /// (`fake+FAULT`; `mutants --list` has their names), a URL, `aws`, or a name from `glueproof.toml`
    #[arg(env = "GLUEPROOF_TARGET", default_value = "fake")]
    pub target: String,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub specs: SpecArgs,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub choice: ChoiceArgs,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub call: CallArgs,
    /// Let rules observed in the real service decide verdict and exit code too
    #[arg(
        long,
        env = "GLUEPROOF_PARITY",
        value_name = "YES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new()
    )]
    pub parity: Option<bool>,
    /// Leave out operations that the target does not implement: judge only what is there
    #[arg(
        long,
        env = "GLUEPROOF_ALLOW_UNIMPLEMENTED",
        value_name = "YES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new()
    )]
    pub allow_unimplemented: Option<bool>,
    /// Let rules that failed once and held when they were run again fail the run
    #[arg(
        long,
        env = "GLUEPROOF_STRICT_FLAKY",
        value_name = "YES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = clap::builder::BoolishValueParser::new()
    )]
    pub strict_flaky: Option<bool>,
    /// Rules the target is known not to hold, in TOML: they do not fail the run, and one that holds does
    #[arg(long, env = "GLUEPROOF_KNOWN", value_name = "FILE")]
    pub known: Option<PathBuf>,
    /// Write what failed as known gaps; a file that is there is brought up to date, its reasons kept
    #[arg(long, value_name = "FILE")]
    pub write_known: Option<PathBuf>,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub generation: GenerationArgs,
    /// Rules tried at once; those on account-wide state still run in turn [default: cores, at least 4 for a URL, 16 for a
    /// slow one]
    #[arg(long, env = "GLUEPROOF_JOBS", value_name = "N", value_parser = positive)]
    pub jobs: Option<usize>,
    /// Run all rules in one region. Otherwise core rules also run in other regions of an endpoint that takes 50 ms or more
    /// for an answer
    #[arg(long, env = "GLUEPROOF_ONE_REGION")]
    pub one_region: bool,
    /// End the run in order after this time, with what was judged until then: `10m`
    #[arg(long, env = "GLUEPROOF_MAX_TIME", value_name = "D", value_parser = duration)]
    pub max_time: Option<Duration>,
    /// Wait until another run on the same target has ended, instead of refusing to run beside it
    #[arg(long)]
    pub wait: bool,
    /// Only the K-th of N parts, the same everywhere; `glueproof report` merges their JSON reports. Account-wide state
    /// is all in one part. Parts that run at the same time need a target each
    #[arg(long, env = "GLUEPROOF_SHARD", value_name = "K/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// The account of AWS that may be changed, and no other; asked for with the target `aws`
    #[arg(long, env = "GLUEPROOF_ACCOUNT", value_name = "DIGITS", value_parser = account)]
    pub account: Option<String>,
    /// Keep the journal in this file [default: one of its own, in the folder for state]
    #[arg(long, env = "GLUEPROOF_JOURNAL", value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Go on with what this JSON report of the same run has not judged, and report on everything
    #[arg(long, value_name = "REPORT")]
    pub resume: Option<PathBuf>,
    /// Start the target with this command, judge it, and start it again at each change of its sources. Rules that failed
    /// last run first. Ctrl-C ends the target and the program
    #[arg(long, value_name = "CMD", conflicts_with = "resume")]
    pub watch: Option<String>,
    /// Watch this folder or file instead of the working folder; may be repeated. Hidden files, files that git ignores, and
    /// the folders `target`, `node_modules` and `__pycache__` never count
    #[arg(long, value_name = "DIR", requires = "watch")]
    pub watch_path: Vec<PathBuf>,
    #[expect(missing_docs, reason = "a comment here would end up in the help")]
    #[command(flatten)]
    pub rendered: RenderedArgs,
    /// Save the cases of findings here for `replay`, and the report for `show`
    #[arg(long, value_name = "DIR", default_value = FINDINGS)]
    pub findings: PathBuf,
    /// Show every finding in full, not the causes in brief
    #[arg(long)]
    pub all: bool,
    /// Call the target this in reports and comparisons [default: its URL, or its name in `glueproof.toml`]
    #[arg(long, env = "GLUEPROOF_NAME", value_name = "NAME", value_parser = target_name)]
    pub name: Option<String>,
}

impl RunArgs {
    /// Returns what decides the verdict.
    #[must_use]
    pub fn verdict_policy(&self) -> VerdictPolicy {
        VerdictPolicy {
            parity: self.parity.unwrap_or_default(),
            allow_unimplemented: self.allow_unimplemented.unwrap_or_default(),
            strict_flaky: self.strict_flaky.unwrap_or_default(),
        }
    }
}
