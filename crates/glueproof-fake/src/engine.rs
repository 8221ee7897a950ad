//! The handle of users on a fake cloud: one cloud behind one lock, with its clock, its faults and its file. Must not know an
//! operation: `router` runs calls.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::at_rest::AtRest;
use super::cloud::Cloud;
use super::fault::{CallFaults, FaultMemory, InjectedFaults, Injection, run_work};
use super::group_commit::{GroupCommit, Ticket};
#[cfg(feature = "server")]
use super::iam::Mode;
use super::settings::Settings;
use super::snapshot::Snapshot;
use super::state_file::{StateFile, StateFileError};
use super::store::StateKey;
use super::{Clock, Vpc, glue, iam};
use glueproof_spec::ServiceModel;

/// The fake cloud. Clones are handles to the same cloud.
#[derive(Debug, Clone)]
pub struct FakeCloud {
    shared: Arc<Shared>,
    /// True if calls run on the worker threads of a runtime of the server, which a call that waits for the disk must leave to
    /// other calls.
    #[cfg(feature = "server")]
    is_on_worker_threads: bool,
}

#[derive(Debug)]
struct Shared {
    /// The model of Glue.
    glue: Arc<ServiceModel>,
    clock: Clock,
    #[cfg(feature = "server")]
    mode: Mode,
    /// False if no fault is on, so that calls need not take the lock to find out.
    faulty: AtomicBool,
    inner: Mutex<Inner>,
    /// Wakes a racing call when another one races.
    race: Condvar,
    /// The state file, if there is one.
    commits: OnceLock<GroupCommit>,
}

/// The state behind the lock.
#[derive(Debug)]
pub(super) struct Inner {
    pub cloud: Cloud,
    pub faults: InjectedFaults,
    pub memory: FaultMemory,
    /// The number of calls that have begun.
    pub calls: u64,
    /// The number of racing calls that wait for another call.
    racing: usize,
}

impl FakeCloud {
    pub(super) fn assemble(glue: Arc<ServiceModel>, settings: Settings) -> Self {
        let clock = settings.clock.clone();
        #[cfg(feature = "server")]
        let mode = settings.mode;
        let mut cloud = Cloud::new(settings);
        iam::seed(&mut cloud);
        let inner = Mutex::new(Inner {
            cloud,
            faults: InjectedFaults::default(),
            memory: FaultMemory::default(),
            calls: 0,
            racing: 0,
        });
        Self {
            shared: Arc::new(Shared {
                glue,
                clock,
                #[cfg(feature = "server")]
                mode,
                faulty: AtomicBool::new(false),
                inner,
                race: Condvar::new(),
                commits: OnceLock::new(),
            }),
            #[cfg(feature = "server")]
            is_on_worker_threads: false,
        }
    }

    /// Adds a private network, or changes the one of that id.
    ///
    /// # Errors
    /// Returns an error if the cloud has a state file that cannot be written.
    pub fn set_vpc(&self, vpc: Vpc) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        // Work that was due before the change runs in the network before the change.
        inner.settle();
        inner.cloud.state.network.set(vpc);
        self.keep_changes(inner)
    }

    /// Injects a fault from the next call on.
    ///
    /// ```
    /// use glueproof_fake::{FakeCloud, Fault, Injection};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cloud = FakeCloud::new()?;
    /// cloud.inject(Injection::new(Fault::THROTTLING).on("GetResourcePolicy").times(2));
    /// // Every fault that `glueproof serve --fault help` lists has a name.
    /// cloud.inject(Injection::new("impostor-echo".parse()?));
    /// assert_eq!(cloud.injections().len(), 2);
    /// cloud.clear_faults();
    /// # Ok(())
    /// # }
    /// ```
    pub fn inject(&self, injection: Injection) {
        self.lock().faults.inject(injection);
        self.shared.faulty.store(true, Ordering::Release);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        let mut inner = self.lock();
        inner.faults.clear();
        inner.memory = FaultMemory::default();
        self.shared.faulty.store(false, Ordering::Release);
    }

    /// Returns the faults that are on, in the order of injection.
    #[must_use]
    pub fn injections(&self) -> Vec<Injection> {
        self.lock().faults.on().to_vec()
    }

    /// Removes everything that callers have created, in every account and region. The clock and the faults stay as they are.
    ///
    /// # Errors
    /// Returns an error if the cloud has a state file that cannot be written.
    pub fn reset(&self) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        inner.cloud.reset();
        iam::seed(&mut inner.cloud);
        self.keep_changes(inner)
    }

    /// Returns all state. It contains the secrets of the cloud.
    ///
    /// ```
    /// use glueproof_fake::{FakeCloud, Snapshot};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cloud = FakeCloud::new()?;
    /// let before = cloud.snapshot().to_json()?;
    /// // … what a test does …
    /// cloud.restore(Snapshot::from_json(before.as_bytes())?)?;
    /// assert_eq!(cloud.snapshot().to_json()?, before);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.lock().cloud)
    }

    /// Replaces all state, including the clock. The faults stay as they are.
    ///
    /// # Errors
    /// Returns an error if the cloud has a state file that cannot be written.
    pub fn restore(&self, snapshot: Snapshot) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        snapshot.put_into(&mut inner.cloud);
        self.keep_changes(inner)
    }

    /// Returns the stored bytes of every item, as they would be on a disk.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cloud = glueproof_fake::FakeCloud::new()?;
    /// // … a job writes, a connection is made …
    /// let secret: &[u8] = b"correct horse battery staple";
    /// for item in cloud.at_rest() {
    ///     assert!(!item.bytes.windows(secret.len()).any(|bytes| bytes == secret), "{item:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn at_rest(&self) -> Vec<AtRest> {
        let mut inner = self.lock();
        inner.settle();
        inner.cloud.state.at_rest()
    }

    /// Reads the state of the file, and writes changes to it from then on.
    pub(super) fn keep_in(&self, path: &Path, key: Option<StateKey>) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        let file = StateFile::open(path, key, &mut inner.cloud)?;
        // Only the builder calls this, once.
        let _ = self.shared.commits.set(GroupCommit::new(file));
        Ok(())
    }

    /// Returns a handle for a server that calls it on the worker threads of a runtime.
    #[cfg(feature = "server")]
    pub(super) fn on_worker_threads(mut self) -> Self {
        self.is_on_worker_threads = true;
        self
    }

    /// Writes the state file, where there is one, after a change that no call has made.
    #[cfg(feature = "server")]
    pub(super) fn keep(&self) -> Result<(), StateFileError> {
        self.keep_changes(self.lock())
    }

    /// Writes what the holder of the lock has changed, and releases the lock before it waits for the disk.
    fn keep_changes(&self, mut inner: MutexGuard<'_, Inner>) -> Result<(), StateFileError> {
        let staged = self.stage(&mut inner)?;
        drop(inner);
        self.flush(staged)
    }

    /// Stages the change of a call. [`flush`](Self::flush) must follow after the lock is released.
    pub(super) fn stage(&self, inner: &mut Inner) -> Result<Option<Ticket>, StateFileError> {
        self.shared.commits.get().map_or(Ok(None), |commits| commits.stage(&mut inner.cloud))
    }

    /// Returns the last change that is not on the disk yet, for a call that has changed nothing, but may have seen it.
    pub(super) fn pending_change(&self) -> Option<Ticket> {
        self.shared.commits.get().and_then(GroupCommit::pending)
    }

    /// Waits until a change is on the disk. The caller must not have the lock.
    pub(super) fn flush(&self, staged: Option<Ticket>) -> Result<(), StateFileError> {
        let (Some(commits), Some(ticket)) = (self.shared.commits.get(), staged) else { return Ok(()) };
        let wait = || commits.wait(ticket, |work| work(&mut self.lock().cloud));
        #[cfg(feature = "server")]
        if self.is_on_worker_threads && commits.is_pending(ticket) {
            return tokio::task::block_in_place(wait);
        }
        wait()
    }

    /// Returns the clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Returns the faults of a call of the operation.
    pub(super) fn faults(&self, operation: &str) -> CallFaults {
        if self.shared.faulty.load(Ordering::Acquire) {
            self.lock().faults.of_call(operation)
        } else {
            CallFaults::default()
        }
    }

    /// Checks if callers may be refused before their bodies are read: signatures are required, and no fault is on.
    #[cfg(feature = "server")]
    pub(super) fn reads_heads_first(&self) -> bool {
        self.shared.mode == Mode::Enforce && !self.shared.faulty.load(Ordering::Acquire)
    }

    /// Returns the model of Glue.
    pub(super) fn model(&self) -> &ServiceModel {
        &self.shared.glue
    }

    /// Releases the lock, and takes it again after another call has begun, after another call races with this one, or after `timeout`.
    pub(super) fn wait_for_another_call<'c>(
        &'c self,
        mut inner: MutexGuard<'c, Inner>,
        timeout: Duration,
    ) -> MutexGuard<'c, Inner> {
        inner.racing += 1;
        if inner.racing > 1 {
            self.shared.race.notify_all();
        } else {
            let calls = inner.calls;
            let waited = self.shared.race.wait_timeout_while(inner, timeout, |inner| inner.calls == calls);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        inner.racing -= 1;
        inner
    }

    /// Every change is made in one go, so state behind a poisoned lock is whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Runs the jobs and crawls that are due, with the faults that are not limited to operations.
    pub fn settle(&mut self) {
        let faults = self.faults.of_work();
        self.set_failpoints(&faults);
        run_work(&faults.work_faults(), &mut self.cloud, glue::run_due_work);
    }

    /// Switches the failpoints of these faults on, and all others off.
    pub fn set_failpoints(&mut self, faults: &CallFaults) {
        self.cloud.failpoints = faults.failpoints();
    }
}
