//! The reference of all commands in Markdown, made from the definitions that parse them. Prints nothing.
//!
//! The entry point is [`commands`]. The hidden command `glueproof reference` prints it, and a test compares it with
//! `docs/reference/cli.md`.

use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::args::Cli;

const HEAD: &str = "<!-- `glueproof reference` writes this page. Do not edit it. -->\n\n# Commands\n\n\
    Every flag that shapes a run has an environment variable, too, for `cargo test`. A flag has precedence over its \
    variable. [Runs](runs.md) describes what a run does with the target, with credentials and with signals.\n";

/// Returns the reference of all commands.
#[must_use]
pub fn commands() -> String {
    let mut program = Cli::command();
    program.build();
    let mut page = HEAD.to_owned();
    let shown: Vec<&Command> = leaves(&program);
    page.push_str("\n| command | purpose |\n|---|---|\n");
    for command in &shown {
        let name = command.get_bin_name().unwrap_or_default();
        let anchor = name.replace(' ', "-");
        let _ = writeln!(page, "| [`{name}`](#{anchor}) | {} |", line(command.get_about()));
    }
    for command in shown {
        section(&mut page, command);
    }
    page.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | the target conforms; the command did what it was asked |\n| 1 | the target deviates; two things differ |\n| 2 | usage or configuration |\n| 3 | the target could not be judged |\n");
    page
}

/// Returns the commands without commands of their own.
fn leaves(command: &Command) -> Vec<&Command> {
    let own = command.get_subcommands().filter(|own| !own.is_hide_set() && own.get_name() != "help");
    own.flat_map(|own| if own.has_subcommands() { leaves(own) } else { vec![own] }).collect()
}

fn section(page: &mut String, command: &Command) {
    let _ = write!(page, "\n## {}\n\n", command.get_bin_name().unwrap_or_default());
    let about = command.get_long_about().or_else(|| command.get_about());
    let _ = writeln!(page, "{}.", about.map(ToString::to_string).unwrap_or_default().trim_end_matches('.'));
    let arguments: Vec<&Arg> =
        command.get_arguments().filter(|arg| !arg.is_hide_set() && arg.get_id() != "help").collect();
    if !arguments.is_empty() {
        page.push_str("\n| argument | meaning |\n|---|---|\n");
        for argument in arguments {
            let _ = writeln!(page, "| `{}` | {} |", cell(&written(argument)), cell(&meaning(argument)));
        }
    }
    if let Some(examples) = command.get_after_help() {
        let examples = examples.to_string();
        let lines = examples.lines().skip(1).map(|line| format!("    {}\n", line.trim()));
        let _ = write!(page, "\nExamples:\n\n{}", lines.collect::<String>());
    }
}

/// Returns an argument as the user writes it.
fn written(argument: &Arg) -> String {
    let names = argument.get_value_names().unwrap_or_default();
    let values = names.iter().map(|name| format!("<{name}>")).collect::<Vec<_>>().join(" ");
    let many = if argument.get_num_args().is_some_and(|number| number.max_values() > 1) { "…" } else { "" };
    match argument.get_long() {
        None if argument.is_required_set() => format!("{values}{many}"),
        None => format!("[{}]{many}", values.trim_matches(['<', '>'])),
        Some(long) if !argument.get_action().takes_values() => format!("--{long}"),
        Some(long) if argument.get_num_args().is_some_and(|number| number.min_values() == 0) => {
            format!("--{long}[={values}]")
        }
        Some(long) => format!("--{long} {values}"),
    }
}

/// Returns the help of an argument, with its values, default and variable.
fn meaning(argument: &Arg) -> String {
    let mut text = line(argument.get_long_help().or_else(|| argument.get_help()));
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && !matches!(argument.get_action(), ArgAction::SetTrue) {
        let _ = write!(text, ". Default: `{}`", defaults.join("`, `"));
    }
    if let Some(variable) = argument.get_env() {
        let _ = write!(text, ". Variable: `{}`", variable.to_string_lossy());
    }
    text
}

fn line(text: Option<&StyledStr>) -> String {
    let text = text.map(ToString::to_string).unwrap_or_default();
    let paragraphs = text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join(". ")
}

/// Returns text that a cell of a table shows as it is.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
