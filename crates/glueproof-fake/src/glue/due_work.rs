//! Does the work that is due by the fake's clock, before anything else happens.
//! Must not keep time: `schedule` does.
//! [`run_due_work`] is the entry point.

use super::schedule::{Work, take_due};
use super::{crawler, dev_endpoint, job_run};
use crate::cloud::Cloud;

/// Does everything whose moment has come, in the order of moments.
pub fn run_due_work(cloud: &mut Cloud) {
    while let Some((owner, due)) = take_due(cloud) {
        match due.work {
            Work::Run { job, run } => job_run::finish(cloud, &owner, &job, &run, due.at),
            Work::Crawl { crawler } => crawler::finish(cloud, &owner, &crawler),
            Work::Endpoint { name } => dev_endpoint::finish(cloud, &owner, &name),
        }
    }
}
