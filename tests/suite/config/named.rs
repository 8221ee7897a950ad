//! The program and the rules as tests, with targets by name.

use std::sync::{Arc, Mutex};

use glueproof::fake::FakeCloud;

use crate::server::{Answers, Socket, fake};
use crate::trial::{Ended, Setting, cloud};

const QUICK: &str = "GetSecurityConfiguration/errors";

fn served(cloud: &FakeCloud) -> Socket {
    Socket::serve(fake(cloud))
}

fn write(setting: &Setting, path: &str, text: &str) {
    let path = setting.path(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[track_caller]
fn refused(ended: &Ended, words: &[&str]) {
    assert_eq!((ended.code(), ended.stdout.as_str()), (2, ""), "{ended:#?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:#?}");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
}

#[test]
fn a_name_is_enough() {
    let (setting, cloud) = (Setting::new(), cloud());
    let server = served(&cloud);
    write(
        &setting,
        "glueproof.toml",
        &format!("[targets.mine]\nurl = \"{}\"\nedition = \"2018\"\n", server.url()),
    );
    let ended = setting.run(&["run", "mine", "--only", QUICK, "--json", "r.json"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let report = setting.report("r.json");
    assert_eq!((report.target.name.as_str(), report.target.url), ("mine", Some(server.url())));
    assert_eq!(report.suite.edition.name(), "2018");
    // The command line and the environment take precedence over the file.
    let ended = setting.run(&["run", "mine", "--only", QUICK, "--edition", "current", "--json", "r.json"]);
    assert_eq!((ended.code(), setting.report("r.json").suite.edition.name()), (0, "current"));
    let run = setting.program(&["run", "mine", "--only", QUICK, "--json", "r.json"]);
    let ended = run.env("GLUEPROOF_EDITION", "current").start().end();
    assert_eq!((ended.code(), setting.report("r.json").suite.edition.name()), (0, "current"));
    let named = setting.program(&["run", "--only", QUICK, "--json", "r.json"]);
    let ended = named.env("GLUEPROOF_TARGET", "mine").start().end();
    assert_eq!((ended.code(), setting.report("r.json").target.name.as_str()), (0, "mine"), "{ended:#?}");
}

#[test]
fn a_finding_is_repeated_by_name() {
    let setting = Setting::new();
    let server = Socket::serve(crate::server::constant(200, "{}"));
    write(&setting, "glueproof.toml", &format!("[targets.mine]\nurl = \"{}\"\n", server.url()));
    let ended = setting.run(&["run", "mine", "--only", QUICK]);
    assert_eq!(ended.code(), 1, "{ended:#?}");
    let line = ended.stdout.lines().find(|line| line.contains("glueproof replay")).unwrap();
    let arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
    assert_eq!(arguments.last(), Some(&"mine"), "{line}");
    assert_eq!(setting.run(&arguments).code(), 1);
}

#[test]
fn the_file_is_that_of_the_repository() {
    let (setting, cloud) = (Setting::new(), cloud());
    let server = served(&cloud);
    let text = format!("[targets.mine]\nurl = \"{}\"\nknown = \"known/gaps.toml\"\n", server.url());
    write(&setting, "repo/glueproof.toml", &text);
    let reason = "reason = \"r\"\n";
    write(
        &setting,
        "repo/known/gaps.toml",
        &format!("[[known]]\nrule = \"glue/GetSecurityConfiguration/*\"\n{reason}"),
    );
    write(&setting, "repo/a/b/empty", "");
    let run = |folder: &str| {
        let mut command = setting.program(&["run", "mine", "--only", QUICK]).command();
        let output = command.current_dir(setting.path(folder)).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    std::fs::create_dir(setting.path("repo/.git")).unwrap();
    // It is found, and so is the file beside it, whose gaps hold.
    for folder in ["repo/a/b", "repo"] {
        let (code, said) = run(folder);
        assert!(code == Some(1) && said.contains("closed"), "{said}");
    }
    std::fs::create_dir(setting.path("repo/a/.git")).unwrap();
    let (code, said) = run("repo/a/b");
    // A repository in a repository is one of its own.
    assert!(code == Some(2) && said.contains("of which there is none here"), "{said}");
}

#[test]
fn another_file_can_be_named() {
    let (setting, cloud) = (Setting::new(), cloud());
    let server = served(&cloud);
    write(&setting, "else/targets.toml", &format!("[targets.mine]\nurl = \"{}\"\n", server.url()));
    let ended = setting.run(&["run", "mine", "--config", "else/targets.toml", "--only", QUICK]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    let run = setting.program(&["run", "mine", "--only", QUICK]);
    assert_eq!(run.env("GLUEPROOF_CONFIG", "else/targets.toml").start().end().code(), 0);
    refused(&setting.run(&["run", "mine", "--config", "no.toml"]), &["cannot read no.toml"]);
}

#[test]
fn errors_name_file_line_and_column() {
    let setting = Setting::new();
    write(
        &setting,
        "glueproof.toml",
        "[targets.mine]\nurl = \"ftp://a\"\n[targets.other]\nurl = \"http://b\"\ncapabilities = [\n  \"teleport\"]\n",
    );
    refused(&setting.run(&["run", "mnie"]), &["`mnie` is no target", "did you mean `mine`?", "mine, other"]);
    refused(&setting.run(&["run", "mine"]), &["glueproof.toml: line 2, column 7", "`ftp`"]);
    refused(&setting.run(&["run", "other"]), &["glueproof.toml: line 6, column 3", "`teleport`"]);
    write(
        &setting,
        "glueproof.toml",
        "[targets.mine]\nurl = \"http://127.0.0.1:1\"\nheaders = { x-a = { env = \"NO_SUCH\" } }\n",
    );
    refused(&setting.run(&["run", "mine"]), &["NO_SUCH is not set", "`x-a`"]);
    write(&setting, "glueproof.toml", "[targets.mine]\n  hue = 1\n");
    refused(&setting.run(&["run", "mine"]), &["glueproof.toml: line 2, column 3", "hue"]);
    // A run that names no target of the file does not depend on the file.
    assert_eq!(setting.run(&["run", "fake", "--only", QUICK]).code(), 0);
}

#[test]
fn the_rules_as_tests_take_names_too() {
    let setting = Setting::new();
    let seen = Arc::new(Mutex::new(0));
    let (count, answers) = (Arc::clone(&seen), fake(&cloud()));
    let counting: Answers = Arc::new(move |request| {
        *count.lock().unwrap() += 1;
        answers(request)
    });
    let server = Socket::serve(counting);
    write(&setting, "glueproof.toml", &format!("[targets.mine]\nurl = \"{}\"\n", server.url()));
    // The binary beside this one that has the rules in it.
    let folder = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let named = |entry: &std::path::Path| {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("conformance-") && !name.contains('.')
    };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let newest =
        entries.filter(|path| named(path)).max_by_key(|path| path.metadata().unwrap().modified().unwrap());
    let Some(binary) = newest else { return };
    let output = std::process::Command::new(binary)
        .args(["GetSecurityConfiguration::errors"])
        .current_dir(setting.path(""))
        .env_clear()
        .env("HOME", setting.path(""))
        .env("GLUEPROOF_TARGET", "mine")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(*seen.lock().unwrap() > 3, "there was no call");
}
