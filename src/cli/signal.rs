//! Interruptions by the user or the system. The entry points are [`cancel_on_signal`] and [`Signals`].

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::run::CancelToken;

/// Listens from now on. The first signal cancels the work and calls `on_first`. The second calls `on_second` and ends the
/// program at once.
pub fn cancel_on_signal(
    runtime: &Handle,
    cancel: CancelToken,
    on_first: impl FnOnce() + Send + 'static,
    on_second: impl FnOnce() + Send + 'static,
) -> JoinHandle<()> {
    let _context = runtime.enter();
    // Without handlers, a signal ends the program, as it does by default.
    let signals = Signals::listen();
    runtime.spawn(async move {
        let Ok(mut signals) = signals else { return };
        signals.next().await;
        cancel.cancel();
        on_first();
        signals.next().await;
        on_second();
        std::process::exit(3);
    })
}

/// SIGINT and SIGTERM, or Ctrl-C on systems without signals.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    heard: [tokio::signal::unix::Signal; 2],
}

impl Signals {
    /// Listens from now on. Must be called in the context of a runtime.
    pub fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { heard: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next signal.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.heard;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
