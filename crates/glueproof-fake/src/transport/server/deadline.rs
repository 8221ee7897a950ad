//! A timer for slow clients that sets no alarms. Its deadlines are compared with the clock whenever their connection wakes, and
//! [`wake_often`] wakes connections. An alarm for each request would cost more than reading the request does. Must not
//! know what a deadline is for.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};
use tokio::time::{MissedTickBehavior, interval};

/// A timer whose deadlines wake no task. Run a future that has one in [`wake_often`].
#[derive(Debug)]
pub struct OnWake;

impl Timer for OnWake {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Deadline(deadline))
    }
}

/// A future that is ready once it is polled after its deadline.
struct Deadline(Instant);

impl Sleep for Deadline {}

impl Future for Deadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.0 { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Runs a future, and wakes it so often that no deadline after `timeout` is missed by more than an eighth of the timeout, or
/// by a second.
pub async fn wake_often<T>(timeout: Duration, work: impl Future<Output = T>) -> T {
    let mut looks = interval((timeout / 8).clamp(Duration::from_millis(10), Duration::from_secs(1)));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = looks.tick() => {}
        }
    }
}
