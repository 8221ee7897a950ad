//! The test binary: every rule is one test named by its id. Reads `GLUEPROOF_…`, judges through the same runner as the
//! program, and lets libtest-mimic do what cargo expects of a test binary.

use std::env;
use std::fmt::Display;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::Parser as _;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use tokio::runtime::Runtime;

use crate::cli::{
    Cli, CliError, Command, Keeping, PreparedTarget, RunArgs, TargetOptions, TargetSpec, album_name,
    forgotten, keep, known_gaps, nothing_recorded, print_error, print_leftovers, resolve, specs,
};
use crate::known::KnownGaps;
use crate::model::{Edition, Level, Specs};
use crate::report::{SnapshotComparison, TerminalOptions, VerdictPolicy, compare_snapshots, on_lines};
use crate::rule::{Catalog, Locks, Rule, select};
use crate::run::{LockTable, Outcome, RuleResult, locks_of};
use crate::secrets::without_secrets;
use crate::snapshot::{CapturableOperation, SnapshotDir, capturable_operations, capture};
use crate::suite::Suite;

use super::started::Started;

/// The name of a target before it is started: like something at a URL.
const UNSTARTED: &str = "started://by-the-tests";

/// Runs the rules as tests: filters, `--list`, `--exact` and the like are cargo's.
///
/// The target is `GLUEPROOF_TARGET`, the embedded fake when it is not set; `GLUEPROOF_EDITION`,
/// `GLUEPROOF_ONLY`, `GLUEPROOF_CASES`, `GLUEPROOF_SEED` and the others mean what the flags of
/// `glueproof run` mean. What is recorded of the embedded fake under `snapshots/fake` is compared too, and
/// what is recorded of another target where `GLUEPROOF_SNAPSHOT` says as what.
#[must_use]
pub fn conformance() -> ExitCode {
    judged(None)
}

/// Runs the rules as tests on what `start` starts, unless `GLUEPROOF_TARGET` names something. It is started when the
/// first rule is tried and dropped when the last one is done. [`conformance!`](crate::conformance) calls this.
#[must_use]
pub fn conformance_on<T>(start: impl FnOnce() -> T + Send + 'static) -> ExitCode
where
    T: Display + Send + Sync + 'static,
{
    judged(env::var_os("GLUEPROOF_TARGET").is_none().then(|| Started::by(start)))
}

fn judged(started: Option<Started>) -> ExitCode {
    let arguments = Arguments::from_args();
    match RuleTests::from_env(started) {
        Ok(suite) => {
            let suite = Arc::new(suite);
            let names = suite.names().into_iter();
            let trials =
                names.map(|(index, name)| trial(&suite, index, name)).chain(snapshots(&suite)).collect();
            let conclusion = libtest_mimic::run(&arguments, trials);
            suite.close();
            conclusion.exit_code()
        }
        Err(error) => {
            print_error(&format!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn trial(suite: &Arc<RuleTests>, index: usize, name: String) -> Trial {
    let suite = Arc::clone(suite);
    Trial::ignorable_test(name, move || suite.judge(index))
}

/// One for each operation of which something is recorded, and one for what nothing comes to any more.
fn snapshots(suite: &Arc<RuleTests>) -> Vec<Trial> {
    let Some(recorded) = &suite.recorded else { return Vec::new() };
    let exposed = capturable_operations(&suite.catalog, &suite.specs.services);
    let names = exposed.iter().map(CapturableOperation::place).chain(["stale".to_owned()]);
    let name = |place: String| format!("snapshots::{}", place.replace('/', "::"));
    let trials = names.enumerate().map(|(index, place)| {
        let (suite, recorded) = (Arc::clone(suite), recorded.clone());
        Trial::ignorable_test(name(place), move || suite.compare(index, &recorded))
    });
    trials.collect()
}

/// The recordings of a target, and the treatment of differences.
#[derive(Debug, Clone)]
struct Recorded {
    album: SnapshotDir,
    place: PathBuf,
    keeping: Keeping,
    /// True if differences fail no test.
    force_pass: bool,
}

impl Recorded {
    /// Returns the recordings of the target that the environment names. The embedded fake is compared wherever it is
    /// recorded, other targets where `GLUEPROOF_SNAPSHOT` says as what. What insta is told, it is told too.
    fn from_env(run: &RunArgs, started: Option<&Started>) -> Result<Option<Self>, CliError> {
        let Some(Command::Snapshot(args)) = told("snapshot", started) else { return Ok(None) };
        let usual = run.choice.only.is_empty() && run.specs.edition() == Edition::default();
        if args.name.is_none() && (args.target.contains("://") || !usual) {
            return Ok(None);
        }
        let insta = |name: &str| env::var(name).unwrap_or_default();
        let keeping = match insta("INSTA_UPDATE").as_str() {
            "always" | "force" | "1" => Keeping::Accept,
            "no" => Keeping::Tell,
            _ => Keeping::Propose,
        };
        let name = album_name(&args)?;
        let album = SnapshotDir::new(&args.dir, &name);
        match (album.is_empty() && keeping != Keeping::Accept, &args.name) {
            (true, None) => Ok(None),
            (true, Some(_)) => Err(nothing_recorded(&args, name)),
            (false, _) => {
                let place = args.dir.join(name);
                Ok(Some(Self { album, place, keeping, force_pass: insta("INSTA_FORCE_PASS") == "1" }))
            }
        }
    }
}

/// Reads the arguments of a command from the environment. A target to be started has an address only later.
fn told(command: &str, started: Option<&Started>) -> Option<Command> {
    let target = started.map(|_| UNSTARTED);
    Cli::parse_from(["glueproof", command].into_iter().chain(target)).command
}

/// The rules, and the target from the first test on.
struct RuleTests {
    target_spec: TargetSpec,
    started: Option<Started>,
    args: RunArgs,
    specs: Specs,
    catalog: Catalog,
    gaps: KnownGaps,
    chosen: Vec<String>,
    recorded: Option<Recorded>,
    runtime: Runtime,
    locks: LockTable,
    opened: OnceLock<Result<PreparedTarget, String>>,
}

impl RuleTests {
    fn from_env(started: Option<Started>) -> Result<Self, CliError> {
        let given = match told("run", started.as_ref()) {
            Some(Command::Run(args)) => *args,
            _ => return Err(CliError::UnknownTarget("run".to_owned())),
        };
        let target_spec = resolve(&given.target, given.call.config.as_deref())?;
        let args = target_spec.run_args(&given);
        let specs = specs(&args.specs)?;
        let catalog = Catalog::new(&specs);
        target_spec.check_capabilities(&catalog)?;
        let rules = select(&catalog, &args.choice.only, &args.choice.capability)?;
        let chosen = rules.into_iter().map(|rule| rule.id.clone()).collect();
        let gaps = known_gaps(args.known.as_deref(), &catalog, args.specs.edition())?;
        let recorded = Recorded::from_env(&args, started.as_ref())?;
        let runtime = Runtime::new().map_err(CliError::Start)?;
        Ok(Self {
            target_spec,
            started,
            args,
            specs,
            catalog,
            gaps,
            chosen,
            recorded,
            runtime,
            locks: LockTable::default(),
            opened: OnceLock::new(),
        })
    }

    fn names(&self) -> Vec<(usize, String)> {
        let name = |id: &String| self.catalog.find(id).map_or_else(|| id.clone(), Rule::test_name);
        self.chosen.iter().enumerate().map(|(index, id)| (index, name(id))).collect()
    }

    /// Connects at the first test, so that `--list` makes no call.
    fn ready(&self) -> Result<&PreparedTarget, Failed> {
        let opened = self.opened.get_or_init(|| {
            let target_spec = self.target_spec()?;
            self.runtime.block_on(self.open(&target_spec)).map_err(|e| e.to_string())
        });
        opened.as_ref().map_err(Failed::from)
    }

    /// Returns the target to judge. A target with a runtime of its own must not be started within another.
    fn target_spec(&self) -> Result<TargetSpec, String> {
        let Some(started) = &self.started else { return Ok(self.target_spec.clone()) };
        started.url().map(|url| TargetSpec::endpoint(&url)).map_err(|e| e.to_string())
    }

    async fn open(&self, spec: &TargetSpec) -> Result<PreparedTarget, CliError> {
        let options = TargetOptions {
            spec,
            calls: &self.args.call,
            account: self.args.account.as_deref(),
            journal: self.args.journal.as_deref(),
        };
        let chosen: Vec<&Rule> = self.chosen.iter().filter_map(|id| self.catalog.find(id)).collect();
        PreparedTarget::prepare(&options, &self.specs, &self.args.choice.capability, &chosen).await
    }

    fn judge(&self, index: usize) -> Result<Completion, Failed> {
        let ready = self.ready()?;
        let unknown = || Failed::from("the rule is gone");
        let rule = self.catalog.find(&self.chosen[index]).ok_or_else(unknown)?;
        let model = self.specs.service(&rule.service).ok_or_else(unknown)?;
        if let Some(lacking) = rule.needs(model).difference(&ready.capabilities).next() {
            return Ok(Completion::ignored_with(format!("absent: {lacking}")));
        }
        let _guard = self.locks.lock(locks_of(model, rule));
        let suite = Suite::new(&ready.connection.target)
            .specs(&self.specs)
            .cases(self.args.generation.cases)
            .seed(self.args.generation.seed)
            .known_gaps(&self.gaps);
        let result =
            suite.runtime(self.runtime.handle()).run_rule(rule).map_err(|e| Failed::from(e.to_string()))?;
        completion(result, self.args.verdict_policy())
    }

    /// Compares an operation with what is recorded of it, while no rule is tried; behind the last one, looks for what
    /// is recorded of none.
    fn compare(&self, index: usize, recorded: &Recorded) -> Result<Completion, Failed> {
        let exposed = capturable_operations(&self.catalog, &self.specs.services);
        let mut made = SnapshotComparison { place: recorded.place.clone(), ..SnapshotComparison::default() };
        let done = match exposed.get(index) {
            None => forgotten(&recorded.album, &exposed, recorded.keeping, &mut made),
            Some(one) => {
                let ready = self.ready()?;
                if !one.needs_no_more_than(&ready.capabilities) {
                    return Ok(Completion::ignored_with("the target lacks what it needs"));
                }
                let needs =
                    |rule: &Rule| self.specs.service(&rule.service).map(|model| locks_of(model, rule));
                let _guard = self.locks.lock(Locks::exclusive(self.catalog.rules.iter().filter_map(needs)));
                let looked =
                    self.runtime.block_on(capture(&ready.connection.target, one, &ready.capabilities));
                let looked = looked.map_err(|why| Failed::from(why.to_string()))?;
                keep(&recorded.album, one, &looked, recorded.keeping, &mut made)
            }
        };
        done.map_err(|why| Failed::from(why.to_string()))?;
        if made.differs() && !recorded.force_pass {
            let plain = TerminalOptions { color: false, width: usize::MAX };
            let name = self.target_spec().map_or_else(|_| self.args.target.clone(), |spec| spec.name);
            return Err(Failed::from(compare_snapshots(&made, &name, plain)));
        }
        Ok(Completion::Completed)
    }

    /// Puts account-wide state back, and drops the target that was started.
    fn close(&self) {
        if let Some(Ok(ready)) = self.opened.get() {
            print_leftovers(self.runtime.block_on(ready.restore(&self.specs)));
        }
        if let Some(started) = &self.started {
            started.stop();
        }
    }
}

/// Returns the result for cargo. Observed rules fail a test only where parity is asked for, as with `--parity`.
fn completion(result: RuleResult, policy: VerdictPolicy) -> Result<Completion, Failed> {
    if let Some(why) = result.closed_gap() {
        return Err(Failed::from(why));
    }
    let decides = policy.parity || result.evidence.level == Level::Documented;
    match result.outcome {
        Outcome::Passed => Ok(Completion::Completed),
        Outcome::Known => {
            let why = result.reason.unwrap_or_default();
            Ok(Completion::ignored_with(format!("known gap: {why}")))
        }
        Outcome::Noted => Ok(Completion::ignored_with("noted: an assumed rule does not hold here")),
        Outcome::Unimplemented if !policy.allow_unimplemented && decides => {
            Err(Failed::from(describe(&result)))
        }
        Outcome::Flaky if policy.strict_flaky && decides => Err(Failed::from(describe(&result))),
        Outcome::Skipped | Outcome::Blocked | Outcome::Unimplemented | Outcome::Flaky => {
            Ok(Completion::ignored_with(result.reason.unwrap_or_default()))
        }
        Outcome::Failed if !decides => {
            Ok(Completion::ignored_with("observed only: counts with GLUEPROOF_PARITY=true"))
        }
        Outcome::Failed | Outcome::Errored => {
            Err(Failed::from(without_secrets(&describe(&result)).into_owned()))
        }
    }
}

/// Returns the text of a failed test.
fn describe(result: &RuleResult) -> String {
    let evidence = &result.evidence;
    let mut lines = vec![
        result.requirement.clone(),
        format!("evidence: {} ({})", evidence.level.name(), evidence.sources.join(", ")),
    ];
    lines.extend(result.reason.clone());
    if let Some(finding) = &result.finding {
        lines.push(finding.violated.clone());
        lines.push(format!("expected: {}", finding.expected));
        lines.push(format!("actual:   {}", finding.actual));
        lines.extend(finding.steps.iter().enumerate().map(|(index, step)| {
            let answer =
                step.response.as_ref().map_or_else(String::new, |r| format!("{} {}", r.status, r.body));
            format!("  {}. {} {}\n     → {answer}", index + 1, step.operation, step.request.body)
        }));
    }
    on_lines(&(lines.join("\n") + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Edition;
    use crate::run::Reason;

    /// Completed, ignored or failed, and why.
    fn of(outcome: Outcome, reason: Option<&Reason>) -> (&'static str, String) {
        let catalog = Catalog::new(&Specs::embedded(Edition::Current).unwrap());
        let result = RuleResult::not_run(&catalog.rules[0], outcome, reason);
        match completion(result, VerdictPolicy { parity: true, ..VerdictPolicy::default() }) {
            Ok(Completion::Completed) => ("completed", String::new()),
            Ok(Completion::Ignored { reason }) => ("ignored", reason.unwrap_or_default()),
            Err(failed) => ("failed", failed.message().unwrap_or_default().to_owned()),
        }
    }

    #[test]
    fn known_gaps_are_ignored_and_fail_when_they_hold() {
        assert_eq!(of(Outcome::Passed, None).0, "completed");
        let gap = Reason::KnownGap { why: "later".to_owned() };
        assert_eq!(of(Outcome::Known, Some(&gap)), ("ignored", "known gap: later".to_owned()));
        let closed = Reason::GapClosed { line: 1, why: "later".to_owned() };
        assert_eq!(of(Outcome::Passed, Some(&closed)), ("failed", closed.to_string()));
        assert_eq!(of(Outcome::Failed, None).0, "failed");
    }
}
