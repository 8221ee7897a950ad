//! The targets that `conformance!(…)` starts, and the moments at which they start: a test binary made with it, started by the tests beside it.

#![expect(clippy::unwrap_used, reason = "tests, though with a main of their own")]

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Output};

use glueproof::fake::FakeCloud;
use glueproof::fake::transport::{Options, Server};
use libtest_mimic::{Arguments, Failed, Trial};

/// The file in which a binary that these tests start records the fate of its target.
const DIARY: &str = "STARTED_DIARY";
/// The number of rules that a filter of the binary leaves.
const RULES: &str = "glue::PutResourcePolicy::invalid::PolicyInJson";

/// Stands in for an emulator.
struct Emulator(Server);

impl Emulator {
    fn start() -> Self {
        note("started");
        assert!(std::env::var_os("STARTED_PANICS").is_none(), "no emulator today");
        Self(Server::start(FakeCloud::new().unwrap(), Options::default()).unwrap())
    }
}

impl fmt::Display for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.url())
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        note("dropped");
    }
}

fn note(line: &str) {
    let diary = std::env::var_os(DIARY).unwrap();
    writeln!(OpenOptions::new().create(true).append(true).open(diary).unwrap(), "{line}").unwrap();
}

/// The binary as its author would write it.
mod binary {
    use super::Emulator;

    glueproof::conformance!(Emulator::start());

    pub fn run() -> std::process::ExitCode {
        main()
    }
}

/// Runs that binary with arguments of cargo's and variables: what it said, and what became of the target.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Output, Vec<String>) {
    let room = tempfile::tempdir().unwrap();
    let diary: PathBuf = room.path().join("diary");
    let mut command = Command::new(std::env::current_exe().unwrap());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GLUEPROOF_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(room.path()).env(DIARY, &diary).env("GLUEPROOF_CASES", "1");
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let lines = fs::read_to_string(&diary).unwrap_or_default();
    (output, lines.lines().map(str::to_owned).collect())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn once_and_until_the_last_rule() {
    let (output, diary) = run(&[RULES], &[]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains(" ... ok"), "{}", said(&output));
    assert!(!said(&output).contains("running 1 test"), "more than one rule is wanted");
    assert_eq!(diary, ["started", "dropped"]);
}

fn not_for_a_list_nor_for_no_rule() {
    let (output, diary) = run(&["--list"], &[]);
    assert!(output.status.success() && said(&output).contains(RULES), "{}", said(&output));
    assert!(diary.is_empty(), "{diary:?}");
    let (output, diary) = run(&["no-such-rule"], &[]);
    assert!(output.status.success() && diary.is_empty(), "{diary:?} {}", said(&output));
}

fn not_where_the_environment_names_another() {
    let (output, diary) = run(&[RULES], &[("GLUEPROOF_TARGET", "fake+validation-is-accepted")]);
    assert!(diary.is_empty(), "{diary:?}");
    assert!(said(&output).contains("must be refused"), "the other target is not judged: {}", said(&output));
}

fn a_panic_fails_every_rule_and_is_not_repeated() {
    let (output, diary) = run(&[RULES], &[("STARTED_PANICS", "1")]);
    assert!(!output.status.success());
    assert!(said(&output).contains("the target could not be started"), "{}", said(&output));
    assert!(!said(&output).contains(" ... ok"), "{}", said(&output));
    assert_eq!(diary, ["started"]);
}

fn main() -> ExitCode {
    if std::env::var_os(DIARY).is_some() {
        return binary::run();
    }
    let tests: [(&str, fn()); 4] = [
        ("once_and_until_the_last_rule", once_and_until_the_last_rule),
        ("not_for_a_list_nor_for_no_rule", not_for_a_list_nor_for_no_rule),
        ("not_where_the_environment_names_another", not_where_the_environment_names_another),
        ("a_panic_fails_every_rule_and_is_not_repeated", a_panic_fails_every_rule_and_is_not_repeated),
    ];
    let trial = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok::<(), Failed>(())
        })
    };
    libtest_mimic::run(&Arguments::from_args(), tests.into_iter().map(trial).collect()).exit_code()
}
