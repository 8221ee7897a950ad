//! A clock for clients that take their time: looked at whenever their connection wakes, which [`awake`] sees to now and
//! then. Setting an alarm for each request, and taking it back, would cost more than reading the request does. Must not
//! know what a client is late with.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};
use tokio::time::{MissedTickBehavior, interval};

/// Gives deadlines that set nothing off. A future that has one must be kept [`awake`].
#[derive(Debug)]
pub struct Watched;

impl Timer for Watched {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Deadline(deadline))
    }
}

/// Over once it is looked at and has passed.
struct Deadline(Instant);

impl Sleep for Deadline {}

impl Future for Deadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.0 { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// Carries out the work and wakes it often enough that no deadline of that patience is overrun by more than an eighth
/// of it, or by a second.
pub async fn awake<T>(work: impl Future<Output = T>, patience: Duration) -> T {
    let mut looks = interval((patience / 8).clamp(Duration::from_millis(10), Duration::from_secs(1)));
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
