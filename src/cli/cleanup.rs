//! `glueproof cleanup`: undoes what a run that was killed has left, by its journal.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tokio::runtime::Runtime;

use crate::client::Target;
use crate::journal::{JournalFile, Ledger};
use crate::model::Specs;
use crate::run::undo;

use super::args::CleanupArgs;
use super::connection::connect;
use super::error::CliError;
use super::journals::{all, folder, header};
use super::output;
use super::run::specs;
use super::target::{TargetKind, resolve};

/// Undoes all journals of a target, or the one that is named.
///
/// # Errors
/// Returns an error if the target cannot be reached, or a journal is not its own or cannot be read.
pub fn cleanup(args: &CleanupArgs) -> Result<u8, CliError> {
    let target_spec = resolve(&args.target, args.call.config.as_deref())?;
    if matches!(target_spec.kind, TargetKind::Fake(_) | TargetKind::FakeOnSocket(_)) {
        return Err(CliError::NothingLeft(args.target.clone()));
    }
    let specs = specs(&args.specs)?;
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let calls = target_spec.call_args(&args.call);
    let opened = runtime.block_on(connect(&target_spec, &calls, args.account.as_deref(), &specs))?;
    let target = &opened.target;
    let journals = match &args.journal {
        Some(file) => vec![file.clone()],
        None => all(&folder(&header(target, SystemTime::now())))?,
    };
    if journals.is_empty() {
        output::print(&format!("{}: no run has left a journal\n", target.name))?;
    }
    let mut all_undone = true;
    for path in &journals {
        all_undone &= runtime.block_on(undo_one(target, &specs, path, args.overwrite))?;
    }
    Ok(u8::from(!all_undone))
}

async fn undo_one(target: &Target, specs: &Specs, path: &Path, overwrite: bool) -> Result<bool, CliError> {
    let journal = JournalFile::reopen(path)?;
    // A run on a slow endpoint keeps a journal for each region that it uses.
    let region = journal.ledger().header.map(|header| header.region);
    let elsewhere =
        region.filter(|region| *region != target.region).and_then(|region| target.in_region(&region));
    let target = elsewhere.as_ref().unwrap_or(target);
    if !is_of(&journal.ledger(), target) {
        return Err(CliError::ForeignJournal { path: PathBuf::from(path), target: target.name.clone() });
    }
    let undone = undo(target, specs, &journal, overwrite).await;
    let (restored, removed) = (undone.restored, undone.removed);
    output::print(&format!("{}: {restored} as before, {removed} removed\n", path.display()))?;
    for what in &undone.left {
        output::print(&format!("left behind: {}\n", crate::report::on_one_line(&what.to_string())))?;
    }
    Ok(undone.left.is_empty())
}

/// A journal without a first line is of a run that had not begun.
fn is_of(ledger: &Ledger, target: &Target) -> bool {
    ledger.header.as_ref().is_none_or(|of| of.is_about(&header(target, SystemTime::now())))
}
