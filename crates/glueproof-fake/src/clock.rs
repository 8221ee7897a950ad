//! The fake's only clock: the system's, or one that the user moves. Nothing else in the fake may ask
//! for the time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Stands for "the system's time"; no moment that a clock could stand at.
const RUNNING: i64 = i64::MIN;

/// Tells the fake what time it is. Clones share the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    /// Milliseconds since the epoch, or [`RUNNING`].
    stands_at: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { stands_at: Arc::new(AtomicI64::new(RUNNING)) }
    }
}

impl Clock {
    /// The time of this machine.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Creates a clock that stands still until [`Clock::advance`] moves it.
    #[must_use]
    pub fn fixed(at: SystemTime) -> Self {
        let clock = Self::default();
        clock.set(at);
        clock
    }

    /// Makes it stand still at that moment, whatever it did before.
    pub fn set(&self, at: SystemTime) {
        self.stands_at.store(millis(at), Ordering::SeqCst);
    }

    /// Makes it go with the time of this machine.
    pub fn follow_system(&self) {
        self.stands_at.store(RUNNING, Ordering::SeqCst);
    }

    /// Returns true if the clock stands still until [`Clock::advance`] moves it.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.fixed_at().is_some()
    }

    /// Moves a fixed clock forward. Has no effect on the clock of the system.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let moved = |at: i64| (at != RUNNING).then(|| at.saturating_add(by));
        // Nothing to do where there is nothing to move.
        let _ = self.stands_at.fetch_update(Ordering::SeqCst, Ordering::SeqCst, moved);
    }

    /// Now, to the millisecond.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp(self.fixed_at().unwrap_or_else(|| millis(SystemTime::now())))
    }

    /// Milliseconds since the epoch, of a clock that stands still.
    pub(super) fn fixed_at(&self) -> Option<i64> {
        Some(self.stands_at.load(Ordering::SeqCst)).filter(|at| *at != RUNNING)
    }

    /// Undoes [`Self::fixed_at`].
    pub(super) fn restore(&self, fixed_at: Option<i64>) {
        self.stands_at.store(fixed_at.unwrap_or(RUNNING), Ordering::SeqCst);
    }
}

fn millis(at: SystemTime) -> i64 {
    let whole = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
    at.duration_since(UNIX_EPOCH).map_or_else(|before| -whole(before.duration()), whole)
}

/// A moment with the millisecond precision of the service (E015), written as epoch seconds (E069).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Serialize for Timestamp {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit 53 bits until the year 287396")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds fit 53 bits until the year 287396")]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(|seconds| Self((seconds * 1000.0).round() as i64))
    }
}

impl Timestamp {
    /// Milliseconds since the epoch.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// As text in an answer.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over so")]
    pub fn as_text<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }

    /// The moment so many seconds later.
    pub fn later(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(i64::from(seconds) * 1000))
    }
}

/// ISO 8601 to the second, as in XML and policies.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = u64::try_from(self.seconds()).unwrap_or_default();
        humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(whole)).fmt(f)
    }
}
