//! Commits of calls that come at once: one transaction, and one flush, for all calls that wait. Must not know a service, nor
//! how a file is written.
//!
//! A call stages its change while it has the lock on the cloud, with [`GroupCommit::stage`]. It waits without the lock, in
//! [`GroupCommit::wait`], until its change is on the disk. The first call that waits commits for all. A call that changes
//! nothing waits for the changes that it may have seen. If a commit fails, all calls that wait for it fail, and the state
//! in memory becomes that of the file again.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::cloud::Cloud;
use super::snapshot;
use super::state_file::{StateFile, StateFileError};
use super::store::{Extent, RecordChange};

/// The largest number of records that are kept in memory for comparison, and the largest size of each.
const MAX_KNOWN: usize = 1024;
const MAX_KNOWN_BYTES: usize = 4096;

type Edits = Vec<(String, RecordChange)>;

/// The state file, and the changes that are not in it yet.
#[derive(Debug)]
pub struct GroupCommit {
    queue: Mutex<Queue>,
    /// Wakes calls that wait for a commit.
    settled: Condvar,
    /// Locked after the queue, or without it.
    file: Mutex<StateFile>,
}

/// The number of a change. A call waits until it is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

#[derive(Debug, Default)]
struct Queue {
    /// The changes that no commit has taken yet.
    edits: Edits,
    /// The newest record of the random generator, if a change is staged.
    random: Option<(String, RecordChange)>,
    /// The number of the last staged change.
    staged: u64,
    /// The number of the last change whose commit has succeeded or failed.
    settled: u64,
    /// The failed changes: the first number and the error, by the last number.
    failed: BTreeMap<u64, (u64, StateFileError)>,
    /// True while a call commits.
    is_committing: bool,
    known: KnownRecords,
}

/// Texts of records, as they are after all staged changes. Most calls write some records as they are.
#[derive(Debug, Default)]
struct KnownRecords(BTreeMap<String, Vec<u8>>);

impl GroupCommit {
    /// Creates an empty queue for a file that has the state of the cloud.
    pub fn new(file: StateFile) -> Self {
        Self { queue: Mutex::default(), settled: Condvar::new(), file: Mutex::new(file) }
    }

    /// Stages what has changed in the cloud, whose lock the call has. Returns none if everything is on the disk.
    pub fn stage(&self, cloud: &mut Cloud) -> Result<Option<Ticket>, StateFileError> {
        let mut queue = self.lock();
        let is_settled = queue.pending().is_none();
        if is_settled && self.file().is_stale() {
            // The change of this call was made to a state that the file does not have.
            queue.known.0.clear();
            return Err(self.file().restore_stale(cloud));
        }
        let mut edits = queue.known.without_known(snapshot::changes(cloud, Extent::Changed)?);
        if is_settled {
            edits = match self.file().effective(edits) {
                Ok(edits) => edits,
                Err(error) => {
                    queue.known.0.clear();
                    return Err(self.file().take_back(cloud, error));
                }
            };
        }
        if !edits.is_empty() {
            queue.edits.extend(edits);
            queue.random = Some(snapshot::random_record(cloud)?);
            queue.staged += 1;
        }
        Ok(queue.pending())
    }

    /// Returns the last change that is not on the disk yet, for a call that may have seen it.
    pub fn pending(&self) -> Option<Ticket> {
        self.lock().pending()
    }

    /// Returns true if a call with the ticket has to wait.
    #[cfg(feature = "server")]
    pub fn is_pending(&self, ticket: Ticket) -> bool {
        self.lock().settled < ticket.0
    }

    /// Waits until the change is on the disk, and commits if no other call does. `with_cloud` takes the lock on the cloud.
    pub fn wait(
        &self,
        ticket: Ticket,
        with_cloud: impl Fn(&mut dyn FnMut(&mut Cloud)),
    ) -> Result<(), StateFileError> {
        let mut queue = self.lock();
        while queue.settled < ticket.0 {
            if queue.is_committing {
                queue = self.settled.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            queue.is_committing = true;
            let last = queue.staged;
            let mut edits = mem::take(&mut queue.edits);
            edits.extend(queue.random.take());
            drop(queue);
            let committed = self.file().commit(edits);
            match committed {
                Ok(()) => self.lock().settled = last,
                // Changes that were staged since then build on the failed ones.
                Err(error) => with_cloud(&mut |cloud| self.recover(cloud, &error)),
            }
            queue = self.lock();
            queue.is_committing = false;
            self.settled.notify_all();
        }
        let failed = queue.failed.range(ticket.0..).next();
        match failed.filter(|(_, (first, _))| *first <= ticket.0) {
            Some((_, (_, error))) => Err(error.duplicate()),
            None => Ok(()),
        }
    }

    /// Settles all staged changes after a failed commit: writes a new file if the file was deleted, and otherwise takes the
    /// changes back.
    fn recover(&self, cloud: &mut Cloud, error: &StateFileError) {
        let mut queue = self.lock();
        let recovered = self.file().recover(cloud, error);
        queue.edits.clear();
        queue.random = None;
        queue.known.0.clear();
        let (first, last) = (queue.settled + 1, queue.staged);
        queue.settled = last;
        if let Err(error) = recovered {
            let joined = queue.failed.remove(&(first - 1)).map_or(first, |(first, _)| first);
            queue.failed.insert(last, (joined, error));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self) -> MutexGuard<'_, StateFile> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn pending(&self) -> Option<Ticket> {
        (self.settled < self.staged).then_some(Ticket(self.staged))
    }
}

impl KnownRecords {
    /// Returns the edits without those that leave a known record as it is, and remembers the others.
    fn without_known(&mut self, edits: Edits) -> Edits {
        edits.into_iter().filter(|(key, edit)| self.changes(key, edit)).collect()
    }

    fn changes(&mut self, key: &str, edit: &RecordChange) -> bool {
        match edit {
            RecordChange::Compare(text) if self.0.get(key) == Some(text) => return false,
            RecordChange::Compare(text) | RecordChange::Write(text) => {
                let fits = text.len() <= MAX_KNOWN_BYTES;
                if fits && (self.0.len() < MAX_KNOWN || self.0.contains_key(key)) {
                    self.0.insert(key.to_owned(), text.clone());
                } else {
                    self.0.remove(key);
                }
            }
            RecordChange::Remove | RecordChange::RemoveBelow => {
                // The key of an item is the beginning of the keys of all items below it.
                self.0.retain(|known, _| !known.starts_with(key) || known.len() == key.len());
                if *edit == RecordChange::Remove {
                    self.0.remove(key);
                }
            }
        }
        true
    }
}
