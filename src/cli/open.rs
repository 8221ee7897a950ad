//! From what the user calls a target to one that can be called.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::client::{Limits, Reach, Target};
use crate::fake::doors::{Connector, Wiremock};
use crate::fake::{FakeCloud, Injection};
use crate::journal::JournalFile;
use crate::model::Specs;

use super::aim::{Aim, Place};
use super::announcement::PACE;
use super::args::CallArgs;
use super::error::CliError;

/// Account and region of the embedded fake.
const FAKE_ACCOUNT: &str = "123456789012";
const FAKE_REGION: &str = "us-east-1";

/// How long what takes time is waited for on this machine, where nobody needs minutes to start a job.
const PATIENCE_HERE: Duration = Duration::from_secs(20);
/// And elsewhere.
const PATIENCE: Duration = Duration::from_mins(15);

/// A target, and what must live as long as it does.
#[derive(Debug)]
pub struct Opened {
    /// What to call.
    pub target: Target,
    _door: Option<Wiremock>,
}

impl Opened {
    /// The same, of which everything that is made there is written down first.
    #[must_use]
    pub fn journaled(self, journal: Arc<JournalFile>) -> Self {
        Self { target: self.target.journaled(journal), ..self }
    }
}

/// Opens a target. A real account is opened only where it is named.
///
/// # Errors
/// When it cannot be reached as asked.
pub async fn open(
    aim: &Aim,
    calls: &CallArgs,
    account: Option<&str>,
    specs: &Specs,
) -> Result<Opened, CliError> {
    let throttling = specs.services.iter().flat_map(|s| s.refusals.throttling.iter().cloned()).collect();
    let usual = Limits::default();
    let timeout = calls.timeout.unwrap_or(usual.timeout);
    let limits = Limits { timeout, rate: calls.rate, throttling, ..usual };
    match &aim.place {
        Place::Fake(faults) => {
            let client = SharedHttpClient::new(Connector::new(fake(faults)?));
            let target = Target::in_process(&aim.name, client, FAKE_ACCOUNT, FAKE_REGION, limits);
            Ok(Opened { target: target.described_by(specs), _door: None })
        }
        Place::FakeOnSocket(faults) => {
            let door = Wiremock::start(fake(faults)?).await;
            let target = Target::local("fake", &aim.name, &door.uri(), FAKE_ACCOUNT, FAKE_REGION, limits)?;
            Ok(Opened { target: target.described_by(specs), _door: Some(door) })
        }
        Place::Endpoint { url } => {
            let target = Target::endpoint(url, &reach(aim, calls)?, limits).await;
            let target = target.map_err(|error| aim.blamed(error.into()))?.called(&aim.name);
            let patience = if target.is_here() { PATIENCE_HERE } else { PATIENCE };
            Ok(Opened { target: target.described_by(specs).waiting(patience), _door: None })
        }
        Place::Aws => {
            let account = account.ok_or(CliError::NoAccount)?;
            let limits = Limits { rate: limits.rate.or(Some(PACE)), ..limits };
            let target = Target::aws(account, &reach(aim, calls)?, specs, limits).await?;
            let target = target.called(&aim.name).described_by(specs);
            Ok(Opened { target: target.waiting(PATIENCE), _door: None })
        }
    }
}

/// How it is reached. Headers have their values only from here on.
fn reach(aim: &Aim, calls: &CallArgs) -> Result<Reach, CliError> {
    let headers = aim.settings.headers.iter().map(|header| header.ready().map_err(CliError::Header));
    Ok(Reach {
        region: calls.region.clone(),
        profile: calls.profile.clone(),
        headers: headers.collect::<Result<_, _>>()?,
        allow_insecure: calls.allow_insecure.clone(),
    })
}

/// The embedded fake that is judged, with these faults on.
fn fake(faults: &[String]) -> Result<FakeCloud, CliError> {
    let builder = FakeCloud::builder().account(FAKE_ACCOUNT).region(FAKE_REGION).judged();
    let seed = |source| CliError::Seed { path: "the embedded fake's own".into(), source };
    let cloud = builder.map_err(seed)?.build()?;
    for fault in faults {
        cloud.inject(Injection::new(fault.parse()?));
    }
    Ok(cloud)
}
