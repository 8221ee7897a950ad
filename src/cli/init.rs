//! `glueproof init`: writes the files with which a repository judges its target. Overwrites no file.
//! Entry point: [`init`].

use std::path::{Path, PathBuf};

use clap::Parser as _;

use super::args::{Cli, Command, InitArgs};
use super::error::CliError;
use super::{output, run};

/// The file of targets.
const CONFIG: &str = "glueproof.toml";
/// The file of known gaps.
const KNOWN: &str = "glueproof-known.toml";
/// The workflow for GitHub Actions.
const GITHUB: &str = ".github/workflows/glueproof.yml";
/// The job for GitLab, to be included from `.gitlab-ci.yml`.
const GITLAB: &str = ".gitlab/glueproof.yml";

/// Writes the files, and the known gaps of a first run unless the user does without.
///
/// # Errors
/// Returns an error if a file exists or cannot be written, or if the first run cannot be made.
pub fn init(args: &InitArgs) -> Result<u8, CliError> {
    let files = files(args);
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(CliError::WouldOverwrite(path.clone()));
    }
    for (path, text) in &files {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            output::folder(folder)?;
        }
        output::write(path, text)?;
        output::print_error(&format!("wrote {}", path.display()));
    }
    if args.no_run {
        return Ok(0);
    }
    let command = ["glueproof", "run", &args.url, "--write-known", KNOWN];
    if let Some(Command::Run(given)) = Cli::parse_from(command).command {
        run::run(&given)?;
    }
    output::print_error(&format!("wrote {KNOWN}; `glueproof run {}` compares the target with it", args.name));
    Ok(0)
}

fn files(args: &InitArgs) -> Vec<(PathBuf, String)> {
    let mut files = vec![(PathBuf::from(CONFIG), config(args))];
    if Path::new(".github").is_dir() {
        files.push((PathBuf::from(GITHUB), github(args)));
    }
    if Path::new(".gitlab-ci.yml").is_file() {
        files.push((PathBuf::from(GITLAB), gitlab(args)));
    }
    files
}

fn config(args: &InitArgs) -> String {
    let known = if args.no_run { format!("# known = \"{KNOWN}\"") } else { format!("known = \"{KNOWN}\"") };
    format!(
        "# Targets of glueproof: `glueproof run {name}` judges this one.\n\
         [targets.{name}]\n\
         url = \"{url}\"\n\
         # Rules that the target is known to violate. They do not fail a run; one that holds does.\n\
         {known}\n\
         # The edition of the API that the target claims: \"2018\" or \"current\".\n\
         # edition = \"current\"\n\
         # Rules that run at the same time.\n\
         # jobs = 4\n",
        name = args.name,
        url = args.url
    )
}

fn github(args: &InitArgs) -> String {
    format!(
        "name: glueproof\n\
         on: [push, pull_request]\n\
         permissions:\n  contents: read\n\
         jobs:\n  \
           judge:\n    \
             runs-on: ubuntu-latest\n    \
             steps:\n      \
               - uses: actions/checkout@v5\n      \
               # Start the target here, in the background.\n      \
               - run: pip install glueproof\n      \
               - run: glueproof run {name} --markdown \"$GITHUB_STEP_SUMMARY\" --html glueproof.html\n      \
               - uses: actions/upload-artifact@v6\n        \
                 if: always()\n        \
                 with:\n          name: glueproof\n          path: glueproof.html\n",
        name = args.name
    )
}

fn gitlab(args: &InitArgs) -> String {
    format!(
        "# Include this file from .gitlab-ci.yml.\n\
         glueproof:\n  \
           image: python:3.12\n  \
           script:\n    \
             # Start the target here, in the background.\n    \
             - pip install glueproof\n    \
             - glueproof run {name} --junit glueproof.xml --html glueproof.html\n  \
           artifacts:\n    \
             when: always\n    \
             paths: [glueproof.html]\n    \
             reports:\n      junit: glueproof.xml\n",
        name = args.name
    )
}
