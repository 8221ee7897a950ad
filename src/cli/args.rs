//! The command line: what can be said, and its help. Does nothing.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::client::DEFAULT_REGION;
use crate::config::{account, duration, rate};
use crate::fake::Mode;
use crate::model::Edition;
use crate::report::{CommandForm, VerdictPolicy};
use crate::run::Shard;

/// The folder for saved cases of findings.
const FINDINGS: &str = "glueproof-findings";
/// The report of the last run, in the folder for findings.
pub(super) const LAST_REPORT: &str = "glueproof-findings/report.json";
/// The name of the report of the last run.
pub(super) const LAST_REPORT_NAME: &str = "report.json";

/// Proves, or disproves, that an endpoint behaves like the security API of AWS Glue.
#[derive(Debug, Parser)]
#[command(
    name = "glueproof",
    version,
    about,
    long_about = "Proves, or disproves, that an endpoint behaves like the security API of AWS Glue: security \
                  configurations, data catalog encryption settings and resource policies.\n\n\
                  Rules are derived from machine-readable specs of the API; for each, valid and invalid calls are \
                  generated, sent through the real AWS SDK, and judged. A violation is shrunk to the shortest \
                  sequence of calls that shows it.",
    after_help = "Examples:\n  \
                  glueproof run                                  certify the embedded fake\n  \
                  glueproof run http://127.0.0.1:5000            certify an emulator\n  \
                  glueproof run http://127.0.0.1:5000 --only PutResourcePolicy --json report.json\n  \
                  glueproof explain glue/PutResourcePolicy/invalid/PolicyInJson/required\n  \
                  glueproof replay glueproof-findings/CASE.json http://127.0.0.1:5000\n  \
                  glueproof run aws --account 123456789012       judge AWS itself, and leave it as it was\n  \
                  glueproof snapshot http://127.0.0.1:5000 --name mine --accept\n  \
                  glueproof diff fake http://127.0.0.1:5000\n\n\
                  Exit codes: 0 conforms, 1 deviates, 2 usage or configuration, 3 the target could not be judged."
)]
pub struct Cli {
    /// The command; `run` on the embedded fake if it is left out.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge a target and report
    #[command(
        after_help = "Examples:\n  glueproof run http://127.0.0.1:5000 --name moto --html report.html\n  glueproof run moto --only PutResourcePolicy --cases 50 --seed random\n  glueproof run http://127.0.0.1:5000 --known glueproof-known.toml --markdown \"$GITHUB_STEP_SUMMARY\"\n  glueproof run aws --account 123456789012 --region eu-west-1"
    )]
    Run(Box<RunArgs>),
    /// Render saved JSON reports: one, the shards of one run merged, or several targets side by side
    #[command(
        after_help = "Examples:\n  glueproof report part-*.json --html report.html     the shards of one run\n  glueproof report moto.json mine.json --markdown -   targets side by side"
    )]
    Report(ReportArgs),
    /// Write a static site of saved JSON reports: targets and capabilities, versions, causes, differences
    #[command(after_help = "Examples:\n  glueproof site moto-5.1.0.json moto-5.2.5.json --out verdicts")]
    Site(SiteArgs),
    /// Show one cause of the last report in full
    #[command(
        after_help = "Examples:\n  glueproof show 1\n  glueproof show 1 --reproduce boto3\n  glueproof show 3 --report moto.json --all"
    )]
    Show(ShowArgs),
    /// Show the rules, one a line
    List(ListArgs),
    /// Show one rule: requirement, evidence, how it is tested
    #[command(
        after_help = "Examples:\n  glueproof explain glue/PutResourcePolicy/invalid/PolicyInJson/required"
    )]
    Explain(ExplainArgs),
    /// Repeat a saved finding, against the same or another target
    #[command(
        after_help = "Examples:\n  glueproof replay glueproof-findings/CASE.json http://127.0.0.1:5000"
    )]
    Replay(ReplayArgs),
    /// Print the cases a run would try, without sending any: one a line, in the form of saved findings
    Cases(CasesArgs),
    /// Compare the target's exchanges, one an operation and outcome, with those recorded of it
    Snapshot(SnapshotArgs),
    /// Compare two targets: where they differ, as few calls as show it, and who is right where a rule says
    #[command(after_help = "Examples:\n  glueproof diff fake http://127.0.0.1:5000 --only ResourcePolicy")]
    Diff(Box<DiffArgs>),
    /// Compare the specs with a published model of the service
    Drift(DriftArgs),
    /// Work on the specs themselves
    #[command(subcommand)]
    Specs(SpecsCommand),
    /// Undo what a run that was killed has left on a target
    #[command(after_help = "Examples:\n  glueproof cleanup aws --account 123456789012 --region eu-west-1")]
    Cleanup(Box<CleanupArgs>),
    /// Show what the suite catches: the fake with one fault on at a time, and the rules that notice
    Mutants(MutantsArgs),
    /// Serve the fake cloud, for any SDK or command line
    #[command(
        after_help = "Examples:\n  glueproof serve --port 4566 --state cloud.json\n  glueproof serve --port 0 --fault throttling"
    )]
    Serve(Box<ServeArgs>),
    /// Write glueproof.toml, the known gaps of a first run, and a job for the CI of this repository
    #[command(after_help = "Examples:\n  glueproof init http://127.0.0.1:5000 --name moto")]
    Init(InitArgs),
    /// Check whether a target can be judged, and what to do if not
    Doctor(Box<DoctorArgs>),
    /// Print completions for a shell
    #[command(
        after_help = "Examples:\n  glueproof completions bash >~/.local/share/bash-completion/completions/glueproof"
    )]
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
}

/// The choice of specs.
#[derive(Debug, Clone, Args)]
pub struct SpecArgs {
    /// API that the target claims: `2018` (the nine operations of the original documents) or `current` [default: current]
    #[arg(long, env = "GLUEPROOF_EDITION")]
    pub edition: Option<Edition>,
    /// Read specs from this folder instead of those built in
    #[arg(long, env = "GLUEPROOF_SPECS", value_name = "DIR")]
    pub specs: Option<PathBuf>,
}

impl SpecArgs {
    /// The edition asked for, or the usual one.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition.unwrap_or_default()
    }
}

/// The choice of rules.
#[derive(Debug, Clone, Args)]
pub struct ChoiceArgs {
    /// Only rules whose id contains this; with `*` the whole id must match; may be repeated
    #[arg(long, env = "GLUEPROOF_ONLY", value_name = "FILTER", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Only rules of this capability, whether the target has it or not; may be repeated [default: all for the embedded
    /// fake, those it has for a target on this machine, `core` for others]
    #[arg(long, env = "GLUEPROOF_CAPABILITY", value_name = "NAME", value_delimiter = ',')]
    pub capability: Vec<String>,
}

/// Settings of calls.
#[derive(Debug, Clone, Default, Args)]
pub struct CallArgs {
    /// Longest time for one call, from connecting to the last byte: `10s`, `500ms`, `1m` [default: 10s]
    #[arg(long, env = "GLUEPROOF_TIMEOUT", value_name = "D", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Longest wait for what takes effect later, such as a new key, a permission or a job [default: 20s for a target on this
    /// machine, 15m for others]
    #[arg(long, env = "GLUEPROOF_POLL_TIMEOUT", value_name = "D", value_parser = duration)]
    pub poll_timeout: Option<Duration>,
    /// At most this many calls a second [default: 5 for AWS, unbounded for others]
    #[arg(long, env = "GLUEPROOF_RATE", value_name = "R", value_parser = rate)]
    pub rate: Option<f64>,
    /// Region to sign for [default: that of the AWS configuration]
    #[arg(long, env = "GLUEPROOF_REGION", value_name = "NAME")]
    pub region: Option<String>,
    /// Profile of AWS credentials [default: that of the AWS configuration]
    #[arg(long, env = "GLUEPROOF_PROFILE", value_name = "NAME")]
    pub profile: Option<String>,
    /// trust the certificates in this PEM file, in place of those of the system
    ///
    /// Without it, `ca_bundle` of the target in glueproof.toml, then the environment variable `AWS_CA_BUNDLE`
    #[arg(long, env = "GLUEPROOF_CA_BUNDLE", value_name = "FILE")]
    pub ca_bundle: Option<PathBuf>,
    /// Let real credentials go to this host without TLS; may be repeated
    #[arg(long, env = "GLUEPROOF_ALLOW_INSECURE", value_name = "HOST", value_delimiter = ',')]
    pub allow_insecure: Vec<String>,
    /// Read named targets from this file [default: `glueproof.toml` in this folder, or above it in the same repository]
    #[arg(long, env = "GLUEPROOF_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

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
    /// Cases a rule; every kind of case is tried at least once
    #[arg(long, env = "GLUEPROOF_CASES", value_name = "N", default_value_t = 12, value_parser = positive)]
    pub cases: usize,
    /// Seed of everything generated, or `random`
    #[arg(long, env = "GLUEPROOF_SEED", value_name = "S", default_value = "1", value_parser = seed)]
    pub seed: u64,
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

/// The files that a report is written to.
#[derive(Debug, Clone, Default, Args)]
pub struct RenderedArgs {
    /// Write the JSON report here; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a JUnit report here
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Write one HTML page here, which needs no network
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write a summary in Markdown here, for `$GITHUB_STEP_SUMMARY`
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Write a badge here: a picture if the name ends in `.svg`, else JSON for an endpoint badge of shields.io
    #[arg(long, value_name = "FILE")]
    pub badge: Option<PathBuf>,
    /// Write one bug report a cause here, in Markdown, ready for the target's tracker
    #[arg(long, value_name = "DIR")]
    pub bug_reports: Option<PathBuf>,
}

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

/// `list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub specs: SpecArgs,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Show instead what is promised without a rule of its own: what proves it, or why nothing does
    #[arg(long)]
    pub uncovered: bool,
}

/// `explain`.
#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// Rule id, with `/` or `::`
    pub rule: String,
    /// Print the rule's behavior instead, as JSON: fixtures, documents, parameters and rows replaced
    #[arg(long)]
    pub expanded: bool,
    #[command(flatten)]
    pub specs: SpecArgs,
}

/// `specs`.
#[derive(Debug, Clone, Subcommand)]
pub enum SpecsCommand {
    /// Check all files of specs and print every problem with its place
    Check(SpecsCheckArgs),
}

/// `specs check`.
#[derive(Debug, Clone, Args)]
pub struct SpecsCheckArgs {
    /// Check this folder instead of the specs built in
    #[arg(long, env = "GLUEPROOF_SPECS", value_name = "DIR")]
    pub specs: Option<PathBuf>,
}

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

/// `cases`.
#[derive(Debug, Clone, Args)]
pub struct CasesArgs {
    #[command(flatten)]
    pub specs: SpecArgs,
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Cases a rule; every kind of case is there at least once
    #[arg(long, env = "GLUEPROOF_CASES", value_name = "N", default_value_t = 12, value_parser = positive)]
    pub cases: usize,
    /// Seed of everything generated, or `random`
    #[arg(long, env = "GLUEPROOF_SEED", value_name = "S", default_value = "1", value_parser = seed)]
    pub seed: u64,
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
    /// Cases a rule; every kind of case is tried at least once
    #[arg(long, env = "GLUEPROOF_CASES", value_name = "N", default_value_t = 12, value_parser = positive)]
    pub cases: usize,
    /// Seed of everything generated, or `random`
    #[arg(long, env = "GLUEPROOF_SEED", value_name = "S", default_value = "1", value_parser = seed)]
    pub seed: u64,
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

/// `drift`.
#[derive(Debug, Clone, Args)]
pub struct DriftArgs {
    /// Smithy JSON AST, or botocore's `service-2.json`; may be gzipped
    pub model: PathBuf,
    /// Differences that are known, with reasons, in TOML; one that is none any more is an error
    #[arg(long, value_name = "FILE")]
    pub known: Option<PathBuf>,
    #[command(flatten)]
    pub specs: SpecArgs,
}

/// `glueproof mutants`.
#[derive(Debug, Args)]
pub struct MutantsArgs {
    #[command(flatten)]
    pub specs: SpecArgs,
    /// Only faults whose names hold this; may be repeated
    #[arg(long, value_name = "PART")]
    pub only: Vec<String>,
    /// List the faults, each with what goes wrong, and try none
    #[arg(long)]
    pub list: bool,
    /// Try all the rules that are meant to notice a fault, and not only as many as it takes
    #[arg(long)]
    pub full: bool,
    /// Leave out the matrix of mutants and families
    #[arg(long)]
    pub brief: bool,
    /// Cases a rule, at least
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = positive)]
    pub cases: usize,
    /// Seed of everything generated: the same seed tries the same cases
    #[arg(long, value_name = "S", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// Mutants tried at once [default: cores]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub jobs: Option<usize>,
    /// Write what came of every mutant as JSON; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

/// `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 4566)]
    pub port: u16,
    /// Address to listen on. Everyone who reaches another address than loopback can read and change everything in the
    /// cloud, keys included
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,
    /// Answer to this name in `Host` too, or to every name below one: `fake`, `*.example.com`; may be repeated
    /// [default: loopback, the address of --host, and host names of buckets]
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Let web pages of this origin call the services, such as `http://localhost:3000`; may be repeated [default: none]
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub allow_origin: Vec<String>,
    /// The most connections. Beyond it, the one that is idle longest ends; if none is idle, the answer is 503
    #[arg(long, value_name = "N", default_value_t = 512)]
    pub max_connections: usize,
    /// Serve HTTPS, with a certificate made at the start that signs itself. It is written to FILE, or to a file in the
    /// folder for temporary files, whose name is printed
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-")]
    pub tls: Option<PathBuf>,
    /// Let other machines use the admin path `/_glueproof/` too
    #[arg(long)]
    pub admin_from_anywhere: bool,
    /// Switch this fault on; may be repeated. `help` lists all faults
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,
    /// Keep state in this file, and begin with the state in it. The file contains keys in plain text unless there is a
    /// state key
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Encrypt the state file with the key in this file: 32 bytes in base64, as `openssl rand -base64 32` prints them
    /// [default: the variable `GLUEPROOF_STATE_KEY`]
    #[arg(long, value_name = "FILE", requires = "state")]
    pub state_key: Option<PathBuf>,
    /// Checks on callers: `off`, `identify` (the access key id identifies the caller, and no call is refused) or `enforce`
    /// (signatures are verified, and policies decide)
    #[arg(long, value_name = "MODE", default_value = "identify")]
    pub mode: Mode,
    /// Users, roles, policies and access keys to begin with, in TOML; may be repeated
    #[arg(long, value_name = "FILE")]
    pub seed: Vec<PathBuf>,
    /// Account of callers whose access key id is not itself an account number
    #[arg(long, value_name = "DIGITS", default_value = "123456789012", value_parser = account)]
    pub account: String,
    /// Region of requests that are not signed for one
    #[arg(long, value_name = "NAME", default_value = DEFAULT_REGION)]
    pub region: String,
    /// API of the fake: `2018` or `current`
    #[arg(long, value_name = "EDITION", default_value_t)]
    pub edition: Edition,
    /// Security configurations that an account may have in a region
    #[arg(long, value_name = "N", default_value_t = 250)]
    pub quota: usize,
}

/// Checks an origin as browsers write it.
fn origin(text: &str) -> Result<String, String> {
    let authority = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_bare =
        authority.is_some_and(|authority| !authority.is_empty() && !authority.contains(['/', '*', ' ']));
    if is_bare || text == "null" {
        Ok(text.to_owned())
    } else {
        Err("write scheme, host and port, such as http://localhost:3000, or null for pages without an origin"
            .to_owned())
    }
}

fn target_name(text: &str) -> Result<String, String> {
    let is_plain = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if is_plain { Ok(text.to_owned()) } else { Err("write a name on one line".to_owned()) }
}

fn album(text: &str) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let named = !text.trim_matches('.').is_empty();
    if plain && named {
        Ok(text.to_owned())
    } else {
        Err("write letters, digits, `.`, `_` and `-`".to_owned())
    }
}

fn shard(text: &str) -> Result<Shard, String> {
    let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    match numbers {
        Some((number, of)) if 1 <= number && number <= of => Ok(Shard { number, of }),
        _ => Err("write it like 1/4: the first of four".to_owned()),
    }
}

fn command_form(text: &str) -> Result<CommandForm, String> {
    let known = CommandForm::ALL.into_iter().find(|form| form.name() == text);
    known.ok_or_else(|| format!("write {}", CommandForm::ALL.map(CommandForm::name).join(", ")))
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "write a whole number, at least 1".to_owned())
}

fn seed(text: &str) -> Result<u64, String> {
    if text == "random" {
        // The clock's low digits: the only use of chance that no seed governs, and the report names it.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        return Ok(now.map_or(1, |d| u64::from(d.subsec_nanos()) ^ (d.as_secs() << 20)));
    }
    text.parse().map_err(|_| "write a whole number, or `random`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn shards_count_from_one() {
        assert_eq!(shard("2/4"), Ok(Shard { number: 2, of: 4 }));
        for bad in ["0/4", "5/4", "1", "1/0", "a/b", "1/4/2", "-1/4", ""] {
            assert!(shard(bad).is_err(), "{bad}");
        }
    }
}
