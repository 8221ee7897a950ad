//! Cleaning up: what it removes, what it spares, and what it says.

use std::io::BufRead as _;

use serde_json::{Value, json};

use super::account::{Account, Moment, NUMBER, assert_same, policy, settings};
use super::begun::journals;
use crate::trial::Ended;

const QUICK: &[&str] = &["--account", NUMBER, "--rate", "100000", "--cases", "1", "--jobs", "1"];
const CLEANUP: &[&str] = &["cleanup", "aws", "--account", NUMBER, "--rate", "100000"];

fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "aws"], QUICK, more].concat()
}

/// Killed in the middle of the first call of that operation that comes after so many others.
#[track_caller]
fn killed_in(account: &Account, arguments: &[&str], of: &str, after: usize, moment: Moment) {
    let calls = account.calls(arguments);
    let at = calls.iter().enumerate().skip(after).find(|(_, call)| *call == of);
    let at = u64::try_from(at.unwrap_or_else(|| panic!("no {of} in {calls:?}")).0).unwrap() + 1;
    assert!(account.killed(arguments, at, moment));
}

#[track_caller]
fn cleaned(account: &Account, before: &Value) -> Ended {
    let ended = account.run(CLEANUP);
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_same(&account.state(), before, &ended.stdout);
    assert!(journals(account).is_empty());
    ended
}

#[test]
fn an_unfinished_run_stands_in_the_way_of_another_until_it_is_undone() {
    let account = Account::lived_in();
    let before = account.state();
    let only = run(&["--only", "PutResourcePolicy/valid"]);
    killed_in(&account, &only, "PutResourcePolicy", 10, Moment::After);
    let ended = account.run(&only);
    assert_eq!((ended.code(), ended.stdout.as_str()), (2, ""), "{ended:#?}");
    for word in ["was killed", "glueproof cleanup aws --account 123456789012", "nothing was done"] {
        assert!(ended.stderr.contains(word), "`{word}` in {}", ended.stderr);
    }
    let said = cleaned(&account, &before).stdout;
    assert!(said.contains("2 as before"), "{said}");
    assert_eq!(account.run(&only).code(), 0);
    let nothing = account.run(CLEANUP);
    assert!(nothing.code() == 0 && nothing.stdout.contains("no run has left a journal"), "{nothing:#?}");
}

#[test]
fn a_run_that_goes_on_is_not_undone() {
    let account = Account::lived_in();
    let socket = account.serve();
    let slow = ["run", "aws", "--account", NUMBER, "--rate", "20", "--only", "PutResourcePolicy/valid"];
    let mut command = account.program(&socket.url(), &slow).command();
    let mut child =
        command.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null()).spawn().unwrap();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("pace") {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0);
    }
    let ended = account.program(&socket.url(), CLEANUP).start().end();
    assert!(ended.code() == 2 && ended.stderr.contains("a run is going on"), "{ended:#?}");
    let ended = account.program(&socket.url(), &run(&[])).start().end();
    assert!(ended.code() == 2 && ended.stderr.contains("has not ended"), "{ended:#?}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(account.program(&socket.url(), CLEANUP).start().end().code(), 0);
}

#[test]
fn a_later_change_of_another_user_is_reported_and_not_overwritten() {
    let account = Account::lived_in();
    let before = account.state();
    let only =
        run(&["--only", "PutDataCatalogEncryptionSettings/valid", "--only", "PutResourcePolicy/valid"]);
    killed_in(&account, &only, "PutDataCatalogEncryptionSettings", 30, Moment::Answered);
    let theirs = policy("glue:GetDatabase");
    account.done("glue", "PutResourcePolicy", &json!({ "PolicyInJson": theirs }));
    account.done("glue", "PutDataCatalogEncryptionSettings", &settings("DISABLED"));
    let since = account.state();
    for _ in 0..2 {
        let ended = account.run(CLEANUP);
        assert_eq!(ended.code(), 1, "{ended:#?}");
        for word in [
            "another user",
            "left as it is",
            "glue:GetDatabase",
            "--overwrite",
            "DataCatalogEncryptionSettings",
        ] {
            assert!(ended.stdout.contains(word), "`{word}` in {}", ended.stdout);
        }
        assert_same(&account.state(), &since, "theirs stays");
        assert_eq!(journals(&account).len(), 1, "and so does the journal");
    }
    let ended = account.run(&[CLEANUP, &["--overwrite"]].concat());
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_same(&account.state(), &before, &ended.stdout);
}

/// A case that `cases` shows, its name replaced and without what it looks at first.
fn reckless(account: &Account, rule: &str) {
    let cases = account.setting.run(&["cases", "--only", rule, "--cases", "1"]).stdout;
    let mut case: Value = serde_json::from_str(cases.lines().next().unwrap()).unwrap();
    let steps = case["steps"].as_array_mut().unwrap();
    steps.retain(|step| !step["operation"].as_str().unwrap().starts_with("Get"));
    for step in steps.iter_mut() {
        step["body"]["json"]["Name"] = json!("a");
        step["expect"] = json!("any");
    }
    steps.reverse();
    std::fs::write(account.setting.path("case.json"), case.to_string()).unwrap();
}

/// Names too short to show their origin may belong to another user.
#[test]
fn short_names_of_others_are_spared() {
    let account = Account::lived_in();
    let input = json!({ "Name": "a", "EncryptionConfiguration": {} });
    account.done("glue", "CreateSecurityConfiguration", &input);
    let before = account.state();
    for rule in [
        "CreateSecurityConfiguration/boundary/Name/length.min",
        "DeleteSecurityConfiguration/boundary/Name/length.min",
    ] {
        reckless(&account, rule);
        let ended = account.run(&["replay", "case.json", "aws", "--account", NUMBER, "--rate", "100000"]);
        assert_eq!(ended.code(), 3, "{ended:#?}");
        assert!(ended.stdout.contains("exists and is not the run's"), "{ended:#?}");
        assert_same(&account.state(), &before, &ended.stdout);
    }
}

#[test]
fn unused_short_names_are_created_and_removed() {
    let account = Account::lived_in();
    let before = account.state();
    let only = run(&["--only", "CreateSecurityConfiguration/boundary/Name/length.min"]);
    for moment in [Moment::After, Moment::Answered] {
        killed_in(&account, &only, "CreateSecurityConfiguration", 0, moment);
        assert_ne!(account.state(), before);
        cleaned(&account, &before);
    }
}

#[test]
fn a_key_whose_creation_was_not_answered_is_found() {
    let account = Account::lived_in();
    let before = account.state();
    let more =
        ["--capability", "connections", "--capability", "crypto", "--only", "GetConnection/encryption"];
    // More than stand on one page of the list.
    for n in 0..110 {
        let theirs = if n % 2 == 0 { "glueproof".to_owned() } else { format!("gp-{n}") };
        account.done("kms", "CreateKey", &json!({ "Description": theirs }));
    }
    let crowded = account.state();
    killed_in(&account, &run(&more), "CreateKey", 0, Moment::After);
    assert_ne!(account.state(), crowded, "the key is there");
    cleaned(&account, &crowded);
    assert_ne!(before, crowded);
}

#[test]
fn a_journal_holds_names_and_no_secrets() {
    let account = Account::lived_in();
    let more = ["--capability", "access", "--only", "ConnectionPasswordEncryption/access"];
    let more = [&more[..], &["--capability", "connections", "--capability", "crypto"]].concat();
    killed_in(&account, &run(&more), "CreateConnection", 0, Moment::After);
    let text = std::fs::read_to_string(&journals(&account)[0]).unwrap();
    assert!(text.contains("\"ConnectionName\":\"gp-") && text.contains("\"RoleName\":\"gp-"), "{text}");
    assert!(text.contains(NUMBER) && !text.contains("000000000000"), "it speaks of the real account: {text}");
    for secret in ["s3cret", "PASSWORD", "Password\"", "SecretAccessKey", "SessionToken"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(account.run(CLEANUP).code(), 0);
}

#[test]
fn a_journal_of_another_place_is_left_alone() {
    let account = Account::lived_in();
    let only = run(&["--only", "PutResourcePolicy/valid"]);
    killed_in(&account, &only, "PutResourcePolicy", 10, Moment::After);
    let path = journals(&account)[0].display().to_string();
    let elsewhere = [CLEANUP, &["--journal", &path, "--region", "eu-west-1"]].concat();
    let ended = account.run(&elsewhere);
    assert!(ended.code() == 2 && ended.stderr.contains("another target, account or region"), "{ended:#?}");
    assert_eq!(account.run(&[CLEANUP, &["--journal", &path]].concat()).code(), 0);
    let ended = account.run(&["cleanup", "aws"]);
    assert!(ended.code() == 2 && ended.stderr.contains("--account"), "{ended:#?}");
    let ended = account.run(&["cleanup", "fake"]);
    assert!(ended.code() == 2 && ended.stderr.contains("nothing is left"), "{ended:#?}");
}

#[test]
fn endpoints_are_cleaned_up_too() {
    let account = Account::lived_in();
    let before = account.state();
    let socket = account.serve();
    let url = socket.url();
    let arguments =
        ["run", &url, "--only", "SecurityConfigurations/pagination", "--cases", "1", "--rate", "400"];
    let running = account.program(&url, &arguments).start();
    let made = || account.state().to_string().matches("\"Name\":\"gp-").count();
    let since = std::time::Instant::now();
    while made() < 5 {
        assert!(since.elapsed().as_secs() < 30, "nothing is made");
    }
    running.kill();
    assert_ne!(account.state(), before);
    // It does not delay a run on an emulator.
    let quick = ["run", &url, "--only", "GetSecurityConfiguration/errors"];
    let ended = account.program(&url, &quick).start().end();
    assert!(ended.code() == 0 && ended.stderr.contains(&format!("glueproof cleanup {url}")), "{ended:#?}");
    let ended = account.program(&url, &["cleanup", &url]).start().end();
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert_same(&account.state(), &before, &ended.stdout);
    let ended = account.program(&url, &quick).start().end();
    assert!(!ended.stderr.contains("cleanup"), "{ended:#?}");
}
