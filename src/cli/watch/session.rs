//! The loop of `glueproof run --watch`: start, wait, judge, wait for a change, end, again. Judges nothing itself.
//!
//! The entry point is [`watch`].

use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::report::exit_code;
use crate::run::{CancelToken, PreflightError, preflight};

use super::super::args::RunArgs;
use super::super::error::CliError;
use super::super::output;
use super::super::run::Plan;
use super::super::signal::Signals;
use super::super::target::{TargetKind, TargetSpec, resolve};
use super::super::target_process::{StartError, TargetProcess};
use super::round::{Failing, Round, failing_after, rules_in_words};
use super::sources::Sources;

/// The file with the output of the target, in the folder for findings.
const LOG: &str = "target.log";
/// The time that a target has until it answers.
const START: Duration = Duration::from_mins(2);
/// The time that the address of an ended target has until it is free.
const RELEASE: Duration = Duration::from_secs(10);
/// The time between two looks at a target that starts or ends.
const LOOK: Duration = Duration::from_millis(50);
/// The longest time until an address refuses a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// The reason why a round ends.
enum Turn {
    /// A source file is another one now. The signals go on to be heard.
    Changed(PathBuf, Signals),
    /// The user ends the program.
    Interrupted,
}

/// Judges a target at each change of its sources until the user ends the program. Returns the exit code of the last
/// verdict.
///
/// # Errors
/// Returns an error if the arguments cannot be used, or if the target cannot be started for the first time.
pub fn watch(given: &RunArgs, command: &str) -> Result<u8, CliError> {
    let spec = resolve(&given.target, given.call.config.as_deref())?;
    let TargetKind::Endpoint { url } = &spec.kind else {
        return Err(CliError::NotWatchable(given.target.clone()));
    };
    let args = &spec.run_args(given);
    output::folder(&args.findings)?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let signals = {
        let _context = runtime.enter();
        Signals::listen().map_err(CliError::Start)?
    };
    let session = Session { spec: &spec, args, url, command, sources: Arc::new(sources(args)?), runtime };
    session.repeat(signals)
}

struct Session<'a> {
    spec: &'a TargetSpec,
    args: &'a RunArgs,
    url: &'a str,
    command: &'a str,
    sources: Arc<Sources>,
    runtime: Runtime,
}

impl Session<'_> {
    fn repeat(&self, mut signals: Signals) -> Result<u8, CliError> {
        let (mut failing, mut code, mut is_first) = (Failing::new(), 3, true);
        loop {
            let before = self.sources.list();
            let process = Arc::new(self.start(is_first)?);
            let cancel = CancelToken::after(self.args.max_time);
            let watched = Arc::clone(&self.sources).changed(before);
            let turn = self.runtime.spawn(turn(signals, watched, cancel.clone(), Arc::clone(&process)));
            match self.round(&process, &cancel, &mut failing) {
                Ok(verdict) => code = verdict.unwrap_or(code),
                Err(error) if is_first && error.exit_code() == 2 => {
                    process.stop();
                    return Err(error);
                }
                Err(error) => {
                    code = error.exit_code();
                    output::print_error(&format!("error: {error}"));
                }
            }
            self.tell_of_wait(&turn, &failing);
            let next = self.runtime.block_on(turn).map_err(|error| CliError::Start(error.into()))?;
            process.stop();
            match next {
                Turn::Interrupted => return Ok(code),
                Turn::Changed(path, kept) => {
                    output::print_error(&format!("watch: {} changed", shown(&path)));
                    (signals, is_first) = (kept, false);
                }
            }
        }
    }

    /// Starts the target, unless another program has its address.
    fn start(&self, is_first: bool) -> Result<TargetProcess, CliError> {
        let since = Instant::now();
        while is_taken(self.url) {
            if is_first || since.elapsed() > RELEASE {
                return Err(StartError::Occupied(self.url.to_owned()).into());
            }
            std::thread::sleep(LOOK);
        }
        let log = self.args.findings.join(LOG);
        let process = TargetProcess::start(self.command, &log)?;
        output::print_error(&format!(
            "watch: started `{}`; its output is in {}",
            self.command,
            log.display()
        ));
        Ok(process)
    }

    /// Judges the target once it answers. Returns the exit code of the verdict, if the run was not ended early.
    fn round(
        &self,
        process: &TargetProcess,
        cancel: &CancelToken,
        failing: &mut Failing,
    ) -> Result<Option<u8>, CliError> {
        let plan = &Plan::new(self.spec, self.args)?;
        self.await_answer(plan, process, cancel)?;
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let round = Round { args: self.args, plan, runtime: &self.runtime, cancel: cancel.clone() };
        let report = round.judge(failing)?;
        *failing = failing_after(&report, failing);
        // A target that ended by itself during the run has failed it.
        process.check()?;
        Ok((!cancel.is_cancelled()).then(|| exit_code(report.verdict)))
    }

    /// Waits until the target answers in a way that a run can judge, or will not change by waiting.
    fn await_answer(
        &self,
        plan: &Plan<'_>,
        process: &TargetProcess,
        cancel: &CancelToken,
    ) -> Result<(), CliError> {
        let connection = plan.connect(self.runtime.handle())?;
        let since = Instant::now();
        for model in plan.core_services() {
            loop {
                process.check()?;
                match self.runtime.block_on(preflight(&connection.target, model)) {
                    Err(error @ (PreflightError::Silent { .. } | PreflightError::Failing { .. }))
                        if since.elapsed() > START =>
                    {
                        return Err(error.into());
                    }
                    Err(PreflightError::Silent { .. } | PreflightError::Failing { .. })
                        if !cancel.is_cancelled() =>
                    {
                        std::thread::sleep(LOOK);
                    }
                    _ => break,
                }
            }
        }
        Ok(())
    }

    fn tell_of_wait(&self, turn: &JoinHandle<Turn>, failing: &Failing) {
        if turn.is_finished() {
            return;
        }
        let state = match failing.len() {
            0 => String::new(),
            count => format!("{} to mend; ", rules_in_words(count)),
        };
        let places = places(self.args).iter().map(|place| shown(place)).collect::<Vec<_>>().join(", ");
        output::print_error(&format!("watch: {state}waiting for a change in {places}; Ctrl-C ends"));
    }
}

/// Waits for a change or the user's end, and ends the run in order. A second signal ends everything at once.
async fn turn(
    mut signals: Signals,
    watched: impl Future<Output = PathBuf>,
    cancel: CancelToken,
    process: Arc<TargetProcess>,
) -> Turn {
    let changed = tokio::select! {
        () = signals.next() => None,
        path = watched => Some(path),
    };
    cancel.cancel();
    if let Some(path) = changed {
        return Turn::Changed(path, signals);
    }
    output::print_error("watch: ending the run and the target; a second signal ends both at once");
    tokio::spawn(async move {
        signals.next().await;
        process.kill();
        std::process::exit(3);
    });
    Turn::Interrupted
}

/// Returns the places to watch: those of the command line, or the working folder.
fn places(args: &RunArgs) -> Vec<PathBuf> {
    if args.watch_path.is_empty() { vec![PathBuf::from(".")] } else { args.watch_path.clone() }
}

fn sources(args: &RunArgs) -> Result<Sources, CliError> {
    let rendered = &args.rendered;
    let written = [
        Some(&args.findings),
        args.write_known.as_ref(),
        args.journal.as_ref(),
        rendered.json.as_ref(),
        rendered.junit.as_ref(),
        rendered.html.as_ref(),
        rendered.markdown.as_ref(),
        rendered.badge.as_ref(),
        rendered.bug_reports.as_ref(),
    ];
    let written: Vec<PathBuf> = written.into_iter().flatten().cloned().collect();
    let places = places(args);
    let missing = places.iter().find(|place| !place.exists()).cloned().unwrap_or_default();
    Sources::new(&places, &written).map_err(|source| CliError::Unreadable { path: missing, source })
}

/// Returns whether a program listens at a URL.
fn is_taken(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let addresses = (host, port).to_socket_addrs().into_iter().flatten();
    addresses.into_iter().any(|address| TcpStream::connect_timeout(&address, CONNECT).is_ok())
}

/// Returns a path as the user would write it.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
