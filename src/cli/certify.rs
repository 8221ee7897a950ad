//! From findings to a report: counts, decision, commands to repeat. Pure, but for the time it is told.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::case::{ACCOUNT, Case};
use crate::check::client_would_send;
use crate::client::Target;
use crate::model::{Edition, Operation, Specs};
use crate::report::{Credentials, Endpoint, reproduce, summarize, verdict};
use crate::run::{FindingStep, Findings, Report, Reproduce, RuleResult, SuiteInfo};

/// When a run began and how long it took.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Begin.
    pub started: SystemTime,
    /// Wall time.
    pub took: Duration,
}

/// The report of a run.
#[must_use]
pub fn report(
    findings: Findings,
    specs: &Specs,
    edition: Edition,
    seed: u64,
    parity: bool,
    timing: Timing,
) -> Report {
    let Findings { results, target, unjudged, .. } = findings;
    Report {
        format: 1,
        suite: suite(specs, edition),
        target,
        seed,
        started: humantime::format_rfc3339_seconds(timing.started).to_string(),
        duration_ms: u64::try_from(timing.took.as_millis()).unwrap_or(u64::MAX),
        verdict: verdict(&results, parity, unjudged),
        summary: summarize(&results),
        shard: None,
        results,
    }
}

/// What judges.
#[must_use]
pub fn suite(specs: &Specs, edition: Edition) -> SuiteInfo {
    SuiteInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        specs: format!("sha256:{}", specs.digest),
        edition,
    }
}

/// Adds to every finding the commands that repeat it.
pub fn add_commands(
    results: &mut [RuleResult],
    cases: &BTreeMap<String, Case>,
    target: &Target,
    specs: &Specs,
    dir: &Path,
) {
    let credentials = if target.dummy_credentials { Credentials::Dummy } else { Credentials::Environment };
    let endpoint = Endpoint { url: target.url.as_deref(), region: &target.region, credentials };
    let signing_name = |service| specs.service(service).map_or(service, |model| model.signing_name.as_str());
    for result in results {
        let Some(finding) = &mut result.finding else { continue };
        let replay = cases.get(&result.id).map(|case| replay_command(case, target, dir));
        let made = reproduce(&finding.steps, &endpoint, signing_name, replay);
        finding.reproduce = match target.url {
            Some(_) if !stands_alone(&finding.steps, specs) => only_replay(made),
            Some(_) => for_account(only_sendable(made, &finding.steps, specs), target.account()),
            None => only_replay(made),
        };
    }
}

/// The AWS CLI refuses some inputs by itself; without all the calls, the rest shows nothing.
fn only_sendable(made: Reproduce, steps: &[FindingStep], specs: &Specs) -> Reproduce {
    let sendable = |step: &FindingStep| {
        specs
            .service(&step.service)
            .is_some_and(|m| client_would_send(m, &step.operation, &step.request.body))
    };
    let whole = made.aws_cli.len() == steps.len() && steps.iter().all(sendable);
    Reproduce { aws_cli: if whole { made.aws_cli } else { Vec::new() }, ..made }
}

/// Whether the calls show the same when they are made again. What others than those of the core name, such as keys,
/// was made by calls before them and has been removed since.
fn stands_alone(steps: &[FindingStep], specs: &Specs) -> bool {
    let operation = |step: &FindingStep| specs.service(&step.service)?.operations.get(&step.operation);
    steps.iter().all(|step| operation(step).is_none_or(Operation::is_core))
}

/// Nothing listens on an in-process target, so no command but our own reaches it.
fn only_replay(made: Reproduce) -> Reproduce {
    Reproduce { replay: made.replay, ..Reproduce::default() }
}

/// Commands run outside of us, so they name the real account.
fn for_account(made: Reproduce, account: &str) -> Reproduce {
    let real = |commands: Vec<String>| commands.into_iter().map(|c| c.replace(ACCOUNT, account)).collect();
    Reproduce { curl: real(made.curl), aws_cli: real(made.aws_cli), ..made }
}

fn replay_command(case: &Case, target: &Target, dir: &Path) -> String {
    let file = dir.join(case.file_name());
    let there = if target.is_real_account() {
        format!(" --account {} --region {}", target.account(), target.region)
    } else {
        String::new()
    };
    format!("glueproof replay {} {}{there}", file.display(), target.name)
}
