//! Parses the text of a `glueproof.toml`.
//!
//! Opens no file: the caller passes the text and the folder of relative paths. The entry point is [`ConfigFile::parse`].
//!
//! ```toml
//! [defaults]                          # applied to every target without its own value
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
//! poll_timeout = "40s"
//! edition = "current"
//! jobs = 4
//! parity = false
//! allow_insecure = ["moto.internal"]
//! ca_bundle = "certificates/moto.pem"
//!
//! [targets.sandbox]
//! kind = "aws"
//! region = "eu-west-1"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::target::{NamedTarget, RawTarget, TargetSettings};
use super::value::{ConfigError, ConfigProblem};

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
    /// Parses the text of a file in a folder.
    ///
    /// # Errors
    /// Returns an error for invalid TOML, an unknown key or an invalid value.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, ConfigError> {
        let raw: Raw = toml::from_str(text).map_err(|e| {
            let problem = ConfigProblem::Syntax(without_values(e.message()));
            ConfigError::at(text, &e.span().unwrap_or_default(), problem)
        })?;
        let defaults = match raw.defaults {
            Some(defaults) => defaults.defaults(text, folder)?,
            None => TargetSettings::default(),
        };
        let mut targets = BTreeMap::new();
        for (name, target) in raw.targets {
            if let Some(why) = reserved(name.get_ref()) {
                let problem = ConfigProblem::Name(name.get_ref().clone(), why);
                return Err(ConfigError::at(text, &name.span(), problem));
            }
            let target = target.named((text, folder), &name, &defaults)?;
            targets.insert(name.into_inner(), target);
        }
        Ok(Self { targets })
    }

    /// Returns the target with this name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&NamedTarget> {
        self.targets.get(name)
    }

    /// Returns all names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.targets.keys().map(String::as_str)
    }

    /// Returns the name most similar to an unknown one, if any is similar.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let distance = |known: &&str| strsim::damerau_levenshtein(known, name);
        self.names().min_by_key(distance).filter(|known| distance(known) <= known.chars().count().div_ceil(3))
    }
}

/// Removes quoted values from a message of the parser, because they may be secrets.
fn without_values(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    match first.split_once("invalid type: ").or_else(|| first.split_once("invalid value: ")) {
        Some((_, rest)) => match rest.rsplit_once(", expected ") {
            Some((_, expected)) => format!("expected {expected}"),
            None => "the value has the wrong type".to_owned(),
        },
        None => first.to_owned(),
    }
}

/// Returns the reason why a name cannot be used.
fn reserved(name: &str) -> Option<&'static str> {
    match name {
        "fake" | "fake:wiremock" => Some("this is the embedded fake"),
        name if name.contains("://") => Some("this is a URL"),
        name if name.trim().is_empty() => Some("the name is empty"),
        _ => None,
    }
}
