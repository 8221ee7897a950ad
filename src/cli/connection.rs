//! The connection to a resolved target: an endpoint, AWS, or the embedded fake.
//!
//! Must not call an operation. The entry point is [`connect`].

use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::client::{CaBundle, CallLimits, ConnectOptions, DEFAULT_REGION, Target, TargetSetup};
use crate::fake::transport::{Connector, Wiremock};
use crate::fake::{FakeCloud, Injection};
use crate::journal::JournalFile;
use crate::model::Specs;

use super::args::CallArgs;
use super::error::CliError;
use super::notice::AWS_CALLS_PER_SECOND;
use super::target::{TargetKind, TargetSpec};

/// The account of the embedded fake.
const FAKE_ACCOUNT: &str = "123456789012";

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
    let mut limits = CallLimits { timeout, rate: calls.rate, throttling, poll_timeout: calls.poll_timeout };
    if spec.kind == TargetKind::Aws {
        limits.rate = limits.rate.or(Some(AWS_CALLS_PER_SECOND));
    }
    let setup = TargetSetup { name: &spec.name, specs, limits };
    let region = calls.region.as_deref().unwrap_or(DEFAULT_REGION);
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
