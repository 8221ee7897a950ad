//! From what the user calls a target to one that can be called.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::fake::doors::{Connector, Wiremock};
use crate::fake::{FakeCloud, Injection, Mode, SeedFile};
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

/// Whose the made-up credentials of a run are there. Root could not assume a role.
const CALLER: &str = r#"
    [[users]]
    name = "glueproof"
    access_keys = [{ id = "test", secret = "test" }]
    [users.policies.everything]
    Version = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
"#;

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

/// Opens `fake` or `fake:wiremock`, each with any number of `+FAULT`, or a URL.
///
/// # Errors
/// When it is none of these, or cannot be reached as asked.
pub async fn open(name: &str, manner: Manner, specs: &Specs) -> Result<Opened, CliError> {
    let throttling = specs.services.iter().flat_map(|s| s.refusals.throttling.iter().cloned()).collect();
    let limits = Limits { timeout: manner.timeout, rate: manner.rate, throttling, ..Limits::default() };
    if name.contains("://") {
        let target = Target::endpoint(name, limits).await?;
        let patience = if target.is_here() { PATIENCE_HERE } else { PATIENCE };
        return Ok(Opened { target: target.described_by(specs).waiting(patience), _door: None });
    }
    let mut parts = name.split('+');
    let (door, faults) = (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>());
    match door {
        "fake" => {
            let client = SharedHttpClient::new(Connector::new(fake(&faults)?));
            let target = Target::in_process(name, client, FAKE_ACCOUNT, FAKE_REGION, limits);
            Ok(Opened { target: target.described_by(specs), _door: None })
        }
        "fake:wiremock" => {
            let door = Wiremock::start(fake(&faults)?).await;
            let target = Target::local("fake", name, &door.uri(), FAKE_ACCOUNT, FAKE_REGION, limits)?;
            Ok(Opened { target: target.described_by(specs), _door: Some(door) })
        }
        _ => Err(CliError::UnknownTarget(name.to_owned())),
    }
}

/// The fake that is judged asks everybody who they are; the run's caller may do everything there.
fn fake(faults: &[&str]) -> Result<FakeCloud, CliError> {
    let caller = SeedFile::parse(CALLER)
        .map_err(|source| CliError::Seed { path: "the embedded fake's own".into(), source })?;
    // Nobody who runs the suite wants to wait for jobs that do nothing meanwhile.
    let builder = FakeCloud::builder().account(FAKE_ACCOUNT).region(FAKE_REGION).prompt(true);
    let cloud = builder.mode(Mode::Enforce).identities(caller).build()?;
    for fault in faults {
        cloud.inject(Injection::new(fault.parse()?));
    }
    Ok(cloud)
}
