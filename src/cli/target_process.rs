//! The process group of a target: starts a command in a shell, notices its end, and ends the whole group.
//!
//! Must not know what the target answers. The entry point is [`TargetProcess::start`].

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The time that a group has to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// The time between two looks at a group that is to end.
const LOOK: Duration = Duration::from_millis(20);
/// The lines of output in the error of a target that ended by itself.
const LINES_SHOWN: usize = 20;

/// The reason why a target does not run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The shell cannot be started.
    #[error("cannot start `{command}`: {source}")]
    Spawn {
        /// The command.
        command: String,
        /// The reason.
        source: io::Error,
    },
    /// The process ended before the target could be judged.
    #[error("`{command}` ended by itself ({status}){}", output_of(.output))]
    Ended {
        /// The command.
        command: String,
        /// The exit status.
        status: ExitStatus,
        /// The last lines of its output.
        output: String,
    },
    /// Another program has the address.
    #[error(
        "a program already answers at {0}; end it first, so that --watch judges the target that it starts"
    )]
    Occupied(String),
}

fn output_of(lines: &str) -> String {
    if lines.is_empty() { " and printed nothing".to_owned() } else { format!(" and printed:\n{lines}") }
}

/// A running command and everything that it started.
#[derive(Debug)]
pub struct TargetProcess {
    command: String,
    log: PathBuf,
    /// None once the group has been ended.
    child: Mutex<Option<Child>>,
}

impl TargetProcess {
    /// Starts the command in a shell. The file gets the output.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written or the shell cannot be started.
    pub fn start(command: &str, log: &Path) -> Result<Self, StartError> {
        let failed = |source| StartError::Spawn { command: command.to_owned(), source };
        let output = File::create(log).map_err(failed)?;
        let mut shell = shell(command);
        shell.stdin(Stdio::null()).stdout(output.try_clone().map_err(failed)?).stderr(output);
        let child = Mutex::new(Some(shell.spawn().map_err(failed)?));
        Ok(Self { command: command.to_owned(), log: log.to_owned(), child })
    }

    /// Checks that the command still runs.
    ///
    /// # Errors
    /// Returns an error with the last output if the command has ended.
    pub fn check(&self) -> Result<(), StartError> {
        let ended = self.child().as_mut().map_or(Ok(None), Child::try_wait);
        match ended {
            Ok(Some(status)) => {
                let (command, output) = (self.command.clone(), last_lines(&self.log));
                Err(StartError::Ended { command, status, output })
            }
            Ok(None) => Ok(()),
            Err(source) => Err(StartError::Spawn { command: self.command.clone(), source }),
        }
    }

    /// Ends the group: asks it to end, and kills what is left after a time.
    pub fn stop(&self) {
        let Some(mut child) = self.child().take() else { return };
        let since = Instant::now();
        group::terminate(&mut child);
        while since.elapsed() < GRACE && group::is_alive(&mut child) {
            thread::sleep(LOOK);
        }
        group::kill(&mut child);
        // The shell is gone by now, or about to go.
        let _ = child.wait();
    }

    /// Kills the group at once.
    pub fn kill(&self) {
        if let Some(child) = self.child().as_mut() {
            group::kill(child);
        }
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TargetProcess {
    fn drop(&mut self) {
        self.stop();
    }
}

fn last_lines(log: &Path) -> String {
    let text =
        std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let shown = &lines[lines.len().saturating_sub(LINES_SHOWN)..];
    shown.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt as _;
    let mut shell = Command::new("sh");
    // A group of its own: Ctrl-C reaches this program alone, which then ends the target in order.
    shell.arg("-c").arg(command).process_group(0);
    shell
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

/// Signals to the processes of a group.
#[cfg(unix)]
mod group {
    use std::process::Child;

    use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

    /// Returns the id of the group, which is that of its first process.
    fn id(child: &Child) -> Option<Pid> {
        i32::try_from(child.id()).ok().and_then(Pid::from_raw)
    }

    /// Asks every process to end. A group that is gone already is no error.
    pub fn terminate(child: &mut Child) {
        let _ = id(child).map(|group| kill_process_group(group, Signal::TERM));
    }

    /// Kills every process. A group that is gone already is no error.
    pub fn kill(child: &mut Child) {
        let _ = id(child).map(|group| kill_process_group(group, Signal::KILL));
    }

    /// Returns whether a process of the group is left.
    pub fn is_alive(child: &mut Child) -> bool {
        // A first process that ended counts until it is waited for.
        let _ = child.try_wait();
        id(child).is_some_and(|group| test_kill_process_group(group).is_ok())
    }
}

/// The first process alone, on systems without process groups.
#[cfg(not(unix))]
mod group {
    use std::process::Child;

    pub fn terminate(child: &mut Child) {
        kill(child);
    }

    pub fn kill(child: &mut Child) {
        let _ = child.kill();
    }

    pub fn is_alive(child: &mut Child) -> bool {
        matches!(child.try_wait(), Ok(None))
    }
}
