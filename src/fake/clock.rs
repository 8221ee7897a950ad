//! The fake's only clock: the system's, or one that the user moves. Nothing else in the fake may ask
//! for the time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Tells the fake what time it is. Clones share the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Milliseconds since the epoch; the system's time where there is none.
    manual: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The time of this machine.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Stands still at that moment until somebody moves it.
    #[must_use]
    pub fn fixed(at: SystemTime) -> Self {
        Self { manual: Some(Arc::new(AtomicI64::new(millis(at)))) }
    }

    /// Moves a fixed clock forward. The system's clock is nobody's to move and stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Some(manual) = &self.manual {
            manual.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }

    /// Now, to the millisecond.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp(match &self.manual {
            Some(manual) => manual.load(Ordering::SeqCst),
            None => millis(SystemTime::now()),
        })
    }
}

fn millis(at: SystemTime) -> i64 {
    let whole = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
    at.duration_since(UNIX_EPOCH).map_or_else(|before| -whole(before.duration()), whole)
}

/// A moment with the millisecond precision of the service (E015), written as epoch seconds (E069).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
