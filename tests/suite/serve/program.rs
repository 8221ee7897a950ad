//! `glueproof serve` as users meet it: one line when it is ready, an end in order, and errors that say what
//! to do.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{BOUND, Client, admin, ask, call, call_head, create};
use crate::trial::Setting;

/// The running program. It is killed when dropped, as no user would be so kind to announce.
pub struct Served {
    pub child: Child,
    pub address: SocketAddr,
    stdout: BufReader<ChildStdout>,
}

impl Served {
    #[track_caller]
    pub fn start(setting: &Setting, arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--port", "0"], arguments].concat();
        let mut command = setting.program(&arguments).command();
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url = line.strip_prefix("glueproof serve: ready on http://").unwrap_or_else(|| {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            panic!("not ready: {line}{said}")
        });
        Self { address: url.trim_end().parse().unwrap(), child, stdout }
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end. Returns what it said after the first line.
    #[track_caller]
    pub fn end(mut self) -> (ExitStatus, String) {
        let since = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(since.elapsed() < BOUND, "hangs");
            thread::sleep(Duration::from_millis(5));
        };
        let mut said = String::new();
        self.stdout.read_to_string(&mut said).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status, said)
    }

    /// As the system does when it needs the memory.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn refused(setting: &Setting, arguments: &[&str], words: &[&str]) {
    let ended = setting.run(&[&["serve"], arguments].concat());
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert_eq!(ended.stdout, "", "it was ready");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
}

#[test]
fn it_serves_until_interrupted_and_ends_well() {
    for signal in ["-INT", "-TERM"] {
        let setting = Setting::new();
        let served = Served::start(&setting, &[]);
        assert!(served.address.ip().is_loopback());
        let mut client = Client::to(served.address);
        client.ask(create("a")).ok();
        served.signal(signal);
        let (status, said) = served.end();
        assert_eq!((status.code(), said.as_str()), (Some(0), ""));
        assert!(client.next().is_none());
    }
}

#[test]
fn the_second_interruption_ends_it_at_once() {
    let setting = Setting::new();
    let served = Served::start(&setting, &[]);
    let mut stuck = Client::to(served.address);
    stuck.send(call_head("GetResourcePolicy", 10) + "{");
    Client::to(served.address).ask(call("GetSecurityConfigurations", "{}")).ok();
    let since = Instant::now();
    served.signal("-INT");
    while std::net::TcpStream::connect(served.address).is_ok() {
        thread::sleep(Duration::from_millis(5));
    }
    served.signal("-INT");
    assert_eq!(served.end().0.code(), Some(0));
    assert!(since.elapsed() < Duration::from_secs(8), "{:?}", since.elapsed());
}

#[test]
fn callers_are_authenticated_in_enforce_mode() {
    let setting = Setting::new();
    std::fs::write(setting.path("who.toml"), "root_keys = [{ id = \"AKIAROOT\", secret = \"s\" }]").unwrap();
    let served = Served::start(&setting, &["--mode", "enforce", "--seed", "who.toml"]);
    let answer = Client::to(served.address).ask(call("GetSecurityConfigurations", "{}"));
    assert!(answer.body.contains("MissingAuthenticationToken"), "{answer:?}");
    let asked = Served::start(&setting, &["--seed", "who.toml"]);
    Client::to(asked.address).ask(call("GetSecurityConfigurations", "{}")).ok();
}

#[test]
fn seed_files_that_are_wrong_are_named_with_line_and_column() {
    let setting = Setting::new();
    std::fs::write(setting.path("who.toml"), "\n[[users]]\nnam = \"alice\"\n").unwrap();
    refused(&setting, &["--seed", "who.toml"], &["who.toml", "line 3", "nam"]);
    refused(&setting, &["--seed", "no.toml"], &["cannot read no.toml"]);
    refused(&setting, &["--mode", "strict"], &["no mode", "identify"]);
}

#[test]
fn it_is_set_up_as_asked() {
    let setting = Setting::new();
    let served = Served::start(
        &setting,
        &["--quota", "1", "--account", "111122223333", "--region", "eu-west-1", "--edition", "2018"],
    );
    ask(served.address, create("a")).ok();
    ask(served.address, create("b")).refused(400, "ResourceNumberLimitExceededException");
    ask(served.address, call("GetResourcePolicies", "{}")).refused(400, "UnknownOperationException");
    let rest = admin(served.address, "GET", "/rest", "").ok();
    let first = &rest["items"][0];
    assert_eq!((&first["account"], &first["region"]), (&json!("111122223333"), &json!("eu-west-1")));
}

#[test]
fn it_misbehaves_as_asked() {
    let setting = Setting::new();
    let served = Served::start(&setting, &["--fault", "throttling"]);
    ask(served.address, call("GetSecurityConfigurations", "{}")).refused(400, "ThrottlingException");
    refused(
        &setting,
        &["--fault", "nonsense"],
        &["no fault `nonsense`", "internal-service, operation-timeout"],
    );
}

#[test]
fn a_port_that_is_taken() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port().to_string();
    let words = [&*format!("error: port {port} of 127.0.0.1 is taken"), "--port", "0 takes a free one"];
    refused(&Setting::new(), &["--port", &port], &words);
}

#[test]
fn other_machines_are_let_in_only_with_a_warning() {
    let setting = Setting::new();
    let served = Served::start(&setting, &["--host", "0.0.0.0"]);
    served.signal("-TERM");
    let (_, said) = served.end();
    assert!(
        said.contains("0.0.0.0 is not a loopback address") && said.contains("admin path stays"),
        "{said}"
    );
    let open = Served::start(&setting, &["--host", "0.0.0.0", "--admin-from-anywhere"]);
    open.signal("-TERM");
    let (_, said) = open.end();
    assert!(said.contains("read all keys"), "{said}");
}

#[test]
fn arguments_that_make_no_sense() {
    for (flag, value, word) in [
        ("--port", "70000", "65535"),
        ("--host", "example.com", "example.com"),
        ("--account", "12", "twelve digits"),
        ("--quota", "-1", "-1"),
    ] {
        refused(&Setting::new(), &[&format!("{flag}={value}")], &[word]);
    }
}

#[test]
fn the_log_has_a_line_for_each_request_and_no_body() {
    let served = Served::start(&Setting::new(), &["--log"]);
    ask(served.address, create("first")).ok();
    ask(served.address, call("GetSecurityConfiguration", r#"{"Name":"not-there"}"#));
    admin(served.address, "GET", "/clock", "").ok();
    served.signal("-INT");
    let (status, said) = served.end();
    assert!(status.success());
    let lines: Vec<&str> = said.lines().collect();
    let begins = [
        "glue CreateSecurityConfiguration by -: 200, ",
        "glue GetSecurityConfiguration by -: 400 EntityNotFoundException, ",
        "admin GET /_glueproof/clock by -: 200, ",
    ];
    assert_eq!(lines.len(), begins.len(), "{said}");
    assert!(lines.iter().zip(begins).all(|(line, begin)| line.starts_with(begin)), "{said}");
    assert!(!said.contains("not-there"), "{said}");
}
