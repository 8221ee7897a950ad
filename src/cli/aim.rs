//! From what the user calls a target to what it is and how it is to be called: the built-in names, URLs, and names out of
//! `glueproof.toml`. Flags and variables of the environment stand above the file. Calls nobody.

use std::path::{Path, PathBuf};

use crate::config::{ConfigFile, Kind, Settings};
use crate::position::Position;
use crate::rule::Catalog;

use super::args::{CallArgs, RunArgs};
use super::error::CliError;

/// Looked for where no other file is named.
const FILE: &str = "glueproof.toml";
/// The service itself, whether a file says more of it or not.
const AWS: &str = "aws";
/// Where a repository begins.
const REPOSITORY: &str = ".git";

/// What a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The embedded fake, in process, with these faults on.
    Fake(Vec<String>),
    /// The same through a socket.
    FakeOnSocket(Vec<String>),
    /// Whatever answers at a URL.
    Endpoint {
        /// The address.
        url: String,
    },
    /// The service itself.
    Aws,
}

/// A target before anybody has called it.
#[derive(Debug, Clone)]
pub struct Aim {
    /// What the user calls it.
    pub name: String,
    /// What it is.
    pub place: Place,
    /// What the file says of it, nothing for what is no name of the file's.
    pub settings: Settings,
    /// The file it stands in, and where its address does.
    written: Option<(PathBuf, Option<Position>)>,
}

/// Finds out what a target is.
///
/// # Errors
/// When it is no target, or the file that should name it cannot be used.
pub fn aim(name: &str, config: Option<&Path>) -> Result<Aim, CliError> {
    let plain = |place| Aim { name: name.to_owned(), place, settings: Settings::default(), written: None };
    if name.contains("://") {
        return Ok(Aim::at(name));
    }
    let mut parts = name.split('+').map(str::to_owned);
    match parts.next().as_deref() {
        Some("fake") => return Ok(plain(Place::Fake(parts.collect()))),
        Some("fake:wiremock") => return Ok(plain(Place::FakeOnSocket(parts.collect()))),
        _ => {}
    }
    let path = config.map(Path::to_owned).or_else(find);
    let Some(path) = path else {
        return if name == AWS {
            Ok(plain(Place::Aws))
        } else {
            Err(CliError::UnknownTarget(name.to_owned()))
        };
    };
    let file = read(&path)?;
    if name == AWS && file.target(name).is_none() {
        return Ok(plain(Place::Aws));
    }
    let Some(target) = file.target(name).cloned() else { return Err(unknown(name, path, &file)) };
    let (place, at) = match target.kind {
        Kind::Endpoint { url, at } => (Place::Endpoint { url }, Some(at)),
        Kind::Aws => (Place::Aws, None),
    };
    Ok(Aim { name: target.name, place, settings: target.settings, written: Some((path, at)) })
}

/// The file of this folder, or of the nearest one above it in the same repository.
fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let root = here.ancestors().find(|folder| folder.join(REPOSITORY).exists()).unwrap_or(&here);
    let inside = here.ancestors().take_while(|folder| folder.starts_with(root));
    inside.map(|folder| folder.join(FILE)).find(|file| file.is_file())
}

fn read(path: &Path) -> Result<ConfigFile, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| CliError::Unreadable { path: path.to_owned(), source })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    ConfigFile::parse(&text, folder)
        .map_err(|source| CliError::Config { path: path.to_owned(), problem: source.to_string() })
}

fn unknown(name: &str, path: PathBuf, file: &ConfigFile) -> CliError {
    let nearest = file.nearest(name).map(str::to_owned);
    let names = file.names().map(str::to_owned).collect();
    CliError::UnnamedTarget { name: name.to_owned(), path, nearest, names }
}

impl Aim {
    /// What answers at a URL, of which no file says anything.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let place = Place::Endpoint { url: url.to_owned() };
        Self { name: url.to_owned(), place, settings: Settings::default(), written: None }
    }

    /// How it is called: as the command line says, or else the file.
    #[must_use]
    pub fn calls(&self, given: &CallArgs) -> CallArgs {
        let settings = &self.settings;
        let hosts = given.allow_insecure.iter().chain(&settings.allow_insecure).cloned();
        CallArgs {
            timeout: given.timeout.or(settings.timeout),
            rate: given.rate.or(settings.rate),
            region: given.region.clone().or_else(|| settings.region.clone()),
            profile: given.profile.clone().or_else(|| settings.profile.clone()),
            allow_insecure: hosts.collect(),
            config: given.config.clone(),
        }
    }

    /// How it is judged, likewise.
    #[must_use]
    pub fn run(&self, given: &RunArgs) -> RunArgs {
        let settings = &self.settings;
        let mut args = given.clone();
        args.call = self.calls(&given.call);
        args.specs.edition = given.specs.edition.or(settings.edition);
        args.known = given.known.clone().or_else(|| settings.known.clone());
        args.jobs = given.jobs.or(settings.jobs);
        args.parity = given.parity.or(settings.parity);
        if given.choice.capability.is_empty() {
            args.choice.capability = settings.capabilities.iter().map(|(name, _)| name.clone()).collect();
        }
        args
    }

    /// Makes sure that the capabilities of the file are some.
    ///
    /// # Errors
    /// When no rule needs one.
    pub fn check(&self, catalog: &Catalog) -> Result<(), CliError> {
        let Some((path, _)) = &self.written else { return Ok(()) };
        let known = |name: &str| catalog.rules.iter().any(|rule| rule.capability == name);
        let wrong = self.settings.capabilities.iter().find(|(name, _)| !known(name));
        wrong.map_or(Ok(()), |(name, at)| {
            let problem = format!("{at}: there are no rules for the capability `{name}`");
            Err(CliError::Config { path: path.clone(), problem })
        })
    }

    /// An error about the address, with the place where the file has it.
    #[must_use]
    pub fn blamed(&self, error: CliError) -> CliError {
        match (&self.written, error) {
            (Some((path, Some(at))), CliError::Connect(source)) => {
                CliError::Config { path: path.clone(), problem: format!("{at}: {source}") }
            }
            (_, error) => error,
        }
    }
}
