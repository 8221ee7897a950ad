//! Arguments that several commands have: specs, choice of rules, settings of calls, files of a report.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::config::{duration, rate};
use crate::model::Edition;

use super::values::{positive, seed};

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

/// The number of cases that are generated and executed, and their seed.
#[derive(Debug, Clone, Args)]
pub struct GenerationArgs {
    /// Cases a rule; every kind of case is tried at least once
    #[arg(long, env = "GLUEPROOF_CASES", value_name = "N", default_value_t = 12, value_parser = positive)]
    pub cases: usize,
    /// Seed of everything generated, or `random`
    #[arg(long, env = "GLUEPROOF_SEED", value_name = "S", default_value = "1", value_parser = seed)]
    pub seed: u64,
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
    /// Trust the certificates in this PEM file, in place of those of the system
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
