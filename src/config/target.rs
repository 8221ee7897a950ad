//! One target of the file: what it says of it, checked as far as the file alone tells. Calls nobody.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::{Spanned, Value};

use crate::model::Edition;
use crate::position::Position;

use super::error::{ConfigError, ConfigProblem};
use super::header::Header;
use super::value::{duration, rate};

/// The name that means AWS itself, in the file or without one.
pub(super) const AWS: &str = "aws";

/// A target as the file has it, defaults filled in.
#[derive(Debug, Clone)]
pub struct NamedTarget {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How it is called and judged.
    pub settings: Settings,
}

/// What a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Whatever answers at a URL.
    Endpoint {
        /// The address.
        url: String,
        /// Where the file says so.
        at: Position,
    },
    /// The service itself.
    Aws,
}

/// How a target is called and judged, as far as the file says.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Region calls are signed for.
    pub region: Option<String>,
    /// Profile of AWS credentials.
    pub profile: Option<String>,
    /// Added to every call.
    pub headers: Vec<Header>,
    /// Only rules of these, each with its place in the file.
    pub capabilities: Vec<(String, Position)>,
    /// File of known gaps.
    pub known: Option<PathBuf>,
    /// Calls a second.
    pub rate: Option<f64>,
    /// Which API it claims.
    pub edition: Option<Edition>,
    /// For one call.
    pub timeout: Option<Duration>,
    /// Rules tried at once.
    pub jobs: Option<usize>,
    /// Whether observed rules decide.
    pub parity: Option<bool>,
    /// Hosts that may have real credentials without TLS.
    pub allow_insecure: Vec<String>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTarget {
    kind: Option<Spanned<String>>,
    url: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    profile: Option<Spanned<String>>,
    headers: Option<Spanned<Value>>,
    #[serde(default)]
    capabilities: Vec<Spanned<String>>,
    known: Option<PathBuf>,
    rate: Option<Spanned<f64>>,
    edition: Option<Spanned<String>>,
    timeout: Option<Spanned<String>>,
    jobs: Option<Spanned<usize>>,
    parity: Option<bool>,
    #[serde(default)]
    allow_insecure: Vec<Spanned<String>>,
}

impl RawTarget {
    /// What every target has that does not say otherwise.
    pub fn defaults(self, text: &str, folder: &Path) -> Result<Settings, ConfigError> {
        let misplaced = [("kind", &self.kind), ("url", &self.url)];
        for (key, value) in misplaced {
            if let Some(value) = value {
                let why = "it belongs to one target, and not to all".to_owned();
                return Err(ConfigError::at(text, &value.span(), ConfigProblem::Value { key, why }));
            }
        }
        self.settings(text, folder)
    }

    /// The target of that name.
    pub fn named(
        self,
        (text, folder): (&str, &Path),
        name: &Spanned<String>,
        defaults: &Settings,
    ) -> Result<NamedTarget, ConfigError> {
        let kind = self.kind(text, name)?;
        let settings = self.settings(text, folder)?.over(defaults);
        Ok(NamedTarget { name: name.get_ref().clone(), kind, settings })
    }

    fn kind(&self, text: &str, name: &Spanned<String>) -> Result<Kind, ConfigError> {
        let is_aws = match self.kind.as_ref().map(|kind| (kind.get_ref().as_str(), kind.span())) {
            Some((AWS, _)) => true,
            Some(("endpoint", _)) => false,
            Some((other, span)) => {
                return Err(ConfigError::at(text, &span, ConfigProblem::Kind(other.to_owned())));
            }
            None => name.get_ref() == AWS,
        };
        match &self.url {
            Some(url) if is_aws => Err(ConfigError::at(text, &url.span(), ConfigProblem::UrlOfAws)),
            _ if is_aws => Ok(Kind::Aws),
            Some(url) => {
                Ok(Kind::Endpoint { url: url.get_ref().clone(), at: Position::of(text, url.span().start) })
            }
            None => {
                let problem = ConfigProblem::NoUrl(name.get_ref().clone());
                Err(ConfigError::at(text, &name.span(), problem))
            }
        }
    }

    fn settings(self, text: &str, folder: &Path) -> Result<Settings, ConfigError> {
        let reader = Reader { text };
        let edition = |written: &str| written.parse::<Edition>().map_err(|e| e.to_string());
        let rates = |written: &f64| rate(&written.to_string());
        let several = |jobs: &usize| Some(*jobs).filter(|n| *n > 0).ok_or("at least one".to_owned());
        Ok(Settings {
            region: reader.read("region", self.region, |region| word(region))?,
            profile: reader.read("profile", self.profile, |profile| word(profile))?,
            headers: match self.headers {
                Some(headers) => Header::read_all(text, headers)?,
                None => Vec::new(),
            },
            capabilities: self.capabilities.into_iter().map(|name| reader.placed(name)).collect(),
            known: self.known.map(|known| folder.join(known)),
            rate: reader.read("rate", self.rate, rates)?,
            edition: reader.read("edition", self.edition, |written| edition(written))?,
            timeout: reader.read("timeout", self.timeout, |written| duration(written))?,
            jobs: reader.read("jobs", self.jobs, several)?,
            parity: self.parity,
            allow_insecure: self.allow_insecure.into_iter().map(Spanned::into_inner).collect(),
        })
    }
}

fn word(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    /// A value that may be left out, and says where it is wrong.
    fn read<R, V>(
        &self,
        key: &'static str,
        written: Option<Spanned<R>>,
        value: impl Fn(&R) -> Result<V, String>,
    ) -> Result<Option<V>, ConfigError> {
        let Some(written) = written else { return Ok(None) };
        let span: Range<usize> = written.span();
        let wrong = |why| ConfigError::at(self.text, &span, ConfigProblem::Value { key, why });
        value(written.get_ref()).map(Some).map_err(wrong)
    }

    fn placed(&self, name: Spanned<String>) -> (String, Position) {
        let at = Position::of(self.text, name.span().start);
        (name.into_inner(), at)
    }
}

impl Settings {
    /// These, and where they say nothing, others. Headers go together, a target's own before those of all.
    #[must_use]
    fn over(self, others: &Self) -> Self {
        let others = others.clone();
        let own: Vec<String> = self.headers.iter().map(|header| header.name().to_owned()).collect();
        let shared =
            others.headers.into_iter().filter(|header| !own.iter().any(|name| name == header.name()));
        let or = |own: Vec<_>, shared| if own.is_empty() { shared } else { own };
        Self {
            region: self.region.or(others.region),
            profile: self.profile.or(others.profile),
            headers: self.headers.into_iter().chain(shared).collect(),
            capabilities: or(self.capabilities, others.capabilities),
            known: self.known.or(others.known),
            rate: self.rate.or(others.rate),
            edition: self.edition.or(others.edition),
            timeout: self.timeout.or(others.timeout),
            jobs: self.jobs.or(others.jobs),
            parity: self.parity.or(others.parity),
            allow_insecure: self.allow_insecure.into_iter().chain(others.allow_insecure).collect(),
        }
    }
}
