//! What takes time: runs of jobs, crawls, development endpoints on their way. Each is done when its moment has
//! come, by the fake's clock, before anything else happens. Must not know what any of them does.

use serde::{Deserialize, Serialize};

use super::{crawl, dev_endpoint, job_run};
use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;

/// Seconds from the start until something runs. The real service takes longer; nobody wants to wait for a fake.
pub const STARTING: u32 = 2;

/// Seconds from the start until it is done.
pub const WHOLE: u32 = 5;

/// Something under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// A run of a job.
    Run { job: String, run: String },
    /// A crawl.
    Crawl { crawler: String },
    /// A development endpoint that is being provided.
    Endpoint { name: String },
}

/// Something under way, and when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub work: Work,
    pub at: Timestamp,
}

/// Begins something that starts now.
pub fn begin(cloud: &mut Cloud, caller: &Caller, work: Work) {
    let at = cloud.now().later(if cloud.settings.prompt { 0 } else { WHOLE });
    cloud.region(caller).glue.under_way.push(Due { work, at });
}

/// Calls something off. Whether it was under way.
pub fn call_off(cloud: &mut Cloud, caller: &Caller, work: &Work) -> bool {
    let under_way = &mut cloud.region(caller).glue.under_way;
    let before = under_way.len();
    under_way.retain(|due| due.work != *work);
    under_way.len() < before
}

/// Does everything whose moment has come, in the order of moments.
pub fn settle(cloud: &mut Cloud) {
    while let Some((owner, due)) = next(cloud) {
        match due.work {
            Work::Run { job, run } => job_run::finish(cloud, &owner, &job, &run, due.at),
            Work::Crawl { crawler } => crawl::finish(cloud, &owner, &crawler),
            Work::Endpoint { name } => dev_endpoint::finish(cloud, &owner, &name),
        }
    }
}

/// The next one that is due, taken out, and the account it is of.
fn next(cloud: &mut Cloud) -> Option<(Caller, Due)> {
    let all = cloud.regions().flat_map(|(account, region, held)| {
        held.glue.under_way.iter().map(move |due| (due.at, account, region, due))
    });
    let (at, account, region, due) = all.min_by_key(|(at, account, region, _)| (*at, *account, *region))?;
    if at > cloud.now() {
        return None;
    }
    let (owner, due) = (Caller::root(account, region), due.clone());
    call_off(cloud, &owner, &due.work);
    Some((owner, due))
}
