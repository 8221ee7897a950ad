//! The state file: one snapshot of a cloud. It is replaced as a whole by renaming, readable by its owner alone, and used by one
//! process at a time. Must not know the contents of a snapshot.
//! [`StateFile::open`] is the entry point.
//!
//! A call that changes something is answered only after the file holds the change. A process that is killed loses at most
//! a call that has no answer yet. The file is not flushed to the disk call by call: a flush takes milliseconds, and data
//! that the system has survives the process. If the machine itself stops, the last changes may be lost. A file that is
//! damaged by that is recognised, and never overwritten.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use super::cloud::Cloud;
use super::snapshot::{self, Snapshot, SnapshotError};

/// The longest wait for a file that is in use.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// The time between two attempts to lock the file.
const LOCK_INTERVAL: Duration = Duration::from_millis(10);

/// The reason why a cloud cannot be kept in a file.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// An operation of the file system failed.
    #[error("cannot {} the state file {}: {source}", verb, path.display())]
    Io {
        /// The operation.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is no snapshot.
    #[error(
        "the state file {} cannot be used: {source}. It has been left as it is: put a copy in its place, or \
         move it away to begin with an empty cloud",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The error, with its position.
        source: SnapshotError,
    },
    /// Another process uses the file: each would overwrite the state of the other.
    #[error("the state file {} is in use by another process; stop that, or name another file", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The state cannot be written as JSON, which is a mistake in the fake.
    #[error("the state cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// A file with the state of a cloud.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// The fingerprint of the state in the file.
    kept: Option<[u8; 32]>,
    _lock: File,
}

impl StateFile {
    /// Locks the file for this process, and restores the cloud from it. A missing file is created at once, so that a
    /// folder that cannot be written shows before the first call.
    pub fn open(path: &Path, cloud: &mut Cloud) -> Result<Self, StateFileError> {
        // The file is replaced that a link leads to, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let lock = lock(&path)?;
        let mut file = Self { path, kept: None, _lock: lock };
        match fs::read(&file.path) {
            Ok(text) => {
                let snapshot = Snapshot::from_json(&text)
                    .map_err(|source| StateFileError::Damaged { path: file.path.clone(), source })?;
                snapshot.put_into(cloud);
                file.kept = Some(snapshot::fingerprint(cloud)?.into());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => file.keep(cloud)?,
            Err(error) => return Err(io_error("read", &file.path)(error)),
        }
        Ok(file)
    }

    /// Writes the state of the cloud if it has changed.
    pub fn keep(&mut self, cloud: &Cloud) -> Result<(), StateFileError> {
        let now = snapshot::fingerprint(cloud)?.into();
        if self.kept == Some(now) {
            return Ok(());
        }
        let text = snapshot::text(cloud)?;
        let name = beside(&self.path, "draft");
        // A killed process may have left a draft. The lock keeps other processes from the name.
        let _ = fs::remove_file(&name);
        let mut draft = draft(&name).map_err(io_error("write", &name))?;
        draft.write_all(text.as_bytes()).map_err(io_error("write", &name))?;
        draft.persist(&self.path).map_err(|error| io_error("replace", &self.path)(error.error))?;
        self.kept = Some(now);
        Ok(())
    }
}

fn io_error(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateFileError {
    let path = path.to_owned();
    move |source| StateFileError::Io { verb, path, source }
}

/// Locks a file beside the state file, for the state file itself is replaced. The lock ends when the returned file is
/// closed.
fn lock(path: &Path) -> Result<File, StateFileError> {
    let name = beside(path, "lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&name);
    let file = file.map_err(io_error("lock", &name))?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // The process that has the lock may be about to end, or about to start a program: a fork holds open files
            // until it runs the program.
            Err(TryLockError::WouldBlock) if since.elapsed() < LOCK_TIMEOUT => thread::sleep(LOCK_INTERVAL),
            Err(TryLockError::WouldBlock) => return Err(StateFileError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(io_error("lock", &name)(source)),
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

/// Creates a new file that its owner alone may read, for there are keys in it. It is deleted unless it is renamed.
fn draft(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tempfile::Builder::new().prefix(path.file_name().unwrap_or_default()).rand_bytes(0).tempfile_in(folder)
}
