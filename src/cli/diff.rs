//! `glueproof diff`: compares two targets, prints and writes where they differ.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::runtime::Runtime;

use crate::diff::{Comparison, ComparisonEvent, DiffCause, DiffReport, DiffSummary, DiffTarget, DiffVerdict};
use crate::model::{Capability, Specs};
use crate::report::{PhaseBar, diff as rendered, markdown, suite_info};
use crate::rule::{Catalog, Rule, select};
use crate::run::default_jobs;
use crate::run::{Budget, CancelToken, Plan};
use crate::suite::retain_capable;

use super::args::DiffArgs;
use super::error::CliError;
use super::output;
use super::prepared_target::{PreparedTarget, TargetOptions};
use super::run::specs;
use super::signal::cancel_on_signal;
use super::target::resolve;

/// For making one difference short.
const BUDGET: Budget = Budget { calls: 240, time: std::time::Duration::from_secs(15) };

/// Compares two targets.
///
/// # Errors
/// Returns an error if the arguments cannot be used, a target does not answer, or a file cannot be written.
pub fn diff(args: &DiffArgs) -> Result<u8, CliError> {
    let specs = specs(&args.specs)?;
    let catalog = Catalog::new(&specs);
    let rules = select(&catalog, &args.choice.only, &args.choice.capability)?;
    [&args.json, &args.markdown].into_iter().flatten().try_for_each(|file| output::writable(file))?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let ready = |name: &str, rules: &[&Rule]| {
        let target_spec = resolve(name, args.call.config.as_deref())?;
        let calls = target_spec.call_args(&args.call);
        let options = TargetOptions::without_aws(&target_spec, &calls)?;
        runtime.block_on(PreparedTarget::prepare(&options, &specs, &args.choice.capability, rules))
    };
    let (a, b) = (ready(&args.a, &rules)?, ready(&args.b, &rules)?);
    let common = a.capabilities.intersection(&b.capabilities).copied().collect();
    let rules = retain_capable(rules, &specs, &common)?;
    let report = compared(args, &specs, rules, (&a, &b), &runtime);
    let written = write(args, &report);
    if ![&args.json, &args.markdown].into_iter().flatten().any(|file| file == Path::new("-")) {
        output::print(&rendered::terminal(&report, output::terminal_options(), args.all))?;
    }
    written?;
    Ok(match report.verdict {
        DiffVerdict::Alike => 0,
        DiffVerdict::Different => 1,
        DiffVerdict::Incomplete => 3,
    })
}

/// Carries it out, and leaves both targets as they were.
fn compared(
    args: &DiffArgs,
    specs: &Specs,
    rules: Vec<&Rule>,
    (a, b): (&PreparedTarget, &PreparedTarget),
    runtime: &Runtime,
) -> DiffReport {
    let (started, clock) = (SystemTime::now(), Instant::now());
    let (verdict, summary, causes) = carried_out(args, specs, rules, (a, b), runtime);
    DiffReport {
        format: crate::diff::FORMAT,
        suite: suite_info(specs),
        a: target(a, &b.capabilities),
        b: target(b, &a.capabilities),
        seed: args.generation.seed,
        started: humantime::format_rfc3339_seconds(started).to_string(),
        duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        verdict,
        summary,
        causes,
    }
}

fn carried_out(
    args: &DiffArgs,
    specs: &Specs,
    rules: Vec<&Rule>,
    (a, b): (&PreparedTarget, &PreparedTarget),
    runtime: &Runtime,
) -> (DiffVerdict, DiffSummary, Vec<DiffCause>) {
    let (bar, stop) = (PhaseBar::default(), CancelToken::default());
    let left = Mutex::new(BTreeSet::new());
    let emit = |event: ComparisonEvent<'_>| match event {
        ComparisonEvent::Leftover(what) => {
            left.lock().unwrap_or_else(PoisonError::into_inner).insert(what.to_owned());
        }
        event => shown(&bar, event),
    };
    let told = || output::print_error("interrupted: what is running is finished and cleaned up");
    let listener = cancel_on_signal(runtime.handle(), stop.clone(), told, || ());
    let jobs = default_jobs(&a.connection.target).max(default_jobs(&b.connection.target));
    let comparison = Comparison {
        a: &a.connection.target,
        b: &b.connection.target,
        specs,
        rules,
        plan: Plan {
            cases: args.generation.cases,
            seed: args.generation.seed,
            budget: BUDGET,
            ..Plan::default()
        },
        jobs: args.jobs.unwrap_or(jobs),
        emit: &emit,
        stop,
    };
    let outcome = comparison.run(runtime.handle());
    listener.abort();
    bar.finish();
    let mut left = left.into_inner().unwrap_or_else(PoisonError::into_inner);
    for ready in [a, b] {
        left.extend(runtime.block_on(ready.restore(specs)));
    }
    output::print_leftovers(left);
    outcome
}

fn write(args: &DiffArgs, report: &DiffReport) -> Result<(), CliError> {
    if let Some(path) = &args.json {
        output::write(path, &rendered::json(report)?)?;
    }
    if let Some(path) = &args.markdown {
        output::write(path, &markdown::diff(report))?;
    }
    Ok(())
}

fn target(one: &PreparedTarget, other: &BTreeSet<Capability>) -> DiffTarget {
    let target = &one.connection.target;
    DiffTarget {
        kind: target.kind,
        name: target.name.clone(),
        url: target.url.clone(),
        alone_has: one.capabilities.difference(other).copied().collect(),
    }
}

fn shown(bar: &PhaseBar, event: ComparisonEvent<'_>) {
    match event {
        ComparisonEvent::Begun(rules) => bar.begin("rules", rules),
        ComparisonEvent::Shrinking(causes) => bar.begin("causes made short", causes),
        ComparisonEvent::Compared { .. } | ComparisonEvent::Shrunk => bar.step(),
        ComparisonEvent::Leftover(_) => {}
    }
}
