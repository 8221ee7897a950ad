//! How a fake cloud is set up: account, region, quota, edition, seed, clock. Must not answer requests.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::clock::Clock;
use super::engine::FakeCloud;
use super::iam::{Mode, SeedFile};
use super::network::{Network, Vpc};
use super::state_file::StateFileError;
use glueproof_spec::{Edition, ServiceModel, SpecError, Specs};

/// Why there is no fake cloud.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The specs compiled into the binary cannot be used.
    #[error("the specs cannot be used: {0}")]
    Specs(#[from] Arc<SpecError>),
    /// The specs do not describe Glue.
    #[error("the specs describe no service `glue`")]
    NoGlue,
    /// The file that state is to be kept in cannot be used.
    #[error(transparent)]
    StateFile(#[from] StateFileError),
}

/// What a fake cloud is made of.
#[derive(Debug, Clone)]
pub struct Settings {
    pub account: String,
    pub region: String,
    pub security_configuration_quota: usize,
    pub principals: Vec<String>,
    pub seed: u64,
    pub clock: Clock,
    pub mode: Mode,
    pub seeds: Vec<SeedFile>,
    pub network: Network,
    pub prompt: bool,
}

/// Sets up a [`FakeCloud`].
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use glueproof_fake::{Clock, FakeCloud};
///
/// # fn main() -> Result<(), glueproof_fake::BuildError> {
/// let clock = Clock::fixed(SystemTime::UNIX_EPOCH + Duration::from_hours(500_000));
/// let cloud = FakeCloud::builder()
///     .account("111122223333")
///     .region("eu-west-1")
///     .security_configuration_quota(3)
///     .clock(clock.clone())
///     .seed(7)
///     .build()?;
/// // Keys rotate, logs expire and runs end when the clock says so.
/// clock.advance(Duration::from_hours(365 * 24));
/// assert!(cloud.clock().is_fixed());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct FakeCloudBuilder {
    settings: Settings,
    edition: Edition,
    state_file: Option<PathBuf>,
}

impl Default for FakeCloudBuilder {
    fn default() -> Self {
        let settings = Settings {
            account: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
            security_configuration_quota: 250,
            principals: Vec::new(),
            seed: 0,
            clock: Clock::system(),
            mode: Mode::default(),
            seeds: Vec::new(),
            network: Network::default(),
            prompt: false,
        };
        Self { settings, edition: Edition::default(), state_file: None }
    }
}

impl FakeCloudBuilder {
    /// The account of callers whose access key id is not itself an account number.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.settings.account = account.into();
        self
    }

    /// The region of requests that are not signed for one.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// How many security configurations an account may have in a region; 250 in AWS (E047).
    #[must_use]
    pub fn security_configuration_quota(mut self, quota: usize) -> Self {
        self.settings.security_configuration_quota = quota;
        self
    }

    /// The ARN of a user or role that exists from the start. Policies may name only such, besides the roots
    /// of accounts and everybody (E030).
    #[must_use]
    pub fn principal(mut self, arn: impl Into<String>) -> Self {
        self.settings.principals.push(arn.into());
        self
    }

    /// Which age of the API the fake speaks.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        self.edition = edition;
        self
    }

    /// Where request ids come from.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// What time it is; keep a clone to move it.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self
    }

    /// How much callers are asked who they are.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.settings.mode = mode;
        self
    }

    /// Whether runs of jobs, crawls and development endpoints are done as soon as they were started, instead of
    /// five seconds later.
    #[must_use]
    pub fn prompt(mut self, prompt: bool) -> Self {
        self.settings.prompt = prompt;
        self
    }

    /// A private network that crawlers and jobs may start in.
    #[must_use]
    pub fn vpc(mut self, vpc: Vpc) -> Self {
        self.settings.network.set(vpc);
        self
    }

    /// Users, roles, policies, access keys and private networks that there are from the start; may be called for several
    /// accounts.
    #[must_use]
    pub fn identities(mut self, seed: SeedFile) -> Self {
        for vpc in seed.networks() {
            self.settings.network.set(vpc.clone());
        }
        self.settings.seeds.push(seed);
        self
    }

    /// Where state is kept: the cloud begins with what the file holds, and no call that changes something is
    /// answered before the file holds that too. The file is for its owner's eyes only and holds keys in the
    /// clear.
    #[must_use]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// The fake cloud, with nothing in it but who was named and what a file has for it.
    ///
    /// # Errors
    /// When the specs compiled into the binary, or the file, cannot be used.
    pub fn build(self) -> Result<FakeCloud, BuildError> {
        let cloud = FakeCloud::assemble(model(self.edition)?, self.settings);
        if let Some(path) = &self.state_file {
            cloud.keep_in(path)?;
        }
        Ok(cloud)
    }
}

type Loaded = Result<Arc<ServiceModel>, Arc<SpecError>>;

/// The model of an edition, loaded once a process: many tests build many fakes.
fn model(edition: Edition) -> Result<Arc<ServiceModel>, BuildError> {
    static E2018: OnceLock<Option<Loaded>> = OnceLock::new();
    static CURRENT: OnceLock<Option<Loaded>> = OnceLock::new();
    let cell = match edition {
        Edition::E2018 => &E2018,
        Edition::Current => &CURRENT,
    };
    cell.get_or_init(|| load(edition)).clone().ok_or(BuildError::NoGlue)?.map_err(BuildError::from)
}

fn load(edition: Edition) -> Option<Loaded> {
    let shapes = Specs::shapes("glue", edition).map_err(Arc::new).transpose();
    shapes.map(|found| found.map(Arc::new))
}
