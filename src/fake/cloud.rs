//! All state of the fake: one struct an account and region, and what an account has everywhere. Must not
//! know what any operation means, nor how bytes are read and written.

use std::collections::{BTreeMap, HashMap};

use super::at_rest::AtRest;
use super::builder::Settings;
use super::caller::Caller;
use super::clock::Timestamp;
use super::network::Network;
use super::random::Random;
use super::{glue, iam, kms, logs, s3};

/// Everything that changes, and what it is set up with.
#[derive(Debug)]
pub struct Cloud {
    /// How the fake was set up.
    pub settings: Settings,
    /// Where ids come from.
    pub random: Random,
    /// The private networks there are.
    pub network: Network,
    regions: HashMap<(String, String), Region>,
    accounts: BTreeMap<String, Account>,
}

/// What one account has in one region.
#[derive(Debug, Default)]
pub struct Region {
    /// Its Data Catalog and the rest of Glue.
    pub glue: glue::State,
    /// Its keys.
    pub kms: kms::State,
    /// Its logs.
    pub logs: logs::State,
}

/// What one account has, wherever.
#[derive(Debug, Default)]
pub struct Account {
    /// Its users, roles and sessions.
    pub iam: iam::State,
    /// Its buckets.
    pub s3: s3::State,
}

impl Cloud {
    /// A cloud with the users and roles it was set up with, and nothing else in it.
    pub fn new(settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        let network = settings.network.clone();
        let mut cloud =
            Self { settings, random, network, regions: HashMap::new(), accounts: BTreeMap::new() };
        iam::populate(&mut cloud);
        cloud
    }

    /// The moment of the call.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// What the caller's account has in the region the call is for.
    pub fn region(&mut self, caller: &Caller) -> &mut Region {
        self.regions.entry((caller.account.clone(), caller.region.clone())).or_default()
    }

    /// The same of any account, to look at, if it has ever been there.
    pub fn peek_region(&self, account: &str, region: &str) -> Option<&Region> {
        self.regions.get(&(account.to_owned(), region.to_owned()))
    }

    /// What any account has in a region, if it has ever been there.
    pub fn existing_region(&mut self, account: &str, region: &str) -> Option<&mut Region> {
        self.regions.get_mut(&(account.to_owned(), region.to_owned()))
    }

    /// Every account and region that has been touched, and what is there.
    pub fn regions(&self) -> impl Iterator<Item = (&str, &str, &Region)> {
        self.regions.iter().map(|((account, region), held)| (account.as_str(), region.as_str(), held))
    }

    /// What the caller's account has, wherever the call is for.
    pub fn account(&mut self, caller: &Caller) -> &mut Account {
        self.account_named(&caller.account)
    }

    /// What the account of that number has.
    pub fn account_named(&mut self, account: &str) -> &mut Account {
        self.accounts.entry(account.to_owned()).or_default()
    }

    /// The same, to look at; nothing where the account has never been touched.
    pub fn existing_account(&self, account: &str) -> Option<&Account> {
        self.accounts.get(account)
    }

    /// Every account that has been touched, with its number.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &Account)> {
        self.accounts.iter().map(|(number, account)| (number.as_str(), account))
    }

    /// Every item as its service stores it.
    pub fn at_rest(&self) -> Vec<AtRest> {
        let item = |service: &str, account: &str, region: &str, (item, bytes): (String, Vec<u8>)| {
            let (service, account, region) = (service.to_owned(), account.to_owned(), region.to_owned());
            AtRest { service, account, region, item, bytes }
        };
        let in_regions = self.regions.iter().flat_map(|((account, region), held)| {
            held.logs.at_rest().into_iter().map(move |stored| item("logs", account, region, stored))
        });
        let anywhere = self.accounts.iter().flat_map(|(account, held)| {
            let stored = held.s3.at_rest().into_iter();
            stored.map(move |(region, name, bytes)| item("s3", account, region, (name, bytes)))
        });
        in_regions.chain(anywhere).collect()
    }
}
