//! All state of the fake: one struct an account and region, and what an account has everywhere. Must not
//! know what any operation means, nor how bytes are read and written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::at_rest::AtRest;
use super::builder::Settings;
use super::caller::Caller;
use super::clock::Timestamp;
use super::glue;
use super::random::Random;

/// Everything that changes, and what it is set up with.
#[derive(Debug)]
pub struct Cloud {
    /// How the fake was set up.
    pub settings: Settings,
    /// Where ids come from.
    pub random: Random,
    /// What callers have made.
    pub state: State,
}

/// What callers have made: everything that a snapshot holds and a reset takes away.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// By account, then region.
    regions: BTreeMap<String, BTreeMap<String, Region>>,
}

/// What one account has in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Region {
    /// Its Data Catalog and the rest of Glue.
    pub glue: glue::State,
}

impl Cloud {
    /// A cloud with nothing in it.
    pub fn new(settings: Settings) -> Self {
        let random = Random::new(settings.seed);
        Self { settings, random, state: State::default() }
    }

    /// The moment of the call.
    pub fn now(&self) -> Timestamp {
        self.settings.clock.now()
    }

    /// What the caller's account has in the region the call is for.
    pub fn region(&mut self, caller: &Caller) -> &mut Region {
        let regions = self.state.regions.entry(caller.account.clone()).or_default();
        regions.entry(caller.region.clone()).or_default()
    }
}

impl State {
    /// Every item as its service stores it.
    pub fn at_rest(&self) -> Vec<AtRest> {
        let mut items = Vec::new();
        for (account, regions) in &self.regions {
            for (region, held) in regions {
                let mut add = |service: &str, stored: Vec<(String, Vec<u8>)>| {
                    items.extend(stored.into_iter().map(|(item, bytes)| AtRest {
                        service: service.to_owned(),
                        account: account.clone(),
                        region: region.clone(),
                        item,
                        bytes,
                    }));
                };
                add("glue", held.glue.at_rest());
            }
        }
        items
    }
}
