//! The fake cloud as its users hold it: one cloud behind one lock, with its clock, its faults and its file. Must
//! not know what any operation means; calls go through `route`.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::at_rest::AtRest;
use super::builder::{BuildError, FakeCloudBuilder, Settings};
use super::cloud::Cloud;
use super::fault::{CallFaults, FaultMemory, InjectedFaults, Injection, run_work};
#[cfg(feature = "server")]
use super::iam::Mode;
use super::snapshot::Snapshot;
use super::state_file::{StateFile, StateFileError};
use super::{Clock, Vpc, glue};
use glueproof_spec::ServiceModel;

/// The fake cloud. Clones are handles to the same cloud.
#[derive(Debug, Clone)]
pub struct FakeCloud {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// What the specs say of Glue.
    glue: Arc<ServiceModel>,
    clock: Clock,
    #[cfg(feature = "server")]
    mode: Mode,
    /// Whether any fault may be on, so that calls need not ask while there is none.
    faulty: AtomicBool,
    inner: Mutex<Inner>,
    /// Wakes a racing call when another one races.
    race: Condvar,
}

/// What one call at a time may see and change.
#[derive(Debug)]
pub(super) struct Inner {
    pub cloud: Cloud,
    pub faults: InjectedFaults,
    pub memory: FaultMemory,
    /// The number of calls that have begun.
    pub calls: u64,
    /// The number of racing calls that wait for another call.
    racing: usize,
    file: Option<StateFile>,
}

impl FakeCloud {
    /// A fake with every default: account 123456789012, region us-east-1, the current edition.
    ///
    /// # Errors
    /// When the specs compiled into the binary cannot be used.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// A fake to be set up.
    #[must_use]
    pub fn builder() -> FakeCloudBuilder {
        FakeCloudBuilder::default()
    }

    pub(super) fn assemble(glue: Arc<ServiceModel>, settings: Settings) -> Self {
        let clock = settings.clock.clone();
        #[cfg(feature = "server")]
        let mode = settings.mode;
        let inner = Mutex::new(Inner {
            cloud: Cloud::new(settings),
            faults: InjectedFaults::default(),
            memory: FaultMemory::default(),
            calls: 0,
            racing: 0,
            file: None,
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
            }),
        }
    }

    /// Adds a private network, or changes the one of that id.
    ///
    /// # Errors
    /// When the cloud is kept in a file and that cannot be written.
    pub fn set_vpc(&self, vpc: Vpc) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        // What was due before the change has met the network as it was.
        inner.settle();
        inner.cloud.state.network.set(vpc);
        inner.keep()
    }

    /// Makes the fake misbehave from the next call on.
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

    /// Makes the fake behave again.
    pub fn clear_faults(&self) {
        let mut inner = self.lock();
        inner.faults.clear();
        inner.memory = FaultMemory::default();
        self.shared.faulty.store(false, Ordering::Release);
    }

    /// The faults that are on, in the order of their injection.
    #[must_use]
    pub fn injections(&self) -> Vec<Injection> {
        self.lock().faults.on().to_vec()
    }

    /// Takes away everything that callers have made, in every account and region. The clock and the faults
    /// stay as they are.
    ///
    /// # Errors
    /// When the cloud is kept in a file and that cannot be written.
    pub fn reset(&self) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        inner.cloud.reset();
        inner.keep()
    }

    /// All state at this moment. It holds secrets if the cloud does.
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

    /// Goes back to that state, clock included; the faults stay as they are.
    ///
    /// # Errors
    /// When the cloud is kept in a file and that cannot be written.
    pub fn restore(&self, snapshot: Snapshot) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        snapshot.put_into(&mut inner.cloud);
        inner.keep()
    }

    /// The bytes that lie at rest, item by item: what a thief of the disk would have.
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

    /// Takes over what the file holds, and keeps it up to date from then on.
    pub(super) fn keep_in(&self, path: &Path) -> Result<(), StateFileError> {
        let mut inner = self.lock();
        inner.file = Some(StateFile::open(path, &mut inner.cloud)?);
        Ok(())
    }

    /// Writes the state file, where there is one, after a change that no call has made.
    #[cfg(feature = "server")]
    pub(super) fn keep(&self) -> Result<(), StateFileError> {
        self.lock().keep()
    }

    /// The clock it lives by.
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

    /// What the specs say of Glue.
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

    /// Writes the state file, where there is one.
    pub fn keep(&mut self) -> Result<(), StateFileError> {
        self.file.as_mut().map_or(Ok(()), |file| file.keep(&self.cloud))
    }
}
