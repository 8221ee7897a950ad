//! The setup of a fake cloud: account, region, quota, edition, seed, clock. Must not answer requests.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::clock::Clock;
use super::engine::FakeCloud;
use super::iam::{Mode, SeedFile};
use super::network::{Network, Vpc};
use super::notice::Notices;
use super::settings::Settings;
use super::state_file::StateFileError;
use super::store::StateKey;
use glueproof_spec::{Edition, ServiceModel, SpecError, Specs};

/// The reason why a fake cloud cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The specs compiled into the binary cannot be used.
    #[error("the specs cannot be used: {0}")]
    Specs(#[from] Arc<SpecError>),
    /// The specs do not describe Glue.
    #[error("the specs describe no service `glue`")]
    NoGlue,
    /// The state file cannot be used.
    #[error(transparent)]
    StateFile(#[from] StateFileError),
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
    state_key: Option<StateKey>,
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
            notices: Notices::default(),
        };
        Self { settings, edition: Edition::default(), state_file: None, state_key: None }
    }
}

impl FakeCloud {
    /// Creates a fake with every default: account 123456789012, region us-east-1, the current edition.
    ///
    /// # Errors
    /// Returns an error if the specs compiled into the binary cannot be used.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Starts the setup of a fake.
    #[must_use]
    pub fn builder() -> FakeCloudBuilder {
        FakeCloudBuilder::default()
    }
}

impl FakeCloudBuilder {
    /// Sets the account of callers whose access key id is not an account number.
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.settings.account = account.into();
        self
    }

    /// Sets the region of requests that are not signed for one.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.settings.region = region.into();
        self
    }

    /// Sets the largest number of security configurations of an account in a region; 250 in AWS (E047).
    #[must_use]
    pub fn security_configuration_quota(mut self, quota: usize) -> Self {
        self.settings.security_configuration_quota = quota;
        self
    }

    /// Adds the ARN of a user or role that exists from the start. Policies may name only principals that exist, besides the
    /// roots of accounts and `*` (E030).
    #[must_use]
    pub fn principal(mut self, arn: impl Into<String>) -> Self {
        self.settings.principals.push(arn.into());
        self
    }

    /// Sets the edition of the API.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        self.edition = edition;
        self
    }

    /// Sets the seed of request ids and other ids.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets the clock. Keep a clone to move it.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Sets the mode of authentication and authorization.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.settings.mode = mode;
        self
    }

    /// If true, runs of jobs, crawls and development endpoints are done as soon as they start, instead of five seconds later.
    #[must_use]
    pub fn prompt(mut self, prompt: bool) -> Self {
        self.settings.prompt = prompt;
        self
    }

    /// Sets a function for sentences that no response carries, such as a condition key that the fake does not know. It gets each
    /// sentence once.
    #[must_use]
    pub fn notices(mut self, notify: fn(&str)) -> Self {
        self.settings.notices = Notices::to(notify);
        self
    }

    /// Adds a private network for crawlers and jobs.
    #[must_use]
    pub fn vpc(mut self, vpc: Vpc) -> Self {
        self.settings.network.set(vpc);
        self
    }

    /// Adds users, roles, policies, access keys and private networks that exist from the start. Can be called for several
    /// accounts.
    #[must_use]
    pub fn identities(mut self, seed: SeedFile) -> Self {
        for vpc in seed.networks() {
            self.settings.network.set(vpc.clone());
        }
        self.settings.seeds.push(seed);
        self
    }

    /// Sets the file of the state. The cloud starts with the state of the file, and every change is written before its call is
    /// answered. Only the owner can read the file, which contains keys in plain text unless there is a
    /// [`state_key`](Self::state_key).
    #[must_use]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Encrypts the state file. A plain file becomes an encrypted one.
    #[must_use]
    pub fn state_key(mut self, key: StateKey) -> Self {
        self.state_key = Some(key);
        self
    }

    /// Builds the fake cloud, with the given identities and the state of the file.
    ///
    /// # Errors
    /// Returns an error if the specs compiled into the binary, or the file, cannot be used.
    pub fn build(self) -> Result<FakeCloud, BuildError> {
        let cloud = FakeCloud::assemble(model(self.edition)?, self.settings);
        if let Some(path) = &self.state_file {
            cloud.keep_in(path, self.state_key)?;
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
