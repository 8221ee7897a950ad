//! The command line: what can be said, and its help. Does nothing.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::fake::{Fault, Mode};
use crate::model::Edition;

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
                  glueproof replay glueproof-findings/CASE.json http://127.0.0.1:5000\n\n\
                  Exit codes: 0 conforms, 1 deviates, 2 usage or configuration, 3 the target could not be judged."
)]
pub struct Cli {
    /// What to do; `run` on the embedded fake when left out.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge a target and report
    Run(Box<RunArgs>),
    /// Show the rules, one a line
    List(ListArgs),
    /// Show one rule: requirement, evidence, how it is tested
    Explain(ExplainArgs),
    /// Repeat a saved finding, against the same or another target
    Replay(ReplayArgs),
    /// Serve the fake cloud, for any SDK or command line
    Serve(Box<ServeArgs>),
}

/// Which specs.
#[derive(Debug, Clone, Args)]
pub struct SpecArgs {
    /// Which API the target claims: `2018` (the nine operations of the original documents) or `current`
    #[arg(long, env = "GLUEPROOF_EDITION", default_value_t)]
    pub edition: Edition,
    /// Read specs from this folder instead of those built in
    #[arg(long, env = "GLUEPROOF_SPECS", value_name = "DIR")]
    pub specs: Option<PathBuf>,
}

/// Which rules.
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

/// How to call a target.
#[derive(Debug, Clone, Args)]
pub struct CallArgs {
    /// Longest time for one call, from connecting to the last byte: `10s`, `500ms`, `1m`
    #[arg(long, env = "GLUEPROOF_TIMEOUT", value_name = "D", default_value = "10s", value_parser = duration)]
    pub timeout: Duration,
    /// At most this many calls a second
    #[arg(long, env = "GLUEPROOF_RATE", value_name = "R", value_parser = rate)]
    pub rate: Option<f64>,
}

/// `run`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// `fake` (the embedded one, in process), `fake:wiremock` (the same through a socket), or a URL
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
    #[arg(long, env = "GLUEPROOF_PARITY")]
    pub parity: bool,
    /// Cases a rule; every kind of case is tried at least once
    #[arg(long, env = "GLUEPROOF_CASES", value_name = "N", default_value_t = 12)]
    pub cases: usize,
    /// Seed of everything generated, or `random`
    #[arg(long, env = "GLUEPROOF_SEED", value_name = "S", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// Rules tried at once; those on account-wide state take turns all the same [default: cores, at least 4 for a URL]
    #[arg(long, env = "GLUEPROOF_JOBS", value_name = "N")]
    pub jobs: Option<usize>,
    /// Write the JSON report here; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a JUnit report here
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Save the cases of findings here, for `replay`
    #[arg(long, value_name = "DIR", default_value = "glueproof-findings")]
    pub findings: PathBuf,
    /// Show every finding in full, not one a cause
    #[arg(long)]
    pub all: bool,
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
    #[command(flatten)]
    pub specs: SpecArgs,
}

/// `replay`.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// A case that `run` saved
    pub file: PathBuf,
    /// `fake`, `fake:wiremock`, or a URL
    #[arg(env = "GLUEPROOF_TARGET", default_value = "fake")]
    pub target: String,
    /// Read specs from this folder instead of those built in
    #[arg(long, env = "GLUEPROOF_SPECS", value_name = "DIR")]
    pub specs: Option<PathBuf>,
    #[command(flatten)]
    pub call: CallArgs,
}

/// `serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 4566)]
    pub port: u16,
    /// Address to listen on. Anybody who reaches another address than this machine's own loopback can read and
    /// change everything in the cloud, keys included
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,
    /// Let other machines use the admin path `/_glueproof/` too
    #[arg(long)]
    pub admin_from_anywhere: bool,
    /// Misbehave in this way until told otherwise; may be repeated
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<Fault>,
    /// Keep state in this file, and begin with what it holds. Keys lie in it in the clear
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// How much callers are asked who they are: `off`, `identify` (the access key id tells, nothing is refused) or
    /// `enforce` (signatures are verified, policies decide)
    #[arg(long, value_name = "MODE", default_value = "identify")]
    pub mode: Mode,
    /// Users, roles, policies and access keys to begin with, in TOML; may be repeated
    #[arg(long, value_name = "FILE")]
    pub seed: Vec<PathBuf>,
    /// Account of callers whose access key id is not itself an account number
    #[arg(long, value_name = "DIGITS", default_value = "123456789012", value_parser = account)]
    pub account: String,
    /// Region of requests that are not signed for one
    #[arg(long, value_name = "NAME", default_value = "us-east-1")]
    pub region: String,
    /// Which API to speak: `2018` or `current`
    #[arg(long, value_name = "EDITION", default_value_t)]
    pub edition: Edition,
    /// How many security configurations an account may have in a region
    #[arg(long, value_name = "N", default_value_t = 250)]
    pub quota: usize,
}

fn account(text: &str) -> Result<String, String> {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(text.to_owned()) } else { Err("an account has twelve digits".to_owned()) }
}

fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 = number.trim().parse().map_err(|_| "write it like 10s, 500ms or 1m".to_owned())?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "s" | "" => number,
        "m" => number * 60.0,
        _ => return Err(format!("`{unit}` is no unit; use ms, s or m")),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("it must be more than nothing".to_owned()),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("it must be a number of calls a second above zero".to_owned()),
    }
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
    fn durations_have_units_and_are_never_zero() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        for bad in ["0s", "-1s", "10h", "soon", "", "1e300m"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
        assert!(rate("0").is_err() && rate("inf").is_err() && rate("2.5") == Ok(2.5));
    }
}
