//! `glueproof run`: judges a target, prints and writes the reports.

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::runtime::{Handle, Runtime};

use crate::case::Case;
use crate::client::{Target, TargetType};
use crate::known::KnownGaps;
use crate::model::{Capability, Specs};
use crate::report::merge::RunKey;
use crate::report::{Progress, exit_code, terminal};
use crate::rule::{Catalog, Rule, select};
use crate::run::{Budget, Event, Findings, Plan, Report, Session, Stop, Unfit, of_shard, present};

use super::args::{RunArgs, SpecArgs};
use super::certify::{Timing, add_commands, report, suite};
use super::error::CliError;
use super::journals::begin;
use super::known::{Record, known_gaps};
use super::notice::print_notice;
use super::resume::Earlier;
use super::signal::stop_when_told;
use super::target::{connect, resolve};
use super::{output, rendered};

/// Judges a target.
///
/// # Errors
/// When the arguments cannot be used, the target cannot be judged, or a report cannot be written.
pub fn run(given: &RunArgs) -> Result<u8, CliError> {
    let target_spec = resolve(&given.target, given.call.config.as_deref())?;
    let args = &target_spec.run_args(given);
    let edition = args.specs.edition();
    let specs = specs(&args.specs)?;
    let catalog = Catalog::new(&specs);
    target_spec.check_capabilities(&catalog)?;
    let rules = select(&catalog, &args.choice.only, &args.choice.capability)?;
    let rules = own_of_shard(args, rules, &specs)?;
    rendered::writable(&args.rendered)?;
    let gaps = known_gaps(args.known.as_deref(), &catalog, edition)?;
    let record = args.write_known.iter().map(|file| Record::open(file, &catalog, edition));
    let record = record.collect::<Result<Vec<_>, _>>()?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let opened = runtime.block_on(connect(&target_spec, &args.call, args.account.as_deref(), &specs))?;
    let opened = begin(opened, args.journal.as_deref())?;
    let earlier = earlier(args, &specs, &opened.target)?;
    let mut rules = match &earlier {
        Some(earlier) => earlier.leaves(rules),
        None => rules,
    };
    let there = runtime.block_on(capabilities(&args.choice.capability, &opened.target, &specs, &rules));
    keep(&mut rules, &specs, &there)?;
    print_notice(&opened.target, &specs, &rules, &args.call);
    let voice = Voice::new();
    let judged = Judging { args, target: &opened.target, specs: &specs, catalog: &catalog, gaps: &gaps };
    let (report, cases) = judged.run(rules, runtime.handle(), &voice)?;
    let report = match earlier {
        Some(earlier) => earlier.joined(report)?,
        None => report,
    };
    let report = Report { shard: args.shard, ..report };
    voice.hear(&Event::Finished(Box::new(report.clone())));
    let written = write_files(args, &report, &cases);
    if !rendered::takes_standard_output(&args.rendered) {
        output::print(&terminal(&report, output::look(), args.all))?;
    }
    written?;
    record.iter().try_for_each(|file| file.write(&catalog, &report.results))?;
    Ok(exit_code(report.verdict))
}

/// What rules are tried with.
struct Judging<'j> {
    args: &'j RunArgs,
    target: &'j Target,
    specs: &'j Specs,
    catalog: &'j Catalog,
    gaps: &'j KnownGaps,
}

impl Judging<'_> {
    /// The report, and the cases of its findings.
    fn run(
        &self,
        rules: Vec<&Rule>,
        runtime: &Handle,
        voice: &Voice,
    ) -> Result<(Report, BTreeMap<String, Case>), CliError> {
        let args = self.args;
        let (started, clock) = (SystemTime::now(), Instant::now());
        let emit = |event: Event| voice.hear(&event);
        let session = Session {
            target: self.target,
            specs: self.specs,
            rules,
            capabilities: self.catalog.rules.iter().map(|r| r.capability).collect(),
            plan: Plan { cases: args.cases, seed: args.seed, budget: Budget::default() },
            gaps: self.gaps,
            jobs: args.jobs.unwrap_or_else(|| default_jobs(self.target)),
            emit: &emit,
            stop: Stop::default(),
        };
        let mut findings = interruptible(&session, runtime, voice)?;
        add_commands(&mut findings.results, &findings.cases, self.target, self.specs, &args.findings);
        let cases = std::mem::take(&mut findings.cases);
        let timing = Timing { started, took: clock.elapsed() };
        let edition = args.specs.edition();
        Ok((report(findings, self.specs, edition, args.seed, parity(args), timing), cases))
    }
}

fn parity(args: &RunArgs) -> bool {
    args.parity.unwrap_or_default()
}

/// What has been judged before, where the user says so.
fn earlier(args: &RunArgs, specs: &Specs, target: &Target) -> Result<Option<Earlier>, CliError> {
    let suite = suite(specs, args.specs.edition());
    let target = (target.kind, target.url.as_deref(), target.name.as_str());
    let run = RunKey { target, seed: args.seed, suite: &suite };
    let read = |file: &PathBuf| Earlier::read(file, &run, args.shard, parity(args));
    args.resume.as_ref().map(read).transpose()
}

/// Of a shard, the rules that are its own.
fn own_of_shard<'c>(args: &RunArgs, rules: Vec<&'c Rule>, specs: &Specs) -> Result<Vec<&'c Rule>, CliError> {
    let Some(shard) = args.shard else { return Ok(rules) };
    match of_shard(&rules, specs, shard) {
        own if own.is_empty() => Err(CliError::EmptyShard(shard)),
        own => Ok(own),
    }
}

/// The specs asked for.
///
/// # Errors
/// When they are broken.
pub fn specs(args: &SpecArgs) -> Result<Specs, CliError> {
    Ok(match &args.specs {
        Some(dir) => Specs::from_dir(dir, args.edition())?,
        None => Specs::embedded(args.edition())?,
    })
}

/// The capabilities that are tested: those asked for by name, and of the others all for the embedded fake, those it has
/// for a target on this machine, and the core alone where calls go elsewhere and may cost somebody money.
pub async fn capabilities(
    asked: &[String],
    target: &Target,
    specs: &Specs,
    chosen: &[&Rule],
) -> BTreeSet<Capability> {
    let asked = asked.iter().filter_map(|name| name.parse().ok());
    let needs =
        |rule: &&Rule| specs.service(&rule.service).map(|model| rule.needs(model)).unwrap_or_default();
    let needed: BTreeSet<Capability> = chosen.iter().flat_map(needs).collect();
    let found = match target.kind {
        TargetType::Fake => needed,
        _ if target.is_loopback() && needed.iter().any(|need| *need != Capability::Core) => {
            present(target, specs).await
        }
        _ => BTreeSet::from([Capability::Core]),
    };
    asked.chain(found).collect()
}

/// Leaves out the rules that need what is not there.
///
/// # Errors
/// When that is all of them.
pub fn keep(rules: &mut Vec<&Rule>, specs: &Specs, there: &BTreeSet<Capability>) -> Result<(), CliError> {
    let lacks = |rule: &Rule| {
        let needs = specs.service(&rule.service).map(|model| rule.needs(model)).unwrap_or_default();
        needs.difference(there).next().copied()
    };
    let first = rules.first().and_then(|rule| lacks(rule));
    rules.retain(|rule| lacks(rule).is_none());
    match first {
        Some(name) if rules.is_empty() => Err(CliError::Lacking(name)),
        _ => Ok(()),
    }
}

/// Rules tried at once where nobody says.
#[must_use]
pub fn default_jobs(target: &Target) -> usize {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    if target.url.is_some() { cores.max(4) } else { cores }
}

/// Runs until done or interrupted; the first signal ends the run in order, the second at once.
fn interruptible(session: &Session<'_>, runtime: &Handle, voice: &Voice) -> Result<Findings, Unfit> {
    let listener = stop_when_told(runtime, session.stop.clone(), voice.interrupted());
    let findings = session.run(runtime);
    listener.abort();
    findings
}

fn write_files(args: &RunArgs, report: &Report, cases: &BTreeMap<String, Case>) -> Result<(), CliError> {
    rendered::write(&args.rendered, report)?;
    save(&args.findings, cases)
}

/// Saves the cases of findings, one a file.
fn save(dir: &Path, cases: &BTreeMap<String, Case>) -> Result<(), CliError> {
    if cases.is_empty() {
        return Ok(());
    }
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |source| CliError::Unwritable { path, source, rescued: None }
    };
    std::fs::create_dir_all(dir).map_err(unwritable(dir))?;
    for case in cases.values() {
        let path = dir.join(case.file_name());
        let text = case.to_json().map_err(|e| unwritable(&path)(e.into()))?;
        std::fs::write(&path, text).map_err(unwritable(&path))?;
    }
    Ok(())
}

/// Tells on standard error what goes on.
struct Voice(std::sync::Arc<Mutex<Progress<std::io::Stderr>>>);

impl Voice {
    fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let progress = if terminal { Progress::bar() } else { Progress::lines(std::io::stderr()) };
        Self(std::sync::Arc::new(Mutex::new(progress)))
    }

    fn hear(&self, event: &Event) {
        // Nobody listening on standard error is no reason to end a run.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).on(event);
    }

    fn interrupted(&self) -> impl FnOnce() + Send + 'static {
        let shared = std::sync::Arc::clone(&self.0);
        move || {
            let _ = shared.lock().unwrap_or_else(PoisonError::into_inner).on(&Event::Interrupted);
        }
    }
}
