//! One target of `glueproof.toml`: kind, settings and headers.
//!
//! Checks only what the file alone determines, and calls no target. Headers are added below the signature, so that
//! unsigned calls have them too and reports do not. The entry point is [`NamedTarget`].

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use toml::{Spanned, Table, Value};

use crate::model::Edition;
use crate::position::Position;

use super::value::{ConfigError, ConfigProblem, duration, rate};

/// The name of AWS itself.
pub(super) const AWS: &str = "aws";

/// Headers that the client sets itself or that the signature covers.
const RESERVED_HEADERS: [&str; 9] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "host",
    "te",
    "transfer-encoding",
    "upgrade",
];
/// The prefix of further reserved headers.
const RESERVED_PREFIX: &str = "x-amz-";

/// A target in the file, with defaults applied.
#[derive(Debug, Clone)]
pub struct NamedTarget {
    /// The name.
    pub name: String,
    /// The kind.
    pub kind: ConfiguredKind,
    /// The settings of calls and checks.
    pub settings: TargetSettings,
}

/// The kind of a target in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfiguredKind {
    /// An endpoint at a URL.
    Endpoint {
        /// The URL.
        url: String,
        /// The position of the URL in the file.
        at: Position,
    },
    /// AWS itself.
    Aws,
}

/// The settings of a target in the file.
#[derive(Debug, Clone, Default)]
pub struct TargetSettings {
    /// The region in signatures.
    pub region: Option<String>,
    /// The profile of the AWS configuration.
    pub profile: Option<String>,
    /// Headers that are added to every call.
    pub headers: Vec<ConfiguredHeader>,
    /// The capabilities to test, with their positions in the file.
    pub capabilities: Vec<(String, Position)>,
    /// The file of known gaps.
    pub known: Option<PathBuf>,
    /// The maximum number of calls a second.
    pub rate: Option<f64>,
    /// The edition of the API.
    pub edition: Option<Edition>,
    /// The time for one call.
    pub timeout: Option<Duration>,
    /// The longest wait for what takes effect later.
    pub poll_timeout: Option<Duration>,
    /// The number of rules that run at the same time.
    pub jobs: Option<usize>,
    /// True if observed rules decide the verdict.
    pub parity: Option<bool>,
    /// Hosts that may receive calls with real credentials without TLS.
    pub allow_insecure: Vec<String>,
    /// The file with the certificates to trust.
    pub ca_bundle: Option<PathBuf>,
}

/// A target or the defaults, before validation.
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
    poll_timeout: Option<Spanned<String>>,
    jobs: Option<Spanned<usize>>,
    parity: Option<bool>,
    #[serde(default)]
    allow_insecure: Vec<Spanned<String>>,
    ca_bundle: Option<PathBuf>,
}

impl RawTarget {
    /// Validates the defaults of all targets.
    pub fn defaults(self, text: &str, folder: &Path) -> Result<TargetSettings, ConfigError> {
        let misplaced = [("kind", &self.kind), ("url", &self.url)];
        for (key, value) in misplaced {
            if let Some(value) = value {
                let why = "the key belongs to a target, not to the defaults".to_owned();
                return Err(ConfigError::at(text, &value.span(), ConfigProblem::Value { key, why }));
            }
        }
        self.settings(text, folder)
    }

    /// Validates a target and applies the defaults.
    pub fn named(
        self,
        (text, folder): (&str, &Path),
        name: &Spanned<String>,
        defaults: &TargetSettings,
    ) -> Result<NamedTarget, ConfigError> {
        let kind = self.kind(text, name)?;
        let settings = self.settings(text, folder)?.over(defaults);
        Ok(NamedTarget { name: name.get_ref().clone(), kind, settings })
    }

    fn kind(&self, text: &str, name: &Spanned<String>) -> Result<ConfiguredKind, ConfigError> {
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
            _ if is_aws => Ok(ConfiguredKind::Aws),
            Some(url) => Ok(ConfiguredKind::Endpoint {
                url: url.get_ref().clone(),
                at: Position::of(text, url.span().start),
            }),
            None => {
                let problem = ConfigProblem::NoUrl(name.get_ref().clone());
                Err(ConfigError::at(text, &name.span(), problem))
            }
        }
    }

    fn settings(self, text: &str, folder: &Path) -> Result<TargetSettings, ConfigError> {
        let reader = Reader { text };
        let edition = |written: &str| written.parse::<Edition>().map_err(|e| e.to_string());
        let rates = |written: &f64| rate(&written.to_string());
        let at_least_one =
            |jobs: &usize| Some(*jobs).filter(|n| *n > 0).ok_or("the number must be at least one".to_owned());
        Ok(TargetSettings {
            region: reader.read("region", self.region, |region| non_empty(region))?,
            profile: reader.read("profile", self.profile, |profile| non_empty(profile))?,
            headers: match self.headers {
                Some(headers) => ConfiguredHeader::read_all(text, headers)?,
                None => Vec::new(),
            },
            capabilities: self.capabilities.into_iter().map(|name| reader.with_position(name)).collect(),
            known: self.known.map(|known| folder.join(known)),
            rate: reader.read("rate", self.rate, rates)?,
            edition: reader.read("edition", self.edition, |written| edition(written))?,
            timeout: reader.read("timeout", self.timeout, |written| duration(written))?,
            poll_timeout: reader.read("poll_timeout", self.poll_timeout, |written| duration(written))?,
            jobs: reader.read("jobs", self.jobs, at_least_one)?,
            parity: self.parity,
            allow_insecure: self.allow_insecure.into_iter().map(Spanned::into_inner).collect(),
            ca_bundle: self.ca_bundle.map(|file| folder.join(file)),
        })
    }
}

fn non_empty(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("the value is empty".to_owned()) } else { Ok(text.to_owned()) }
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    /// Parses an optional value. The error contains the position.
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

    fn with_position(&self, name: Spanned<String>) -> (String, Position) {
        let at = Position::of(self.text, name.span().start);
        (name.into_inner(), at)
    }
}

impl TargetSettings {
    /// Fills unset values from the defaults. Headers are joined; those of the target have precedence.
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
            poll_timeout: self.poll_timeout.or(others.poll_timeout),
            jobs: self.jobs.or(others.jobs),
            parity: self.parity.or(others.parity),
            allow_insecure: self.allow_insecure.into_iter().chain(others.allow_insecure).collect(),
            ca_bundle: self.ca_bundle.or(others.ca_bundle),
        }
    }
}

/// A header of every call. `Debug` omits the value.
#[derive(Clone)]
pub struct ConfiguredHeader {
    name: HeaderName,
    value: HeaderSource,
}

#[derive(Clone)]
enum HeaderSource {
    Literal(HeaderValue),
    /// The name of an environment variable.
    Environment(String),
}

impl fmt::Debug for ConfiguredHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: …", self.name)
    }
}

impl ConfiguredHeader {
    /// Parses a table of headers: `{ x-key = "…", x-token = { env = "TOKEN" } }`.
    pub(super) fn read_all(text: &str, table: Spanned<Value>) -> Result<Vec<Self>, ConfigError> {
        let span = table.span();
        let wrong = |name: &str, why: &str| {
            // The parser does not return positions within an inline table.
            let at = text.get(span.clone()).and_then(|part| part.find(name)).unwrap_or(0) + span.start;
            let problem = ConfigProblem::Header { name: name.to_owned(), why: why.to_owned() };
            ConfigError::at(text, &(at..at), problem)
        };
        let Value::Table(headers) = table.into_inner() else {
            let why = "write `headers = { name = \"value\" }`".to_owned();
            return Err(ConfigError::at(text, &span, ConfigProblem::Value { key: "headers", why }));
        };
        let read =
            |(name, value): (String, Value)| Self::read(&name, value).map_err(|why| wrong(&name, &why));
        headers.into_iter().map(read).collect()
    }

    fn read(name: &str, value: Value) -> Result<Self, String> {
        let legal = HeaderName::from_bytes(name.as_bytes());
        let name: HeaderName = legal.map_err(|_| "the name is not a valid header name".to_owned())?;
        if RESERVED_HEADERS.contains(&name.as_str()) || name.as_str().starts_with(RESERVED_PREFIX) {
            return Err("the client sets this header itself".to_owned());
        }
        let value = match value {
            Value::String(text) => HeaderSource::Literal(secret(&text)?),
            Value::Table(table) => HeaderSource::Environment(variable(&table)?),
            _ => return Err("the value must be a string, or `{ env = \"NAME\" }`".to_owned()),
        };
        Ok(Self { name, value })
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Returns the name and the value.
    ///
    /// # Errors
    /// Returns a sentence without the value if the environment lacks the value or if it is invalid.
    pub fn resolve(&self) -> Result<(HeaderName, HeaderValue), String> {
        let value = match &self.value {
            HeaderSource::Literal(value) => value.clone(),
            HeaderSource::Environment(variable) => {
                let missing = |_| {
                    format!(
                        "the environment variable {variable} is not set, but the header `{}` needs it",
                        self.name
                    )
                };
                let text = std::env::var(variable).map_err(missing)?;
                secret(&text)
                    .map_err(|why| format!("{variable}, the value of the header `{}`: {why}", self.name))?
            }
        };
        Ok((self.name.clone(), value))
    }
}

fn variable(table: &Table) -> Result<String, String> {
    match (table.get("env"), table.len()) {
        (Some(Value::String(name)), 1) if !name.is_empty() => Ok(name.clone()),
        _ => Err("a value from the environment is written `{ env = \"NAME\" }`".to_owned()),
    }
}

fn secret(text: &str) -> Result<HeaderValue, String> {
    let mut value =
        HeaderValue::from_str(text).map_err(|_| "the value is not valid in a header".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}
