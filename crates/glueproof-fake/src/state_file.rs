//! The file a cloud is kept in: one snapshot, replaced as a whole by renaming, readable by its owner alone,
//! used by one process at a time. Must not know what a snapshot holds.
//!
//! A call that changes something is answered only after the file holds the change, so a process that is
//! killed loses at most a call without a response. The file is not flushed to the disk call by
//! call: that would cost milliseconds each, and what the system has been handed survives the process. When
//! the machine itself stops, the last changes may be lost; a file that suffers from it is recognised as
//! damaged, and never overwritten.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::cloud::Cloud;
use super::snapshot::{self, Snapshot, SnapshotError};

/// The time to wait for a file that is in use, and the time between two attempts.
const PATIENCE: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(10);

/// Why a cloud cannot be kept in a file.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// The file system refuses.
    #[error("cannot {} the state file {}: {source}", verb, path.display())]
    Io {
        /// The operation that failed.
        verb: &'static str,
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It holds something that is no snapshot.
    #[error(
        "the state file {} cannot be used: {source}. It has been left as it is: put a copy in its place, or \
         move it away to begin with an empty cloud",
        path.display()
    )]
    Damaged {
        /// Which.
        path: PathBuf,
        /// The problem and its place.
        source: SnapshotError,
    },
    /// Two processes would take turns in destroying each other's state.
    #[error("the state file {} is in use by another process; stop that, or name another file", path.display())]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// State that cannot be written as JSON, which would be a mistake in the fake.
    #[error("the state cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

/// A file that holds what a cloud holds.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    /// Changes are written to this file, which is then renamed. The lock reserves the name.
    draft: PathBuf,
    kept: Option<[u8; 32]>,
    _lock: File,
}

impl StateFile {
    /// Takes the file for this process, and puts what it holds into the cloud. Where there is none, one is
    /// made at once, so that a place that cannot be written shows before the first call.
    pub fn open(path: &Path, cloud: &mut Cloud) -> Result<Self, StateFileError> {
        // The target of a link is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let lock = lock(&path)?;
        let mut file = Self { draft: beside(&path, "draft"), path, kept: None, _lock: lock };
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

    /// Writes the cloud down if it has changed.
    pub fn keep(&mut self, cloud: &Cloud) -> Result<(), StateFileError> {
        let now = snapshot::fingerprint(cloud)?.into();
        if self.kept == Some(now) {
            return Ok(());
        }
        let text = snapshot::text(cloud)?;
        // A draft of a killed process can have other permissions.
        let _ = fs::remove_file(&self.draft);
        let mut draft = private(&self.draft).map_err(io_error("write", &self.draft))?;
        draft.write_all(text.as_bytes()).map_err(io_error("write", &self.draft))?;
        fs::rename(&self.draft, &self.path).map_err(io_error("replace", &self.path))?;
        self.kept = Some(now);
        Ok(())
    }
}

fn io_error(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateFileError {
    let path = path.to_owned();
    move |source| StateFileError::Io { verb, path, source }
}

/// Held as long as the returned file is open. A file of its own, because the state file itself is replaced.
fn lock(path: &Path) -> Result<File, StateFileError> {
    let name = beside(path, "lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&name);
    let file = file.map_err(io_error("lock", &name))?;
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // Whoever had it may be about to end, or about to start a program, which holds what is open until it
            // has become another.
            Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => thread::sleep(BETWEEN),
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

/// Creates a file that only its owner may read, because it contains keys.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
