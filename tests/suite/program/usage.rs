//! Arguments that cannot be used, files that cannot be written, readers that go away.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::trial::{Ended, Setting};

#[track_caller]
fn refused(arguments: &[&str], words: &[&str]) -> Ended {
    let ended = Setting::new().run(arguments);
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert_eq!(ended.stdout, "", "nothing was run");
    for word in words {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
    ended
}

/// One line, by the program itself rather than by the parser of its arguments.
#[track_caller]
fn one_line(arguments: &[&str], words: &[&str]) {
    let ended = refused(arguments, words);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
}

#[test]
fn filters_that_match_nothing_come_with_a_suggestion() {
    let near = "did you mean `glue/PutResourcePolicy/";
    one_line(&["run", "--only", "putresourcepolicy/VALID"], &["`putresourcepolicy/VALID`", near]);
    one_line(&["list", "--only", "putresourcepolicy"], &[near]);
    one_line(&["run", "--only", "no such rule"], &["no rule matches `no such rule`", "glueproof list"]);
    one_line(&["run", "--only", "wire", "--only", "nosuch"], &["no rule matches `nosuch`"]);
}

#[test]
fn rules_that_are_there_and_need_another_capability() {
    let arguments = ["run", "--only", "principal-that-does-not-exist", "--capability", "core"];
    one_line(&arguments, &["no rule matches `principal-that-does-not-exist`"]);
}

#[test]
fn capabilities_nobody_needs() {
    one_line(
        &["run", "--capability", "teleport"],
        &["`teleport`", "there are rules for: access, connections, core, crypto, logs"],
    );
}

#[test]
fn editions_rules_and_targets_that_do_not_exist() {
    refused(&["run", "--edition", "2017"], &["2017", "2018", "current"]);
    one_line(&["explain", "glue/No/such/rule"], &["there is no rule `glue/No/such/rule`", "glueproof list"]);
    one_line(&["run", "facke"], &["`facke` is no target", "fake:wiremock"]);
    one_line(&["run", "fake:wirmock"], &["`fake:wirmock` is no target"]);
}

#[test]
fn values_that_make_no_sense() {
    for (flag, value, word) in [
        ("--timeout", "soon", "500ms"),
        ("--timeout", "0s", "greater than zero"),
        ("--timeout", "10h", "`h` is not a unit"),
        ("--rate", "0", "greater than zero"),
        ("--rate", "NaN", "greater than zero"),
        ("--seed", "1.5", "whole number"),
        ("--seed", "x", "`random`"),
        ("--cases", "many", "invalid"),
        ("--jobs", "-1", "unexpected argument"),
    ] {
        refused(&["run", flag, value], &[word]);
    }
    refused(&["run", "--no-such-flag"], &["--no-such-flag", "Usage"]);
    refused(&["no-such-command"], &["no-such-command"]);
}

#[test]
fn the_environment_is_held_to_the_same() {
    let setting = Setting::new();
    let ended = setting.program(&["run"]).env("GLUEPROOF_TIMEOUT", "soon").start().end();
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("500ms"), "{ended:#?}");
    let ended = setting.program(&[]).env("GLUEPROOF_ONLY", "nosuch").start().end();
    assert_eq!(ended.code(), 2, "{ended:#?}");
    assert!(ended.stderr.contains("no rule matches `nosuch`"), "{ended:#?}");
}

#[test]
fn reports_that_cannot_be_written_stop_the_run_before_it_begins() {
    let setting = Setting::new();
    std::fs::create_dir(setting.path("folder")).unwrap();
    for flag in ["--json", "--junit", "--html", "--markdown", "--badge"] {
        for path in ["no/such/folder/report", "folder"] {
            let ended = setting.run(&["run", flag, path]);
            assert_eq!(ended.code(), 2, "{ended:#?}");
            assert_eq!(ended.stdout, "");
            assert!(ended.stderr.starts_with(&format!("error: cannot write {path}: ")), "{ended:#?}");
            assert_eq!(ended.stderr.lines().count(), 1, "nothing was run: {ended:#?}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_panic() {
    let setting = Setting::new();
    let mut command = setting.program(&["list"]).command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    // One line is read, and the pipe closed with much still to come.
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("glue/"), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_report_for_a_reader_that_went_away_is_no_reason_to_panic_either() {
    let setting = Setting::new();
    let mut command = setting.program(&["run", "--only", "errors", "--json", "-"]).command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_eq!(output.status.code(), Some(0), "{stderr}");
}

#[test]
fn no_colours_outside_a_terminal_whatever_the_environment_says() {
    let setting = Setting::new();
    let only = "GetSecurityConfiguration/errors";
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "xterm-256color"), ("COLORTERM", "truecolor")] {
        for arguments in [&["run", "--only", only][..], &["list", "--only", only], &["--help"]] {
            // `code` looks for escape sequences.
            assert_eq!(setting.program(arguments).env(name, value).start().end().code(), 0);
        }
    }
}

#[test]
fn json_on_standard_output_is_json_and_nothing_else() {
    let ended = Setting::new().run(&["run", "--only", "errors", "--json", "-"]);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    crate::trial::validate(&serde_json::from_str(&ended.stdout).unwrap());
}
