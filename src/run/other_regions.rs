//! Other regions of a slow endpoint, in which rules run beside those in the region of the run. An account-wide resource
//! exists once in each region, so that rules on it need not run in turn.
//!
//! Uses a region only after it was seen that the region shares no resource with that of the run. Must not judge a rule. The
//! entry point is [`open_other_regions`].

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::Arc;

use futures::future::join_all;

use crate::case::Case;
use crate::check::{PerformedStep, Transcript};
use crate::client::{Response, Target};
use crate::generate::GeneratorContext;
use crate::journal::{Header, JournalFile};
use crate::model::{Operation, Role, ServiceModel, Specs, partition};
use crate::rule::{Catalog, Rule};

use super::account::AccountState;
use super::account_backup::{restore_account_state, save_account_state};
use super::case_generation::generate_cases;
use super::cleanup::{clean_up, pending_deletions};
use super::context::CaseContext;
use super::plan::Plan;

/// The number of rules below which one region is enough.
const FEW_RULES: usize = 50;
/// The number of other regions.
const MAX_REGIONS: usize = 5;
/// Regions of every partition that has more than one.
const REGIONS: [&str; 14] = [
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
];

/// Another region of the target, with its state before the run.
pub(super) struct OtherRegion {
    /// The target in that region.
    pub target: Target,
    states: Vec<AccountState>,
}

impl OtherRegion {
    /// Restores the account-wide state. Returns one sentence for each failure.
    pub async fn close(self, specs: &Specs) -> Vec<String> {
        restore_account_state(&self.target, specs, &self.states).await
    }
}

/// Returns the other regions that share nothing with the region of the run. `touched` are the account-wide resources that the
/// rules change.
pub(super) async fn open_other_regions(
    home: &Target,
    specs: &Specs,
    rules: &[&Rule],
    touched: &BTreeSet<String>,
) -> Vec<OtherRegion> {
    if rules.len() < FEW_RULES {
        return Vec::new();
    }
    let own = partition(&home.region);
    let regions = REGIONS.iter().filter(|region| **region != home.region && partition(region) == own);
    let catalog = Catalog::new(specs);
    let opened = regions.take(MAX_REGIONS).map(|region| open(home, region, specs, &catalog, touched));
    join_all(opened).await.into_iter().flatten().collect()
}

async fn open(
    home: &Target,
    region: &str,
    specs: &Specs,
    catalog: &Catalog,
    touched: &BTreeSet<String>,
) -> Option<OtherRegion> {
    let target = home.in_region(region)?;
    let target = match home.journal() {
        Some(journal) => target.with_journal(Arc::new(journal_beside(journal, region)?)),
        None => target,
    };
    let states = save_account_state(&target, specs, touched).await.ok()?;
    let other = OtherRegion { target, states };
    let mut is_apart = true;
    for model in specs.services.iter().filter(|model| model.is_core()) {
        for rule in makers(model).filter_map(|maker| catalog.find(&maker)) {
            is_apart = is_apart && shares_nothing(home, &other.target, model, rule).await;
        }
    }
    if is_apart {
        return Some(other);
    }
    // The journal of the region keeps the resources that could not be deleted.
    other.close(specs).await;
    None
}

/// Begins the journal of another region beside that of the run, for `cleanup`.
fn journal_beside(journal: &JournalFile, region: &str) -> Option<JournalFile> {
    let header = journal.ledger().header?;
    let mut name = OsString::from(format!("{region}-"));
    name.push(journal.path().file_name()?);
    let header = Header { region: region.to_owned(), ..header };
    JournalFile::begin(&journal.path().with_file_name(name), header, false).ok()
}

/// Returns the rules that make a resource of the core and read it back.
fn makers(model: &ServiceModel) -> impl Iterator<Item = String> {
    let makers = model.resources.iter().filter(|resource| resource.read.is_some());
    let makers = makers.filter_map(|resource| resource.maker());
    let makers = makers.filter(|maker| model.operations.get(*maker).is_some_and(Operation::is_core));
    makers.map(|maker| format!("{}/{maker}/valid/input", model.name))
}

/// Returns true if a resource that is made in the other region can be read there, and changes nothing in the region of the
/// run.
async fn shares_nothing(home: &Target, other: &Target, model: &Arc<ServiceModel>, rule: &Rule) -> bool {
    let plan = Plan { cases: 1, ..Plan::default() };
    let context = GeneratorContext { model, region: &other.region };
    let Ok(cases) = generate_cases(context, rule, plan) else { return false };
    let Some(case) = cases.first() else { return false };
    let context = CaseContext::new(other, case);
    let (transcript, answers) = make_and_read(&context, home, case).await;
    let due = pending_deletions(model, &context.case, &transcript);
    let left = clean_up(&context, due).await;
    context.journal.close_entries();
    left.is_empty()
        && answers.is_some_and(|[before, there, after]| {
            before.json == after.json && there.is_success() && there.json != after.json
        })
}

/// Makes the resource of a case, and reads it. Returns the calls, and what is read in the region of the run before, in the
/// other region, and in the region of the run afterwards.
async fn make_and_read(
    context: &CaseContext,
    home: &Target,
    case: &Case,
) -> (Transcript, Option<[Response; 3]>) {
    let home = CaseContext { target: home.clone(), ..context.clone() };
    let read = case.steps.iter().position(|step| step.role == Role::Observe);
    let mut transcript = Transcript::new();
    let Some(read) = read else { return (transcript, None) };
    let Some(before) = perform(&home, read, &transcript).await else { return (transcript, None) };
    for index in 0..=read {
        match context.perform(index, &case.steps[index], &transcript).await {
            Ok(performed) => transcript.push(performed),
            Err(_) => return (transcript, None),
        }
    }
    let there = transcript.last().and_then(response).cloned();
    let after = perform(&home, read, &transcript).await.and_then(|performed| response(&performed).cloned());
    let answers = response(&before).cloned().zip(there).zip(after);
    (transcript, answers.map(|((before, there), after)| [before, there, after]))
}

async fn perform(context: &CaseContext, index: usize, transcript: &Transcript) -> Option<PerformedStep> {
    context.perform(index, &context.case.steps[index], transcript).await.ok()
}

fn response(performed: &PerformedStep) -> Option<&Response> {
    performed.exchange.outcome.as_ref().ok()
}
