//! Reads the arguments and hands over to the command.

use std::process::ExitCode;

use clap::Parser as _;

use super::args::{Cli, Command, SpecsCommand};
use super::error::CliError;
use super::{
    cases, cleanup, diff, drift, mutants, output, replay, report, rules, run, serve, show, snapshot,
};

/// Printed first by the program without a command.
const BARE: &str = "judging the embedded fake, an implementation that should conform; `glueproof run URL` judges your \
                    target, `glueproof --help` shows all commands";

/// The whole program.
#[must_use]
pub fn start() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Report(args)) => report::report(&args),
        Some(Command::Show(args)) => show::show(&args),
        Some(Command::List(args)) => rules::list(&args),
        Some(Command::Explain(args)) => rules::explain(&args),
        Some(Command::Replay(args)) => replay::replay(&args),
        Some(Command::Cases(args)) => cases::cases(&args),
        Some(Command::Snapshot(args)) => snapshot::snapshot(&args),
        Some(Command::Diff(args)) => diff::diff(&args),
        Some(Command::Drift(args)) => drift::drift(&args),
        Some(Command::Specs(SpecsCommand::Check(args))) => rules::check_specs(&args),
        Some(Command::Cleanup(args)) => cleanup::cleanup(&args),
        Some(Command::Mutants(args)) => mutants::mutants(&args),
        Some(Command::Serve(args)) => serve::serve(&args),
        None => default_run(),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output::complain(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Runs `run` with the settings of the environment, for a command line without a command.
fn default_run() -> Result<u8, CliError> {
    match Cli::parse_from(["glueproof", "run"]).command {
        Some(Command::Run(args)) => {
            if args.target == "fake" {
                output::complain(BARE);
            }
            run::run(&args)
        }
        _ => Ok(2),
    }
}
