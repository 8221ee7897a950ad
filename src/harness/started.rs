//! A target that the tests start themselves: when the first of them needs it, once, and gone behind the last one. Knows
//! nothing of rules.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use thiserror::Error;

/// Writes the `main` of a test binary in which every rule is one test.
///
/// `conformance!()` judges `GLUEPROOF_TARGET`, or the embedded fake. `conformance!(EXPRESSION)` judges what the
/// expression starts, unless `GLUEPROOF_TARGET` is set: it is evaluated when the first rule is tried, thus not for
/// `--list`, and what it comes to is kept until the last one is done, and dropped then. That may be anything
/// `Send + Sync + 'static` that `Display`s as the URL to call.
///
/// The test must have a `main` of its own: `[[test]]` with `harness = false` in `Cargo.toml`.
///
/// ```no_run
/// # use std::fmt;
/// use std::process::{Child, Command};
///
/// struct Emulator(Child);
///
/// impl Emulator {
///     fn start() -> Self {
///         let emulator = Command::new("my-emulator").args(["--port", "4567"]).spawn();
///         Self(emulator.expect("my-emulator can be started"))
///         // … and wait until it answers
///     }
/// }
///
/// impl fmt::Display for Emulator {
///     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
///         f.write_str("http://127.0.0.1:4567")
///     }
/// }
///
/// impl Drop for Emulator {
///     fn drop(&mut self) {
///         let _ = self.0.kill();
///         let _ = self.0.wait();
///     }
/// }
///
/// glueproof::conformance!(Emulator::start());
/// ```
#[macro_export]
macro_rules! conformance {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::harness::conformance()
        }
    };
    ($target:expr $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::harness::conformance_on(|| $target)
        }
    };
}

type Running = Box<dyn Display + Send + Sync>;
type Start = Box<dyn FnOnce() -> Running + Send>;

/// The state of the target.
enum Stage {
    Waiting(Start),
    Running(Running),
    Gone,
}

/// The target, from before its start to its end.
pub struct Started(Mutex<Stage>);

/// The target is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the target could not be started: the expression that should panicked")]
pub struct NotStarted;

impl Started {
    /// Starts nothing yet.
    pub fn by<T: Display + Send + Sync + 'static>(start: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(Mutex::new(Stage::Waiting(Box::new(move || Box::new(start())))))
    }

    /// Returns the URL of the target. Starts the target on the first call.
    ///
    /// # Errors
    /// Returns an error if it cannot be started, also for who asks later.
    pub fn url(&self) -> Result<String, NotStarted> {
        let mut stage = self.stage();
        let target = match std::mem::replace(&mut *stage, Stage::Gone) {
            // Nothing of what a panic leaves is seen again.
            Stage::Waiting(start) => catch_unwind(AssertUnwindSafe(start)).map_err(|_| NotStarted)?,
            Stage::Running(target) => target,
            Stage::Gone => return Err(NotStarted),
        };
        let url = target.to_string();
        *stage = Stage::Running(target);
        Ok(url)
    }

    /// Drops it, if it was started.
    pub fn stop(&self) {
        let stage = std::mem::replace(&mut *self.stage(), Stage::Gone);
        drop(stage);
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
