//! A journal on the disk. Lines are appended. If the journal must outlive the machine, a line is flushed before its call is
//! sent. One process at a time uses the file, and only its owner can read it. It is removed once everything is undone.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::entry::{Entry, Header, PendingEntry, SavedState, UnnamedEntry};
use super::ledger::{Ledger, LedgerError};
use crate::secrets::without_secrets;

/// The reason why a journal cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system refuses.
    #[error("cannot {verb} the journal {}: {source}", path.display())]
    Io {
        /// The operation that failed.
        verb: &'static str,
        /// The file.
        path: PathBuf,
        /// The error.
        source: io::Error,
    },
    /// Another process is still writing the journal.
    #[error("the journal {} is in use: a run is going on there", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A line is not one of a journal.
    #[error("the journal {} cannot be read: {source}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first line that cannot be read.
        source: LedgerError,
    },
}

/// A journal file with the sum of its lines.
#[derive(Debug)]
pub struct JournalFile {
    path: PathBuf,
    synced: bool,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    ledger: Ledger,
}

impl JournalFile {
    /// Creates a journal. With `synced`, each line is on the disk before the method that adds it returns.
    ///
    /// # Errors
    /// Returns an error if the file exists or cannot be written.
    pub fn begin(path: &Path, header: Header, synced: bool) -> Result<Self, JournalError> {
        let failed = failed(path);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(failed("write"))?;
        }
        let file = private().create_new(true).open(path).map_err(failed("write"))?;
        lock(&file, path)?;
        let inner = Mutex::new(Inner { file, ledger: Ledger::default() });
        let journal = Self { path: path.to_owned(), synced, inner };
        journal.add(Entry::Journal(header), true)?;
        if synced {
            sync_folder(path).map_err(failed("write"))?;
        }
        Ok(journal)
    }

    /// Opens a journal that another process has left.
    ///
    /// # Errors
    /// Returns an error if the file is in use or is no journal.
    pub fn reopen(path: &Path) -> Result<Self, JournalError> {
        let failed = failed(path);
        let mut file = private().read(true).open(path).map_err(failed("read"))?;
        lock(&file, path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed("read"))?;
        // The writer was killed while it wrote an incomplete last line.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let ledger =
            Ledger::read(&text).map_err(|source| JournalError::Damaged { path: path.to_owned(), source })?;
        file.set_len(whole as u64).map_err(failed("write"))?;
        Ok(Self { path: path.to_owned(), synced: true, inner: Mutex::new(Inner { file, ledger }) })
    }

    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the ledger of all lines so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.lock().ledger.clone()
    }

    /// Returns true if an open line announces the resource that this call deletes.
    #[must_use]
    pub fn announces(&self, service: &str, operation: &str, input: &Value) -> bool {
        let same = |due: &PendingEntry| {
            (due.service.as_str(), due.operation.as_str(), &due.input) == (service, operation, input)
        };
        self.lock().ledger.due.values().any(same)
    }

    /// Records account-wide state as it was before the run.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn record_saved_state(&self, saved: SavedState) -> Result<(), JournalError> {
        self.add(Entry::Saved(saved), true)
    }

    /// Records that the run itself made a state, once for each state.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn record_own_state(&self, resource: &str, fingerprint: String) -> Result<(), JournalError> {
        if self.lock().ledger.is_own(resource, &fingerprint) {
            return Ok(());
        }
        self.add(Entry::Own { resource: resource.to_owned(), fingerprint }, true)
    }

    /// Records the deletion of a resource that is about to be created. Returns the id of the entry.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn record_deletion(&self, service: &str, operation: &str, input: Value) -> Result<u64, JournalError> {
        let id = self.lock().ledger.fresh();
        let (service, operation) = (service.to_owned(), operation.to_owned());
        self.add(Entry::Due(PendingEntry { id, service, operation, input }), true)?;
        Ok(id)
    }

    /// Records a resource that only the response will name. Returns the id of the entry.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn record_unnamed(&self, service: &str, resource: &str, mark: String) -> Result<u64, JournalError> {
        let id = self.lock().ledger.fresh();
        let (service, resource) = (service.to_owned(), resource.to_owned());
        self.add(Entry::Unnamed(UnnamedEntry { id, service, resource, mark }), true)?;
        Ok(id)
    }

    /// Records that resources are deleted. If the line is lost, a later cleanup looks for them once more.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn record_deleted(&self, ids: Vec<u64>) -> Result<(), JournalError> {
        if ids.is_empty() { Ok(()) } else { self.add(Entry::Gone(ids), false) }
    }

    /// Removes the file, after everything is undone.
    ///
    /// # Errors
    /// Returns an error if it cannot be removed.
    pub fn close(&self) -> Result<(), JournalError> {
        fs::remove_file(&self.path).map_err(failed(&self.path)("remove"))
    }

    fn add(&self, entry: Entry, matters: bool) -> Result<(), JournalError> {
        let failed = failed(&self.path);
        let line = serde_json::to_string(&entry).map_err(|e| failed("write")(e.into()))?;
        let mut line = without_secrets(&line).into_owned();
        line.push('\n');
        let mut inner = self.lock();
        let before = inner.file.metadata().map_err(failed("write"))?.len();
        if let Err(error) = inner.file.write_all(line.as_bytes()) {
            // Half a line would spoil those that come after it.
            let _ = inner.file.set_len(before);
            return Err(failed("write")(error));
        }
        if self.synced && matters {
            inner.file.sync_data().map_err(failed("write"))?;
        }
        inner.ledger.add(entry);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere leaves it as valid as before.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for JournalFile {
    /// Removes the file of a run that changed no state.
    fn drop(&mut self) {
        let ledger = &self.lock().ledger;
        if ledger.is_settled() && ledger.saved.is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn failed(path: &Path) -> impl Fn(&'static str) -> Box<dyn FnOnce(io::Error) -> JournalError> {
    let path = path.to_owned();
    move |verb| {
        let path = path.clone();
        Box::new(move |source| JournalError::Io { verb, path, source })
    }
}

fn lock(file: &File, path: &Path) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(path)("lock")(source)),
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Flushes the folder: after a crash a new file exists only if its folder was flushed too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
