//! All state of the fake: one struct an account and region, and what an account has everywhere. Must not
//! know what any operation means, nor how bytes are read and written.

use std::collections::HashMap;

use super::builder::Settings;
use super::caller::Caller;
use super::clock::Timestamp;
use super::random::Random;
use super::{glue, kms};

/// Everything that changes, and what it is set up with.
#[derive(Debug)]
pub struct Cloud {
    /// How the fake was set up.
    pub settings: Settings,
    /// Where ids come from.
    pub random: Random,
    regions: HashMap<(String, String), Region>,
}

/// What one account has in one region.
#[derive(Debug, Default)]
pub struct Region {
    /// Its Data Catalog and the rest of Glue.
    pub glue: glue::State,
    /// Its keys.
    pub kms: kms::State,
}

impl Cloud {
    /// A cloud with nothing in it.
    pub fn new(settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        Self { settings, random, regions: HashMap::new() }
    }

    /// The moment of the call.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// What the caller's account has in the region the call is for.
    pub fn region(&mut self, caller: &Caller) -> &mut Region {
        self.regions.entry((caller.account.clone(), caller.region.clone())).or_default()
    }

    /// What any account has in a region, if it has ever been there.
    pub fn existing_region(&mut self, account: &str, region: &str) -> Option<&mut Region> {
        self.regions.get_mut(&(account.to_owned(), region.to_owned()))
    }
}
