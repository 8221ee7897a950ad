//! Builds the report of a run: counts, scores, verdict, and the commands that reproduce each finding.
//!
//! Must not read a clock or call a target. The entry point is [`build`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::case::{ACCOUNT, Case};
use crate::client::Target;
use crate::model::{Edition, Kind, Member, Operation, ServiceModel, Specs, Traits};
use crate::run::{FindingStep, Reproduce, RuleResult, RunResults};

use super::model::{Report, SuiteInfo};
use super::reproduce::{Credentials, Endpoint, reproduce};
use super::summary::{VerdictPolicy, policy_document, summarize, verdict};

/// The start and the duration of a run.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// The start.
    pub started: SystemTime,
    /// The duration.
    pub took: Duration,
}

/// Builds the report of a run.
#[must_use]
pub fn build(results: RunResults, specs: &Specs, seed: u64, policy: VerdictPolicy, timing: Timing) -> Report {
    let RunResults { results, target, incomplete, .. } = results;
    Report {
        format: 1,
        suite: suite_info(specs),
        target,
        seed,
        started: humantime::format_rfc3339_seconds(timing.started).to_string(),
        duration_ms: u64::try_from(timing.took.as_millis()).unwrap_or(u64::MAX),
        verdict: verdict(&results, policy, incomplete),
        summary: summarize(&results),
        missing_permissions: policy_document(&results),
        shard: None,
        results,
    }
}

/// Returns the version of the suite, and the digest and edition of these specs.
#[must_use]
pub fn suite_info(specs: &Specs) -> SuiteInfo {
    SuiteInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        specs: format!("sha256:{}", specs.digest),
        edition: specs.services.first().map_or_else(Edition::default, |service| service.edition),
    }
}

/// Adds to every finding the commands that reproduce it. `dir` is the folder in which cases are saved.
pub fn add_commands(
    results: &mut [RuleResult],
    cases: &BTreeMap<String, Case>,
    target: &Target,
    specs: &Specs,
    dir: &Path,
) {
    let credentials = if target.dummy_credentials { Credentials::Dummy } else { Credentials::Environment };
    let ca_bundle = target.ca_bundle().map(|file| file.display().to_string());
    let endpoint = Endpoint {
        url: target.url.as_deref(),
        region: &target.region,
        credentials,
        ca_bundle: ca_bundle.as_deref(),
    };
    let signing_name = |service| specs.service(service).map_or(service, |model| model.signing_name.as_str());
    for result in results {
        let Some(finding) = &mut result.finding else { continue };
        let case = cases.get(&result.id);
        let replay = case.map(|case| replay_command(case, target, dir));
        // Commands run one after the other, which shows no race.
        let is_concurrent = case.is_some_and(Case::is_concurrent);
        let made = reproduce(&finding.steps, &endpoint, signing_name, replay);
        finding.reproduce = match target.url {
            Some(_) if is_concurrent || !stands_alone(&finding.steps, specs) => only_replay(made),
            Some(_) => for_account(only_sendable(made, &finding.steps, specs), target.account()),
            None => only_replay(made),
        };
    }
}

/// Drops the AWS CLI commands if one is missing: the AWS CLI rejects some inputs itself, and the rest shows nothing.
fn only_sendable(made: Reproduce, steps: &[FindingStep], specs: &Specs) -> Reproduce {
    let sendable = |step: &FindingStep| {
        specs
            .service(&step.service)
            .is_some_and(|m| client_would_send(m, &step.operation, &step.request.body))
    };
    let is_sent = steps.iter().all(sendable);
    let is_whole = is_sent && made.aws_cli.len() == steps.len();
    Reproduce {
        aws_cli: if is_whole { made.aws_cli } else { Vec::new() },
        boto3: if is_sent { made.boto3 } else { Vec::new() },
        ..made
    }
}

/// Returns whether the calls show the same when they are repeated. Resources outside the core, such as keys, have been
/// removed since.
fn stands_alone(steps: &[FindingStep], specs: &Specs) -> bool {
    let operation = |step: &FindingStep| specs.service(&step.service)?.operations.get(&step.operation);
    steps.iter().all(|step| operation(step).is_none_or(Operation::is_core))
}

/// Keeps `glueproof replay` alone: no other program reaches a target in this process.
fn only_replay(made: Reproduce) -> Reproduce {
    Reproduce { replay: made.replay, ..Reproduce::default() }
}

/// Replaces the placeholder of the account in commands.
fn for_account(made: Reproduce, account: &str) -> Reproduce {
    let real = |commands: Vec<String>| commands.into_iter().map(|c| c.replace(ACCOUNT, account)).collect();
    Reproduce {
        replay: made.replay,
        curl: real(made.curl),
        aws_cli: real(made.aws_cli),
        boto3: real(made.boto3),
        rust: real(made.rust),
    }
}

fn replay_command(case: &Case, target: &Target, dir: &Path) -> String {
    let file = dir.join(case.file_name());
    let there = if target.is_real_account() {
        format!(" --account {} --region {}", target.account(), target.region)
    } else {
        String::new()
    };
    let trusted =
        target.ca_bundle().map(|file| format!(" --ca-bundle {}", file.display())).unwrap_or_default();
    format!("glueproof replay {} {}{there}{trusted}", file.display(), target.name)
}

/// Returns true if such a client would send the input.
fn client_would_send(model: &ServiceModel, operation: &str, input: &Value) -> bool {
    model.operations.get(operation).is_some_and(|operation| {
        let shape = model.shape(&operation.input);
        fits(model, &shape.name, &shape.traits, input)
    })
}

fn fits(model: &ServiceModel, shape: &str, traits: &Traits, value: &Value) -> bool {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let least = traits.length.and_then(|l| l.min).unwrap_or(0);
    match (&model.shape(shape).kind, value) {
        (Kind::String | Kind::Enum(_), Value::String(text)) => count(text.chars().count()) >= least,
        (Kind::Integer, Value::Number(number)) => {
            let smallest = traits.range.and_then(|r| r.min).unwrap_or(i64::MIN);
            number.as_i64().is_some_and(|n| n >= smallest)
        }
        (Kind::Blob, Value::String(_))
        | (Kind::Boolean, Value::Bool(_))
        | (Kind::Double | Kind::Timestamp, Value::Number(_) | Value::String(_)) => true,
        (Kind::List(item), Value::Array(items)) => items.iter().all(|inner| member_fits(model, item, inner)),
        (Kind::Map(entry), Value::Object(map)) => map.iter().all(|(key, inner)| {
            member_fits(model, &entry.key, &Value::from(key.as_str()))
                && member_fits(model, &entry.value, inner)
        }),
        (Kind::Structure(members), Value::Object(map)) => {
            let required = members.values().filter(|m| m.traits.required).all(|m| map.contains_key(&m.name));
            let known = |(name, inner): (&String, &Value)| {
                members.get(name).is_some_and(|m| member_fits(model, m, inner))
            };
            required && map.iter().all(known)
        }
        _ => false,
    }
}

fn member_fits(model: &ServiceModel, member: &Member, value: &Value) -> bool {
    fits(model, &member.target, &member.traits, value)
}
