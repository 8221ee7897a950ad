//! All state of the fake: one struct an account and region, and what an account has everywhere. Must not
//! know what any operation means, nor how bytes are read and written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::at_rest::AtRest;
use super::builder::Settings;
use super::caller::Caller;
use super::clock::Timestamp;
use super::fault::{Bug, Failpoints};
use super::network::Network;
use super::random::Random;
use super::{glue, iam, kms, logs, s3, secrets_manager};

/// Everything that changes, and what it is set up with.
#[derive(Debug)]
pub struct Cloud {
    /// How the fake was set up.
    pub settings: Settings,
    /// Where ids come from.
    pub random: Random,
    /// What callers have made.
    pub state: State,
    /// The failpoints that are on for the current call.
    pub failpoints: Failpoints,
}

/// What callers have made: everything that a snapshot holds and a reset takes away.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The private networks there are.
    #[serde(default)]
    pub network: Network,
    /// By account, then region.
    regions: BTreeMap<String, BTreeMap<String, Region>>,
    /// By number.
    #[serde(default)]
    accounts: BTreeMap<String, Account>,
}

/// What one account has in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Region {
    /// Its Data Catalog and the rest of Glue.
    pub glue: glue::State,
    /// Its keys.
    pub kms: kms::State,
    /// Its logs.
    pub logs: logs::State,
    /// Its secrets.
    pub secrets_manager: secrets_manager::State,
}

/// What one account has, wherever.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Account {
    /// Its users, roles and sessions.
    pub iam: iam::State,
    /// Its buckets.
    pub s3: s3::State,
}

impl Cloud {
    /// A cloud with the users, roles and networks it was set up with, and nothing else in it.
    pub fn new(settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        let failpoints = Failpoints::default();
        let mut cloud = Self { settings, random, state: State::default(), failpoints };
        cloud.reset();
        cloud
    }

    /// The moment of the call.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// Returns true if the current call has this bug.
    pub fn failpoint(&self, bug: Bug) -> bool {
        self.failpoints.has(bug)
    }

    /// What the caller's account has in the region the call is for.
    pub fn region(&mut self, caller: &Caller) -> &mut Region {
        let regions = self.state.regions.entry(caller.account.clone()).or_default();
        regions.entry(caller.region.clone()).or_default()
    }

    /// Takes away everything that callers have made; who and what was named at the start is there again.
    pub fn reset(&mut self) {
        self.state = State { network: self.settings.network.clone(), ..State::default() };
        iam::seed(self);
    }

    /// The same of any account, to look at, if it has ever been there.
    pub fn peek_region(&self, account: &str, region: &str) -> Option<&Region> {
        self.state.regions.get(account)?.get(region)
    }

    /// What any account has in a region, if it has ever been there.
    pub fn existing_region(&mut self, account: &str, region: &str) -> Option<&mut Region> {
        self.state.regions.get_mut(account)?.get_mut(region)
    }

    /// Every account and region that has been touched, and what is there.
    pub fn regions(&self) -> impl Iterator<Item = (&str, &str, &Region)> {
        self.state.regions.iter().flat_map(|(account, regions)| {
            regions.iter().map(move |(region, held)| (account.as_str(), region.as_str(), held))
        })
    }

    /// What the caller's account has, wherever the call is for.
    pub fn account(&mut self, caller: &Caller) -> &mut Account {
        self.account_named(&caller.account)
    }

    /// What the account of that number has.
    pub fn account_named(&mut self, account: &str) -> &mut Account {
        self.state.accounts.entry(account.to_owned()).or_default()
    }

    /// The same, to look at; nothing where the account has never been touched.
    pub fn existing_account(&self, account: &str) -> Option<&Account> {
        self.state.accounts.get(account)
    }

    /// Every account that has been touched, with its number.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &Account)> {
        self.state.accounts.iter().map(|(number, account)| (number.as_str(), account))
    }
}

impl State {
    /// Every item as its service stores it.
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
