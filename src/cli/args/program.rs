//! The command line as a whole: the commands and their help. Parses no value of a flag.
//! Entry point: [`Cli`].

use clap::{Parser, Subcommand};

use super::reports::{ReportArgs, ShowArgs, SiteArgs};
use super::rules::{CasesArgs, DriftArgs, ExplainArgs, ListArgs, MutantsArgs, SpecsCommand};
use super::run::RunArgs;
use super::serve::ServeArgs;
use super::setup::{CompletionsArgs, DoctorArgs, InitArgs};
use super::targets::{CleanupArgs, DiffArgs, ReplayArgs, SnapshotArgs};

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
        after_help = "Examples:\n  glueproof run http://127.0.0.1:5000 --name moto --html report.html\n  glueproof run moto --only PutResourcePolicy --cases 50 --seed random\n  glueproof run http://127.0.0.1:5000 --known glueproof-known.toml --markdown \"$GITHUB_STEP_SUMMARY\"\n  glueproof run http://127.0.0.1:5000 --watch \"python server.py\"\n  glueproof run aws --account 123456789012 --region eu-west-1"
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
        after_help = "Examples:\n  glueproof serve --port 4566 --state cloud.json\n  glueproof serve --port 0 --fault throttling --log"
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
    /// Print the reference of all commands in Markdown
    #[command(hide = true)]
    Reference,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }
}
