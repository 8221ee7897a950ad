//! Reads a `glueproof.toml`. Opens no file: it is told the text, and the folder that paths in it are relative to.
//!
//! ```toml
//! [defaults]                          # for every target below that does not say otherwise
//! timeout = "10s"
//!
//! [targets.moto]
//! url = "http://127.0.0.1:5000"
//! region = "us-east-1"
//! profile = "testing"
//! headers = { x-api-key = { env = "MOTO_KEY" } }
//! capabilities = ["core", "connections"]
//! known = "known/moto.toml"
//! rate = 50
//! edition = "current"
//! jobs = 4
//! parity = false
//! allow_insecure = ["moto.internal"]
//!
//! [targets.sandbox]
//! kind = "aws"
//! region = "eu-west-1"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::error::{ConfigError, ConfigProblem};
use super::target::{NamedTarget, RawTarget, Settings};

/// The targets of a file.
#[derive(Debug, Clone, Default)]
pub struct ConfigFile {
    targets: BTreeMap<String, NamedTarget>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    defaults: Option<RawTarget>,
    #[serde(default)]
    targets: BTreeMap<Spanned<String>, RawTarget>,
}

impl ConfigFile {
    /// Reads the text of a file that lies in a folder.
    ///
    /// # Errors
    /// When it is no TOML, has a key nobody knows, or says something that cannot be.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let raw: Raw = toml::from_str(text).map_err(|e| {
            let problem = ConfigProblem::Syntax(said(e.message()));
            ConfigError::at(text, &e.span().unwrap_or_default(), problem)
        })?;
        let defaults = match raw.defaults {
            Some(defaults) => defaults.defaults(text, folder)?,
            None => Settings::default(),
        };
        let mut targets = BTreeMap::new();
        for (name, target) in raw.targets {
            if let Some(why) = taken(name.get_ref()) {
                let problem = ConfigProblem::Name(name.get_ref().clone(), why);
                return Err(ConfigError::at(text, &name.span(), problem));
            }
            let target = target.named((text, folder), &name, &defaults)?;
            targets.insert(name.into_inner(), target);
        }
        Ok(Self { targets })
    }

    /// The target of that name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&NamedTarget> {
        self.targets.get(name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// The name that resembles one that is none, if any does.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let distance = |known: &&str| strsim::damerau_levenshtein(known, name);
        self.names().min_by_key(distance).filter(|known| distance(known) <= known.chars().count().div_ceil(3))
    }
}

/// What the parser says, without what it quotes of the file: that may be a secret.
fn said(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    match first.split_once("invalid type: ").or_else(|| first.split_once("invalid value: ")) {
        Some((_, rest)) => match rest.rsplit_once(", expected ") {
            Some((_, expected)) => format!("expected {expected}"),
            None => "a value of another kind is expected".to_owned(),
        },
        None => first.to_owned(),
    }
}

/// Why a name cannot be given to a target.
fn taken(name: &str) -> Option<&'static str> {
    match name {
        "fake" | "fake:wiremock" => Some("that is the embedded fake"),
        name if name.contains("://") => Some("that is a URL"),
        name if name.trim().is_empty() => Some("it says nothing"),
        _ => None,
    }
}
