//! The compiled program in a folder of its own, with an environment of its own.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use glueproof::report::Report;
use glueproof::report::json::{SCHEMA, read};
use serde_json::Value;
use tempfile::TempDir;

/// Longer than any test should take, shorter than a job that hangs.
const BOUND: Duration = Duration::from_mins(5);

/// The folder in which the program runs, removed afterwards.
pub struct Setting {
    folder: TempDir,
}

/// A call of the program.
pub struct Program<'s> {
    setting: &'s Setting,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

/// A program that has been started.
pub struct Running {
    child: Child,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    since: Instant,
}

/// The result of the program.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub took: Duration,
}

impl Setting {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn program(&self, arguments: &[&str]) -> Program<'_> {
        let arguments = arguments.iter().map(|&a| a.to_owned()).collect();
        Program { setting: self, arguments, environment: Vec::new() }
    }

    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.program(arguments).start().end()
    }

    /// A report the program wrote, checked against its schema.
    #[track_caller]
    pub fn report(&self, name: &str) -> Report {
        let text = std::fs::read_to_string(self.path(name)).unwrap();
        validate(&serde_json::from_str(&text).unwrap());
        read(&text).unwrap()
    }
}

/// Holds a report against the published schema.
#[track_caller]
pub fn validate(report: &Value) {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

impl Program<'_> {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With nothing of the surroundings but what every process needs.
    pub fn command(&self) -> Command {
        let folder: &Path = self.setting.folder.path();
        let mut command = Command::new(env!("CARGO_BIN_EXE_glueproof"));
        command.args(&self.arguments).current_dir(folder).env_clear().env("HOME", folder);
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn start(&self) -> Running {
        let mut command = self.command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let since = Instant::now();
        let mut child = command.spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Running { child, stdout: drain(stdout), stderr: drain(stderr), since }
    }
}

fn drain(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

impl Running {
    /// As the user's Ctrl-C does.
    pub fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// As the system does when it needs the memory.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end, within bounds.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if self.since.elapsed() > BOUND => {
                    let _ = self.child.kill();
                    panic!("hangs: {}", self.stderr.join().unwrap());
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let (stdout, stderr) = (self.stdout.join().unwrap(), self.stderr.join().unwrap());
        Ended { code: status.code(), stdout, stderr, took: self.since.elapsed() }
    }
}

impl Ended {
    /// The code the process ended with, after looking at what no run may show.
    #[track_caller]
    pub fn code(&self) -> i32 {
        for text in [&self.stdout, &self.stderr] {
            assert!(!text.contains("panicked"), "{self:#?}");
            assert!(!text.contains('\u{1b}'), "escape sequences outside a terminal: {self:#?}");
        }
        self.code.unwrap_or_else(|| panic!("killed by a signal: {self:#?}"))
    }
}
