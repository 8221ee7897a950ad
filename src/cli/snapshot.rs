//! `glueproof snapshot`: compares what a target answers with what was recorded of it, or records it.

use std::collections::BTreeSet;

use tokio::runtime::Runtime;

use crate::model::Specs;
use crate::report::{SnapshotComparison, compare_snapshots};
use crate::rule::{Catalog, Rule};
use crate::run::CancelToken;
use crate::snapshot::{
    CapturableOperation, CapturedSnapshots, SnapshotDir, SnapshotStatus, capturable_operations, capture,
};

use super::args::SnapshotArgs;
use super::error::CliError;
use super::output;
use super::prepared_target::{PreparedTarget, TargetOptions};
use super::run::specs;
use super::signal::cancel_on_signal;
use super::target::resolve;

/// The treatment of snapshots that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is told.
    Tell,
    /// It is laid beside what was recorded, for `cargo insta review`.
    Propose,
    /// It is recorded.
    Accept,
}

/// Compares or records.
///
/// # Errors
/// Returns an error if the arguments cannot be used, the target cannot be looked at, or a file cannot be written.
pub fn snapshot(args: &SnapshotArgs) -> Result<u8, CliError> {
    let specs = specs(&args.specs)?;
    let catalog = Catalog::new(&specs);
    let name = album_name(args)?;
    let album = SnapshotDir::new(&args.dir, &name);
    let wanted = |place: &str| args.only.is_empty() || args.only.iter().any(|part| place.contains(part));
    let (all, others): (Vec<_>, Vec<_>) =
        capturable_operations(&catalog, &specs.services).into_iter().partition(|one| wanted(&one.place()));
    if all.is_empty() {
        return Err(CliError::NoOperation(args.only.join("`, `")));
    }
    let keeping = if args.accept { Keeping::Accept } else { Keeping::Propose };
    if album.is_empty() && keeping == Keeping::Propose {
        return Err(nothing_recorded(args, name));
    }
    let runtime = Runtime::new().map_err(CliError::Start)?;
    let target_spec = resolve(&args.target, args.call.config.as_deref())?;
    let calls = target_spec.call_args(&args.call);
    let options = TargetOptions::without_aws(&target_spec, &calls)?;
    let rules: Vec<&Rule> = all.iter().flat_map(|one| one.rules.iter().copied()).collect();
    let ready = runtime.block_on(PreparedTarget::prepare(&options, &specs, &[], &rules))?;
    let mut made = SnapshotComparison { place: args.dir.join(&name), ..SnapshotComparison::default() };
    look_at(&all, &ready, &specs, &runtime, |one, looked| keep(&album, one, looked, keeping, &mut made))?;
    if others.is_empty() {
        forgotten(&album, &all, keeping, &mut made)?;
    }
    output::print(&compare_snapshots(&made, &args.target, output::terminal_options()))?;
    Ok(u8::from(made.differs()))
}

/// Hands over what each operation comes to, and leaves the target as it was.
fn look_at(
    all: &[CapturableOperation<'_>],
    ready: &PreparedTarget,
    specs: &Specs,
    runtime: &Runtime,
    mut take: impl FnMut(&CapturableOperation<'_>, &CapturedSnapshots) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let stop = CancelToken::default();
    let listener = cancel_on_signal(runtime.handle(), stop.clone(), || (), || ());
    let mut left = BTreeSet::new();
    let done = all.iter().try_for_each(|one| {
        if stop.is_cancelled() {
            return Err(CliError::Interrupted);
        }
        let looked = runtime.block_on(capture(&ready.connection.target, one, &ready.capabilities))?;
        left.extend(looked.leftovers.iter().cloned());
        // A capability that was not found says nothing about its recordings.
        if one.needs_no_more_than(&ready.capabilities) { take(one, &looked) } else { Ok(()) }
    });
    listener.abort();
    left.extend(runtime.block_on(ready.restore(specs)));
    output::print_leftovers(left);
    done
}

/// Returns the name of the recordings of the target.
///
/// # Errors
/// Returns an error if no name is given and the target has no default one.
pub fn album_name(args: &SnapshotArgs) -> Result<String, CliError> {
    match &args.name {
        Some(name) => Ok(name.clone()),
        None if args.target.contains("://") => Err(CliError::Nameless(SnapshotDir::all(&args.dir))),
        None if args.target.starts_with("fake") => Ok("fake".to_owned()),
        None => Ok(args.target.clone()),
    }
}

/// The mistake of comparing with nothing.
#[must_use]
pub fn nothing_recorded(args: &SnapshotArgs, name: String) -> CliError {
    CliError::NothingRecorded { name, dir: args.dir.clone(), target: args.target.clone() }
}

/// Compares what an operation came to with what was recorded, or records it.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
pub fn keep(
    album: &SnapshotDir,
    one: &CapturableOperation<'_>,
    looked: &CapturedSnapshots,
    keeping: Keeping,
    made: &mut SnapshotComparison,
) -> Result<(), CliError> {
    for snapshot in &looked.snapshots {
        match album.compare(snapshot, keeping == Keeping::Propose)? {
            SnapshotStatus::Same => made.same += 1,
            _ if keeping == Keeping::Accept => {
                album.accept(snapshot)?;
                made.accepted.push(snapshot.name.clone());
            }
            SnapshotStatus::New => made.new.push(snapshot.name.clone()),
            SnapshotStatus::Changed(was) => {
                made.changed.push((snapshot.name.clone(), was, snapshot.text.clone()));
            }
        }
    }
    let comes = |name: &String| looked.snapshots.iter().any(|snapshot| snapshot.name == *name);
    let gone = album.of_operation(&one.place())?.into_iter().filter(|name| !comes(name)).collect();
    stale(album, gone, keeping, made)
}

/// Returns the snapshots of operations that are not captured any more.
///
/// # Errors
/// Returns an error if a file cannot be read or removed.
pub fn forgotten(
    album: &SnapshotDir,
    all: &[CapturableOperation<'_>],
    keeping: Keeping,
    made: &mut SnapshotComparison,
) -> Result<(), CliError> {
    let known: BTreeSet<String> = all.iter().map(CapturableOperation::place).collect();
    for place in album.operations()?.into_iter().filter(|place| !known.contains(place)) {
        stale(album, album.of_operation(&place)?, keeping, made)?;
    }
    Ok(())
}

fn stale(
    album: &SnapshotDir,
    names: Vec<String>,
    keeping: Keeping,
    made: &mut SnapshotComparison,
) -> Result<(), CliError> {
    for name in names {
        if keeping == Keeping::Accept {
            album.remove(&name)?;
            made.removed.push(name);
        } else {
            made.gone.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::super::args::Cli;

    /// Names lead nowhere else than into the folder of recordings.
    #[test]
    fn a_name_is_no_path() {
        for bad in ["../x", "a/b", "..", ""] {
            assert!(Cli::try_parse_from(["glueproof", "snapshot", "--name", bad]).is_err(), "{bad}");
        }
        assert!(Cli::try_parse_from(["glueproof", "snapshot", "--name", "moto-5.2.5"]).is_ok());
    }
}
