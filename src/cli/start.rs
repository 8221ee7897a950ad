//! Reads the arguments and hands over to the command.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use super::args::{Cli, Command, CompletionsArgs, RunArgs, SpecsCommand};
use super::error::CliError;
use super::{
    cases, cleanup, diff, doctor, drift, init, mutants, output, reference, replay, report, rules, run, serve,
    show, site, snapshot, watch,
};

/// Printed first by the program without a command.
const BARE: &str = "judging the embedded fake, an implementation that should conform; `glueproof run URL` judges your \
                    target, `glueproof --help` shows all commands";

/// The whole program.
#[must_use]
pub fn start() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Run(args)) => run_or_watch(&args),
        Some(Command::Report(args)) => report::report(&args),
        Some(Command::Site(args)) => site::site(&args),
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
        Some(Command::Init(args)) => init::init(&args),
        Some(Command::Doctor(args)) => doctor::doctor(&args),
        Some(Command::Completions(args)) => completions(&args),
        Some(Command::Man) => manual(),
        Some(Command::Reference) => output::print(&reference::commands()).map(|()| 0),
        None => default_run(),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output::print_error(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// Judges a target once, or at each change of its sources.
fn run_or_watch(args: &RunArgs) -> Result<u8, CliError> {
    match &args.watch {
        Some(command) => watch::watch(args, command),
        None => run::run(args),
    }
}

/// Runs `run` with the settings of the environment, for a command line without a command.
fn default_run() -> Result<u8, CliError> {
    match Cli::parse_from(["glueproof", "run"]).command {
        Some(Command::Run(args)) => {
            if args.target == "fake" {
                output::print_error(BARE);
            }
            run::run(&args)
        }
        _ => Ok(2),
    }
}

/// Prints completions for a shell.
fn completions(args: &CompletionsArgs) -> Result<u8, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "glueproof", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Prints the manual page of the program, followed by those of its commands.
fn manual() -> Result<u8, CliError> {
    let mut program = Cli::command();
    program.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(program.clone()).render(&mut page).map_err(CliError::Print)?;
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        clap_mangen::Man::new(command.clone()).render(&mut page).map_err(CliError::Print)?;
    }
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(0)
}
