//! Hearing that the user, or the system, asks for the end.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::run::CancelToken;

/// From now on the first signal ends work in order, and is told; the second ends the program at once.
pub fn stop_when_told(
    runtime: &Handle,
    stop: CancelToken,
    told: impl FnOnce() + Send + 'static,
) -> JoinHandle<()> {
    runtime.spawn(async move {
        let Ok(mut signals) = Signals::listen() else { return };
        signals.next().await;
        stop.cancel();
        told();
        signals.next().await;
        std::process::exit(3);
    })
}

/// Ctrl-C and, where there is such a thing, a request to terminate.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    heard: [tokio::signal::unix::Signal; 2],
}

impl Signals {
    /// Listens from now on; must be called inside a runtime.
    pub fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self { heard: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for the next one.
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
