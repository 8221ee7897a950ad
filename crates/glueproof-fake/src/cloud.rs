//! All state of the fake: one struct per account and region, and one per account. Must not know an operation, nor how bytes
//! are read and written.

use serde::{Deserialize, Serialize};

use super::at_rest::AtRest;
use super::caller::Caller;
use super::clock::Timestamp;
use super::fault::{Bug, Failpoints};
use super::network::Network;
use super::random::Random;
use super::settings::Settings;
use super::store::Table;
use super::{glue, iam, kms, logs, s3, secrets_manager};

/// The state with its settings.
#[derive(Debug)]
pub struct Cloud {
    /// The settings.
    pub settings: Settings,
    /// The source of ids.
    pub random: Random,
    /// The state that callers change.
    pub state: State,
    /// Key material that was generated before the current call took the lock.
    pub prepared: Option<kms::PreparedMaterial>,
    /// The failpoints that are on for the current call.
    pub failpoints: Failpoints,
}

/// The state that callers change: the content of a snapshot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The private networks.
    #[serde(default)]
    pub network: Network,
    /// The state of regions, by account and region.
    regions: Table<String, Table<String, Region>>,
    /// The state of accounts, by number.
    #[serde(default)]
    accounts: Table<String, Account>,
}

/// The state of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Region {
    /// Glue.
    pub glue: glue::State,
    /// KMS.
    pub kms: kms::State,
    /// CloudWatch Logs.
    pub logs: logs::State,
    /// Secrets Manager.
    pub secrets_manager: secrets_manager::State,
}

/// The state of one account in all regions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Account {
    /// IAM and STS.
    pub iam: iam::State,
    /// S3.
    pub s3: s3::State,
}

impl Cloud {
    /// Creates a cloud with the networks of the settings. The identities of the settings must be added.
    pub fn new(settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        let failpoints = Failpoints::default();
        let mut cloud = Self { settings, random, state: State::default(), prepared: None, failpoints };
        cloud.reset();
        cloud
    }

    /// Returns the time of the call.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// Returns true if the current call has this bug.
    pub fn failpoint(&self, bug: Bug) -> bool {
        self.failpoints.has(bug)
    }

    /// Returns the state of the caller's account in the region of the call.
    pub fn region(&mut self, caller: &Caller) -> &mut Region {
        let regions = self.state.regions.entry(caller.account.clone()).or_default();
        regions.entry(caller.region.clone()).or_default()
    }

    /// Removes everything that callers have created. The identities of the start must be added again.
    pub fn reset(&mut self) {
        self.state = State { network: self.settings.network.clone(), ..State::default() };
    }

    /// Returns the state of an account in a region for reading, if it exists.
    pub fn peek_region(&self, account: &str, region: &str) -> Option<&Region> {
        self.state.regions.get(account)?.get(region)
    }

    /// Returns the state of an account in a region, if it exists.
    pub fn existing_region(&mut self, account: &str, region: &str) -> Option<&mut Region> {
        self.state.regions.get_mut(account)?.get_mut(region)
    }

    /// Returns every account and region with its state.
    pub fn regions(&self) -> impl Iterator<Item = (&str, &str, &Region)> {
        self.state.regions.iter().flat_map(|(account, regions)| {
            regions.iter().map(move |(region, held)| (account.as_str(), region.as_str(), held))
        })
    }

    /// Returns the state of the caller's account in all regions.
    pub fn account(&mut self, caller: &Caller) -> &mut Account {
        self.account_named(&caller.account)
    }

    /// Returns the state of the account of that number.
    pub fn account_named(&mut self, account: &str) -> &mut Account {
        self.state.accounts.entry(account.to_owned()).or_default()
    }

    /// Returns the state of an account for reading, if it exists.
    pub fn existing_account(&self, account: &str) -> Option<&Account> {
        self.state.accounts.get(account)
    }

    /// Returns every account with its number.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &Account)> {
        self.state.accounts.iter().map(|(number, account)| (number.as_str(), account))
    }
}

impl State {
    /// Returns every item as its service stores it.
    pub fn at_rest(&self) -> Vec<AtRest> {
        let in_regions = self.regions.iter().flat_map(|(account, regions)| {
            regions.iter().flat_map(move |(region, held)| {
                let glue = held.glue.at_rest().into_iter().map(|stored| ("glue", stored));
                let logs = held.logs.at_rest().into_iter().map(|stored| ("logs", stored));
                let secrets = held.secrets_manager.at_rest().into_iter();
                let secrets = secrets.map(|stored| ("secretsmanager", stored));
                glue.chain(logs)
                    .chain(secrets)
                    .map(move |(service, stored)| at_rest(service, account, region, stored))
            })
        });
        let anywhere = self.accounts.iter().flat_map(|(account, held)| {
            let objects = held.s3.at_rest().into_iter();
            objects.map(move |(region, key, bytes)| at_rest("s3", account, region, (key, bytes)))
        });
        in_regions.chain(anywhere).collect()
    }
}

fn at_rest(service: &str, account: &str, region: &str, (item, bytes): (String, Vec<u8>)) -> AtRest {
    let (service, account, region) = (service.to_owned(), account.to_owned(), region.to_owned());
    AtRest { service, account, region, item, bytes }
}
