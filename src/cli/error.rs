//! The errors of commands, with their exit codes.

use std::path::{Path, PathBuf};

use crate::case::CaseError;
use crate::client::{CaBundleError, ConnectError};
use crate::model::SpecError;
use crate::report::json::ReportError;
use crate::report::junit::JunitError;
use crate::report::merge::MergeError;
use crate::rule::FilterError;
use crate::run::{PreflightError, Shard};
use crate::suite::SuiteError;

/// A command that could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A broken spec.
    #[error("the specs cannot be used: {0}")]
    Spec(#[from] SpecError),
    /// A choice of rules that leaves none.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A target that cannot be reached as asked.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The certificates to trust cannot be read.
    #[error("the certificates to trust cannot be read: {0}")]
    CaBundle(#[from] CaBundleError),
    /// A URL without a scheme.
    #[error("`{name}` is not a target; did you mean `{url}`?")]
    NoScheme {
        /// The text on the command line.
        name: String,
        /// The URL with a scheme.
        url: String,
    },
    /// Not a target.
    #[error(
        "`{0}` is no target{near}: write `fake`, `fake:wiremock`, `fake+FAULT`, a URL like http://127.0.0.1:5000, or a name from \
         a glueproof.toml, of which there is none here",
        near = suggested_target(.0)
    )]
    UnknownTarget(String),
    /// Not a target, and no name of one either.
    #[error(
        "`{name}` is no target: {}{} has {}; write one of those, `fake`, `fake:wiremock` or a URL like http://127.0.0.1:5000",
        nearest.as_ref().map(|nearest| format!("did you mean `{nearest}`? ")).unwrap_or_default(),
        path.display(),
        if names.is_empty() { "no targets".to_owned() } else { names.join(", ") }
    )]
    UnnamedTarget {
        /// The requested name.
        name: String,
        /// The place that was searched.
        path: PathBuf,
        /// A name like it.
        nearest: Option<String>,
        /// All names there are.
        names: Vec<String>,
    },
    /// A file of targets that cannot be used.
    #[error("{}: {problem}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// The problem and its position.
        problem: String,
    },
    /// The target AWS without an account.
    #[error(
        "which account? write --account and its twelve digits, which `aws sts get-caller-identity` shows: nothing is done \
         in any other"
    )]
    NoAccount,
    /// An account in which another run has not been undone, or is going on.
    #[error(
        "a run on account {account} has not ended, or was killed: {} says what it has left. `glueproof cleanup {target} \
         --account {account} --region {region}` removes that; nothing was done",
        path.display()
    )]
    Unfinished {
        /// The journal.
        path: PathBuf,
        /// The name of the target.
        target: String,
        /// Account.
        account: String,
        /// Region.
        region: String,
    },
    /// Another run is going on on the same target.
    #[error(
        "another run on {target} is going on ({}), and two runs would disturb each other; --wait waits for its end",
        path.display()
    )]
    Busy {
        /// The target.
        target: String,
        /// The journal of the other run.
        path: PathBuf,
    },
    /// A command that has no business on a real account.
    #[error(
        "`{0}` is AWS itself, which `run` alone may call: it says first what it will change, and puts it back"
    )]
    NotOnAws(String),
    /// A target that no command starts.
    #[error("--watch needs a target with a URL, at which its command listens; `{0}` has none")]
    NotWatchable(String),
    /// A watched target that does not run.
    #[error(transparent)]
    Watched(#[from] super::target_process::StartError),
    /// A journal that cannot be kept or read.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// A journal of something else.
    #[error("{} is the journal of another target, account or region than {target}: nothing was done", path.display())]
    ForeignJournal {
        /// The file.
        path: PathBuf,
        /// The target of the cleanup.
        target: String,
    },
    /// A target that ends with the run.
    #[error("`{0}` ends with the run, and nothing is left of it")]
    NothingLeft(String),
    /// A header without a value.
    #[error("{0}")]
    Header(String),
    /// The run ended early, because the target refused the run's own caller.
    #[error("the run ended early: {why}. {}", go_on(report.as_deref()))]
    Ended {
        /// The reason.
        why: Box<PreflightError>,
        /// The file with the JSON report, if there is one.
        report: Option<PathBuf>,
    },
    /// A run that cannot be made.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// A target that cannot be judged.
    #[error(transparent)]
    PreflightError(#[from] PreflightError),
    /// The embedded fake did not start.
    #[error("the embedded fake cannot start: {0}")]
    Fake(#[from] crate::fake::BuildError),
    /// The certificate of the server cannot be made.
    #[error(transparent)]
    Certificate(#[from] crate::fake::transport::CertificateError),
    /// The server did not start.
    #[error("{0}; choose another with --port (0 takes a free one) or --host")]
    Serve(#[from] crate::fake::transport::ServeError),
    /// No such fault.
    #[error(transparent)]
    UnknownFault(#[from] crate::fake::UnknownFault),
    /// A part that no fault has in its name.
    #[error("no fault has `{0}` in its name; `glueproof mutants --list` shows all")]
    NoFault(String),
    /// The faults cannot be read.
    #[error(transparent)]
    Faults(#[from] crate::fake::CatalogueError),
    /// A mutant that could not be tried.
    #[error(transparent)]
    Mutant(#[from] crate::mutants::TrialError),
    /// No such rule.
    #[error("there is no rule `{id}` in edition {edition}; `glueproof list` shows all ids")]
    UnknownRule {
        /// The requested name.
        id: String,
        /// The place that was searched.
        edition: crate::model::Edition,
    },
    /// A file that cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error.
        source: std::io::Error,
    },
    /// A file that cannot be written.
    #[error("cannot write {path}: {source}{}", rescued.as_ref().map(|p| format!("; what it should hold is in {}", p.display())).unwrap_or_default())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The error.
        source: std::io::Error,
        /// The file that has the text instead.
        rescued: Option<PathBuf>,
    },
    /// Not a saved case.
    #[error("{path}: {source}")]
    Case {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: CaseError,
    },
    /// No key of a state file.
    #[error("{origin}: {source}")]
    StateKey {
        /// The file or variable of the key.
        origin: String,
        /// The problem.
        source: crate::fake::StateKeyError,
    },
    /// No seed file.
    #[error("{path}: {source}")]
    Seed {
        /// The file.
        path: PathBuf,
        /// The problem and its position.
        source: crate::fake::SeedError,
    },
    /// No file of known gaps.
    #[error("{path}: {source}")]
    Known {
        /// The file.
        path: PathBuf,
        /// The problem and its position.
        source: crate::known::GapsError,
    },
    /// No published model.
    #[error("{path}: {source}")]
    Model {
        /// The file.
        path: PathBuf,
        /// The problem.
        source: Box<crate::drift::ModelError>,
    },
    /// A model of another service.
    #[error("{0}: it has none of the operations of the specs")]
    ForeignModel(PathBuf),
    /// No list of known differences, or one that is out of date.
    #[error("{path}: {source}")]
    Allowed {
        /// The file.
        path: PathBuf,
        /// The problem and its position.
        source: crate::drift::AllowedError,
    },
    /// No cases.
    #[error(transparent)]
    GenerationError(#[from] crate::run::GenerationError),
    /// A report that cannot be rendered.
    #[error(transparent)]
    Json(#[from] ReportError),
    /// A report that cannot be rendered.
    #[error(transparent)]
    Junit(#[from] JunitError),
    /// A shard without rules.
    #[error("shard {}/{} has no rules: there are fewer groups of rules than shards", .0.number, .0.of)]
    EmptyShard(Shard),
    /// A report of another part of the run.
    #[error("{0} is about another shard")]
    OtherShard(String),
    /// A file that `init` would overwrite.
    #[error("{} exists already: nothing was written", .0.display())]
    WouldOverwrite(PathBuf),
    /// No run has saved a report here.
    #[error("there is no report in {}: `glueproof run` saves one, and --report FILE names another", .0.display())]
    NoLastReport(PathBuf),
    /// A number beyond the causes of a report.
    #[error("the report has no cause {number}: {}", match causes { 0 => "it has no cause at all".to_owned(), many => format!("its causes are 1 to {many}") })]
    NoCause {
        /// The number.
        number: usize,
        /// The number of causes in the report.
        causes: usize,
    },
    /// Not a report.
    #[error("{path}: {source}")]
    Report {
        /// The file.
        path: PathBuf,
        /// The problem and its position.
        source: ReportError,
    },
    /// Reports that do not go together.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// One report asked for of several targets.
    #[error("{0} are about different runs, which only --html shows side by side")]
    SeveralTargets(String),
    /// A target that goes by no name among recordings.
    #[error("say with --name what the target is recorded as{}", if .0.is_empty() { String::new() } else { format!("; there are: {}", .0.join(", ")) })]
    Nameless(Vec<String>),
    /// A filter that leaves no operation.
    #[error("no operation has `{0}` in its name; write a part of one like glue/PutResourcePolicy")]
    NoOperation(String),
    /// There is no report to compare with.
    #[error(
        "nothing is recorded as `{name}` in {dir}; to record it: glueproof snapshot {target} --name {name} --accept"
    )]
    NothingRecorded {
        /// Returns the name of the recordings of the target.
        name: String,
        /// The place.
        dir: PathBuf,
        /// The target.
        target: String,
    },
    /// A folder of recordings that cannot be used.
    #[error(transparent)]
    SnapshotDir(#[from] crate::snapshot::SnapshotDirError),
    /// An operation that cannot be looked at.
    #[error(transparent)]
    CaptureError(#[from] crate::snapshot::CaptureError),
    /// Ended by the user.
    #[error("interrupted")]
    Interrupted,
    /// Threads or signals that cannot be had.
    #[error("cannot start: {0}")]
    Start(std::io::Error),
    /// Standard output that is gone.
    #[error("cannot print: {0}")]
    Print(std::io::Error),
}

/// Returns how to go on with a run that ended early.
fn go_on(report: Option<&Path>) -> String {
    match report {
        Some(file) => format!("Once this is solved, `--resume {}` goes on with the run", file.display()),
        None => "With `--json FILE`, a later run can go on with `--resume FILE`".to_owned(),
    }
}

impl CliError {
    /// 3 where the target could not be judged, 2 for everything the user can mend here.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::PreflightError(_)
            | Self::Suite(SuiteError::PreflightError(_))
            | Self::Ended { .. }
            | Self::Busy { .. }
            | Self::CaptureError(_)
            | Self::Watched(super::target_process::StartError::Ended { .. })
            | Self::Interrupted => 3,
            _ => 2,
        }
    }
}

/// Returns a target that resembles an unknown one, as part of a sentence.
fn suggested_target(name: &str) -> String {
    let host = name.split(['/', ':']).next().unwrap_or_default();
    let is_address = host == "localhost" || host.contains('.') || name.contains(':');
    let near = ["fake", "fake:wiremock", "aws"]
        .into_iter()
        .find(|known| strsim::damerau_levenshtein(known, name) <= 2);
    match near {
        Some(near) => format!(" (did you mean `{near}`?)"),
        None if is_address => format!(" (did you mean `http://{name}`?)"),
        None => String::new(),
    }
}
