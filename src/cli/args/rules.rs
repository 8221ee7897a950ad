//! The arguments of the commands about rules, specs and faults: `list`, `explain`, `specs`, `cases`, `drift` and `mutants`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::shared::{ChoiceArgs, SpecArgs};
use super::values::{positive, seed};

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
