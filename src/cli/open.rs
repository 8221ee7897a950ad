//! From what the user calls a target to one that can be called.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::fake::FakeCloud;
use crate::fake::doors::{Connector, Wiremock};
use crate::model::Specs;
use crate::target::{Limits, Target};

use super::error::CliError;

/// Account and region of the embedded fake.
const FAKE_ACCOUNT: &str = "123456789012";
const FAKE_REGION: &str = "us-east-1";

/// How long what takes time is waited for on this machine, where nobody needs minutes to start a job.
const PATIENCE_HERE: Duration = Duration::from_secs(20);
/// And elsewhere.
const PATIENCE: Duration = Duration::from_mins(15);

/// How a target may be called.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// For one call.
    pub timeout: Duration,
    /// Calls a second, if bounded.
    pub rate: Option<f64>,
}

/// A target, and what must live as long as it does.
#[derive(Debug)]
pub struct Opened {
    /// What to call.
    pub target: Target,
    _door: Option<Wiremock>,
}

/// Opens `fake`, `fake:wiremock` or a URL.
///
/// # Errors
/// When it is none of these, or cannot be reached as asked.
pub async fn open(name: &str, manner: Manner, specs: &Specs) -> Result<Opened, CliError> {
    let throttling = specs.services.iter().flat_map(|s| s.refusals.throttling.iter().cloned()).collect();
    let limits = Limits { timeout: manner.timeout, rate: manner.rate, throttling, ..Limits::default() };
    match name {
        "fake" => {
            let client = SharedHttpClient::new(Connector::new(fake()?));
            let target = Target::in_process("fake", client, FAKE_ACCOUNT, FAKE_REGION, limits);
            Ok(Opened { target: target.described_by(specs), _door: None })
        }
        "fake:wiremock" => {
            let door = Wiremock::start(fake()?).await;
            let target =
                Target::local("fake", "fake:wiremock", &door.uri(), FAKE_ACCOUNT, FAKE_REGION, limits)?;
            Ok(Opened { target: target.described_by(specs), _door: Some(door) })
        }
        url if url.contains("://") => {
            let target = Target::endpoint(url, limits).await?;
            let patience = if target.is_here() { PATIENCE_HERE } else { PATIENCE };
            Ok(Opened { target: target.described_by(specs).waiting(patience), _door: None })
        }
        other => Err(CliError::UnknownTarget(other.to_owned())),
    }
}

fn fake() -> Result<FakeCloud, CliError> {
    let builder = FakeCloud::builder().account(FAKE_ACCOUNT).region(FAKE_REGION).judged();
    let seed = |source| CliError::Seed { path: "the embedded fake's own".into(), source };
    Ok(builder.map_err(seed)?.build()?)
}
