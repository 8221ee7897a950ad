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
fn unneeded_capabilities() {
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

#[test]
fn numbers_that_would_judge_nothing_are_refused() {
    for arguments in [
        ["run", "--cases", "0"],
        ["run", "--jobs", "0"],
        ["cases", "--cases", "0"],
        ["mutants", "--jobs", "0"],
    ] {
        refused(&arguments, &["write a whole number, at least 1"]);
    }
}

#[test]
fn an_address_without_a_scheme_is_completed() {
    one_line(&["run", "127.0.0.1:4760"], &["did you mean `http://127.0.0.1:4760`?"]);
    one_line(&["run", "localhost"], &["did you mean `http://localhost`?"]);
    one_line(&["run", "fak"], &["did you mean `fake`?"]);
}

#[test]
fn the_program_without_a_command_says_what_it_judges() {
    let ended = Setting::new().program(&[]).env("GLUEPROOF_ONLY", "GetResourcePolicy/errors").start().end();
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(ended.stderr.starts_with("judging the embedded fake"), "{ended:#?}");
    assert!(ended.stderr.contains("glueproof --help"), "{ended:#?}");
}

#[test]
fn the_summary_of_a_job_is_appended_to() {
    let setting = Setting::new();
    let summary = setting.path("summary.md");
    std::fs::write(&summary, "from an earlier step\n").unwrap();
    let arguments = ["run", "--only", "GetResourcePolicy/errors", "--markdown"];
    let arguments = [&arguments[..], &[summary.to_str().unwrap()]].concat();
    let run =
        || setting.program(&arguments).env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()).start().end();
    assert_eq!(run().code(), 0);
    assert_eq!(run().code(), 0);
    let text = std::fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("from an earlier step\n## "), "{text}");
    assert_eq!(text.matches("## ✅").count(), 2, "{text}");
    assert_eq!(setting.run(&arguments).code(), 0);
    assert_eq!(std::fs::read_to_string(&summary).unwrap().matches("## ✅").count(), 1);
}

#[test]
fn a_report_leaves_no_other_file_behind() {
    let setting = Setting::new();
    assert_eq!(
        setting.run(&["run", "--only", "GetResourcePolicy/errors", "--json", "report.json"]).code(),
        0
    );
    let names = std::fs::read_dir(setting.path(".")).unwrap().map(|entry| entry.unwrap().file_name());
    let drafts: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with(".glueproof")).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
}

#[test]
fn completions_and_manual_know_all_commands() {
    let setting = Setting::new();
    for shell in ["bash", "zsh", "fish"] {
        let ended = setting.run(&["completions", shell]);
        assert!(ended.code() == 0 && ended.stdout.contains("doctor"), "{ended:#?}");
    }
    let manual = setting.run(&["man"]);
    assert!(manual.code() == 0 && manual.stdout.contains("doctor"), "{manual:#?}");
}

#[test]
fn a_doctor_says_whether_a_target_can_be_judged() {
    let setting = Setting::new();
    let healthy = setting.run(&["doctor", "fake"]);
    assert_eq!(healthy.code(), 0, "{healthy:#?}");
    assert!(healthy.stdout.ends_with("ready: glueproof run fake\n"), "{healthy:#?}");
    let silent = setting.run(&["doctor", "http://127.0.0.1:9", "--timeout", "1s"]);
    assert_eq!(silent.code(), 3, "{silent:#?}");
    assert!(
        silent.stdout.contains("fail ") && silent.stdout.contains("Check that the target runs"),
        "{silent:#?}"
    );
}

#[test]
fn init_writes_files_and_overwrites_none() {
    let setting = Setting::new();
    std::fs::create_dir(setting.path(".github")).unwrap();
    let arguments = ["init", "http://127.0.0.1:5000", "--name", "moto", "--no-run"];
    let first = setting.run(&arguments);
    assert_eq!(first.code(), 0, "{first:#?}");
    let config = std::fs::read_to_string(setting.path("glueproof.toml")).unwrap();
    assert!(config.contains("[targets.moto]\nurl = \"http://127.0.0.1:5000\"\n"), "{config}");
    let workflow = std::fs::read_to_string(setting.path(".github/workflows/glueproof.yml")).unwrap();
    assert!(workflow.contains("glueproof run moto --markdown \"$GITHUB_STEP_SUMMARY\""), "{workflow}");
    let again = setting.run(&arguments);
    assert_eq!(again.code(), 2, "{again:#?}");
    assert!(again.stderr.contains("glueproof.toml exists already: nothing was written"), "{again:#?}");
}
