//! The target of a command, as resolved from its name: its kind and its settings.
//!
//! Flags and environment variables have precedence over `glueproof.toml`. Must not connect. The entry point is [`resolve`].

use std::path::{Path, PathBuf};

use crate::client::with_scheme;
use crate::config::{ConfigFile, ConfiguredKind, TargetSettings};
use crate::position::Position;
use crate::rule::Catalog;

use super::args::{CallArgs, RunArgs};
use super::error::CliError;

/// The usual name of the file of targets.
const CONFIG_FILE: &str = "glueproof.toml";
/// The name of AWS itself, with or without an entry in the file.
const AWS: &str = "aws";
/// The entry that marks the root of a repository.
const REPOSITORY_MARKER: &str = ".git";
/// The kind of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetKind {
    /// The embedded fake in this process, with active faults.
    Fake(Vec<String>),
    /// The embedded fake behind a socket, with active faults.
    FakeOnSocket(Vec<String>),
    /// An endpoint at a URL.
    Endpoint {
        /// The URL.
        url: String,
    },
    /// AWS itself.
    Aws,
}

/// A target as resolved from its name, not yet connected.
#[derive(Debug, Clone)]
pub struct TargetSpec {
    /// The name used by the user.
    pub name: String,
    /// The kind.
    pub kind: TargetKind,
    /// The settings in the file; empty for a target that is not in a file.
    pub settings: TargetSettings,
    /// The file, and the position of the URL in the file.
    source: Option<(PathBuf, Option<Position>)>,
}

/// Resolves the name of a target: a built-in name, a URL, or a name in `glueproof.toml`.
///
/// # Errors
/// Returns an error if there is no such target, or if the file cannot be used.
pub fn resolve(name: &str, config: Option<&Path>) -> Result<TargetSpec, CliError> {
    let unconfigured =
        |kind| TargetSpec { name: name.to_owned(), kind, settings: TargetSettings::default(), source: None };
    if name.contains("://") {
        return Ok(TargetSpec::endpoint(name));
    }
    let mut parts = name.split('+').map(str::to_owned);
    match parts.next().as_deref() {
        Some("fake") => return Ok(unconfigured(TargetKind::Fake(parts.collect()))),
        Some("fake:wiremock") => return Ok(unconfigured(TargetKind::FakeOnSocket(parts.collect()))),
        _ => {}
    }
    let path = config.map(Path::to_owned).or_else(find_config_file);
    let Some(path) = path else {
        return if name == AWS {
            Ok(unconfigured(TargetKind::Aws))
        } else if let Some(url) = with_scheme(name) {
            Err(CliError::NoScheme { name: name.to_owned(), url })
        } else {
            Err(CliError::UnknownTarget(name.to_owned()))
        };
    };
    let file = read_config(&path)?;
    if name == AWS && file.target(name).is_none() {
        return Ok(unconfigured(TargetKind::Aws));
    }
    let Some(target) = file.target(name).cloned() else { return Err(unknown_target(name, path, &file)) };
    let (kind, at) = match target.kind {
        ConfiguredKind::Endpoint { url, at } => (TargetKind::Endpoint { url }, Some(at)),
        ConfiguredKind::Aws => (TargetKind::Aws, None),
    };
    Ok(TargetSpec { name: target.name, kind, settings: target.settings, source: Some((path, at)) })
}

/// Returns the file in the working directory, or in the nearest parent within the same repository.
fn find_config_file() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let root = here.ancestors().find(|folder| folder.join(REPOSITORY_MARKER).exists()).unwrap_or(&here);
    let inside = here.ancestors().take_while(|folder| folder.starts_with(root));
    inside.map(|folder| folder.join(CONFIG_FILE)).find(|file| file.is_file())
}

fn read_config(path: &Path) -> Result<ConfigFile, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| CliError::Unreadable { path: path.to_owned(), source })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    ConfigFile::parse(&text, folder)
        .map_err(|source| CliError::Config { path: path.to_owned(), problem: source.to_string() })
}

fn unknown_target(name: &str, path: PathBuf, file: &ConfigFile) -> CliError {
    if let Some(url) = with_scheme(name) {
        return CliError::NoScheme { name: name.to_owned(), url };
    }
    let nearest = file.nearest(name).map(str::to_owned);
    let names = file.names().map(str::to_owned).collect();
    CliError::UnnamedTarget { name: name.to_owned(), path, nearest, names }
}

impl TargetSpec {
    /// Returns a target at a URL, without settings.
    #[must_use]
    pub fn endpoint(url: &str) -> Self {
        let kind = TargetKind::Endpoint { url: url.to_owned() };
        Self { name: url.to_owned(), kind, settings: TargetSettings::default(), source: None }
    }

    /// Completes the call settings of the command line from the file.
    #[must_use]
    pub fn call_args(&self, given: &CallArgs) -> CallArgs {
        let settings = &self.settings;
        let hosts = given.allow_insecure.iter().chain(&settings.allow_insecure).cloned();
        CallArgs {
            timeout: given.timeout.or(settings.timeout),
            poll_timeout: given.poll_timeout.or(settings.poll_timeout),
            rate: given.rate.or(settings.rate),
            region: given.region.clone().or_else(|| settings.region.clone()),
            profile: given.profile.clone().or_else(|| settings.profile.clone()),
            allow_insecure: hosts.collect(),
            ca_bundle: given.ca_bundle.clone().or_else(|| settings.ca_bundle.clone()),
            config: given.config.clone(),
        }
    }

    /// Completes the settings of a run from the file.
    #[must_use]
    pub fn run_args(&self, given: &RunArgs) -> RunArgs {
        let settings = &self.settings;
        let mut args = given.clone();
        args.call = self.call_args(&given.call);
        args.specs.edition = given.specs.edition.or(settings.edition);
        args.known = given.known.clone().or_else(|| settings.known.clone());
        args.jobs = given.jobs.or(settings.jobs);
        args.parity = given.parity.or(settings.parity);
        if given.choice.capability.is_empty() {
            args.choice.capability = settings.capabilities.iter().map(|(name, _)| name.clone()).collect();
        }
        args
    }

    /// Checks the capabilities in the file.
    ///
    /// # Errors
    /// Returns an error if no rule has one of them.
    pub fn check_capabilities(&self, catalog: &Catalog) -> Result<(), CliError> {
        let Some((path, _)) = &self.source else { return Ok(()) };
        let known = |name: &str| catalog.rules.iter().any(|rule| rule.capability.name() == name);
        let wrong = self.settings.capabilities.iter().find(|(name, _)| !known(name));
        wrong.map_or(Ok(()), |(name, at)| {
            let problem = format!("{at}: there are no rules for the capability `{name}`");
            Err(CliError::Config { path: path.clone(), problem })
        })
    }

    /// Adds the position of the URL in the file to a connection error.
    #[must_use]
    pub fn with_position(&self, error: CliError) -> CliError {
        match (&self.source, error) {
            (Some((path, Some(at))), CliError::Connect(source)) => {
                CliError::Config { path: path.clone(), problem: format!("{at}: {source}") }
            }
            (_, error) => error,
        }
    }
}
