//! The fake cloud as its users hold it: one cloud behind one lock, with its clock, its faults and its file. Must
//! not know what any operation means; calls go through `route`.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::at_rest::AtRest;
use super::builder::{BuildError, FakeCloudBuilder, Settings};
use super::cloud::Cloud;
use super::fault::{Active, Faults, Injection, Memory};
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
    /// Whether any fault may be on, so that calls need not ask while there is none.
    faulty: AtomicBool,
    inner: Mutex<Inner>,
}

/// What one call at a time may see and change.
#[derive(Debug)]
pub(super) struct Inner {
    pub cloud: Cloud,
    pub faults: Faults,
    pub memory: Memory,
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
        let inner = Mutex::new(Inner {
            cloud: Cloud::new(settings),
            faults: Faults::default(),
            memory: Memory::default(),
            file: None,
        });
        Self { shared: Arc::new(Shared { glue, clock, faulty: AtomicBool::new(false), inner }) }
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
        inner.memory = Memory::default();
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

    /// What goes wrong with a call of that operation.
    pub(super) fn faults(&self, operation: &str) -> Active {
        if self.shared.faulty.load(Ordering::Acquire) {
            self.lock().faults.of_call(operation)
        } else {
            Active::default()
        }
    }

    /// What the specs say of Glue.
    pub(super) fn model(&self) -> &ServiceModel {
        &self.shared.glue
    }

    /// Every change is made in one go, so state behind a poisoned lock is whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Lets happen what is due, with the faults that are not only for calls of some operations.
    pub fn settle(&mut self) {
        self.go_wrong(&self.faults.at_work());
        glue::settle(&mut self.cloud);
    }

    /// Has what happens next take the wrong turns of these faults.
    pub fn go_wrong(&mut self, faults: &Active) {
        self.cloud.wrongs = faults.wrongs();
        self.cloud.misread = faults.misread();
    }

    /// Writes the state file, where there is one.
    pub fn keep(&mut self) -> Result<(), StateFileError> {
        self.file.as_mut().map_or(Ok(()), |file| file.keep(&self.cloud))
    }
}
