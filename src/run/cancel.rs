//! A token that ends a run early: because of a signal, or because its time is over. Must not end a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::reason::Reason;

/// The longest time between the end of a run and the moment that a waiting step notices it.
const LONGEST_DELAY: Duration = Duration::from_millis(50);

/// Ends a run at the next opportunity; clones share the state.
#[derive(Debug, Clone, Default)]
pub struct CancelToken {
    cancelled: Arc<AtomicBool>,
    deadline: Option<Instant>,
}

impl CancelToken {
    /// Creates a token that ends the run after this time, if there is one.
    #[must_use]
    pub fn after(time: Option<Duration>) -> Self {
        Self { deadline: time.and_then(|time| Instant::now().checked_add(time)), ..Self::default() }
    }

    /// Ends the run at the next opportunity.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Waits this long, or until the run is to end. Returns true if the run is to end.
    pub async fn sleep(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if self.is_cancelled() || left.is_zero() {
                return self.is_cancelled();
            }
            tokio::time::sleep(left.min(LONGEST_DELAY)).await;
        }
    }

    /// Returns true once the run is to end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.reason().is_some()
    }

    /// Returns the reason why the run is to end.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        if self.cancelled.load(Ordering::Relaxed) {
            Some(Reason::Interrupted)
        } else if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            Some(Reason::TimeOver)
        } else {
            None
        }
    }
}
