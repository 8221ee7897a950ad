//! The target of a command: resolves its name, connects to it, and saves the state that must be restored.
//!
//! Flags and environment variables have precedence over `glueproof.toml`. Must not judge. The entry points are
//! [`resolve`], [`connect`] and [`PreparedTarget::prepare`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::client::{CaBundle, CallLimits, ConnectOptions, Target, TargetSetup, with_scheme};
use crate::config::{ConfigFile, ConfiguredKind, TargetSettings};
use crate::fake::transport::{Connector, Wiremock};
use crate::fake::{FakeCloud, Injection};
use crate::journal::JournalFile;
use crate::model::{Capability, Specs};
use crate::position::Position;
use crate::rule::{Catalog, Rule};
use crate::run::{AccountState, CancelToken, hand_back, preflight, secure};
use crate::suite::capabilities;

use super::args::{CallArgs, RunArgs};
use super::error::CliError;
use super::journals::begin;
use super::notice::{AWS_CALLS_PER_SECOND, print_notice};

/// The usual name of the file of targets.
const CONFIG_FILE: &str = "glueproof.toml";
/// The name of AWS itself, with or without an entry in the file.
const AWS: &str = "aws";
/// The entry that marks the root of a repository.
const REPOSITORY_MARKER: &str = ".git";
/// The account and region of the embedded fake.
const FAKE_ACCOUNT: &str = "123456789012";
const FAKE_REGION: &str = "us-east-1";

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

/// A connected target.
#[derive(Debug)]
pub struct Connection {
    /// The target.
    pub target: Target,
    /// The server of the embedded fake, kept alive with the target.
    _server: Option<Wiremock>,
}

impl Connection {
    /// Sets the journal of the run.
    #[must_use]
    pub fn with_journal(self, journal: Arc<JournalFile>) -> Self {
        Self { target: self.target.with_journal(journal), ..self }
    }
}

/// Connects to a target. Connects to AWS only if the account is named.
///
/// # Errors
/// Returns an error if the settings do not allow a connection.
pub async fn connect(
    spec: &TargetSpec,
    calls: &CallArgs,
    account: Option<&str>,
    specs: &Specs,
) -> Result<Connection, CliError> {
    let throttling = specs.services.iter().flat_map(|s| s.refusals.throttling.iter().cloned()).collect();
    let usual = CallLimits::default();
    let timeout = calls.timeout.unwrap_or(usual.timeout);
    let mut limits = CallLimits { timeout, rate: calls.rate, throttling, ..usual };
    if spec.kind == TargetKind::Aws {
        limits.rate = limits.rate.or(Some(AWS_CALLS_PER_SECOND));
    }
    let setup = TargetSetup { name: &spec.name, specs, limits };
    let region = calls.region.as_deref().unwrap_or(FAKE_REGION);
    match &spec.kind {
        TargetKind::Fake(faults) => {
            let client = SharedHttpClient::new(Connector::new(fake(faults, region)?));
            let target = Target::in_process(setup, client, FAKE_ACCOUNT, region);
            Ok(Connection { target, _server: None })
        }
        TargetKind::FakeOnSocket(faults) => {
            let server = Wiremock::start(fake(faults, region)?).await;
            let target = Target::local_fake(setup, &server.uri(), FAKE_ACCOUNT, region)?;
            Ok(Connection { target, _server: Some(server) })
        }
        TargetKind::Endpoint { url } => {
            let target = Target::endpoint(setup, url, &connect_options(spec, calls)?).await;
            let target = target.map_err(|error| spec.with_position(error.into()))?;
            Ok(Connection { target, _server: None })
        }
        TargetKind::Aws => {
            let account = account.ok_or(CliError::NoAccount)?;
            let target = Target::aws(setup, account, &connect_options(spec, calls)?).await?;
            Ok(Connection { target, _server: None })
        }
    }
}

/// Returns the connection settings, with the values of headers from the environment.
fn connect_options(spec: &TargetSpec, calls: &CallArgs) -> Result<ConnectOptions, CliError> {
    let headers = spec.settings.headers.iter().map(|header| header.resolve().map_err(CliError::Header));
    Ok(ConnectOptions {
        region: calls.region.clone(),
        profile: calls.profile.clone(),
        headers: headers.collect::<Result<_, _>>()?,
        allow_insecure: calls.allow_insecure.clone(),
        ca_bundle: ca_bundle(calls)?,
    })
}

/// Returns the certificates to trust: those of the command line or of glueproof.toml, or those of the AWS configuration.
fn ca_bundle(calls: &CallArgs) -> Result<Option<CaBundle>, CliError> {
    let of_aws = || std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let path = calls.ca_bundle.clone().or_else(of_aws);
    Ok(path.map(|path| CaBundle::read(&path)).transpose()?)
}

/// Creates the embedded fake with these faults.
fn fake(faults: &[String], region: &str) -> Result<FakeCloud, CliError> {
    let builder = FakeCloud::builder().account(FAKE_ACCOUNT).region(region).judged();
    let seed = |source| CliError::Seed { path: "the seed of the embedded fake".into(), source };
    let cloud = builder.map_err(seed)?.build()?;
    for fault in faults {
        cloud.inject(Injection::new(fault.parse()?));
    }
    Ok(cloud)
}

/// The options of preparing a target.
#[derive(Debug, Clone, Copy)]
pub struct TargetOptions<'a> {
    /// The target.
    pub spec: &'a TargetSpec,
    /// The call settings.
    pub calls: &'a CallArgs,
    /// The AWS account.
    pub account: Option<&'a str>,
    /// The file of the journal, unless it is in the usual folder.
    pub journal: Option<&'a Path>,
}

impl<'a> TargetOptions<'a> {
    /// Creates options for commands that must not call AWS.
    ///
    /// # Errors
    /// Returns an error if the target is AWS.
    pub fn without_aws(spec: &'a TargetSpec, calls: &'a CallArgs) -> Result<Self, CliError> {
        match spec.kind {
            TargetKind::Aws => Err(CliError::NotOnAws(spec.name.clone())),
            _ => Ok(Self { spec, calls, account: None, journal: None }),
        }
    }
}

/// A connected target with its capabilities and the account state to restore.
#[derive(Debug)]
pub struct PreparedTarget {
    /// The target.
    pub connection: Connection,
    /// The capabilities that are tested.
    pub capabilities: BTreeSet<Capability>,
    /// The account-wide state before the run.
    states: Vec<AccountState>,
}

impl PreparedTarget {
    /// Connects to a target, sends a first call, and saves the account-wide state. Capabilities in `asked` are not
    /// probed.
    ///
    /// # Errors
    /// Returns an error if the target does not respond, or if its state cannot be saved.
    pub async fn prepare(
        options: &TargetOptions<'_>,
        specs: &Specs,
        asked: &[String],
        chosen: &[&Rule],
    ) -> Result<Self, CliError> {
        let connection = connect(options.spec, options.calls, options.account, specs).await?;
        let connection = begin(connection, options.journal, false)?;
        let target = &connection.target;
        for model in specs.services.iter().filter(|model| model.is_core()) {
            preflight(target, model).await?;
        }
        let capabilities = capabilities(asked, target, specs, chosen, &CancelToken::default()).await;
        let has = |rule: &&&Rule| {
            specs.service(&rule.service).is_some_and(|model| rule.needs(model).is_subset(&capabilities))
        };
        let tried: Vec<&Rule> = chosen.iter().filter(has).copied().collect();
        let needed =
            tried.iter().filter_map(|rule| Some(rule.needs(specs.service(&rule.service)?))).flatten();
        print_notice(target, needed, tried.len(), options.calls);
        let shared = specs.services.iter().flat_map(|model| &model.resources);
        let shared = shared.filter(|resource| resource.is_account_wide());
        let shared = shared.map(|resource| resource.name.clone()).collect();
        let states = secure(target, specs, &shared).await?;
        Ok(Self { connection, capabilities, states })
    }

    /// Restores the account-wide state. Returns one sentence for each failure.
    pub async fn restore(&self, specs: &Specs) -> Vec<String> {
        hand_back(&self.connection.target, specs, &self.states).await
    }
}
