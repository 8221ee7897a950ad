//! The schedule of work that takes time: runs of jobs, crawls, and development endpoints that start.
//! Must not do any work: `due_work` does.
//! [`begin`], [`cancel`] and [`take_due`] are the entry points.

use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::clock::Timestamp;
use crate::cloud::Cloud;

/// The time from the start until work runs. Shorter than the real service, to keep tests fast.
pub const STARTING_SECONDS: u32 = 2;

/// The time from the start until work is done.
pub const RUN_SECONDS: u32 = 5;

/// Work that takes time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// A run of a job.
    Run { job: String, run: String },
    /// A crawl.
    Crawl { crawler: String },
    /// A development endpoint that starts.
    Endpoint { name: String },
}

/// Scheduled work, and the time when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueWork {
    pub work: Work,
    pub at: Timestamp,
}

/// Schedules work that starts now.
pub fn begin(cloud: &mut Cloud, caller: &Caller, work: Work) {
    let at = cloud.now().later(if cloud.settings.prompt { 0 } else { RUN_SECONDS });
    cloud.region(caller).glue.under_way.push(DueWork { work, at });
}

/// Cancels work. Returns true if it was scheduled.
pub fn cancel(cloud: &mut Cloud, caller: &Caller, work: &Work) -> bool {
    let under_way = &mut cloud.region(caller).glue.under_way;
    let before = under_way.len();
    under_way.retain(|due| due.work != *work);
    under_way.len() < before
}

/// Removes and returns the next work that is due, with the account that owns it.
pub fn take_due(cloud: &mut Cloud) -> Option<(Caller, DueWork)> {
    let all = cloud.regions().flat_map(|(account, region, held)| {
        held.glue.under_way.iter().map(move |due| (due.at, account, region, due))
    });
    let (at, account, region, due) = all.min_by_key(|(at, account, region, _)| (*at, *account, *region))?;
    if at > cloud.now() {
        return None;
    }
    let (owner, due) = (Caller::root(account, region), due.clone());
    cancel(cloud, &owner, &due.work);
    Some((owner, due))
}
