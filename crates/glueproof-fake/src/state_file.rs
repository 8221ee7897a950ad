//! The state file: the store of one cloud in a file that its owner alone may read, and one process at a time uses.
//! Must not know the contents of a snapshot, nor how records are written.
//! [`StateFile::open`] is the entry point.
//!
//! A call that changes something is answered only after the change is on the disk. If a change cannot be written, the
//! state in memory becomes that of the file again. A damaged file is recognised at the start, and never overwritten.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek};
use std::mem;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::cloud::Cloud;
use super::snapshot::{self, Snapshot, SnapshotError};
use super::store::{self, Extent, RecordChange, StateKey, Store, StoreError};

/// The longest wait for a file that is in use.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);
/// The time between two attempts to lock the file.
const LOCK_INTERVAL: Duration = Duration::from_millis(10);
/// The largest number of links from one to the next.
const MAX_LINKS: usize = 40;

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
    /// The file is neither a store nor a snapshot.
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
    /// The file is encrypted, and the key is missing or another one.
    #[error("the state file {} cannot be used: {problem}. It has been left as it is", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// The problem with the key.
        problem: String,
    },
    /// The file is a store with a damaged page.
    #[error(
        "the state file {} is damaged: {problem}. It has been left as it is: put a copy in its place, or move it away \
         to begin with an empty cloud",
        path.display()
    )]
    DamagedStore {
        /// The file.
        path: PathBuf,
        /// The damage.
        problem: String,
    },
    /// Another process uses the file: each would overwrite the state of the other.
    #[error("the state file {} is in use by another process; stop that, or name another file", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// Another file has taken the place of the file that this process uses.
    #[error("the state file {} has been replaced by another file; start again to use that", path.display())]
    Replaced {
        /// The file.
        path: PathBuf,
    },
    /// The file that this process uses has been deleted, and no new one can take its place.
    #[error("the state file {} has been deleted", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The state cannot be written as JSON, which is a mistake in the fake.
    #[error("the state cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
}

impl StateFileError {
    /// Returns the error once more, for another call that failed with it.
    pub(super) fn duplicate(&self) -> Self {
        let again = |error: &io::Error| io::Error::new(error.kind(), error.to_string());
        match self {
            Self::Io { verb, path, source } => Self::Io { verb, path: path.clone(), source: again(source) },
            Self::Damaged { path, source } => Self::Damaged { path: path.clone(), source: source.clone() },
            Self::Key { path, problem } => Self::Key { path: path.clone(), problem: problem.clone() },
            Self::DamagedStore { path, problem } => {
                Self::DamagedStore { path: path.clone(), problem: problem.clone() }
            }
            Self::InUse { path } => Self::InUse { path: path.clone() },
            Self::Replaced { path } => Self::Replaced { path: path.clone() },
            Self::Missing { path } => Self::Missing { path: path.clone() },
            Self::Unwritable(error) => Self::Unwritable(serde::ser::Error::custom(error)),
        }
    }
}

/// A file with the state of a cloud.
#[derive(Debug)]
pub struct StateFile {
    path: PathBuf,
    key: Option<StateKey>,
    store: Store,
    /// True if the state of the file could not be read after a failed write.
    is_stale: bool,
    /// Accounts and regions that reads have created, for the next change.
    deferred: BTreeMap<String, RecordChange>,
}

/// The relation between an open file and the file at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileAt {
    Same,
    Other,
    Missing,
}

impl StateFile {
    /// Locks the file for this process, and restores the cloud from it. A missing file is created at once, so that a
    /// folder that cannot be written shows before the first call. A snapshot becomes a store.
    /// With a key, the file is encrypted: a plain file becomes an encrypted one.
    pub fn open(path: &Path, key: Option<StateKey>, cloud: &mut Cloud) -> Result<Self, StateFileError> {
        let path = follow_links(path);
        let since = Instant::now();
        while since.elapsed() < 2 * LOCK_TIMEOUT {
            let created = match lock_existing(&path)? {
                Some(file) if is_store(&file).map_err(io_error("read", &path))? => {
                    let store = open_store(file, key.clone(), cloud);
                    let store = store.map_err(|error| open_error(&path, error))?;
                    store.with_file(restrict).map_err(io_error("restrict", &path))?;
                    if store.lacks_encryption() {
                        store.with_file(|plain| create(&path, key.clone(), Some(plain), cloud))?
                    } else {
                        Some(store)
                    }
                }
                Some(file) => {
                    restore_snapshot(&file, &path, cloud)?;
                    create(&path, key.clone(), Some(&file), cloud)?
                }
                None => create(&path, key.clone(), None, cloud)?,
            };
            if let Some(store) = created {
                return Ok(Self { path, key, store, is_stale: false, deferred: BTreeMap::new() });
            }
        }
        Err(StateFileError::InUse { path })
    }

    /// Returns true if the state in memory is not that of the file.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Reads the state of the file again, and returns the error of the call that found it missing.
    pub fn restore_stale(&mut self, cloud: &mut Cloud) -> StateFileError {
        match self.restore(cloud) {
            Err(error) => write_error(&self.path, error),
            Ok(()) => io_error("write", &self.path)(io::Error::other("the state has just been read again")),
        }
    }

    /// Returns the edits without those that change nothing. Accounts and regions that reads have created are kept for the next
    /// change.
    pub fn effective(
        &mut self,
        edits: Vec<(String, RecordChange)>,
    ) -> Result<Vec<(String, RecordChange)>, StateFileError> {
        let edits = self.store.effective(edits).map_err(|error| write_error(&self.path, error))?;
        if snapshot::creates_only_empty_places(&edits)? {
            self.deferred.extend(edits);
            return Ok(Vec::new());
        }
        Ok(edits)
    }

    /// Writes the edits, and flushes them to the disk.
    pub fn commit(&mut self, edits: Vec<(String, RecordChange)>) -> Result<(), StateFileError> {
        match self.store.with_file(|file| file_at(&self.path, file)).map_err(io_error("find", &self.path))? {
            FileAt::Same => {}
            FileAt::Other => return Err(StateFileError::Replaced { path: self.path.clone() }),
            FileAt::Missing => return Err(StateFileError::Missing { path: self.path.clone() }),
        }
        self.store.with_file(restrict).map_err(io_error("restrict", &self.path))?;
        let edits: Vec<_> = mem::take(&mut self.deferred).into_iter().chain(edits).collect();
        self.store.apply(&edits).map_err(|error| write_error(&self.path, error))
    }

    /// Writes a new file if the file was deleted. Otherwise the cloud gets the state of the file, and the error is returned.
    pub fn recover(&mut self, cloud: &mut Cloud, error: &StateFileError) -> Result<(), StateFileError> {
        let recovered = match error {
            StateFileError::Missing { path } => {
                let created = create(&self.path, self.key.clone(), None, cloud);
                let replaced = || StateFileError::Replaced { path: path.clone() };
                created.and_then(|store| store.ok_or_else(replaced))
            }
            error => Err(error.duplicate()),
        };
        match recovered {
            Ok(store) => {
                self.store = store;
                self.deferred.clear();
                Ok(())
            }
            Err(error) => Err(self.take_back(cloud, error)),
        }
    }

    /// Gives the cloud the state of the file after a failed change, and returns the error.
    pub fn take_back(&mut self, cloud: &mut Cloud, error: StateFileError) -> StateFileError {
        // The call reports the failed write. The next call reports that the file cannot be read.
        let _ = self.restore(cloud);
        error
    }

    fn restore(&mut self, cloud: &mut Cloud) -> Result<(), StoreError> {
        self.is_stale = true;
        self.deferred.clear();
        let document = self.store.read()?;
        // Ids of requests do not repeat.
        let random = cloud.random.clone();
        snapshot::put_document(document, cloud).map_err(StoreError::Damaged)?;
        cloud.random = random;
        self.is_stale = false;
        Ok(())
    }
}

fn open_store(file: File, key: Option<StateKey>, cloud: &mut Cloud) -> Result<Store, StoreError> {
    let (store, document) = Store::open(file, key)?;
    snapshot::put_document(document, cloud).map_err(StoreError::Damaged)?;
    Ok(store)
}

fn restore_snapshot(mut file: &File, path: &Path, cloud: &mut Cloud) -> Result<(), StateFileError> {
    let mut text = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut text)).map_err(io_error("read", path))?;
    let snapshot = Snapshot::from_json(&text);
    let snapshot = snapshot.map_err(|source| StateFileError::Damaged { path: path.to_owned(), source })?;
    snapshot.put_into(cloud);
    Ok(())
}

/// Creates a store with the state of the cloud, in the place of nothing or of the file `replaced`. Returns none if something
/// else is there.
fn create(
    path: &Path,
    key: Option<StateKey>,
    replaced: Option<&File>,
    cloud: &Cloud,
) -> Result<Option<Store>, StateFileError> {
    // A killed process may have left a draft.
    let name = beside(path, "draft");
    let draft = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&name);
    let draft = draft.map_err(io_error("create", path))?;
    if !lock(&draft, &name)? {
        return Err(StateFileError::InUse { path: path.to_owned() });
    }
    let at_draft = file_at(&name, &draft).map_err(io_error("create", path))?;
    let at_path = match replaced {
        Some(replaced) => file_at(path, replaced).map_err(io_error("find", path))? == FileAt::Same,
        None => matches!(fs::symlink_metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound),
    };
    if at_draft != FileAt::Same || !at_path {
        return Ok(None);
    }
    restrict(&draft).and_then(|()| draft.set_len(0)).map_err(io_error("write", &name))?;
    let store = Store::create(draft, key).and_then(|mut store| {
        let unwritable = |error: serde_json::Error| io::Error::other(error);
        let mut edits = snapshot::changes(cloud, Extent::Whole).map_err(unwritable)?;
        edits.push(snapshot::random_record(cloud).map_err(unwritable)?);
        store.apply(&edits).map(|()| store)
    });
    let store = store.map_err(|error| write_error(path, error))?;
    fs::rename(&name, path).and_then(|()| flush_folder(path)).map_err(io_error("create", path))?;
    Ok(Some(store))
}

fn io_error(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateFileError {
    let path = path.to_owned();
    move |source| StateFileError::Io { verb, path, source }
}

fn open_error(path: &Path, error: StoreError) -> StateFileError {
    match error {
        StoreError::Io(source) => io_error("open", path)(source),
        StoreError::Damaged(problem) => StateFileError::DamagedStore { path: path.to_owned(), problem },
        error @ (StoreError::WrongKey | StoreError::KeyMissing) => {
            StateFileError::Key { path: path.to_owned(), problem: error.to_string() }
        }
    }
}

fn write_error(path: &Path, error: StoreError) -> StateFileError {
    let source = match error {
        StoreError::Io(source) => source,
        error => io::Error::other(error.to_string()),
    };
    io_error("write", path)(source)
}

fn is_store(file: &File) -> io::Result<bool> {
    let mut beginning = Vec::new();
    file.take(store::MAGIC.len() as u64).read_to_end(&mut beginning)?;
    Ok(beginning == store::MAGIC)
}

/// Opens and locks the file at a path. Returns none if there is no file.
fn lock_existing(path: &Path) -> Result<Option<File>, StateFileError> {
    loop {
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error("open", path)(error)),
        };
        if !lock(&file, path)? {
            return Err(StateFileError::InUse { path: path.to_owned() });
        }
        // The process that had the lock may have replaced the file.
        if file_at(path, &file).map_err(io_error("find", path))? == FileAt::Same {
            return Ok(Some(file));
        }
    }
}

/// Locks a file until it is closed. Returns false if another process has the lock. The lock is one on the file itself, so it
/// does not matter which link leads to the file.
fn lock(file: &File, path: &Path) -> Result<bool, StateFileError> {
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            // The process that has the lock may be about to end, or about to start a program: a fork holds open files
            // until it runs the program.
            Err(TryLockError::WouldBlock) if since.elapsed() < LOCK_TIMEOUT => thread::sleep(LOCK_INTERVAL),
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(source)) => return Err(io_error("lock", path)(source)),
        }
    }
}

/// Returns the path of the file that symbolic links lead to, which need not exist.
fn follow_links(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = folder(&path).join(target);
    }
    fs::canonicalize(&path).unwrap_or(path)
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

/// Compares an open file with the file at a path.
#[cfg(unix)]
fn file_at(path: &Path, file: &File) -> io::Result<FileAt> {
    use std::os::unix::fs::MetadataExt;
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(FileAt::Missing),
        Err(error) => return Err(error),
    };
    let open = file.metadata()?;
    let is_same = (there.dev(), there.ino()) == (open.dev(), open.ino());
    Ok(if is_same { FileAt::Same } else { FileAt::Other })
}

/// Compares an open file with the file at a path. Open files keep their path on these systems.
#[cfg(not(unix))]
fn file_at(path: &Path, _: &File) -> io::Result<FileAt> {
    Ok(if path.try_exists()? { FileAt::Same } else { FileAt::Missing })
}

/// Makes a file readable for its owner alone: there are keys in it.
#[cfg(unix)]
fn restrict(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o777 == 0o600 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn restrict(_: &File) -> io::Result<()> {
    Ok(())
}

/// Flushes the name of a file to the disk.
#[cfg(unix)]
fn flush_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

#[cfg(not(unix))]
fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
