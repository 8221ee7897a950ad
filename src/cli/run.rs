//! `glueproof run`: judges a target, prints and writes the reports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::{Handle, Runtime};

use crate::case::Case;
use crate::client::Target;
use crate::known::KnownGaps;
use crate::model::{ServiceModel, Specs};
use crate::report::merge::RunKey;
use crate::report::{Progress, Report, exit_code, json, suite_info};
use crate::rule::{Catalog, Rule, select};
use crate::run::{CancelToken, Event, of_shard};
use crate::suite::{CompletedRun, Suite};

use super::args::{LAST_REPORT_NAME, RunArgs, SpecArgs};
use super::connection::{Connection, connect};
use super::error::CliError;
use super::journals::{begin, left_by};
use super::known::{Record, known_gaps};
use super::notice::print_notice;
use super::report::{in_words, show_command};
use super::resume::PreviousRun;
use super::signal::cancel_on_signal;
use super::target::{TargetSpec, resolve};
use super::{output, rendered};
use crate::secrets::without_secrets;

/// Judges a target.
///
/// # Errors
/// Returns an error if the arguments cannot be used, the target cannot be judged, or a report cannot be written.
pub fn run(given: &RunArgs) -> Result<u8, CliError> {
    let spec = resolve(&given.target, given.call.config.as_deref())?;
    let args = &spec.run_args(given);
    let plan = Plan::new(&spec, args)?;
    let rules = plan.rules()?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let (reporter, left) = (ProgressReporter::new(), Arc::new(OnceLock::<String>::new()));
    let cancel = CancelToken::after(args.max_time);
    let told = Arc::clone(&left);
    let tell_what_is_left = move || told.get().into_iter().for_each(|text| output::print_error(text));
    let listener =
        cancel_on_signal(runtime.handle(), cancel.clone(), reporter.interrupted(), tell_what_is_left);
    let opened = begin(plan.connect(runtime.handle())?, args.journal.as_deref(), args.wait)?;
    if let Some(text) = left_by(&opened.target) {
        let _ = left.set(text);
    }
    let earlier = earlier(args, &plan.specs, &opened.target)?;
    let rules = match &earlier {
        Some(earlier) => earlier.leaves(rules),
        None => rules,
    };
    let completed = plan.judge(&opened.target, rules, (runtime.handle(), cancel), &reporter);
    listener.abort();
    let CompletedRun { report, cases, ended } = completed?;
    let report = match earlier {
        Some(earlier) => earlier.joined(report)?,
        None => report,
    };
    let report = plan.named(report);
    reporter.finish(&report);
    plan.publish(&report, &cases)?;
    match ended {
        Some(why) => Err(CliError::Ended {
            why: Box::new(why),
            report: args.rendered.json.clone().filter(|file| file != Path::new("-")),
        }),
        None => Ok(exit_code(report.verdict)),
    }
}

/// The parts of a run: its target, rules and known gaps, and the files that it writes.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    target: &'a TargetSpec,
    args: &'a RunArgs,
    specs: Specs,
    catalog: Catalog,
    gaps: KnownGaps,
    record: Option<Record>,
}

impl<'a> Plan<'a> {
    /// Reads the specs and files, and checks that the reports can be written.
    ///
    /// # Errors
    /// Returns an error if a file cannot be used.
    pub fn new(target: &'a TargetSpec, args: &'a RunArgs) -> Result<Self, CliError> {
        let edition = args.specs.edition();
        let specs = specs(&args.specs)?;
        let catalog = Catalog::new(&specs);
        target.check_capabilities(&catalog)?;
        select(&catalog, &args.choice.only, &args.choice.capability)?;
        rendered::writable(&args.rendered)?;
        output::creatable_folder(&args.findings)?;
        let gaps = known_gaps(args.known.as_deref(), &catalog, edition)?;
        let record =
            args.write_known.as_ref().map(|file| Record::open(file, &catalog, edition)).transpose()?;
        Ok(Self { target, args, specs, catalog, gaps, record })
    }

    /// Returns the rules of the run.
    ///
    /// # Errors
    /// Returns an error if there are none.
    pub fn rules(&self) -> Result<Vec<&Rule>, CliError> {
        let rules = select(&self.catalog, &self.args.choice.only, &self.args.choice.capability)?;
        own_of_shard(self.args, rules, &self.specs)
    }

    /// Returns the services by which a target is recognised.
    pub fn core_services(&self) -> impl Iterator<Item = &ServiceModel> {
        self.specs.services.iter().map(AsRef::as_ref).filter(|model: &&ServiceModel| model.is_core())
    }

    /// Connects to the target.
    ///
    /// # Errors
    /// Returns an error if the settings do not allow a connection.
    pub fn connect(&self, runtime: &Handle) -> Result<Connection, CliError> {
        runtime.block_on(connect(self.target, &self.args.call, self.args.account.as_deref(), &self.specs))
    }

    /// Runs the rules until they are done or cancelled.
    ///
    /// # Errors
    /// Returns an error if the target cannot be judged.
    pub fn judge(
        &self,
        target: &Target,
        rules: Vec<&Rule>,
        (runtime, cancel): (&Handle, CancelToken),
        reporter: &ProgressReporter,
    ) -> Result<CompletedRun, CliError> {
        let args = self.args;
        let emit = |event: Event| {
            if let Event::Started { target: info, rules, .. } = &event {
                print_notice(target, info.tested(), *rules, &args.call);
            }
            reporter.on_event(&event);
        };
        let mut suite = Suite::new(target)
            .specs(&self.specs)
            .rules(rules)
            .cases(args.generation.cases)
            .seed(args.generation.seed)
            .known_gaps(&self.gaps)
            .verdict_policy(args.verdict_policy())
            .findings(&args.findings)
            .one_region(args.one_region)
            .on_event(&emit)
            .cancel(cancel)
            .runtime(runtime);
        for name in &args.choice.capability {
            suite = suite.capability(name);
        }
        if let Some(jobs) = args.jobs {
            suite = suite.jobs(jobs);
        }
        Ok(suite.run_with_cases()?)
    }

    /// Returns the report with the names that the user gave its target and its shard.
    #[must_use]
    pub fn named(&self, report: Report) -> Report {
        let mut report = Report { shard: self.args.shard, ..report };
        report.target.name = self.args.name.clone().unwrap_or(report.target.name);
        report
    }

    /// Writes and prints the report. Prints it even if a file cannot be written.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written.
    pub fn publish(&self, report: &Report, cases: &BTreeMap<String, Case>) -> Result<(), CliError> {
        let args = self.args;
        let written = write_files(args, report, cases);
        if !rendered::takes_standard_output(&args.rendered) {
            let show = args.findings.join(LAST_REPORT_NAME);
            let show = show.exists().then(|| show_command(&show));
            output::print(&in_words(report, args.all, show.as_deref()))?;
        }
        written?;
        self.record.iter().try_for_each(|file| file.write(&self.catalog, &report.results))
    }
}

/// Returns the earlier report that `--resume` names.
fn earlier(args: &RunArgs, specs: &Specs, target: &Target) -> Result<Option<PreviousRun>, CliError> {
    let suite = suite_info(specs);
    let name = args.name.as_deref().unwrap_or(&target.name);
    let target = (target.kind, target.url.as_deref(), name);
    let run = RunKey { target, seed: args.generation.seed, suite: &suite };
    let read = |file: &PathBuf| PreviousRun::read(file, &run, args.shard, args.verdict_policy());
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
/// Returns an error if they are broken.
pub fn specs(args: &SpecArgs) -> Result<Specs, CliError> {
    Ok(match &args.specs {
        Some(dir) => Specs::from_dir(dir, args.edition())?,
        None => Specs::embedded(args.edition())?,
    })
}

fn write_files(args: &RunArgs, report: &Report, cases: &BTreeMap<String, Case>) -> Result<(), CliError> {
    rendered::write(&args.rendered, report)?;
    save(&args.findings, cases)?;
    if cases.is_empty() && !args.findings.is_dir() {
        return Ok(());
    }
    output::write(&args.findings.join(LAST_REPORT_NAME), &json::write(report)?)
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
        let text = crate::report::in_json(&without_secrets(&text));
        std::fs::write(&path, text).map_err(unwritable(&path))?;
    }
    Ok(())
}

/// Tells on standard error what goes on.
pub(super) struct ProgressReporter(Arc<Mutex<Progress<std::io::Stderr>>>);

impl ProgressReporter {
    pub fn new() -> Self {
        let progress =
            if output::can_redraw() { Progress::bar() } else { Progress::lines(std::io::stderr()) };
        Self(Arc::new(Mutex::new(progress)))
    }

    fn on_event(&self, event: &Event) {
        // A closed standard error does not end a run.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).on(event);
    }

    pub fn finish(&self, report: &Report) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).finish(report);
    }

    fn interrupted(&self) -> impl FnOnce() + Send + 'static {
        let shared = Arc::clone(&self.0);
        move || {
            let _ = shared.lock().unwrap_or_else(PoisonError::into_inner).on(&Event::Interrupted);
        }
    }
}
