//! `glueproof run`: judges a target, prints and writes the reports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::{Handle, Runtime};

use crate::case::Case;
use crate::client::Target;
use crate::known::KnownGaps;
use crate::model::Specs;
use crate::report::merge::RunKey;
use crate::report::{Progress, Report, exit_code, json, suite_info};
use crate::rule::{Catalog, Rule, select};
use crate::run::{CancelToken, Event, of_shard};
use crate::suite::{CompletedRun, Suite};

use super::args::{LAST_REPORT_NAME, RunArgs, SpecArgs};
use super::connection::connect;
use super::error::CliError;
use super::journals::{begin, left_by};
use super::known::{Record, known_gaps};
use super::notice::print_notice;
use super::report::{in_words, show_command};
use super::resume::PreviousRun;
use super::signal::cancel_on_signal;
use super::target::resolve;
use super::{output, rendered};
use crate::secrets::without_secrets;

/// Judges a target.
///
/// # Errors
/// Returns an error if the arguments cannot be used, the target cannot be judged, or a report cannot be written.
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
    output::creatable_folder(&args.findings)?;
    let gaps = known_gaps(args.known.as_deref(), &catalog, edition)?;
    let record = args.write_known.iter().map(|file| Record::open(file, &catalog, edition));
    let record = record.collect::<Result<Vec<_>, _>>()?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let (reporter, left) = (ProgressReporter::new(), Arc::new(OnceLock::<String>::new()));
    let cancel = CancelToken::after(args.max_time);
    let told = Arc::clone(&left);
    let tell_what_is_left = move || told.get().into_iter().for_each(|text| output::print_error(text));
    let listener =
        cancel_on_signal(runtime.handle(), cancel.clone(), reporter.interrupted(), tell_what_is_left);
    let opened = runtime.block_on(connect(&target_spec, &args.call, args.account.as_deref(), &specs))?;
    let opened = begin(opened, args.journal.as_deref(), args.wait)?;
    if let Some(text) = left_by(&opened.target) {
        let _ = left.set(text);
    }
    let earlier = earlier(args, &specs, &opened.target)?;
    let rules = match &earlier {
        Some(earlier) => earlier.leaves(rules),
        None => rules,
    };
    let completed =
        judge(args, &opened.target, (&specs, rules, &gaps), (runtime.handle(), cancel), &reporter);
    listener.abort();
    let completed = completed?;
    let CompletedRun { report, cases, ended } = completed;
    let report = match earlier {
        Some(earlier) => earlier.joined(report)?,
        None => report,
    };
    let mut report = Report { shard: args.shard, ..report };
    report.target.name = args.name.clone().unwrap_or(report.target.name);
    reporter.finish(&report);
    let written = write_files(args, &report, &cases);
    if !rendered::takes_standard_output(&args.rendered) {
        let show = args.findings.join(LAST_REPORT_NAME);
        output::print(&in_words(&report, args.all, show.exists().then(|| show_command(&show)).as_deref()))?;
    }
    written?;
    record.iter().try_for_each(|file| file.write(&catalog, &report.results))?;
    match ended {
        Some(why) => Err(CliError::Ended {
            why: Box::new(why),
            report: args.rendered.json.clone().filter(|file| file != Path::new("-")),
        }),
        None => Ok(exit_code(report.verdict)),
    }
}

/// Runs the rules until they are done or cancelled.
fn judge(
    args: &RunArgs,
    target: &Target,
    (specs, rules, gaps): (&Specs, Vec<&Rule>, &KnownGaps),
    (runtime, cancel): (&Handle, CancelToken),
    reporter: &ProgressReporter,
) -> Result<CompletedRun, CliError> {
    let emit = |event: Event| {
        if let Event::Started { target: info, rules, .. } = &event {
            print_notice(target, info.tested(), *rules, &args.call);
        }
        reporter.on_event(&event);
    };
    let mut suite = Suite::new(target)
        .specs(specs)
        .rules(rules)
        .cases(args.cases)
        .seed(args.seed)
        .known_gaps(gaps)
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

/// Returns the earlier report that `--resume` names.
fn earlier(args: &RunArgs, specs: &Specs, target: &Target) -> Result<Option<PreviousRun>, CliError> {
    let suite = suite_info(specs);
    let name = args.name.as_deref().unwrap_or(&target.name);
    let target = (target.kind, target.url.as_deref(), name);
    let run = RunKey { target, seed: args.seed, suite: &suite };
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
struct ProgressReporter(Arc<Mutex<Progress<std::io::Stderr>>>);

impl ProgressReporter {
    fn new() -> Self {
        let progress =
            if output::can_redraw() { Progress::bar() } else { Progress::lines(std::io::stderr()) };
        Self(Arc::new(Mutex::new(progress)))
    }

    fn on_event(&self, event: &Event) {
        // A closed standard error does not end a run.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).on(event);
    }

    fn finish(&self, report: &Report) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).finish(report);
    }

    fn interrupted(&self) -> impl FnOnce() + Send + 'static {
        let shared = Arc::clone(&self.0);
        move || {
            let _ = shared.lock().unwrap_or_else(PoisonError::into_inner).on(&Event::Interrupted);
        }
    }
}
