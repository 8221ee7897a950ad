//! The places of journals, and the journal of a run that begins. Their content belongs to `journal`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::client::{Target, TargetType};
use crate::journal::{Header, JournalError, JournalFile};

use super::connection::Connection;
use super::error::CliError;
use super::output;

/// The time between two looks at whether another run has ended.
const WAIT: Duration = Duration::from_millis(200);
/// The extension of every journal.
const ENDING: &str = "jsonl";

/// The run that a journal belongs to.
#[must_use]
pub fn header(target: &Target, started: SystemTime) -> Header {
    let place = target.url.as_deref().filter(|_| !target.is_real_account()).unwrap_or(target.kind.name());
    let started = humantime::format_rfc3339_seconds(started).to_string();
    Header::new(place, target.account(), &target.region, &started)
}

/// The folder of a target's journals, the same from wherever glueproof is called: `$XDG_STATE_HOME/glueproof` or
/// `~/.local/state/glueproof`, or where there is no home, `.glueproof` here.
#[must_use]
pub fn folder(header: &Header) -> PathBuf {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = from("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let state = state.or_else(|| from("HOME").map(|home| home.join(".local/state")));
    let root = state.map_or_else(|| PathBuf::from(".glueproof"), |state| state.join("glueproof"));
    let name: String =
        header.target.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let name = if header.target == TargetType::Aws.name() {
        format!("aws-{}-{}", header.account, header.region)
    } else {
        name
    };
    root.join("journals").join(name)
}

/// The journals in a folder, the oldest first.
///
/// # Errors
/// Returns an error if the folder is there and cannot be read.
pub fn all(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let unreadable = |source| CliError::Unreadable { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = paths.map_err(unreadable)?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    paths.sort();
    Ok(paths)
}

/// Begins the journal of a run, where the target is not our own. A real account is not touched without one, nor before
/// an interrupted run has been undone there.
///
/// # Errors
/// Returns an error if the account is real, and there is another journal, or none can be written.
///
/// Another run on the same target that is going on is waited for, or is an error.
pub fn begin(opened: Connection, file: Option<&Path>, wait: bool) -> Result<Connection, CliError> {
    let target = &opened.target;
    if target.kind == TargetType::Fake {
        return Ok(opened);
    }
    let started = SystemTime::now();
    let header = header(target, started);
    await_other_run(&folder(&header), target, wait)?;
    let earlier = all(&folder(&header))?;
    let left = earlier.iter().find(|path| target.is_real_account() || is_abandoned(path));
    match left {
        Some(path) if target.is_real_account() => {
            return Err(unfinished(path.clone(), target));
        }
        Some(path) => output::print_error(&format!(
            "an earlier run was killed: `glueproof cleanup {}` removes what it left, by {}",
            target.name,
            path.display()
        )),
        None => {}
    }
    let path = file.map_or_else(|| folder(&header).join(name(started)), Path::to_owned);
    let begun = JournalFile::begin(&path, header.clone(), target.is_real_account());
    if target.is_real_account() && begun.is_ok() {
        // Two that begin at the same time see each other at the latest now.
        if let Some(other) = all(&folder(&header))?.into_iter().find(|other| *other != path) {
            return Err(unfinished(other, target));
        }
    }
    match begun {
        Ok(journal) => Ok(opened.with_journal(Arc::new(journal))),
        Err(error) if target.is_real_account() || file.is_some() => Err(error.into()),
        Err(error) => {
            output::print_error(&format!(
                "{error}; what a run that is killed leaves will have to be found by hand"
            ));
            Ok(opened)
        }
    }
}

/// Returns what to do about resources that a run leaves behind when it is ended at once.
#[must_use]
pub fn left_by(target: &Target) -> Option<String> {
    let journal = target.journal()?;
    let account = if target.is_real_account() {
        format!(" --account {} --region {}", target.account(), target.region)
    } else {
        String::new()
    };
    Some(format!(
        "ended at once. {} records what is left behind; `glueproof cleanup {}{account}` removes it",
        journal.path().display(),
        target.name
    ))
}

/// Waits until no other process runs on the target, or returns an error.
fn await_other_run(folder: &Path, target: &Target, wait: bool) -> Result<(), CliError> {
    if target.is_real_account() {
        return Ok(());
    }
    loop {
        let own = format!("-{}.{ENDING}", std::process::id());
        let of_others = |path: &PathBuf| !path.to_string_lossy().ends_with(&own) && !is_abandoned(path);
        match all(folder)?.into_iter().find(of_others) {
            None => return Ok(()),
            Some(_) if wait => std::thread::sleep(WAIT),
            Some(path) => return Err(CliError::Busy { target: target.name.clone(), path }),
        }
    }
}

fn unfinished(path: PathBuf, target: &Target) -> CliError {
    let (account, region) = (target.account().to_owned(), target.region.clone());
    CliError::Unfinished { path, target: target.name.clone(), account, region }
}

/// Returns whether no process writes it any more.
fn is_abandoned(path: &Path) -> bool {
    !matches!(JournalFile::reopen(path), Err(JournalError::InUse { .. }))
}

fn name(started: SystemTime) -> String {
    let stamp = humantime::format_rfc3339_micros(started).to_string().replace([':', '.'], "-");
    format!("{stamp}-{}.{ENDING}", std::process::id())
}
