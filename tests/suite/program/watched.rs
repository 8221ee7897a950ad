//! `run --watch`: the target is a script of the test, which serves the fake with the arguments in a file. Every step waits
//! for a line of the program. Each test has an address of its own, which no other program uses.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::trial::Setting;

/// Longer than any step takes.
const BOUND: Duration = Duration::from_mins(3);
/// The port of every target; the addresses differ.
const PORT: u16 = 4999;
/// The rule that the fault `get-without-hash` violates.
const VIOLATED: &str = "glue/GetResourcePolicy/valid/PolicyHash/present";

/// A program that watches, and its lines. Dropped, it ends the target and itself.
struct Watch {
    program: Child,
    lines: Receiver<String>,
    host: &'static str,
}

impl Watch {
    fn start(setting: &Setting, host: &'static str, arguments: &[&str]) -> Self {
        let url = format!("http://{host}:{PORT}");
        let all = [&["run", &url, "--only", "glue/GetResourcePolicy/valid/Policy"], arguments].concat();
        let mut command = setting.program(&all).command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let errors = BufReader::new(program.stderr.take().unwrap());
        let (send, lines) = channel();
        thread::spawn(move || errors.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Self { program, lines, host }
    }

    /// Waits for a line that contains the text. Returns the lines before it.
    #[track_caller]
    fn until(&self, text: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            match self.lines.recv_timeout(BOUND) {
                Ok(line) if line.contains(text) => return before,
                Ok(line) => before.push(line),
                Err(error) => panic!("no line has `{text}` ({error}): {before:#?}"),
            }
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.program.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn end(mut self) -> ExitStatus {
        self.signal("-INT");
        self.program.wait().unwrap()
    }

    fn answers(&self) -> bool {
        TcpStream::connect((self.host, PORT)).is_ok()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.program.try_wait().unwrap().is_none() {
            self.signal("-INT");
            let _ = self.program.wait();
        }
    }
}

/// A folder with a script that serves the fake with the arguments in `arguments.txt`, as a child of the shell.
fn target(host: &str, arguments: &str) -> Setting {
    let setting = Setting::new();
    fs::write(setting.path("target.sh"), script(host)).unwrap();
    fs::write(setting.path("arguments.txt"), arguments).unwrap();
    setting
}

fn script(host: &str) -> String {
    let program = env!("CARGO_BIN_EXE_glueproof");
    // Not the last command, so that the shell does not become the server.
    format!("'{program}' serve --host {host} --port {PORT} $(cat arguments.txt)\nexit $?\n")
}

#[test]
fn a_mended_source_starts_the_target_again_and_the_rules_that_failed_first() {
    let setting = target("127.94.1.1", "--fault get-without-hash");
    let watch = Watch::start(&setting, "127.94.1.1", &["--watch", "sh target.sh"]);
    watch.until("watch: started `sh target.sh`");
    watch.until("watch: 1 rule to mend; waiting for a change in .; Ctrl-C ends");

    fs::write(setting.path("arguments.txt"), "").unwrap();
    watch.until("watch: arguments.txt changed");
    watch.until("watch: 1 rule that failed last run first");
    watch.until(&format!("watch: holds now: {VIOLATED}"));
    watch.until("watch: waiting for a change in .");
    let report = setting.report("glueproof-findings/report.json");
    assert!(report.summary.passed > 1, "the other rules are judged too: {:?}", report.summary);

    assert!(watch.answers(), "the target runs until the next change");
    let host = watch.host;
    assert_eq!(watch.end().code(), Some(0), "the last verdict");
    assert!(TcpStream::connect((host, PORT)).is_err(), "the target has ended with the program");
}

#[test]
fn a_target_that_ends_by_itself_is_started_again_once_it_is_mended() {
    let setting = target("127.94.1.2", "--fault get-without-hash");
    let watch = Watch::start(&setting, "127.94.1.2", &["--watch", "sh target.sh"]);
    watch.until("watch: 1 rule to mend");

    fs::write(setting.path("target.sh"), "echo a missing module >&2; exit 7\n").unwrap();
    watch.until("error: `sh target.sh` ended by itself (exit status: 7) and printed:");
    watch.until("  a missing module");
    watch.until("watch: 1 rule to mend; waiting for a change");

    fs::write(setting.path("target.sh"), script("127.94.1.2")).unwrap();
    watch.until(&format!("watch: still fails: {VIOLATED}"));
    watch.until("watch: 1 rule to mend; waiting for a change");
    assert_eq!(watch.end().code(), Some(1), "the last verdict");
}

#[test]
fn only_the_named_folders_count_and_none_of_the_files_that_are_made() {
    let setting = target("127.94.1.3", "");
    for folder in ["src", "src/target", "src/.git"] {
        fs::create_dir(setting.path(folder)).unwrap();
    }
    let arguments = ["--watch", "sh target.sh", "--watch-path", "src", "--json", "src/report.json"];
    let watch = Watch::start(&setting, "127.94.1.3", &arguments);
    watch.until("watch: waiting for a change in src");
    for made in ["arguments.txt", "src/target/program", "src/.git/index", "src/report.json"] {
        fs::write(setting.path(made), "").unwrap();
    }
    fs::write(setting.path("src/model.py"), "").unwrap();
    // The listing that has the last file has the others, of which it names the first.
    watch.until("watch: src/model.py changed");
    watch.until("watch: waiting for a change in src");
}

#[test]
fn another_program_at_the_address_is_not_judged() {
    let first = target("127.94.1.4", "");
    let watch = Watch::start(&first, "127.94.1.4", &["--watch", "sh target.sh"]);
    watch.until("watch: waiting for a change");
    let url = format!("http://127.94.1.4:{PORT}");
    let ended = Setting::new().run(&["run", &url, "--watch", "sh target.sh"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains(&format!("a program already answers at {url}")), "{ended:#?}");
}

#[test]
fn a_target_without_an_address_cannot_be_watched() {
    let ended = Setting::new().run(&["run", "fake", "--watch", "true"]);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("--watch needs a target with a URL"), "{ended:#?}");
}
