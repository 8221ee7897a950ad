//! The state layer: mistreats the state of the whole cloud around a handler that behaves correctly.
//! Must not know any operation.
//! [`StateFaultScope::run`] runs one call; [`run_work`] runs the jobs and crawls that are due.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;

use crate::cloud::{Cloud, State};

/// A wrong treatment of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StateFault {
    /// The changes of the call are undone. The response stays the same.
    Lost,
    /// The call reads the state before the last change.
    Stale,
    /// The call discards the changes that other calls make between its arrival and its end.
    Raced,
    /// All state is deleted after the call.
    Forgotten,
}

/// State and responses that a faulty fake keeps besides its state. Empty while no fault needs them.
#[derive(Debug, Default)]
pub struct FaultMemory {
    /// The state before the last call that changed something.
    pub before_last_change: Option<State>,
    /// The state at the arrival of the current call, if the call is raced.
    pub at_arrival: Option<State>,
    /// The last successful response, by operation.
    pub last_success: BTreeMap<String, Bytes>,
}

/// The state faults of one call.
#[derive(Debug)]
pub struct StateFaultScope<'m> {
    /// The faults.
    pub faults: Vec<StateFault>,
    /// True if the operation can change state.
    pub changes: bool,
    /// The states kept from earlier.
    pub memory: &'m mut FaultMemory,
}

impl StateFaultScope<'_> {
    /// Runs `call` against the state that the faults select.
    pub fn run<T, E>(self, cloud: &mut Cloud, call: impl FnOnce(&mut Cloud) -> Result<T, E>) -> Result<T, E> {
        let now = cloud.state.clone();
        let is_stale = self.faults.contains(&StateFault::Stale);
        let at_arrival = self.memory.at_arrival.take();
        let seen = if is_stale { self.memory.before_last_change.clone() } else { at_arrival };
        if let Some(seen) = seen {
            cloud.state = seen;
        }
        let outcome = call(cloud);
        if is_stale || self.faults.contains(&StateFault::Lost) {
            cloud.state = now;
        } else if self.faults.contains(&StateFault::Forgotten) {
            cloud.reset();
            crate::iam::seed(cloud);
        } else if outcome.is_ok() && self.changes {
            self.memory.before_last_change = Some(now);
        }
        outcome
    }
}

/// A wrong treatment of the state while jobs and crawls end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkFault {
    /// Jobs and crawls can use disabled keys.
    DisabledKeysWork,
    /// Jobs and crawls reach KMS from every network.
    EveryNetworkReachesKms,
}

/// Runs the jobs and crawls that are due, on the state that the faults select.
pub fn run_work(faults: &[WorkFault], cloud: &mut Cloud, work: fn(&mut Cloud)) {
    let enabled = faults.contains(&WorkFault::DisabledKeysWork).then(|| enable_keys(cloud));
    // A subnet of no known network reaches the internet, and so KMS.
    let network =
        faults.contains(&WorkFault::EveryNetworkReachesKms).then(|| std::mem::take(&mut cloud.state.network));
    work(cloud);
    if let Some(network) = network {
        cloud.state.network = network;
    }
    for (account, region, keys) in enabled.into_iter().flatten() {
        if let Some(region) = cloud.existing_region(&account, &region) {
            region.kms.disable(&keys);
        }
    }
}

/// Enables every disabled key, and returns the keys by account and region.
fn enable_keys(cloud: &mut Cloud) -> Vec<(String, String, Vec<String>)> {
    let places: Vec<(String, String)> =
        cloud.regions().map(|(account, region, _)| (account.to_owned(), region.to_owned())).collect();
    let enable = |(account, region): (String, String)| {
        let keys = cloud.existing_region(&account, &region)?.kms.enable_all();
        Some((account, region, keys))
    };
    places.into_iter().filter_map(enable).collect()
}
